import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Attempt } from '../../core/attempt.ts';
import type { Family } from '../../core/state.ts';
import { paths } from '../../fronts/oauth-form/paths.ts';
import { jsonObject } from '../../json.ts';
import { lazyKeys } from '../../keys.ts';
import type { JsonObject, Middleware } from '../../wire.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { usual } from './by-attempt.ts';

const atHash = 'OIDC-3.1.3.6-at_hash';
const same = 'OIDC-12.2-same-iss-sub-aud';

type Claims = JsonObject;

/** ID tokens say something else. */
const saying = (change: (claims: Claims, attempt: Attempt) => Claims): Change =>
  replacingOAuth(() => ({
    'id-token-claims': (attempt, ...about) => {
      const claims = usual['id-token-claims'](attempt, ...about);
      return { ...claims, ...change(claims, attempt) };
    },
  }));

/** What an ID token says last, after the front has added what it has of its own. */
const signedAs = (change: (claims: Claims) => Claims): Change =>
  replacingOAuth(() => ({
    'sign-id-token': (claims, key) => usual['sign-id-token']({ ...claims, ...change(claims) }, key),
  }));

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const hashed = (change: (accessToken: string) => string): Change =>
  replacingOAuth(() => ({ 'access-token-hash': change }));

/** What the ID tokens of a family say from its second refresh on. */
const later = (change: (claims: Claims) => Claims): Change =>
  replacingOAuth(() => {
    const refreshed = new WeakSet<Family>();
    return {
      'id-token-claims': (attempt, ...about) => {
        const claims = usual['id-token-claims'](attempt, ...about);
        const family = attempt.grant === 'refresh_token' ? attempt.refreshToken?.family : undefined;
        if (family === undefined) return claims;
        const isLater = refreshed.has(family);
        refreshed.add(family);
        return isLater ? { ...claims, ...change(claims) } : claims;
      },
    };
  });

/** The key set with other keys. */
const publishing =
  (change: (keys: readonly unknown[]) => readonly unknown[]): (() => Middleware) =>
  () =>
  async (request, endpoint) => {
    const response = await endpoint(request);
    if (request.path !== paths.jwks || typeof response.body !== 'string') return response;
    const { keys } = jsonObject(response.body) ?? {};
    return { ...response, body: JSON.stringify({ keys: change(Array.isArray(keys) ? keys : []) }) };
  };

const base64url = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const jws = (header: JsonObject, claims: Claims, seal: (text: string) => Buffer): string => {
  const text = `${base64url(header)}.${base64url(claims)}`;
  return `${text}.${seal(text).toString('base64url')}`;
};

const jwkOf = (key: KeyObject, kid: string): JsonObject => ({
  ...(key.export({ format: 'jwk' }) as JsonObject),
  kid,
  use: 'sig',
});

/** A pair of keys of so many bits, made when it is first asked for. */
function rsaPair(modulusLength: number) {
  let made: ReturnType<typeof generate> | undefined;
  const generate = () => generateKeyPairSync('rsa', { modulusLength });
  return () => {
    made ??= generate();
    return made;
  };
}

/** A key beside that of the ID tokens, in the set. */
function besideAnother(header: (kid: string) => JsonObject): Change {
  const pair = rsaPair(2_048);
  return {
    oauth: {
      behaviours: () => ({
        'sign-id-token': (claims, { kid, privateKey }) =>
          new CompactSign(Buffer.from(JSON.stringify(claims)))
            .setProtectedHeader({ alg: 'RS256', ...header(kid) })
            .sign(privateKey),
      }),
      middleware: publishing((keys) => [...keys, jwkOf(pair().publicKey, 'another')]),
    },
  };
}

/** Signed with a key of 1024 bits, which is published. */
function withSmallKey(): Change {
  const pair = rsaPair(1_024);
  return {
    oauth: {
      behaviours: () => ({
        'sign-id-token': async (claims) =>
          jws({ alg: 'RS256', kid: 'small' }, claims, (text) =>
            sign('sha256', Buffer.from(text), pair().privateKey),
          ),
      }),
      middleware: publishing(() => [jwkOf(pair().publicKey, 'small')]),
    },
  };
}

/** Signed with HMAC and a secret of twelve characters. */
const withShortSecrets = (): Change =>
  replacingOAuth(() => {
    const secrets = new Map<unknown, string>();
    return {
      'new-client-secret': (facts) => usual['new-client-secret'](facts).slice(0, 12),
      'id-token-claims': (attempt, ...about) => {
        const { client } = attempt;
        if (client && 'secret' in client) secrets.set(client.id, client.secret);
        return usual['id-token-claims'](attempt, ...about);
      },
      'sign-id-token': async (claims) =>
        jws({ alg: 'HS256' }, claims, (text) =>
          createHmac('sha256', secrets.get(claims.aud) ?? '')
            .update(text)
            .digest(),
        ),
    };
  });

const row = (
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  change: Change,
  at: Defect['at'] = atToken,
): Defect => ({ name, changes, breaks, at, ...change });

/** ID tokens where the standards say more than AWS has. */
export const standardIdTokens: readonly Defect[] = [
  row(
    'id-token-for-every-code',
    'A code brings an ID token, whatever its scope is.',
    ['OIDC-3.1.3.2-code-from-oidc-request'],
    replacingOAuth(() => ({
      'id-token-granted': (attempt, scope) =>
        attempt.grant === 'authorization_code' || usual['id-token-granted'](attempt, scope),
    })),
  ),
  row(
    'id-token-left-out',
    'A code of OpenID Connect brings no ID token.',
    ['OIDC-3.1.3.3-id_token-present', 'OIDC-3.1.3.2-code-from-oidc-request'],
    replacingOAuth(() => ({ 'id-token-granted': () => false })),
  ),
  row(
    'id-token-once-for-each-client',
    'Only the first code of a client brings an ID token.',
    ['OIDC-3.1.3.3-id_token-present'],
    replacingOAuth(() => {
      const known = new Set<string | undefined>();
      return {
        'id-token-granted': (attempt, scope) => {
          if (!usual['id-token-granted'](attempt, scope) || known.has(attempt.client?.id)) return false;
          known.add(attempt.client?.id);
          return true;
        },
      };
    }),
  ),
  row(
    'acr-as-a-number',
    'acr of an ID token is a number.',
    ['OIDC-2-acr-amr-types'],
    signedAs(() => ({ acr: 1 })),
  ),
  row(
    'amr-as-text',
    'amr of an ID token is text.',
    ['OIDC-2-acr-amr-types'],
    signedAs(() => ({ amr: 'pwd' })),
  ),
  row(
    'at-hash-of-the-token-before',
    'at_hash is the hash of the access token that was issued before.',
    [atHash],
    replacingOAuth(() => {
      let before = 'none';
      return {
        'access-token-hash': (accessToken) => {
          const hash = usual['access-token-hash'](before);
          before = accessToken;
          return hash;
        },
      };
    }),
  ),
  row(
    'at-hash-whole',
    'at_hash is the whole hash of the access token.',
    [atHash],
    hashed((accessToken) => hashOf(accessToken).toString('base64url')),
  ),
  row(
    'at-hash-of-hex',
    'at_hash is the left half of the hash in hexadecimal, which is base64url-encoded then.',
    [atHash],
    hashed((accessToken) =>
      Buffer.from(hashOf(accessToken).toString('hex').slice(0, 32)).toString('base64url'),
    ),
  ),
  row(
    'at-hash-padded',
    'at_hash is in base64 with padding.',
    [atHash],
    hashed((accessToken) => hashOf(accessToken).subarray(0, 16).toString('base64')),
  ),
  row(
    'auth-time-as-text',
    'auth_time is the date and the time as text.',
    ['OIDC-2-auth_time'],
    saying(({ auth_time: time }) => ({ auth_time: new Date(Number(time) * 1_000).toISOString() })),
  ),
  row(
    'auth-time-in-milliseconds',
    'auth_time is in milliseconds.',
    ['OIDC-2-auth_time'],
    saying(({ auth_time: time }) => ({ auth_time: Number(time) * 1_000 })),
  ),
  row(
    'iat-and-exp-swapped',
    'iat and exp of an ID token are swapped.',
    ['OIDC-2-exp', 'OIDC-2-iat'],
    saying(({ iat, exp }) => ({ iat: exp, exp: Number(iat) - 600 })),
  ),
  row(
    'iat-of-the-sign-in-after-a-refresh',
    'The ID token of a refresh was issued when the user signed in.',
    ['OIDC-12.2-new-iat'],
    saying(({ auth_time: time, iat }, { grant }) => ({ iat: grant === 'refresh_token' ? time : iat })),
  ),
  row(
    'id-token-kept-for-the-family',
    'A refresh brings what the first ID token of its family said.',
    ['OIDC-12.2-new-iat'],
    replacingOAuth(() => {
      const known = new WeakMap<Family, Claims>();
      return {
        'id-token-claims': (attempt, ...about) => {
          const claims = usual['id-token-claims'](attempt, ...about);
          const family = (attempt.refreshToken ?? attempt.code)?.family;
          if (family === undefined) return claims;
          const first = known.get(family) ?? claims;
          known.set(family, first);
          return attempt.grant === 'refresh_token' ? { ...claims, iat: first.iat } : claims;
        },
      };
    }),
  ),
  row(
    'azp-dropped-by-a-refresh',
    'The ID token of a code names its client as azp, and that of a refresh does not.',
    ['OIDC-12.2-azp-kept'],
    saying(({ aud }, { grant }) => ({ azp: grant === 'refresh_token' ? undefined : aud })),
  ),
  row(
    'azp-of-the-issuer-after-a-refresh',
    'The ID token of a refresh names the issuer as azp, where that of the code named the client.',
    ['OIDC-12.2-azp-kept'],
    saying(({ aud, iss }, { grant }) => ({ azp: grant === 'refresh_token' ? iss : aud })),
  ),
  row(
    'nonce-made-up-by-a-refresh',
    'The ID token of a refresh has a nonce of its own.',
    ['OIDC-12.2-nonce'],
    saying(({ nonce }, { grant }) => ({ nonce: grant === 'refresh_token' ? crypto.randomUUID() : nonce })),
  ),
  row(
    'later-auth-time',
    'From the second refresh of a family on, the user signed in just then.',
    ['OIDC-12.2-auth_time-kept'],
    later(({ iat }) => ({ auth_time: iat })),
  ),
  row(
    'later-subject',
    'From the second refresh of a family on, the subject is the identifier of the client.',
    [same],
    later(({ aud }) => ({ sub: aud })),
  ),
  row(
    'audience-of-the-first-client',
    'Every ID token is meant for the client that got the first one.',
    ['OIDC-2-aud'],
    replacingOAuth(() => {
      let first: unknown;
      return {
        'id-token-claims': (attempt, ...about) => {
          const claims = usual['id-token-claims'](attempt, ...about);
          first ??= claims.aud;
          return { ...claims, aud: first };
        },
      };
    }),
  ),
  row(
    'key-replaced-unpublished',
    'From the third ID token on another key signs them, which has the name of the first and is not published.',
    ['OIDC-2-signed'],
    replacingOAuth(() => {
      const keys = lazyKeys();
      let count = 0;
      return {
        'sign-id-token': async (claims, key) => {
          count += 1;
          const { privateKey } = count < 3 ? key : await keys.untrustedIssuer();
          return usual['sign-id-token'](claims, { ...key, privateKey });
        },
      };
    }),
  ),
  row(
    'kid-left-out-of-two',
    'The key set has two keys, and no ID token says which of them signed it.',
    ['OIDC-10.1-kid'],
    besideAnother(() => ({})),
    ['token', 'jwks'],
  ),
  row(
    'kid-of-no-key',
    'The key set has two keys, and ID tokens name a third one.',
    ['OIDC-10.1-kid'],
    besideAnother(() => ({ kid: 'a-third' })),
    ['token', 'jwks'],
  ),
  row(
    'id-token-key-of-1024-bits',
    'ID tokens are signed with an RSA key of 1024 bits.',
    ['FAPI1-5.2.2-signing-key-size'],
    withSmallKey(),
    ['token', 'jwks'],
  ),
  row(
    'id-token-keyed-with-a-short-secret',
    'ID tokens are signed with HS256 and a secret of twelve characters.',
    ['OIDC-16.19-hmac-secret-length'],
    withShortSecrets(),
  ),
];
