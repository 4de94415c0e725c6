import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { coreBehaviours as core } from '../../core/behaviours.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import { randomBytes } from '../../random.ts';
import type { JsonObject } from '../../wire.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { defect, editing, of } from './kit.ts';

const partOf = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const idToken = (
  name: string,
  changes: string,
  breaks: string,
  behaviours: () => Partial<OAuthBehaviours>,
): Defect => defect(name, changes, breaks, atToken, replacingOAuth(behaviours));

/** An ID token with other claims. */
const claiming = (
  name: string,
  changes: string,
  breaks: string,
  edit: (claims: JsonObject) => JsonObject,
): Defect =>
  idToken(name, changes, breaks, () => ({
    'sign-id-token': (claims, key) => core['sign-id-token']({ ...claims, ...edit(claims) }, key),
  }));

/** RS256 with a key of its own, which the JWK Set shows too; ID tokens name it where it has a name to them. */
function signedBy(modulusLength: number, kid?: string): Change {
  let made: ReturnType<typeof newKey> | undefined;
  const key = () => {
    made ??= newKey(modulusLength);
    return made;
  };
  const shown = () => ({ ...key().publicKey.export({ format: 'jwk' }), kid: kid ?? 'next', use: 'sig' });
  const set = editing(of('jwks'), ({ keys }) => ({ keys: [...(keys as JsonObject[]), shown()] }));
  return {
    oauth: {
      ...set.oauth,
      behaviours: () => ({
        'sign-id-token': async (claims) => {
          const signed = `${partOf({ alg: 'RS256', typ: 'JWT', kid })}.${partOf(claims)}`;
          return `${signed}.${createSign('sha256').update(signed).sign(key().privateKey, 'base64url')}`;
        },
      }),
    },
  };
}

const newKey = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });

/** ID tokens as the standard front tells them, and the keys that go with them. */
export const identitiesAtOAuth: readonly Defect[] = [
  idToken(
    'openid-without-id-token',
    'A code of an OpenID Connect request brings no ID token.',
    'OIDC-3.1.3.3-id_token-present',
    () => ({ 'id-token-granted': () => false }),
  ),
  idToken(
    'id-token-cut-off',
    'An ID token is what a column of 255 characters has left of it.',
    'OIDC-3.1.3.3-id_token-present',
    () => ({
      'sign-id-token': async (claims, key) => (await core['sign-id-token'](claims, key)).slice(0, 255),
    }),
  ),
  idToken(
    'id-token-without-openid',
    'Every code brings an ID token.',
    'OIDC-3.1.3.2-code-from-oidc-request',
    () => ({
      'id-token-granted': ({ grant, ...attempt }, scope) =>
        grant === 'authorization_code' || usual['id-token-granted']({ grant, ...attempt }, scope),
    }),
  ),
  claiming('told-acr-as-level', 'acr is a number.', 'OIDC-2-acr-amr-types', () => ({ acr: 2 })),
  claiming('told-amr-as-text', 'amr is text.', 'OIDC-2-acr-amr-types', () => ({ amr: 'pwd otp' })),
  claiming('told-auth-time-as-text', 'auth_time is text.', 'OIDC-2-auth_time', ({ auth_time }) => ({
    auth_time: String(auth_time),
  })),
  claiming(
    'told-auth-time-in-milliseconds',
    'auth_time is in milliseconds.',
    'OIDC-2-auth_time',
    ({ auth_time }) => ({ auth_time: Number(auth_time) * 1000 }),
  ),
  claiming('told-at-hash-in-hex', 'at_hash is in hexadecimal.', 'OIDC-3.1.3.6-at_hash', ({ at_hash }) => ({
    at_hash: at_hash === undefined ? undefined : Buffer.from(String(at_hash), 'base64url').toString('hex'),
  })),
  idToken(
    'told-at-hash-of-another',
    'at_hash is that of the access token before.',
    'OIDC-3.1.3.6-at_hash',
    () => {
      let before = '';
      return {
        'access-token-hash': (token) => {
          const hash = usual['access-token-hash'](before);
          before = token;
          return hash;
        },
      };
    },
  ),
  defect(
    'two-keys-and-no-kid',
    'The JWK Set has a second key, and no ID token says by which of them it is signed.',
    'OIDC-10.1-kid',
    atToken,
    signedBy(2048),
  ),
  defect(
    'rsa-key-of-1024-bits',
    'ID tokens are signed with an RSA key of 1,024 bits.',
    'FAPI1-5.2.2-signing-key-size',
    atToken,
    signedBy(1024, 'short'),
  ),
  idToken(
    'hs256-with-short-secret',
    'ID tokens have HS256, by client secrets of 24 characters.',
    'OIDC-16.19-hmac-secret-length',
    () => {
      const secrets = new Map<unknown, string>();
      return {
        'new-client-secret': ({ id }) => {
          const secret = randomBytes(18).toString('base64url');
          secrets.set(id, secret);
          return secret;
        },
        'sign-id-token': async (claims) => {
          const signed = `${partOf({ alg: 'HS256', typ: 'JWT' })}.${partOf(claims)}`;
          const hmac = createHmac('sha256', secrets.get(claims.aud) ?? '');
          return `${signed}.${hmac.update(signed).digest('base64url')}`;
        },
      };
    },
  ),
];
