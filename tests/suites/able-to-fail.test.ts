import { describe, expect, test } from 'vitest';
import { type Behaviours, defaultBehaviours } from '../../emulator/behaviours.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { certifyHere, verdictOf } from '../support/certify.ts';

/** Each row replaces one behaviour of the emulator, and names the case that must notice. */
type Row = [caseId: string, verdict: 'fail' | 'warn', broken: Partial<Behaviours>];

const never = () => undefined;
const {
  'token-body': tokens,
  'error-body': errors,
  'error-status': statuses,
  'find-grant': grants,
} = defaultBehaviours;
const { 'device-authorization-body': device, 'registration-body': registration } = defaultBehaviours;

const rows: Row[] = [
  ['authorization-code/unknown-code', 'fail', { 'code-known': never }],
  ['authorization-code/redeemed', 'fail', { 'code-not-redeemed': never }],
  ['authorization-code/redeemed-in-parallel', 'fail', { 'redeem-code': never }],
  ['authorization-code/expired-code', 'fail', { 'code-not-expired': never }],
  ['authorization-code/a-day-old', 'fail', { 'code-lifetime': () => 864_000 }],
  ['authorization-code/other-clients-code', 'fail', { 'code-bound-to-client': never }],
  ['authorization-code/redirect-uri-other-path', 'fail', { 'redirect-uri-same': never }],
  ['authorization-code/missing-verifier', 'fail', { 'verifier-present': never }],
  ['authorization-code/wrong-verifier', 'fail', { 'verifier-matches': never }],
  ['authorization-code/verifier-too-short', 'warn', { 'verifier-long-enough': never }],
  ['authorization-code/verifier-too-long', 'warn', { 'verifier-short-enough': never }],
  ['authorization-code/verifier-with-plus', 'warn', { 'verifier-unreserved': never }],
  ['authorization-code/verifier-without-challenge', 'fail', { 'code-has-challenge': never }],
  ['authorization-code/replay-revokes-refresh-token', 'warn', { 'revoke-tokens-of-reused-code': never }],
  ['authorization-code/grant-not-registered', 'fail', { 'grant-allowed': never }],
  ['authorization-code/expired-secret', 'fail', { 'client-secret-not-expired': never }],
  ['authorization-code/wrong-secret', 'fail', { 'client-secret-right': never }],
  ['authorization-code/missing-code', 'fail', { 'code-present': never }],
  [
    'authorization-code/credentials-in-query',
    'fail',
    { 'pick-member': (body, name, { query }) => body[name] ?? query.get(name) ?? undefined },
  ],
  ['authorization-code/grant-type-twice', 'warn', { 'member-names-unique': () => true }],
  [
    'authorization-code/grant-type-in-upper-case',
    'fail',
    { 'find-grant': (members) => grants({ ...members, grantType: members.grantType?.toLowerCase() ?? '' }) },
  ],
  [
    'authorization-code/fault-access-denied-access-denied',
    'fail',
    { 'error-body': ({ error, description }) => ({ error, error_description: description }) },
  ],
  ['device-code/pending', 'fail', { 'device-approved': never }],
  ['device-code/first-polls', 'warn', { 'polling-burst': () => 1 }],
  ['device-code/polled-at-the-interval', 'warn', { 'polling-interval': () => 1, 'polling-burst': () => 0 }],
  ['device-code/denied', 'fail', { 'device-not-denied': never }],
  ['device-code/expired', 'fail', { 'device-code-not-expired': never }],
  [
    'device-code/after-its-lifetime',
    'fail',
    { 'device-authorization-body': (one, region) => ({ ...device(one, region), expiresIn: 300 }) },
  ],
  ['device-code/redeemed', 'fail', { 'device-code-not-redeemed': never }],
  ['device-code/redeemed-in-parallel', 'fail', { 'redeem-device-code': never }],
  ['device-code/other-clients-device-code', 'fail', { 'device-code-bound-to-client': never }],
  ['device-code/unknown-device-code', 'fail', { 'device-code-known': never }],
  ['refresh-token/unknown-refresh-token', 'fail', { 'refresh-token-known': never }],
  ['refresh-token/expired', 'fail', { 'refresh-token-not-expired': never }],
  ['refresh-token/other-clients-refresh-token', 'fail', { 'refresh-token-bound-to-client': never }],
  ['refresh-token/rotated-away', 'warn', { 'refresh-token-not-rotated': never }],
  ['refresh-token/rotated-away-long-ago', 'fail', { 'refresh-token-not-rotated': never }],
  ['authorization-code/secret-in-other-case', 'fail', { 'client-secret-right': never }],
  [
    'wire/access-tokens-unique',
    'fail',
    { 'new-access-token': () => 'aoaAbCdEfGh0123456789AbCdEfGh0123456789' },
  ],
  [
    'refresh-token/rotates',
    'warn',
    { 'new-refresh-token': ({ refreshToken }) => refreshToken?.value ?? 'aorAbCdEfGh0123456789' },
  ],
  ['refresh-token/reuse-revokes-family', 'warn', { 'revoke-family-of-reused-refresh-token': never }],
  ['refresh-token/in-parallel', 'warn', { 'rotate-refresh-token': never }],
  ['register-client/confidential', 'fail', { 'client-type-public': never }],
  ['register-client/relative-redirect-uri', 'fail', { 'redirect-uris-allowed': never }],
  ['register-client/malformed-scope', 'fail', { 'scopes-well-formed': never }],
  ['register-client/unknown-grant-type', 'fail', { 'grant-types-supported': never }],
  [
    'register-client/valid',
    'fail',
    { 'registration-body': (client) => ({ ...registration(client), clientSecretExpiresAt: 1 }) },
  ],
  [
    'register-client/token-endpoint',
    'fail',
    {
      'registration-body': (client) => ({
        ...registration(client),
        tokenEndpoint: 'https://a.example/token#b',
      }),
    },
  ],
  ['start-device-authorization/wrong-secret', 'fail', { 'client-secret-right': never }],
  ['start-device-authorization/bogus-start-url', 'fail', { 'start-url-allowed': never }],
  ['start-device-authorization/grant-not-registered', 'fail', { 'device-grant-allowed': never }],
  ['unpredictability/access-token-128', 'fail', { 'new-access-token': counter('aoaAbCdEfGhIjKlMnOp') }],
  ['unpredictability/code-128', 'fail', { 'new-code': counter('codeAbCdEfGhIjKlMnOp') }],
  ['unpredictability/user-code-20', 'warn', { 'new-user-code': counter('ABCD-') }],
  ['wire/success-shape', 'fail', { 'token-body': (some) => ({ ...tokens(some), expiresIn: '3600' }) }],
  ['wire/expires-in-number', 'fail', { 'token-body': (some) => ({ ...tokens(some), expiresIn: '3600' }) }],
  ['wire/expires-in-present', 'warn', { 'token-body': (some) => ({ ...tokens(some), expiresIn: null }) }],
  ['wire/token-type-value', 'fail', { 'token-body': (some) => ({ ...tokens(some), tokenType: 'mac' }) }],
  [
    'wire/no-id-token',
    'warn',
    { 'token-body': (some) => ({ ...tokens(some), idToken: 'eyJhbGciOiJub25lIn0.e30.' }) },
  ],
  ['wire/refresh-token-charset', 'fail', { 'token-body': (some) => ({ ...tokens(some), refreshToken: '' }) }],
  ['wire/no-error-in-success', 'fail', { 'token-body': (some) => ({ ...tokens(some), error: 'none' }) }],
  ['wire/success-status', 'fail', { 'success-status': () => 201 }],
  ['wire/success-content-type', 'fail', { 'content-type': () => 'text/plain' }],
  ['wire/error-content-type', 'fail', { 'content-type': () => 'text/plain' }],
  ['wire/no-store', 'warn', { 'success-headers': () => [] }],
  ['wire/error-shape', 'fail', { 'error-headers': () => [] }],
  [
    'wire/exception-status',
    'fail',
    { 'error-status': (name) => (name === 'SlowDownException' ? 429 : statuses(name)) },
  ],
  [
    'wire/error-registered',
    'fail',
    { 'error-body': (refusal) => ({ ...errors(refusal), error: refusal.error.replace('_', '-') }) },
  ],
  [
    'wire/error-description-charset',
    'fail',
    { 'error-body': (refusal) => ({ ...errors(refusal), error_description: 'a "quote"' }) },
  ],
  [
    'wire/no-token-in-error',
    'fail',
    { 'error-body': (refusal) => ({ ...errors(refusal), accessToken: 'aoaAbCdEfGh0123456789' }) },
  ],
  [
    'wire/CreateToken/ExpiredTokenException',
    'fail',
    { 'error-status': (name) => (name === 'ExpiredTokenException' ? 401 : statuses(name)) },
  ],
  ['wire/date', 'warn', { date: (now) => new Date(now - 3_600_000).toUTCString() }],
  ['wire/request-id', 'warn', { 'request-id': () => '' }],
];

/** The same for CreateTokenWithIAM. */
const iamRows: Row[] = [
  ['iam-signature/wrong-secret-key', 'fail', { 'signature-right': never }],
  ['iam-signature/unknown-access-key', 'fail', { 'access-key-known': never }],
  ['iam-signature/wrong-session-token', 'fail', { 'session-token-right': never }],
  ['iam-signature/an-hour-late', 'fail', { 'amz-date-not-too-early': never }],
  ['iam-signature/an-hour-early', 'fail', { 'amz-date-not-too-late': never }],
  ['iam-signature/other-region', 'fail', { 'scope-region-right': never }],
  ['iam-signature/other-service', 'fail', { 'scope-service-right': never }],
  ['iam-signature/host-not-signed', 'fail', { 'host-signed': never }],
  ['iam-signature/altered-body', 'fail', { 'content-sha256-right': never }],
  ['iam-authorization-code/principal-not-allowed', 'fail', { 'principal-allowed': never }],
  ['iam-authorization-code/redeemed', 'fail', { 'code-not-redeemed': never }],
  ['iam-authorization-code/wrong-verifier', 'fail', { 'verifier-matches': never }],
  ['iam-authorization-code/unknown-scope', 'warn', { 'scope-of-application': never }],
  ['iam-refresh-token/other-region', 'fail', { 'refresh-token-usable-here': never }],
  ['iam-refresh-token/scope-beyond-the-grant', 'warn', { 'scope-within-grant': never }],
  ['jwt-bearer/alg-none', 'fail', { 'assertion-algorithm-right': never }],
  ['jwt-bearer/wrong-signature', 'fail', { 'assertion-signature-right': never }],
  ['jwt-bearer/wrong-issuer', 'fail', { 'assertion-issuer-trusted': never }],
  ['jwt-bearer/wrong-audience', 'fail', { 'assertion-audience-right': never }],
  ['jwt-bearer/expired', 'fail', { 'assertion-not-expired': never }],
  ['jwt-bearer/no-expiry', 'fail', { 'assertion-expiry-present': never }],
  ['jwt-bearer/not-yet-valid', 'warn', { 'assertion-already-valid': never }],
  ['jwt-bearer/unknown-subject', 'fail', { 'assertion-user-known': never }],
  ['jwt-bearer/replayed-jti', 'fail', { 'assertion-not-used': never }],
  ['jwt-bearer/grant-not-registered', 'fail', { 'grant-allowed': never }],
  ['token-exchange/expired', 'fail', { 'subject-token-not-expired': never }],
  ['token-exchange/other-region', 'fail', { 'subject-token-of-this-region': never }],
  ['token-exchange/unknown-requested-token-type', 'fail', { 'requested-token-type-known': never }],
];

function counter(prefix: string): () => string {
  let next = 0;
  return () => `${prefix}${String(next++).padStart(12, '0')}`;
}

const targetOf = ({ url, fixtures, jwks }: Emulator) => ({
  endpoint: url,
  fixtures,
  jwks,
  profile: 'aws-sso-oidc',
});

/** Rules over every response are fed by a few cases that show all kinds. */
const feeding = [
  'authorization-code/valid',
  'authorization-code/unknown-code',
  'authorization-code/fault-slow-down',
  'device-code/expired',
  'refresh-token/valid',
];

test('an emulator that was certified before is certified again, with the same seed', async () => {
  const emulator = await startEmulator();
  try {
    const reports = [await certifyHere(targetOf(emulator)), await certifyHere(targetOf(emulator))];
    expect(reports.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const [first, second] = reports.map(({ verdicts }) => verdicts.map((one) => [one.case, one.verdict]));
    expect(second).toEqual(first);
  } finally {
    await emulator.close();
  }
});

describe('a case that cannot fail proves nothing', () => {
  test.each([...rows, ...iamRows])('%s comes to %s', async (caseId, verdict, behaviours) => {
    const emulator = await startEmulator({ behaviours });
    try {
      const cases = caseId.startsWith('wire/') ? [...feeding, 'wire/*'] : [caseId];
      const report = await certifyHere(targetOf(emulator), { selection: { cases } });
      expect(verdictOf(report, caseId)).toBe(verdict);
    } finally {
      await emulator.close();
    }
  });

  test('and each of these cases passes otherwise', async () => {
    const emulator = await startEmulator();
    try {
      const report = await certifyHere(targetOf(emulator));
      expect(report.exitCode).toBe(0);
      const optional = ['register-client/token-endpoint'];
      const green = new Set(
        report.verdicts.filter(({ verdict }) => verdict === 'pass').map((one) => one.case),
      );
      expect(
        [...rows, ...iamRows]
          .map(([caseId]) => caseId)
          .filter((id) => !green.has(id) && !optional.includes(id)),
      ).toEqual([]);
    } finally {
      await emulator.close();
    }
  });
});
