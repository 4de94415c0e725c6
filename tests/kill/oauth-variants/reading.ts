import { coreBehaviours as core } from '../../../emulator/core/behaviours.ts';
import { replacingOAuth } from '../../../emulator/defects/defect.ts';
import { givingAgain } from '../../../emulator/defects/oauth-form/given-again.ts';
import { grace, isPublic } from '../../../emulator/defects/oauth-form/grace.ts';
import { jwtAccessTokens } from '../../../emulator/defects/oauth-form/jwt-access-tokens.ts';
import { oauthFormBehaviours as usual } from '../../../emulator/fronts/oauth-form/behaviours.ts';
import type { Middleware } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';

const seconds = 1_000;

/** Answers one endpoint in another way, as `change` makes it of the usual answer. */
const at =
  (
    path: string,
    change: (
      body: Record<string, unknown>,
      answer: Awaited<ReturnType<Middleware>>,
    ) => Partial<Awaited<ReturnType<Middleware>>>,
  ): (() => Middleware) =>
  () =>
  async (request, endpoint) => {
    const answer = await endpoint(request);
    if (!request.path.endsWith(path)) return answer;
    return { ...answer, ...change(JSON.parse(String(answer.body) || '{}'), answer) };
  };

/** What a server may do with tokens that are shown to it, and with what it says of them. */
export const reading: readonly Variant[] = [
  {
    name: 'no-userinfo',
    differs: 'There is no UserInfo endpoint.',
    lacks: ['userinfo'],
  },
  {
    name: 'no-introspection',
    differs: 'There is no introspection endpoint.',
    lacks: ['introspection'],
  },
  {
    name: 'no-revocation',
    differs: 'There is no revocation endpoint.',
    lacks: ['revocation'],
  },
  {
    name: 'no-helpers',
    differs: 'Nothing but the token endpoint ever sees a token.',
    lacks: ['userinfo', 'introspection', 'revocation'],
  },
  {
    name: 'introspection-for-resource-servers',
    differs: 'Introspection is for resource servers alone: every client is refused.',
    oauth: {
      middleware: at('/introspect', () => ({ status: 401, body: '{"error":"invalid_client"}' })),
    },
  },
  {
    name: 'introspection-forbidden',
    differs: 'The introspection endpoint answers clients with a 403 and a page.',
    oauth: {
      middleware: at('/introspect', () => ({
        status: 403,
        body: '<p>no</p>',
        headers: [['Content-Type', 'text/html']],
      })),
    },
  },
  {
    name: 'introspection-of-nothing',
    differs: 'To a client that is no resource server no token is active.',
    oauth: { middleware: at('/introspect', () => ({ status: 200, body: '{"active":false}' })) },
  },
  {
    name: 'introspection-tells-active-alone',
    differs: 'Introspection tells of a living token that it is active, and nothing more.',
    ...replacingOAuth(() => ({ 'introspection-body': () => ({ active: true }) })),
  },
  {
    name: 'inactive-with-more-members',
    differs: 'Of a token that is not active introspection tells more than that.',
    oauth: {
      middleware: at('/introspect', (body) =>
        body.active === false
          ? { body: JSON.stringify({ active: false, error_description: 'expired', token_type: 'Bearer' }) }
          : {},
      ),
    },
  },
  {
    name: 'userinfo-refuses-without-body',
    differs: 'The UserInfo endpoint refuses by its challenge, and has no body beside it.',
    oauth: {
      middleware: at('/userinfo', (_, { status }) => (status === 200 ? {} : { body: '' })),
    },
  },
  {
    name: 'userinfo-refuses-without-challenge',
    differs: 'The UserInfo endpoint refuses with 401 and a page, and says nothing in a challenge.',
    oauth: {
      middleware: at('/userinfo', (_, { status }) =>
        status === 200
          ? {}
          : { status: 401, body: '<p>Sign in</p>', headers: [['Content-Type', 'text/html']] },
      ),
    },
  },
  {
    name: 'userinfo-as-jwt',
    differs: 'The UserInfo endpoint answers with a JWT.',
    oauth: {
      middleware: at('/userinfo', (body, { status }) =>
        status === 200
          ? {
              body: `${part({ alg: 'RS256', typ: 'JWT' })}.${part(body)}.${'A'.repeat(342)}`,
              headers: [['Content-Type', 'application/jwt']],
            }
          : {},
      ),
    },
  },
  {
    name: 'jwt-access-tokens',
    differs: 'Access tokens are JWTs.',
    ...jwtAccessTokens(),
  },
  {
    name: 'jwt-access-tokens-alone',
    differs: 'Access tokens are JWTs, and no helper is shown any token.',
    lacks: ['userinfo', 'introspection', 'revocation'],
    ...jwtAccessTokens(),
  },
  {
    name: 'jwt-subject-of-clients-left-out',
    differs: 'The JWT that a client gets for itself names no subject.',
    ...jwtAccessTokens((claims, { grant }) =>
      grant === 'client_credentials' ? { ...claims, sub: undefined } : claims,
    ),
  },
  {
    name: 'revocation-with-204',
    differs: 'A revocation is answered with 204.',
    oauth: {
      middleware: at('/revoke', (_, { status }) => (status === 200 ? { status: 204, body: '' } : {})),
    },
  },
  {
    name: 'revocation-with-a-body',
    differs: 'A revocation is answered with a page that says so.',
    oauth: {
      middleware: at('/revoke', (_, { status }) =>
        status === 200 ? { body: '<p>done</p>', headers: [['Content-Type', 'text/html']] } : {},
      ),
    },
  },
  {
    name: 'revocation-ends-client-grants',
    differs: 'To revoke one refresh token ends all that its client has of that user.',
    ...replacingOAuth(() => {
      const known: Parameters<(typeof usual)['find-token']>[0][] = [];
      return {
        'find-token': (state, value, hint) => {
          known.push(state);
          return usual['find-token'](state, value, hint);
        },
        'revoke-token': (token) => {
          for (const state of known)
            for (const other of [...state.refreshTokens.values(), ...state.accessTokens.values()])
              if (other.clientId === token.clientId) other.family.revoked = true;
        },
      };
    }),
  },
  {
    name: 'revoked-token-expired',
    differs: 'A refresh token that was revoked is one whose time is over: its family goes on to be known.',
    ...replacingOAuth(() => ({
      'revoke-token': (token, now) => {
        token.expiresAt = Math.min(token.expiresAt, now);
      },
    })),
  },
  {
    name: 'grace-of-ten-seconds',
    differs: 'A replaced refresh token works for ten seconds more, and brings a new pair.',
    ...grace(
      () => true,
      ({ at: replacedAt }, now) => now < replacedAt + 10 * seconds,
    ),
  },
  {
    name: 'grace-of-an-hour-for-public-clients',
    differs: 'A replaced refresh token of a public client works for an hour.',
    ...grace(isPublic, ({ at: replacedAt }, now) => now < replacedAt + 3_600 * seconds),
  },
  {
    name: 'access-tokens-of-five-minutes',
    differs: 'Access tokens live five minutes.',
    ...replacingOAuth(() => ({ 'access-token-lifetime': () => 300 })),
  },
  {
    name: 'access-tokens-of-thirty-seconds',
    differs: 'Access tokens live thirty seconds.',
    ...replacingOAuth(() => ({ 'access-token-lifetime': () => 30 })),
  },
  {
    name: 'access-tokens-of-thirty-days',
    differs: 'Access tokens live thirty days.',
    ...replacingOAuth(() => ({ 'access-token-lifetime': () => 30 * 86_400 })),
  },
  {
    name: 'lifetime-untold',
    differs: 'No answer tells how long its access token lives.',
    ...replacingOAuth(() => ({
      'token-body': (granted) => ({ ...usual['token-body'](granted), expires_in: undefined }),
    })),
  },
  {
    name: 'five-minutes-of-leeway',
    differs: 'An access token is accepted for five minutes after its time, for clocks that are behind.',
    ...replacingOAuth(() => ({
      'token-alive': (token, now, place) =>
        usual['token-alive'](token, now, place) || usual['token-alive'](token, now - 300 * seconds, place),
    })),
  },
  {
    name: 'access-token-ends-with-its-replacement',
    differs: 'A refresh ends the access token that was issued before.',
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        core['rotate-refresh-token'](attempt);
        for (const token of attempt.state.accessTokens.values())
          if (token.family === attempt.refreshToken?.family) token.expiresAt = attempt.now;
      },
    })),
  },
  {
    name: 'access-token-given-again',
    differs: 'An access token is given again while it lives, and expires_in is what is left.',
    ...givingAgain(() => true),
  },
  {
    name: 'access-token-given-again-and-prolonged',
    differs: 'An access token that is given again lives as long as a new one from then on.',
    ...givingAgain(() => true, { prolonged: true }),
  },
  {
    name: 'actor-tokens-refused',
    differs: 'No actor token is accepted.',
    ...replacingOAuth(() => ({
      'actor-token-alive': (attempt) =>
        attempt.members.actor_token === undefined
          ? undefined
          : { error: 'invalid_request', description: 'Invalid actor token provided' },
    })),
  },
  {
    name: 'actor-named-by-client-id',
    differs: 'The act claim of a token names the actor by its client_id.',
    ...replacingOAuth(() => ({
      'introspection-body': (token, issuer, user) => ({
        ...usual['introspection-body'](token, issuer, user),
        act: token.family.actor === undefined ? undefined : { client_id: token.family.actor, iss: issuer },
      }),
    })),
  },
  {
    name: 'subjects-of-clients-untold',
    differs: 'Introspection names no subject where there is no user.',
    ...replacingOAuth(() => ({
      'introspection-body': (token, issuer, user) => {
        const body = usual['introspection-body'](token, issuer, user);
        return user ? body : { ...body, sub: undefined };
      },
    })),
  },
  {
    name: 'clients-named-as-services',
    differs:
      'The subject of what a client gets for itself is marked as that of a service, with a name of its own.',
    ...replacingOAuth(() => ({
      'introspection-body': (token, issuer, user) => {
        const body = usual['introspection-body'](token, issuer, user);
        return user
          ? body
          : { ...body, sub: `service-${token.clientId}`, username: `service-account-${token.clientId}` };
      },
    })),
  },
  {
    name: 'resource-passed-over',
    differs: 'A resource is a parameter that the server does not know.',
    ...replacingOAuth(() => ({
      'target-acceptable': (attempt) =>
        attempt.members.grant_type === 'refresh_token' ? undefined : usual['target-acceptable'](attempt),
      'target-within-grant': () => undefined,
      'granted-audience': (attempt) =>
        attempt.grant === 'refresh_token' ? undefined : usual['granted-audience'](attempt),
    })),
  },
  {
    name: 'excess-scope-passed-over',
    differs: 'A refresh that asks for more than was authorized is granted without the excess, and told so.',
    ...replacingOAuth(() => ({
      'scope-within-grant': (attempt) =>
        // Nobody can be told that nothing is left.
        attempt.grant === 'refresh_token' && attempt.refreshToken?.scope?.length
          ? undefined
          : core['scope-within-grant'](attempt),
      'granted-scope': (attempt) => {
        const scope = usual['granted-scope'](attempt);
        const { scope: authorized } = attempt.refreshToken ?? {};
        if (attempt.grant !== 'refresh_token' || !authorized) return scope;
        const kept = scope.filter((one) => authorized.includes(one));
        return kept.length > 0 ? kept : authorized;
      },
    })),
  },
];

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
