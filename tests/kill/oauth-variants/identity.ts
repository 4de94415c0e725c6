import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Change, replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { paths } from '../../../emulator/fronts/oauth-form/paths.ts';
import type { JsonObject } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';
import { bodyOf, editingMetadata, letters, text } from './kit.ts';

/** Other claims in ID tokens. */
const claiming = (change: (claims: JsonObject) => JsonObject): Change =>
  replacingOAuth(() => ({ 'sign-id-token': (claims, key) => usual['sign-id-token'](change(claims), key) }));

const without = (claims: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Other keys in the JWK Set. */
const publishing = (change: (keys: readonly JWK[]) => Promise<readonly JWK[]>): Change => ({
  oauth: {
    middleware: () => async (request, endpoint) => {
      const response = await endpoint(request);
      const { keys } = (request.path === paths.jwks && bodyOf(response)) || {};
      if (!Array.isArray(keys)) return response;
      return { ...response, body: JSON.stringify({ keys: await change(keys) }) };
    },
  },
});

/** ID tokens by another algorithm, with a key that is published beside the usual one. */
function signedBy(alg: string, of = (claims: JsonObject): JsonObject => claims): Change {
  const name = { alg, kid: `key of ${alg}` };
  let made: Promise<Pair> | undefined;
  const pair = () => {
    made ??= generateKeyPair(alg);
    return made;
  };
  return together([
    replacingOAuth(() => ({
      'sign-id-token': async (claims) =>
        new CompactSign(Buffer.from(JSON.stringify(of(claims))))
          .setProtectedHeader(name)
          .sign((await pair()).privateKey),
    })),
    publishing(async (keys) => [
      ...keys,
      { ...(await exportJWK((await pair()).publicKey)), ...name, use: 'sig' },
    ]),
    editingMetadata((body) => ({ ...body, id_token_signing_alg_values_supported: ['RS256', alg] })),
  ]);
}

/** Who makes its clients chose the algorithm: one that registers without one gets RS256 (OpenID Connect Registration section 2). */
const chosen = {
  limits: [{ operation: 'register', reason: 'clients are made by an administrator' }],
} as const;

/** What ID tokens may say, and how they may be signed. */
export const identityVariants: readonly Variant[] = [
  {
    name: 'id-tokens-by-es256',
    differs: 'ID tokens are signed by ES256.',
    ...signedBy('ES256'),
    target: chosen,
  },
  {
    name: 'id-tokens-by-ps256',
    differs: 'ID tokens are signed by PS256.',
    ...signedBy('PS256'),
    target: chosen,
  },
  {
    name: 'id-tokens-by-rs512',
    differs: 'ID tokens are signed by RS512, without at_hash.',
    ...signedBy('RS512', (claims) => without(claims, 'at_hash')),
    target: chosen,
  },
  {
    name: 'many-keys',
    differs: 'The JWK Set has keys of other kinds and uses, with certificates, and one of an unknown type.',
    ...publishing(async (keys) => {
      const rsa = await exportJWK((await generateKeyPair('RS256')).publicKey);
      const curve = await exportJWK((await generateKeyPair('ES384')).publicKey);
      return [
        { ...rsa, kid: 'encryption', use: 'enc', alg: 'RSA-OAEP' },
        { ...curve, kid: 'curve', use: 'sig', alg: 'ES384', key_ops: ['verify'] },
        { kty: 'AKP', kid: 'later', alg: 'ML-DSA-44', pub: text(64, letters) },
        ...keys.map((key) => ({ ...key, x5t: text(27, letters), exp: 4_102_444_800 })),
        { ...rsa, kid: 'next' },
      ];
    }),
  },
  {
    name: 'one-key-without-a-name',
    // OpenID Connect Core section 10.1: a kid is needed where there are several.
    differs: 'The one key has no kid, use or alg, and ID tokens name none.',
    ...together([
      publishing(async (keys) => keys.map(({ kid: _, use: __, alg: ___, ...key }) => key)),
      replacingOAuth(() => ({
        'sign-id-token': (claims, { privateKey }) =>
          new CompactSign(Buffer.from(JSON.stringify(claims)))
            .setProtectedHeader({ alg: 'RS256' })
            .sign(privateKey),
      })),
    ]),
  },
  {
    name: 'one-audience-in-a-list',
    // RFC 7519 section 4.1.3.
    differs: 'The audience of every ID token is a list of one.',
    ...claiming((claims) => ({ ...claims, aud: [claims.aud] })),
  },
  {
    name: 'two-audiences',
    differs: 'The audience of every ID token is the client and the server, and azp is the client.',
    ...claiming((claims) => ({ ...claims, aud: [claims.iss, claims.aud], azp: claims.aud })),
  },
  {
    name: 'more-claims',
    differs: 'ID tokens have claims of the server besides, of every JSON type, and azp and amr.',
    ...claiming((claims) => ({
      ...claims,
      jti: text(22, letters),
      typ: 'ID',
      azp: claims.aud,
      acr: '1',
      amr: ['pwd', 'otp'],
      sid: '4f1c2c62-8d83-4a8d-8a1a-2a4f5a4dbe43',
      session_state: 'x',
      auth_level: 2,
      'https://server.example/roles': ['a', { b: null }],
      tenant: null,
      ver: '2.0',
      nbf: claims.iat,
      idp: 'local',
    })),
  },
  {
    name: 'fewest-claims',
    differs: 'ID tokens have no auth_time, no acr and no at_hash.',
    ...claiming((claims) => without(claims, 'auth_time', 'acr', 'at_hash')),
  },
  {
    name: 'id-tokens-of-a-minute',
    differs: 'ID tokens live a minute.',
    ...claiming((claims) => ({ ...claims, exp: Number(claims.iat) + 60 })),
  },
  {
    name: 'id-tokens-of-two-weeks',
    differs: 'ID tokens live two weeks.',
    ...claiming((claims) => ({ ...claims, exp: Number(claims.iat) + 14 * 86_400 })),
  },
  {
    name: 'times-with-fractions',
    // RFC 7519 section 2: a NumericDate may have a fraction.
    differs: 'Times of ID tokens have fractions of a second.',
    ...claiming((claims) => ({ ...claims, iat: Number(claims.iat) + 0.25, exp: Number(claims.exp) + 0.75 })),
  },
  {
    name: 'subjects-of-255-characters',
    differs: 'Subjects have 255 characters, spaces and signs among them.',
    ...claiming((claims) => ({ ...claims, sub: `${claims.sub}`.padEnd(255, ' |@/"\\x') })),
  },
  {
    name: 'subjects-by-client',
    // OpenID Connect Core section 8.1.
    differs: 'Every client knows a user by another subject.',
    ...claiming((claims) => ({
      ...claims,
      sub: Buffer.from(`${claims.aud} ${claims.sub}`).toString('base64url').slice(0, 255),
    })),
  },
  {
    name: 'clocks-a-second-apart',
    differs: 'The clock that signs ID tokens is two seconds ahead, and nbf is told.',
    ...claiming((claims) => ({
      ...claims,
      iat: Number(claims.iat) + 2,
      nbf: Number(claims.iat) + 2,
      exp: Number(claims.exp) + 2,
    })),
  },
  {
    name: 'signed-in-an-hour-ago',
    differs: 'The user signed in an hour before the code was issued.',
    ...replacingOAuth(() => ({
      'sign-in': (attempt) => {
        const signIn = usual['sign-in'](attempt);
        return attempt.grant === 'authorization_code' ? { ...signIn, at: signIn.at - 3_600_000 } : signIn;
      },
    })),
  },
  {
    name: 'no-id-token-after-a-refresh',
    // OpenID Connect Core section 12.2.
    differs: 'A refresh brings no ID token.',
    ...replacingOAuth(() => ({
      'id-token-granted': (attempt, scope) =>
        attempt.grant !== 'refresh_token' && usual['id-token-granted'](attempt, scope),
    })),
  },
  {
    name: 'id-tokens-for-codes-alone',
    // OpenID Connect Core knows none of the other grants.
    differs: 'Only a code brings an ID token.',
    ...replacingOAuth(() => ({
      'id-token-granted': (attempt, scope) =>
        attempt.grant === 'authorization_code' && usual['id-token-granted'](attempt, scope),
    })),
  },
  {
    name: 'nonce-kept-in-refreshes',
    // OpenID Connect Core section 12.2: it should not be there; if it is, it is the same.
    differs: 'The ID token of a refresh has the nonce of the first one.',
    ...replacingOAuth(() => ({
      'sign-in': (attempt) => {
        const kept = attempt.grant === 'refresh_token' ? attempt.refreshToken?.family.signIn : undefined;
        return kept ?? usual['sign-in'](attempt);
      },
    })),
  },
];
