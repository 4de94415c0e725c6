import { createHash } from 'node:crypto';
import { CompactSign } from 'jose';
import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { signedJwt, unsecuredJwt } from '../../core/jws.ts';
import { lazyKeys } from '../../keys.ts';
import type { JsonObject } from '../../wire.ts';
import { atIamToken, type Defect, replacing } from '../defect.ts';

/** A claim with another value; undefined takes it away. */
export const claim = (
  name: string,
  changes: string,
  requirement: string,
  change: (claims: JsonObject, attempt: Attempt) => JsonObject,
): Defect => ({
  name,
  changes,
  breaks: [requirement],
  at: atIamToken,
  ...replacing(() => ({
    'id-token-claims': (attempt, ...rest) => {
      const claims = usual['id-token-claims'](attempt, ...rest);
      return { ...claims, ...change(claims, attempt) };
    },
  })),
});
/** The header of the ID token with other members. */
const header = (change: (header: JsonObject) => JsonObject) =>
  replacing(() => ({
    'sign-id-token': async (claims, key) => {
      return new CompactSign(Buffer.from(JSON.stringify(claims)))
        .setProtectedHeader(change({ alg: 'RS256', kid: key.kid, typ: 'JWT' }) as { alg: string })
        .sign(key.privateKey);
    },
  }));
const now = () => Math.floor(Date.now() / 1000);

/** Remembers the nonce of the attempt before. */
const nonces = () => {
  let before: unknown;
  return (nonce: unknown): unknown => {
    const last = before;
    before = nonce;
    return last;
  };
};

export const idTokens: readonly Defect[] = [
  {
    ...claim(
      'id-token-subject-random',
      'The subject of one user is another one each time.',
      'OIDC-2-sub',
      () => ({ sub: crypto.randomUUID() }),
    ),
    breaks: ['OIDC-2-sub', 'OIDC-12.2-same-iss-sub-aud'],
  },
  {
    ...claim('id-token-subject-shared', 'All users have one subject.', 'OIDC-2-sub', () => ({ sub: 'user' })),
    // The suites see one user alone elsewhere.
    dialects: ['aws-json'],
  },
  {
    name: 'id-token-with-former-nonce',
    changes: 'An ID token has the nonce of the one before.',
    breaks: ['OIDC-2-nonce'],
    at: atIamToken,
    ...replacing(() => {
      const former = nonces();
      return {
        'id-token-claims': (attempt, ...rest) => {
          const claims = usual['id-token-claims'](attempt, ...rest);
          return { ...claims, nonce: former(claims.nonce) };
        },
      };
    }),
  },
  claim(
    'id-token-for-two',
    'The ID token is meant for two, and does not say who asked.',
    'OIDC-2-azp',
    ({ aud }) => ({
      aud: [aud, 'https://somebody-else.example'],
    }),
  ),
  claim('id-token-for-somebody-else', 'The audience of the ID token is somebody else.', 'OIDC-2-aud', () => ({
    aud: 'https://somebody-else.example',
  })),
  claim('id-token-without-audience', 'The ID token has no audience.', 'OIDC-2-aud', () => ({
    aud: undefined,
  })),
  claim('id-token-expired', 'The ID token has expired when it is issued.', 'OIDC-2-exp', ({ iat }) => ({
    exp: Number(iat) - 3600,
  })),
  claim('id-token-expiry-as-text', 'The expiry of the ID token is a string.', 'OIDC-2-exp', ({ exp }) => ({
    exp: String(exp),
  })),
  claim('id-token-without-issuer', 'The ID token has no issuer.', 'OIDC-2-iss', () => ({ iss: undefined })),
  claim('id-token-issuer-with-query', 'The issuer of the ID token has a query.', 'OIDC-2-iss', ({ iss }) => ({
    iss: `${iss}?region=us-east-1`,
  })),
  claim(
    'id-token-issued-in-milliseconds',
    'iat of the ID token is in milliseconds.',
    'OIDC-2-iat',
    ({ iat }) => ({
      iat: Number(iat) * 1000,
    }),
  ),
  claim('id-token-without-subject', 'The ID token has no subject.', 'OIDC-2-sub', () => ({
    sub: undefined,
  })),
  claim('id-token-subject-too-long', 'The subject of the ID token has 300 characters.', 'OIDC-2-sub', () => ({
    sub: 'u'.repeat(300),
  })),
  claim(
    'id-token-without-nonce',
    'The nonce of the authorization request is dropped.',
    'OIDC-2-nonce',
    () => ({
      nonce: undefined,
    }),
  ),
  claim('id-token-with-made-up-nonce', 'Every ID token has a nonce.', 'OIDC-2-nonce', ({ nonce }) => ({
    nonce: nonce ?? 'none',
  })),
  claim('id-token-not-yet-valid', 'The ID token is valid in an hour only.', 'RFC7519-4.1.5-nbf', () => ({
    nbf: now() + 360_000_000,
  })),
  // The other front has acr and at_hash of its own.
  {
    ...claim('id-token-acr-as-number', 'acr of the ID token is a number.', 'OIDC-2-acr-amr-types', () => ({
      acr: 1,
    })),
    dialects: ['aws-json'],
  },
  {
    ...claim(
      'id-token-at-hash-wrong',
      'at_hash is the hash of something else.',
      'OIDC-3.1.3.6-at_hash',
      () => ({
        at_hash: createHash('sha256').update('else').digest('base64url').slice(0, 22),
      }),
    ),
    dialects: ['aws-json'],
  },
  claim('id-token-c-hash-wrong', 'c_hash is the hash of something else.', 'OIDC-3.3.3.6-c_hash', () => ({
    c_hash: createHash('sha256').update('else').digest('base64url').slice(0, 22),
  })),
  claim(
    'id-token-email-verified-as-text',
    'email_verified is a string.',
    'OIDC-5.1-standard-claim-types',
    () => ({
      email_verified: 'true',
    }),
  ),
  claim(
    'id-token-with-email',
    'The ID token tells the mail address unasked.',
    'OIDC-5.4-no-unrequested-claims',
    () => ({
      email: 'user@example.com',
    }),
  ),
  claim('id-token-for-another-party', 'azp names another client.', 'OIDC-2-azp', () => ({ azp: 'else' })),
  claim(
    'id-token-for-a-day',
    'The ID token lives a day.',
    'AWS-CreateTokenWithIAM-id-token-lifetime',
    ({ iat }) => ({
      exp: Number(iat) + 86_400,
    }),
  ),
  {
    name: 'id-token-after-refresh',
    changes: 'A refresh brings an ID token too.',
    breaks: ['AWS-CreateTokenWithIAM-absent-members'],
    at: atIamToken,
    ...replacing(() => ({ 'id-token-wanted': () => true })),
  },
  {
    name: 'id-token-unsigned',
    changes: 'The ID token is not signed: alg none.',
    breaks: ['OIDC-2-alg-none', 'OIDC-2-signed'],
    at: atIamToken,
    ...replacing(() => ({ 'sign-id-token': async (claims) => unsecuredJwt(claims) })),
  },
  {
    name: 'id-token-signed-with-unpublished-key',
    changes: 'The ID token is signed with a key that is not published.',
    breaks: ['OIDC-2-signed'],
    at: atIamToken,
    ...replacing(() => {
      const keys = lazyKeys();
      return { 'sign-id-token': async (claims) => signedJwt(claims, await keys.untrustedIssuer()) };
    }),
  },
  {
    name: 'id-token-without-kid',
    changes: 'The header of the ID token does not name its key.',
    breaks: ['OIDC-10.1-kid'],
    at: atIamToken,
    // Where there is one key alone the standards need no name for it.
    dialects: ['aws-json'],
    ...header(({ alg, typ }) => ({ alg, typ })),
  },
  {
    name: 'id-token-with-key-inside',
    changes: 'The header of the ID token brings a key.',
    breaks: ['OIDC-2-no-header-keys'],
    at: atIamToken,
    ...header((usualHeader) => ({ ...usualHeader, jku: 'https://attacker.example/keys' })),
  },
  {
    name: 'id-token-with-claim-twice',
    changes: 'A claim of the ID token is there twice.',
    breaks: ['RFC7519-4-unique-claims'],
    at: atIamToken,
    ...replacing(() => ({
      'sign-id-token': async (claims, { kid, privateKey }) => {
        const text = JSON.stringify(claims).replace(/}$/, ',"sub":"somebody-else"}');
        return new CompactSign(Buffer.from(text))
          .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
          .sign(privateKey);
      },
    })),
  },
];
