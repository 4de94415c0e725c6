import { createHash } from 'node:crypto';
import type { Attempt } from '../../../emulator/core/attempt.ts';
import type { Family } from '../../../emulator/core/state.ts';
import { type Change, leaving, replacingOAuth } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { JsonObject } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';

const saying = (change: (claims: JsonObject, attempt: Attempt) => JsonObject): Change =>
  replacingOAuth(() => ({
    'id-token-claims': (attempt, ...about) => change(usual['id-token-claims'](attempt, ...about), attempt),
  }));

const signed = (change: (claims: JsonObject) => JsonObject): Change =>
  replacingOAuth(() => ({
    'sign-id-token': (claims, key) => usual['sign-id-token'](change(claims), key),
  }));

/** What OpenID Connect Core permits of ID tokens: each row names the section. */
export const idTokenVariants: readonly Variant[] = [
  {
    // Section 2.
    name: 'audience-in-a-list-of-one',
    differs: 'The audience of an ID token is a list of one.',
    ...saying((claims) => ({ ...claims, aud: [claims.aud] })),
  },
  {
    // Section 2: azp may be there where its value is the only audience.
    name: 'authorized-party-told',
    differs: 'An ID token names its client as azp too.',
    ...saying((claims) => ({ ...claims, azp: claims.aud })),
  },
  {
    // Section 2: what is not understood is ignored.
    name: 'id-tokens-with-claims-of-their-own',
    differs: 'An ID token has amr, jti, sid, nbf, and a claim that no document knows.',
    ...signed((claims) => ({
      ...claims,
      amr: ['pwd', 'otp'],
      jti: crypto.randomUUID(),
      sid: crypto.randomUUID(),
      nbf: claims.iat,
      'https://claims.example/tenant': { id: 7 },
    })),
  },
  {
    // Section 3.1.3.6.
    name: 'no-at-hash',
    differs: 'ID tokens have no at_hash.',
    ...signed((claims) => leaving(claims, 'at_hash')),
  },
  {
    // Section 2: auth_time is there on request; elsewhere it is optional.
    name: 'no-auth-time',
    differs: 'No ID token tells when the user signed in.',
    ...saying((claims) => leaving(claims, 'auth_time')),
  },
  {
    // Section 12.2: a refresh response might not have one.
    name: 'no-id-token-from-a-refresh',
    differs: 'A refresh brings no ID token.',
    ...replacingOAuth(() => ({
      'id-token-granted': (attempt, scope) =>
        attempt.grant !== 'refresh_token' && usual['id-token-granted'](attempt, scope),
    })),
  },
  {
    // Section 12.2: it should have no nonce, and that of the request if any.
    name: 'nonce-again-from-a-refresh',
    differs: 'The ID token of a refresh has the nonce of the authorization request.',
    ...replacingOAuth(() => {
      const nonces = new WeakMap<Family, unknown>();
      return {
        'id-token-claims': (attempt, ...about) => {
          const claims = usual['id-token-claims'](attempt, ...about);
          const family = (attempt.refreshToken ?? attempt.code)?.family;
          if (family === undefined) return claims;
          if (attempt.grant !== 'refresh_token') nonces.set(family, claims.nonce);
          return { ...claims, nonce: nonces.get(family) };
        },
      };
    }),
  },
  {
    // Section 8.1.
    name: 'subjects-of-each-client',
    differs: 'A user has another subject at each client.',
    ...saying((claims) => ({
      ...claims,
      sub: createHash('sha256').update(`${claims.aud} ${claims.sub}`).digest('base64url'),
    })),
  },
  {
    // Section 2: exp is the server's affair.
    name: 'id-tokens-of-five-minutes',
    differs: 'ID tokens live five minutes.',
    ...saying((claims) => ({ ...claims, exp: Number(claims.iat) + 300 })),
  },
  {
    // Section 2: clocks may differ by a few minutes, also between the machines of one server.
    name: 'issued-half-a-minute-ahead',
    differs: 'The clock that ID tokens are issued by is half a minute ahead.',
    ...saying((claims) => ({ ...claims, iat: Number(claims.iat) + 30, exp: Number(claims.exp) + 30 })),
  },
];
