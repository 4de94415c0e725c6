import type { Attempt } from '../../../emulator/core/attempt.ts';
import { accessTokenType, idTokenType } from '../../../emulator/core/checks/subject-token.ts';
import type { Family, RefreshToken } from '../../../emulator/core/state.ts';
import { type Change, leaving, replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import {
  answering,
  jwtBearer,
  leavingOut,
  refusingWhen,
  tokenExchange,
  usual,
} from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { jwtAccessTokens } from '../../../emulator/defects/oauth-form/jwt-access-tokens.ts';
import { randomBytes } from '../../../emulator/random.ts';
import type { Variant } from '../variant.ts';

const isPublic = (client: object | undefined) =>
  client !== undefined && 'method' in client && client.method === 'none';

const minute = 60_000;

/** The access token that a client asked for itself, until a little before it ends. */
function again(): Change {
  const issued = new WeakMap<object, Map<string, { token: string; at: number }>>();
  const keptFor = (attempt: Attempt) => {
    const all = issued.get(attempt.state) ?? new Map<string, { token: string; at: number }>();
    issued.set(attempt.state, all);
    return [all, JSON.stringify([attempt.client?.id, attempt.members.scope])] as const;
  };
  return together([
    answering((body, attempt) => {
      if (attempt.grant !== 'client_credentials') return body;
      const [all, key] = keptFor(attempt);
      const passed = Math.floor((attempt.now - (all.get(key)?.at ?? attempt.now)) / 1_000);
      return { ...body, expires_in: Number(body.expires_in) - passed };
    }),
    replacingOAuth(() => ({
      'new-access-token': (attempt) => {
        const fresh = usual['new-access-token'](attempt);
        if (attempt.grant !== 'client_credentials') return fresh;
        const [all, key] = keptFor(attempt);
        const before = all.get(key);
        if (before && attempt.now - before.at < 3_500_000) return before.token;
        all.set(key, { token: fresh, at: attempt.now });
        return fresh;
      },
    })),
  ]);
}

/** What a document permits a server of the standards in its grants: each row names the section. */
export const policyVariants: readonly Variant[] = [
  {
    // RFC 6749 section 6: the server may issue a new refresh token.
    name: 'confidential-clients-keep-refresh-tokens',
    differs: 'A refresh of a confidential client brings the same refresh token again.',
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        if (isPublic(attempt.client)) usual['rotate-refresh-token'](attempt);
      },
      'new-refresh-token': (attempt) =>
        attempt.refreshToken && !isPublic(attempt.client)
          ? attempt.refreshToken.value
          : usual['new-refresh-token'](attempt),
    })),
  },
  {
    // RFC 6749 section 6.
    name: 'confidential-clients-rotate-now-and-then',
    differs: 'Only every second refresh of a confidential client replaces its refresh token.',
    ...replacingOAuth(() => {
      const stays = new WeakMap<Family, boolean>();
      return {
        'rotate-refresh-token': (attempt) => {
          const { client, refreshToken } = attempt;
          if (!refreshToken || isPublic(client)) return usual['rotate-refresh-token'](attempt);
          const stayed = stays.get(refreshToken.family) ?? true;
          stays.set(refreshToken.family, !stayed);
          if (stayed) usual['rotate-refresh-token'](attempt);
        },
        'new-refresh-token': (attempt) =>
          attempt.refreshToken && !attempt.refreshToken.rotated
            ? attempt.refreshToken.value
            : usual['new-refresh-token'](attempt),
      };
    }),
  },
  {
    // RFC 6749 section 6.
    name: 'confidential-clients-get-no-new-refresh-token',
    differs: 'Refresh tokens of confidential clients stay: a refresh brings no new one.',
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        if (isPublic(attempt.client)) usual['rotate-refresh-token'](attempt);
      },
      'refresh-token-wanted': (attempt) =>
        (attempt.grant !== 'refresh_token' || isPublic(attempt.client)) &&
        usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    // RFC 6749 section 1.5: issuing one is optional.
    name: 'public-clients-get-no-refresh-token',
    differs: 'Public clients get no refresh token.',
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        (attempt.grant === 'refresh_token' || !isPublic(attempt.client)) &&
        usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    // RFC 9700 section 4.14.2 knows no moment at which the old token has to end; a lost response is asked for again.
    name: 'same-answer-to-a-retried-refresh',
    differs: 'For a minute a replaced refresh token brings the tokens again that it brought.',
    ...replacingOAuth(() => {
      const answers = new WeakMap<RefreshToken, { at: number; access: string; refresh: string }>();
      const answerTo = ({ refreshToken, now, grant }: Attempt) => {
        const answer = refreshToken && answers.get(refreshToken);
        return answer && grant === 'refresh_token' && now - answer.at < minute ? answer : undefined;
      };
      return {
        'refresh-token-not-rotated': (attempt) => {
          const next = attempt.state.refreshTokens.get(answerTo(attempt)?.refresh ?? '');
          return next && !next.rotated ? undefined : usual['refresh-token-not-rotated'](attempt);
        },
        'new-access-token': (attempt) => {
          const before = answerTo(attempt);
          if (before) return before.access;
          const access = usual['new-access-token'](attempt);
          const { refreshToken, grant, now: at } = attempt;
          if (refreshToken && grant === 'refresh_token')
            answers.set(refreshToken, { at, access, refresh: usual['new-refresh-token'](attempt) });
          return access;
        },
        'new-refresh-token': (attempt) => answerTo(attempt)?.refresh ?? usual['new-refresh-token'](attempt),
      };
    }),
  },
  {
    // RFC 6749 section 5.1 has no word against it; expires_in is what is left.
    name: 'access-token-again-while-it-lives',
    differs:
      'A client that asks for itself again gets the access token that it has, with the rest of its life.',
    ...again(),
  },
  {
    // RFC 7521 section 4.1 makes authentication of the client optional, and forbids no refresh token.
    name: 'assertions-bring-refresh-tokens',
    differs: 'An assertion brings a refresh token too, where a client authenticated.',
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        (attempt.grant === jwtBearer && attempt.client !== undefined) ||
        usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    // RFC 7521 section 4.1.
    name: 'assertions-of-clients-alone',
    differs: 'An assertion is good for nothing without a client that authenticates.',
    ...refusingWhen(
      'invalid_client',
      'grant-type-present',
      ({ grant, client }) => grant === jwtBearer && client === undefined,
    ),
  },
  {
    // RFC 8693 section 2.2.1.
    name: 'exchanges-bring-refresh-tokens',
    differs: 'An exchange for an access token brings a refresh token beside it.',
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        attempt.grant === tokenExchange || usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    // RFC 8693 section 2.1: which types a server issues is its own affair.
    name: 'exchanges-for-access-tokens-alone',
    differs: 'An exchange issues access tokens, and refuses every other type with invalid_request.',
    ...refusingWhen(
      'invalid_request',
      'requested-token-type-offered',
      ({ members: { requested_token_type: type } }) => type !== undefined && type !== accessTokenType,
    ),
  },
  {
    // RFC 8693 section 2.2.1: N_A is not case-sensitive, as no token type is (RFC 6749 section 5.1).
    name: 'token-types-in-lower-case',
    differs: 'The token types are bearer and n_a.',
    ...answering((body) => ({ ...body, token_type: String(body.token_type).toLowerCase() })),
  },
  {
    // RFC 6749 section 3.3.
    name: 'unknown-scopes-passed-over',
    differs: 'Scopes that cannot be granted are passed over, and the response tells which are.',
    ...together([
      leavingOut(
        ({ members }) => members.scope?.every((one) => /^[\w:.-]+$/.test(one)) === true,
        'scope-of-application',
        'scope-for-anybody',
        'scope-within-grant',
      ),
      replacingOAuth(() => ({
        'granted-scope': (attempt) => {
          const { refreshToken, subjectToken, client } = attempt;
          const before = refreshToken?.scope ?? subjectToken?.scope ?? client?.scopes ?? [];
          const scope = usual['granted-scope'](attempt).filter((one) => before.includes(one));
          if (scope.length > 0) return scope;
          return refreshToken?.scope ?? ['read'];
        },
      })),
    ]),
  },
  {
    // RFC 6749 section 5.1: optional where it is the one that was asked for.
    name: 'scope-untold-when-as-asked',
    differs: 'A response tells the scope only where it is another one than was asked for.',
    ...answering((body, attempt) => {
      const { grant, members, code } = attempt;
      const asked = grant === 'authorization_code' ? code?.scope : members.scope;
      return asked?.join(' ') === body.scope ? leaving(body, 'scope') : body;
    }),
  },
  {
    // RFC 6749 section 3.3.
    name: 'less-than-was-authorized',
    differs: 'No code brings the scope write, which the response tells.',
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) =>
        usual['granted-scope'](attempt).filter(
          (one) => attempt.grant !== 'authorization_code' || one !== 'write',
        ),
    })),
  },
  {
    // RFC 9068.
    name: 'access-tokens-as-jwts',
    differs: 'Access tokens are JWTs of some six hundred characters.',
    ...replacingOAuth(() => ({
      'new-access-token': ({ client, now }) =>
        [
          Buffer.from('{"alg":"ES256","typ":"at+jwt"}').toString('base64url'),
          Buffer.from(
            JSON.stringify({
              client_id: client?.id,
              exp: Math.floor(now / 1_000) + 3_600,
              jti: randomBytes(16).toString('hex'),
              entitlements: Array.from({ length: 12 }, (_, at) => `https://api.example/right/${at}`),
            }),
          ).toString('base64url'),
          randomBytes(64).toString('base64url'),
        ].join('.'),
    })),
  },
  {
    // RFC 9068 section 2.2 has a jti in each; RFC 6749 section 10.10 asks for what cannot be guessed, and no more.
    name: 'access-tokens-as-jwts-without-jti',
    differs: 'Access tokens are JWTs, alike for one client and one user within a second.',
    ...jwtAccessTokens((claims) => ({ ...claims, jti: undefined })),
  },
  {
    // RFC 6749 section 5.1 leaves the life of a token to the server.
    name: 'access-tokens-of-a-minute',
    differs: 'Access tokens live a minute.',
    ...replacingOAuth(() => ({ 'access-token-lifetime': () => 60 })),
  },
  {
    // OpenID Connect Core section 3.1.3.2.
    name: 'redirect-uri-forgiven',
    differs: 'The redirect URI may be left out where the client registered one.',
    ...leavingOut(({ members }) => members.redirect_uri === undefined, 'redirect-uri-same'),
  },
  {
    // RFC 6749 section 10.5 asks for single use, and says nothing of attempts that fail.
    name: 'failed-attempts-spend-codes',
    differs: 'A code that was presented with a wrong verifier is spent, and ends what it brought before.',
    ...replacingOAuth(() => ({
      'verifier-matches': (attempt) => {
        const refusal = usual['verifier-matches'](attempt);
        if (refusal && attempt.code?.redeemed) attempt.code.family.revoked = true;
        if (refusal && attempt.code) attempt.code.redeemed = true;
        return refusal;
      },
    })),
  },
  {
    // RFC 8628 section 3.2: verification_uri_complete is optional.
    name: 'no-complete-uri',
    differs: 'A device authorization has no verification_uri_complete.',
    ...replacingOAuth(() => ({
      'device-authorization-body': (...about) =>
        leaving(usual['device-authorization-body'](...about), 'verification_uri_complete'),
    })),
  },
  {
    // RFC 8628 section 3.2: without one it is five seconds.
    name: 'no-interval',
    differs: 'A device authorization tells no interval, and five seconds is what counts.',
    ...replacingOAuth(() => ({
      'polling-interval': () => 5,
      'polling-burst': () => 1,
      'device-authorization-body': (...about) =>
        leaving(usual['device-authorization-body'](...about), 'interval'),
    })),
  },
  {
    // RFC 8628 section 3.5.
    name: 'second-poll-too-fast',
    differs: 'A second poll within the interval is answered with slow_down.',
    ...replacingOAuth(() => ({ 'polling-burst': () => 1 })),
  },
  {
    // RFC 8628 section 6.1.
    name: 'device-codes-of-three-minutes',
    differs: 'Device codes live three minutes, and their user codes are nine digits.',
    ...replacingOAuth(() => ({
      'device-code-lifetime': () => 180,
      'new-user-code': () => {
        const digits = String(randomBytes(6).readUIntBE(0, 6) % 1_000_000_000).padStart(9, '0');
        return digits.replace(/(...)(...)(...)/, '$1-$2-$3');
      },
    })),
  },
  {
    // RFC 6749 section 4.4.2: the scope is optional, and so is a default one (section 3.3).
    name: 'no-default-scope-for-clients',
    differs: 'A client that asks for itself without a scope is answered with invalid_scope.',
    target: { scopes: ['openid', 'offline_access', 'read'] },
    ...refusingWhen(
      'invalid_scope',
      'scope-well-formed',
      ({ grant, members }) => grant === 'client_credentials' && members.scope === undefined,
    ),
  },
  {
    // RFC 8693 section 2.2.1.
    name: 'id-tokens-alone-beside-access-tokens',
    differs: 'An exchange issues ID tokens and access tokens, and no refresh tokens.',
    ...refusingWhen(
      'invalid_request',
      'requested-token-type-offered',
      ({ members: { requested_token_type: type } }) =>
        type !== undefined && type !== accessTokenType && type !== idTokenType,
    ),
  },
];
