import { refusalFor } from '../../../emulator/core/refusal.ts';
import { replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { OAuthAttempt } from '../../../emulator/fronts/oauth-form/attempt.ts';
import type { Variant } from '../variant.ts';
import { allowing, editing, editingMetadata, editingTokens, refusing } from './kit.ts';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

export const notOffered = (grant: string): Omit<Variant, 'name' | 'differs'> => ({
  ...together([
    replacingOAuth(() => ({
      'grant-offered': (attempt) =>
        attempt.grant === grant ? refusalFor('unsupported_grant_type') : usual['grant-offered'](attempt),
    })),
    editingMetadata((body) => ({
      ...body,
      grant_types_supported: (body.grant_types_supported as readonly string[]).filter((one) => one !== grant),
    })),
  ]),
  target: { limits: [{ grant, reason: 'it is not offered' }] },
});

/** Whether a token is alive at a moment that is so many milliseconds off. */
const atAnotherTime = (attempt: OAuthAttempt, by: number): OAuthAttempt => ({
  ...attempt,
  now: attempt.now + by,
});

/** What each grant may do otherwise. */
export const grantVariants: readonly Variant[] = [
  {
    name: 'pkce-of-everybody',
    // OAuth 2.1 section 7.5.1.
    differs: 'A code without a challenge is redeemed by nobody.',
    ...replacingOAuth(() => ({
      'code-of-public-client-has-challenge': ({ code }) =>
        code && code.challenge === undefined ? refusalFor('invalid_grant') : undefined,
    })),
  },
  {
    name: 'pkce-of-nobody-in-particular',
    // RFC 9700 section 2.1.1 obliges the public client.
    differs: 'A public client may redeem a code without a challenge.',
    ...allowing('code-of-public-client-has-challenge'),
  },
  {
    name: 'codes-spent-by-any-try',
    // RFC 6749 section 4.1.2 lets a code be used once and says nothing of tries that fail.
    differs: 'A code is spent by the first request of an authenticated client, granted or not.',
    ...replacingOAuth(() => {
      const tried = new WeakSet<object>();
      return {
        'code-known': (attempt) => {
          const { code } = attempt;
          if (code && tried.has(code) && !code.redeemed) return refusalFor('invalid_grant');
          if (code) tried.add(code);
          return usual['code-known'](attempt);
        },
      };
    }),
  },
  {
    name: 'replay-tells-an-attack',
    differs: 'A second use of a code ends access tokens as well, and every refresh token of its family.',
    ...replacingOAuth(() => ({
      'revoke-tokens-of-reused-code': (attempt) => {
        usual['revoke-tokens-of-reused-code'](attempt);
        for (const token of attempt.state.accessTokens.values())
          if (token.family === attempt.code?.family) token.expiresAt = attempt.now;
      },
    })),
  },
  {
    name: 'unknown-scopes-ignored',
    // RFC 6749 section 3.3: it may be ignored in part, and the answer tells.
    differs:
      'Of a scope that is asked for what the client may not have is left out; where nothing is left, it gets what it may have.',
    ...replacingOAuth(() => ({
      'scope-of-application': () => undefined,
      'scope-for-clients': () => undefined,
      'scope-for-anybody': () => undefined,
      'scope-within-grant': () => undefined,
      'granted-scope': (attempt) => {
        const own = usual['granted-scope']({
          ...attempt,
          members: { ...attempt.members, scope: undefined } as never,
        });
        const asked = usual['granted-scope'](attempt);
        const left = asked.filter((one) => own.includes(one));
        if (attempt.members.scope === undefined) return own;
        return [left, own, ['read']].find((scope) => scope.length > 0) ?? [];
      },
    })),
  },
  {
    name: 'scope-is-a-matter-of-registration',
    // RFC 6749 section 3.3: the scope of the request may be ignored fully, and the answer tells.
    differs: 'A client that asks for itself gets the scope that it is registered with, whatever it asks for.',
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) =>
        attempt.grant === 'client_credentials'
          ? usual['granted-scope']({ ...attempt, members: { ...attempt.members, scope: undefined } as never })
          : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'scope-must-be-asked-for',
    // RFC 6749 section 3.3: without a default scope the request fails.
    differs: 'A client that asks for itself without a scope is told invalid_scope.',
    ...replacingOAuth(() => ({
      'scope-well-formed': (attempt) =>
        attempt.grant === 'client_credentials' && attempt.members.scope === undefined
          ? refusalFor('invalid_scope')
          : usual['scope-well-formed'](attempt),
    })),
    target: { scopes: ['openid', 'offline_access', 'read'] },
  },
  {
    name: 'scope-that-nobody-told',
    differs: 'The same, where the target file names no scope of clients.',
    ...replacingOAuth(() => ({
      'scope-well-formed': (attempt) =>
        attempt.grant === 'client_credentials' && attempt.members.scope === undefined
          ? refusalFor('invalid_scope')
          : usual['scope-well-formed'](attempt),
    })),
  },
  {
    name: 'one-scope-by-default',
    differs: 'A request without a scope gets one scope of those that the client has.',
    ...replacingOAuth(() => ({
      'default-scope': (client) => usual['default-scope'](client).slice(0, 1),
      'granted-scope': (attempt) =>
        attempt.grant === 'client_credentials' && attempt.members.scope === undefined
          ? usual['granted-scope'](attempt).slice(0, 1)
          : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'scopes-read-generously',
    differs: 'Of a scope more than one space between two values is one.',
    ...replacingOAuth(() => ({
      'scope-well-formed': (attempt) => {
        const scope = attempt.members.scope?.filter((one) => one !== '');
        return usual['scope-well-formed']({
          ...attempt,
          members: { ...attempt.members, ...(scope && { scope }) },
        });
      },
      'scope-of-application': (attempt) => {
        const scope = attempt.members.scope?.filter((one) => one !== '');
        return usual['scope-of-application']({
          ...attempt,
          members: { ...attempt.members, ...(scope && { scope }) },
        });
      },
      'granted-scope': (attempt) => usual['granted-scope'](attempt).filter((one) => one !== ''),
    })),
  },
  {
    name: 'narrowing-of-a-refresh-ignored',
    // RFC 6749 section 3.3.
    differs: 'A refresh brings all that was granted, whatever part is asked for, and says so.',
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) =>
        attempt.grant === 'refresh_token'
          ? usual['granted-scope']({ ...attempt, members: { ...attempt.members, scope: undefined } as never })
          : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'no-scopes',
    differs: 'Nothing is said of scopes where OpenID Connect is not asked for.',
    ...editingTokens((body) => {
      const { scope, ...others } = body;
      return 'id_token' in body ? { ...others, scope } : others;
    }),
  },
  {
    name: 'resources-unknown',
    // RFC 6749 section 3.2: unknown parameters are ignored.
    differs: 'The parameters resource and audience are unknown.',
    ...replacingOAuth(() => ({
      'parameter-known': (name) =>
        name !== 'resource' && name !== 'audience' && usual['parameter-known'](name),
    })),
  },
  {
    name: 'no-target-served',
    // RFC 8707 section 2: unwilling or unable to serve it.
    differs: 'Whatever resource or audience is named, it is answered with invalid_target.',
    ...replacingOAuth(() => ({
      'target-acceptable': ({ members: { resource, audience } }) =>
        resource?.length || audience?.length ? refusalFor('invalid_target') : undefined,
    })),
  },
  {
    name: 'one-target-at-once',
    differs: 'More than one resource or audience is answered with invalid_target.',
    ...replacingOAuth(() => ({
      'target-acceptable': (attempt) => {
        const { resource = [], audience = [] } = attempt.members;
        return resource.length + audience.length > 1
          ? refusalFor('invalid_target')
          : usual['target-acceptable'](attempt);
      },
    })),
  },
  { name: 'no-token-exchange', differs: 'Token exchange is not offered.', ...notOffered(exchange) },
  { name: 'no-assertions', differs: 'The grant jwt-bearer is not offered.', ...notOffered(bearer) },
  {
    name: 'no-clients-of-their-own',
    differs: 'The grant client_credentials is not offered.',
    ...notOffered('client_credentials'),
  },
  {
    name: 'no-refresh-tokens',
    // RFC 6749 section 1.5: issuing one is at the discretion of the server.
    differs: 'No grant brings a refresh token.',
    ...replacingOAuth(() => ({ 'refresh-token-wanted': () => false })),
    target: { limits: [{ grant: 'refresh_token', reason: 'there are none' }] },
  },
  {
    name: 'refresh-tokens-for-offline-access',
    // OpenID Connect Core section 11.
    differs: 'A refresh token is for who was granted offline_access.',
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        usual['refresh-token-wanted'](attempt) &&
        (attempt.grant === 'refresh_token' || usual['granted-scope'](attempt).includes('offline_access')),
    })),
  },
  {
    name: 'only-access-tokens-exchanged-for',
    differs: 'Token exchange brings access tokens alone.',
    ...replacingOAuth(() => ({
      'requested-token-type-offered': ({ members: { requested_token_type: type } }) =>
        type === undefined || type === accessToken ? undefined : refusalFor('invalid_request'),
    })),
  },
  {
    name: 'exchange-brings-jwts',
    // RFC 8693 section 3: an access token may be called a JWT.
    differs: 'What token exchange brings unasked is called a JWT.',
    ...editing((body, _, { body: asked }) =>
      body.issued_token_type === accessToken && !Buffer.from(asked ?? []).includes('requested_token_type')
        ? { ...body, issued_token_type: 'urn:ietf:params:oauth:token-type:jwt' }
        : body,
    ),
  },
  {
    name: 'exchange-for-a-narrower-scope',
    differs: 'What token exchange brings has one scope less than its subject token, and says so.',
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) => {
        const scope = usual['granted-scope'](attempt);
        return attempt.grant === exchange && scope.length > 1 && attempt.members.scope === undefined
          ? scope.slice(1)
          : scope;
      },
    })),
  },
  {
    name: 'exchange-of-anybodys-tokens',
    // RFC 8693 section 1.1: also by a service to which the token was sent.
    differs: 'A subject token of another client can be exchanged.',
    ...allowing('subject-token-bound-to-client'),
  },
  {
    name: 'no-actors',
    differs: 'An actor token is answered with invalid_request.',
    ...replacingOAuth(() => ({
      'actor-token-type-known': ({ members }) =>
        members.actor_token === undefined ? undefined : refusalFor('invalid_request'),
    })),
  },
  {
    name: 'exchange-without-lifetime',
    // RFC 8693 section 2.2.1 recommends it.
    differs: 'Token exchange does not say how long its token lives, and brings no scope.',
    ...editingTokens((body) => {
      if (!('issued_token_type' in body)) return body;
      const { expires_in: _, ...others } = body;
      return others;
    }),
  },
  {
    name: 'assertions-of-authenticated-clients',
    // RFC 7521 section 4.1 leaves it to the server.
    differs: 'Who brings an assertion has to authenticate besides.',
    ...replacingOAuth(() => ({
      'assertion-present': (attempt) =>
        attempt.client ? usual['assertion-present'](attempt) : refusalFor('invalid_client'),
    })),
  },
  {
    name: 'assertions-with-leeway',
    differs: 'The clock of an assertion issuer may be two minutes off, either way.',
    ...replacingOAuth(() => ({
      'assertion-not-expired': (attempt) => {
        const { assertion, state, now } = attempt;
        const written = assertion && state.assertions.get(assertion.value);
        return written && now >= written.expiresAt
          ? usual['assertion-not-expired'](attempt)
          : usual['assertion-not-expired'](atAnotherTime(attempt as OAuthAttempt, -120_000));
      },
      'assertion-already-valid': (attempt) =>
        usual['assertion-already-valid'](atAnotherTime(attempt as OAuthAttempt, 120_000)),
    })),
  },
  {
    name: 'assertions-more-than-once',
    // RFC 7523 section 3: remembering jti is a MAY.
    differs: 'An assertion can be used until it expires.',
    ...allowing('assertion-not-used'),
  },
  {
    name: 'users-of-assertions-made-at-once',
    differs: 'Whom a trusted issuer asserts, is known from then on.',
    ...replacingOAuth(() => ({
      'assertion-user-known': (attempt) =>
        attempt.assertion?.claims.sub === '' ? usual['assertion-user-known'](attempt) : undefined,
    })),
  },
  {
    name: 'assertions-with-an-id',
    // RFC 7523 section 3 leaves jti to agreement.
    differs: 'An assertion must say jti, iat and a lifetime of an hour at most.',
    ...replacingOAuth(() => ({
      'assertion-expiry-present': (attempt) => {
        const { assertion } = attempt;
        const { exp, iat, jti } = assertion?.claims ?? {};
        const isFar = typeof exp === 'number' && exp * 1000 - attempt.now > 3_600_000;
        return assertion && (isFar || iat === undefined || jti === undefined)
          ? refusalFor('invalid_grant')
          : usual['assertion-expiry-present'](attempt);
      },
    })),
  },
  {
    name: 'malformed-assertions-as-invalid-request',
    differs: 'What is no JWT is answered with invalid_request.',
    ...refusing('invalid_request', 'assertion-well-formed'),
  },
  {
    name: 'more-in-everything',
    differs: 'Everybody may use every scope by default, and PKCE is asked of everybody.',
    ...together([
      replacingOAuth(() => ({ 'default-scope': (client) => client.scopes })),
      replacingOAuth(() => ({
        'code-of-public-client-has-challenge': ({ code }) =>
          code && code.challenge === undefined ? refusalFor('invalid_grant') : undefined,
      })),
    ]),
  },
];
