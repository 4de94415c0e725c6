import type { Exchange } from '../../harness/exchange.ts';
import { causesOf } from '../../harness/report/causes.ts';
import { curlFor } from '../../harness/report/curl.ts';
import { type Report, schemaVersion } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { count, exitCodeOf } from '../../harness/verdict.ts';

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

const granted: Exchange = {
  step: 'control',
  operation: 'CreateToken',
  grant: 'authorization_code',
  request: {
    method: 'POST',
    url: 'http://127.0.0.1:9400/token',
    headers: [
      ['Content-Type', 'application/json'],
      ['User-Agent', 'token-conformance'],
    ],
    body: '{"clientId":"Mn1F","clientSecret":"[clientSecret 1027 chars vschar #52ab88747d7e]","grantType":"authorization_code","code":"[code 64 chars vschar #d14a69effe6e]"}',
  },
  response: {
    status: 200,
    headers: [
      ['Content-Type', 'application/json'],
      ['Cache-Control', 'no-store'],
    ],
    body: '{"accessToken":"[accessToken 132 chars vschar #e9af3d15f214]","tokenType":"Bearer"}',
    bytes: 429,
    utf8: true,
    cut: false,
  },
  jwts: [
    {
      member: 'idToken',
      parts: 3,
      header: { alg: 'RS256' },
      claims: { iss: 'https://identitycenter.amazonaws.com', aud: 'Mn1F' },
      repeated: [],
      signature: 'unchecked',
    },
  ],
  attempts: 1,
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 6),
  durationMs: 75,
};

const probe: Exchange = { ...granted, step: 'probe', startedAt: granted.startedAt + 95, durationMs: 111 };

const refused: Exchange = {
  ...probe,
  operation: 'CreateTokenWithIAM',
  fault: 'InvalidScopeException',
  clockAdvanced: 600,
  jwts: [],
  response: {
    status: 400,
    headers: [['x-amzn-ErrorType', 'InvalidScopeException:http://internal.amazon.com/']],
    body: '{"error":"invalid_scope","error_description":"…"}',
    bytes: 70,
    utf8: false,
    cut: true,
  },
};

const silent: Exchange = {
  step: 'probe',
  operation: 'CreateToken',
  grant: deviceCode,
  request: granted.request,
  failure: { kind: 'timeout', message: 'no complete response within 10 s' },
  attempts: 3,
  startedAt: granted.startedAt,
  durationMs: 10_000,
};

/** A passing case of which some members are otherwise. */
function verdict(some: Pick<ReportVerdict, 'case' | 'verdict'> & Partial<ReportVerdict>): ReportVerdict {
  return {
    title: 'a valid code',
    requirement: 'RFC6749-4.1.4-code-exchange-success',
    level: 'MUST',
    statement: 'A valid code that its own client redeems yields an access token.',
    section: 'RFC 6749 §4.1.3-4.1.4',
    operation: 'CreateToken',
    grant: 'authorization_code',
    exception: null,
    reason: null,
    expected: ['granted'],
    actual: ['probe: status 200, granted'],
    exchanges: [probe],
    samples: [],
    generated: null,
    reproduce: {
      command: `npx token-conformance run --target staging.yaml --case ${some.case} --seed 7`,
      curl: curlFor(some.exchanges ?? [probe]),
    },
    durationMs: 120,
    ...some,
  };
}

const verdicts: readonly ReportVerdict[] = [
  verdict({
    case: 'authorization-code/valid',
    verdict: 'pass',
    samples: [{ step: 'probe', kind: 'accessToken', count: 30, distinct: 30, bits: 800 }],
  }),
  verdict({
    case: 'authorization-code/redeemed',
    verdict: 'fail',
    title: 'a code that was redeemed before',
    requirement: 'RFC6749-4.1.2-code-single-use',
    statement: 'A code that has been redeemed fails with invalid_grant when the same request is sent again.',
    section: 'RFC 6749 §4.1.2, §10.5; RFC 9700 §4.2.4',
    exception: 'InvalidGrantException',
    reason: 'probe: a token was issued (status 200)',
    expected: ['control: granted', 'probe: InvalidGrantException with status 400'],
    actual: ['control: status 200, granted', 'probe: status 200, granted'],
    exchanges: [granted, probe],
  }),
  verdict({
    case: 'generated/authorization-code/sequence',
    verdict: 'fail',
    title: 'codes of two clients, interleaved',
    requirement: 'RFC6749-4.1.2-code-single-use',
    statement: 'A code that has been redeemed fails with invalid_grant when the same request is sent again.',
    section: 'RFC 6749 §4.1.2, §10.5; RFC 9700 §4.2.4',
    reason: 'code 1 by client 1: granted, where what happened before allows invalid_grant',
    expected: ['every answer is one that the history allows'],
    actual: ['code 1: status 200, granted', 'code 1: status 200, granted'],
    exchanges: [granted, probe],
    generated: {
      runs: 69,
      requests: 197,
      counterexample: {
        seed: -803_359_217,
        path: '27:2:0',
        value: [
          { do: 'obtain', kind: 'code' },
          { do: 'present', which: 0 },
        ],
        problem: 'code 1 by client 1: granted, where what happened before allows invalid_grant',
        shrinks: 10,
        again: true,
      },
    },
  }),
  verdict({
    case: 'device-code/slow',
    verdict: 'inconclusive',
    title: 'a device code polled slowly',
    requirement: 'RFC8628-3.5-pending',
    statement: 'A device code that nobody has decided on is answered with authorization_pending.',
    section: 'RFC 8628 §3.5',
    grant: deviceCode,
    exception: 'AuthorizationPendingException',
    reason: 'probe: no complete response within 10 s',
    actual: ['probe: no complete response within 10 s'],
    exchanges: [silent],
  }),
  verdict({
    case: 'wire/id-token-signature',
    verdict: 'not-tested',
    title: 'the signature of an ID token',
    requirement: 'OIDC-3.1.3.7-signature',
    statement: 'The signature of an ID token is valid.',
    section: 'OIDC Core §3.1.3.7',
    operation: null,
    grant: null,
    reason: 'no response of this kind was seen',
    actual: [],
    exchanges: [],
  }),
  verdict({
    case: 'iam-token-exchange/scope',
    verdict: 'harness-error',
    title: 'a scope that is not granted',
    requirement: 'AWS-CreateTokenWithIAM-InvalidScope',
    statement: 'A scope that is not granted fails with InvalidScopeException.',
    section: 'AWS IAM Identity Center OIDC API reference, CreateTokenWithIAM, Errors',
    operation: 'CreateTokenWithIAM',
    grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
    exception: 'InvalidScopeException',
    reason: 'the case ended without a verdict',
    exchanges: [refused],
  }),
  verdict({
    case: 'wire/no-store',
    verdict: 'warn',
    title: 'caching of errors',
    requirement: 'RFC6749-5.2-no-store-on-error',
    level: 'SHOULD',
    statement: 'An error response has a Cache-Control header that contains no-store.',
    section: 'RFC 6749 §5.1, §5.2 (example)',
    operation: null,
    grant: null,
    reason: 'Cache-Control is absent, in 4 of 9 responses',
    exchanges: [refused],
  }),
  verdict({
    case: 'refresh-token/region',
    verdict: 'not-applicable',
    title: 'a refresh token of another region',
    requirement: 'AWS-refresh-region',
    level: 'MAY',
    statement: 'A refresh token of another region may be refused.',
    section: 'AWS IAM Identity Center OIDC API reference, CreateToken, Errors',
    grant: 'refresh_token',
    exception: 'InvalidGrantException',
    reason: 'staging has one region',
    actual: [],
    exchanges: [],
  }),
];

/**
 * A report with each of the seven verdicts, cells of two operations, a counterexample, and a curl line for each of
 * several exchanges. It is new at each call.
 */
export function sampleReport(): Report {
  const counts = count(verdicts.map(({ verdict: one }) => one));
  return structuredClone({
    schemaVersion,
    suite: { name: 'token-conformance', version: '0.1.0' },
    target: {
      name: 'staging',
      dialect: 'aws-json',
      endpoints: {
        CreateToken: 'http://127.0.0.1:9400/token',
        CreateTokenWithIAM: 'http://127.0.0.1:9400/token?aws_iam=t',
      },
      sha256: null,
    },
    profile: { name: 'aws-sso-oidc', version: '1.0' },
    seed: 7,
    strict: false,
    partial: false,
    shard: null,
    baseline: null,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 65_432,
    requests: 1_234,
    exitCode: exitCodeOf(counts),
    counts,
    diagnosis: 'The signed operation was not judged: the credentials have expired.',
    limits: [{ fixture: 'device-decision', reason: 'staging needs a person to consent' }],
    excluded: {
      'RFC6749-1.6-tls12-supported': 'TLS is not probed; use a TLS scanner.',
      'RFC6749-3.2-tls-required': 'TLS is not probed; use a TLS scanner.',
      'RFC7009-2.1-revoked-rt-unusable': 'The API has no revocation operation.',
    },
    causes: causesOf(verdicts),
    grants: [
      { operation: 'CreateToken', grant: 'authorization_code', granted: true, limited: false },
      { operation: 'CreateToken', grant: deviceCode, granted: true, limited: false },
      {
        operation: 'CreateTokenWithIAM',
        grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
        granted: true,
        limited: false,
      },
    ],
    cells: [
      {
        operation: 'CreateToken',
        grant: 'authorization_code',
        exception: 'InvalidGrantException',
        provokedBy: 'circumstance',
        cases: ['authorization-code/redeemed', 'generated/authorization-code/sequence'],
        verdict: 'fail',
      },
      {
        operation: 'CreateToken',
        grant: deviceCode,
        exception: 'AuthorizationPendingException',
        provokedBy: 'circumstance',
        cases: ['device-code/slow'],
        verdict: 'inconclusive',
      },
      {
        operation: 'CreateTokenWithIAM',
        grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
        exception: 'InvalidScopeException',
        provokedBy: 'fault',
        cases: ['iam-token-exchange/scope'],
        verdict: 'harness-error',
      },
      {
        operation: 'CreateTokenWithIAM',
        grant: 'urn:ietf:params:oauth:grant-type:token-exchange',
        exception: 'InternalServerException',
        provokedBy: 'none',
        cases: [],
        verdict: 'not-tested',
      },
    ],
    verdicts,
  });
}

/** The words that a report chooses from a list of its own format; no target has a say in them. */
const fixed = new Set([
  'verdict',
  'gravity',
  'level',
  'provokedBy',
  'signature',
  'startedAt',
  'schemaVersion',
]);

/** The report with every string of it, names of members of maps too, replaced by what `hostile` makes of it. */
export function withHostileText(report: Report, hostile: (text: string) => string): Report {
  const change = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return fixed.has(name) ? value : hostile(value);
    if (Array.isArray(value)) return value.map((one) => change(one));
    if (value === null || typeof value !== 'object') return value;
    const free = ['endpoints', 'excluded', 'claims', 'header'].includes(name);
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [free ? hostile(key) : key, change(one, free ? '' : key)]),
    );
  };
  return change(report) as Report;
}
