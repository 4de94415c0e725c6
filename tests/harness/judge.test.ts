import { describe, expect, test } from 'vitest';
import type { Case } from '../../harness/case.ts';
import type { Exchange } from '../../harness/exchange.ts';
import {
  conforming,
  documented,
  type Expectation,
  granted,
  grantedOnce,
  noToken,
  observed,
  refused,
  rejected,
} from '../../harness/expectation.ts';
import { judge } from '../../harness/judge/judge.ts';
import { carriesToken, observe } from '../../harness/judge/observe.ts';
import { unpredictableBits } from '../../harness/send/sample.ts';
import { count, exitCodeOf, type Verdict, worst } from '../../harness/verdict.ts';
import { readDialect } from '../../specs/read.ts';
import type { Dialect } from '../../targets/dialect.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';

const { exceptions } = readDialect('aws-json');

function answered(
  step: string,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Exchange {
  return {
    step,
    operation: 'CreateToken',
    request: { method: 'POST', url: 'http://t/token', headers: [] },
    response: {
      status,
      headers: Object.entries({ 'Content-Type': 'application/json', ...headers }),
      body: typeof body === 'string' ? body : JSON.stringify(body),
      bytes: 0,
      utf8: true,
      cut: false,
    },
    attempts: 1,
    startedAt: 0,
    durationMs: 1,
  };
}
const mark = '[accessToken 40 chars vschar #0123456789ab]';
const success = (step: string) =>
  answered(step, 200, { accessToken: mark, tokenType: 'Bearer', expiresIn: 60 });
const error = (step: string, name: string) =>
  answered(
    step,
    exceptions[name]?.statuses[0] ?? 0,
    { error: exceptions[name]?.error, error_description: 'x' },
    { 'x-amzn-ErrorType': `${name}:http://x/` },
  );
const silent = (step: string): Exchange => {
  const { response: _, ...rest } = success(step);
  return { ...rest, failure: { kind: 'timeout', message: 'no complete response within 10 s' } };
};
const busy = (step: string) => answered(step, 503, 'busy', { 'Content-Type': 'text/plain' });

function verdict(
  expect: Record<string, Expectation>,
  exchanges: Exchange[],
  options: {
    level?: 'MUST' | 'SHOULD' | 'MAY';
    strict?: boolean;
    probe?: Partial<Case>;
    finished?: boolean;
    dialect?: Dialect;
  } = {},
) {
  const { level = 'MUST', strict = false, finished = true, dialect = awsJson } = options;
  const probe: Case = {
    id: 'a/b',
    title: '',
    requirement: 'R',
    operation: 'token',
    needs: [],
    run: async () => undefined,
    expect,
    ...options.probe,
  };
  return judge(probe, exchanges, { samples: [], trials: [] }, { finished, dialect, level, strict });
}

const negative = { control: granted(), probe: rejected('invalid_grant') };

test('an answer that counts for one dialect alone breaks the case in another', () => {
  const asked = rejected('expired_token', {
    ...observed('invalid_grant', 'live service'),
    dialects: ['aws-json'],
  });
  const other: Dialect = { ...awsJson, spec: { ...awsJson.spec, dialect: 'oauth-form' } };
  const seen = () => [success('control'), error('probe', 'InvalidGrantException')];
  const [here, there] = [awsJson, other].map((dialect) =>
    verdict({ control: granted(), probe: asked }, seen(), { dialect }),
  );
  expect([here?.verdict, there?.verdict]).toEqual(['pass', 'fail']);
  expect(here?.expected[1]).toContain('live service');
  expect(there?.expected[1]).not.toContain('live service');
});

describe('a negative case', () => {
  test.each<[string, Exchange[], Verdict]>([
    [
      'passes when the control is granted and the probe rejected',
      [success('control'), error('probe', 'InvalidGrantException')],
      'pass',
    ],
    ['fails when the probe is granted', [success('control'), success('probe')], 'fail'],
    [
      'fails when another error is named',
      [success('control'), error('probe', 'InvalidRequestException')],
      'fail',
    ],
    [
      'passes whatever the shape of a probe that says the right thing',
      [success('control'), answered('probe', 400, { error: 'invalid_grant' })],
      'pass',
    ],
    [
      'passes whatever the shape of a control that is granted',
      [answered('control', 201, { accessToken: mark }), error('probe', 'InvalidGrantException')],
      'pass',
    ],
    [
      'is inconclusive when the control is rejected',
      [error('control', 'InvalidGrantException'), error('probe', 'InvalidGrantException')],
      'inconclusive',
    ],
    ['is inconclusive when the control gets no answer', [silent('control')], 'inconclusive'],
    ['is inconclusive when the probe gets no answer', [success('control'), silent('probe')], 'inconclusive'],
    ['is inconclusive when the probe is only put off', [success('control'), busy('probe')], 'inconclusive'],
    ['is not tested when the probe was not sent', [success('control')], 'not-tested'],
    ['is not tested when nothing was sent', [], 'not-tested'],
    [
      'fails when one of two probes fails',
      [success('control'), error('probe', 'InvalidGrantException'), success('probe')],
      'fail',
    ],
  ])('%s', (_, exchanges, expected) => expect(verdict(negative, exchanges).verdict).toBe(expected));

  test('says what was seen instead', () => {
    expect(
      verdict(negative, [success('control'), error('probe', 'InvalidRequestException')]),
    ).toMatchInlineSnapshot(`
      {
        "actual": [
          "control: status 200, granted",
          "probe: status 400, InvalidRequestException",
        ],
        "expected": [
          "control: granted",
          "probe: InvalidGrantException with status 400",
        ],
        "reason": "probe: answered InvalidRequestException instead",
        "verdict": "fail",
      }
    `);
  });
});

describe('levels', () => {
  const exchanges = [success('control'), success('probe')];
  test.each<['MUST' | 'SHOULD' | 'MAY', boolean, Verdict]>([
    ['MUST', false, 'fail'],
    ['SHOULD', false, 'warn'],
    ['SHOULD', true, 'fail'],
    ['MAY', false, 'not-applicable'],
    ['MAY', true, 'not-applicable'],
  ])('a broken %s (strict: %s) is %s', (level, strict, expected) =>
    expect(verdict(negative, exchanges, { level, strict }).verdict).toBe(expected),
  );
});

describe('where documents and the service disagree', () => {
  const either = {
    probe: rejected(
      'expired_token',
      observed('invalid_grant', 'seen'),
      documented('invalid_request', 'read'),
    ),
  };
  test.each<[string, boolean, Verdict, string | undefined]>([
    ['ExpiredTokenException', false, 'pass', undefined],
    ['InvalidGrantException', false, 'pass', 'saw invalid_grant (observed: seen)'],
    ['InvalidRequestException', false, 'pass', 'saw invalid_request (documented: read)'],
    ['InvalidGrantException', true, 'fail', 'probe: answered InvalidGrantException instead'],
    ['InvalidRequestException', true, 'pass', 'saw invalid_request (documented: read)'],
    ['InvalidClientException', false, 'fail', 'probe: answered InvalidClientException instead'],
  ])('%s (strict: %s) is %s', (name, strict, expected, reason) =>
    expect(verdict(either, [error('probe', name)], { strict })).toMatchObject({
      verdict: expected,
      ...(reason && { reason }),
    }),
  );
});

describe('other expectations', () => {
  test.each<[string, Expectation, Exchange, Verdict]>([
    ['granted, and it is', granted(), success('probe'), 'pass'],
    [
      'granted, whatever the shape',
      granted(),
      answered('probe', 200, { accessToken: mark, tokenType: 'Bearer', expiresIn: '60' }),
      'pass',
    ],
    [
      'granted in its shape, but that is off',
      conforming(),
      answered('probe', 200, { accessToken: mark, tokenType: 'Bearer', expiresIn: '60' }),
      'fail',
    ],
    ['granted in its shape, and it is', conforming(), success('probe'), 'pass'],
    ['refused, with any documented error', refused(), error('probe', 'InvalidScopeException'), 'pass'],
    ['refused, but by a server error', refused(), error('probe', 'InternalServerException'), 'fail'],
    ['refused, but in no shape', refused(), answered('probe', 400, {}), 'fail'],
    [
      'no token, in any shape',
      noToken(),
      answered('probe', 404, '<html>', { 'Content-Type': 'text/html' }),
      'pass',
    ],
    [
      'no token, but there is one under another name',
      noToken(),
      answered('probe', 404, { data: { access_token: mark } }),
      'fail',
    ],
    ['no token, but a server error', noToken(), answered('probe', 502, ''), 'fail'],
  ])('%s', (_, expectation, exchange, expected) =>
    expect(verdict({ probe: expectation }, [exchange]).verdict).toBe(expected),
  );
});

describe('a race', () => {
  const race = { race: grantedOnce(rejected('invalid_grant'), 2) };
  const lost = error('race', 'InvalidGrantException');
  test.each<[string, Exchange[], Verdict]>([
    ['one winner', [success('race'), lost, lost], 'pass'],
    ['no winner', [lost, lost], 'pass'],
    [
      'one winner, and a loser that was told "not now" before',
      [success('race'), { ...lost, attempts: 2 }],
      'pass',
    ],
    [
      'no winner, and a loser that was told "not now" before',
      [lost, { ...lost, attempts: 2 }],
      'inconclusive',
    ],
    ['two winners', [success('race'), success('race'), lost], 'fail'],
    ['two winners and a lost connection', [success('race'), success('race'), silent('race')], 'fail'],
    ['a loser with another error', [success('race'), error('race', 'InvalidRequestException')], 'fail'],
    ['one request alone', [success('race')], 'not-tested'],
    ['one winner and a lost connection', [success('race'), silent('race')], 'inconclusive'],
  ])('%s', (_, exchanges, expected) => expect(verdict(race, exchanges).verdict).toBe(expected));
});

describe('rules over several exchanges', () => {
  const probe = { holds: () => ['both are the same'] };
  test('break a case that is otherwise fine', () =>
    expect(verdict({ probe: granted() }, [success('probe')], { probe })).toMatchObject({
      verdict: 'fail',
      reason: 'both are the same',
    }));
  test('are not asked of a case that ended early', () =>
    expect(verdict({ probe: granted() }, [], { probe, finished: false }).verdict).toBe('not-tested'));
  test('an optional step may be missing', () =>
    expect(
      verdict({ control: granted(), probe: granted() }, [success('control')], {
        probe: { optional: { probe: 'never issued' } },
      }),
    ).toMatchObject({ verdict: 'pass', reason: 'never issued' }));
});

describe('verdicts together', () => {
  test.each<[Verdict[], Verdict]>([
    [['pass', 'fail', 'inconclusive'], 'fail'],
    [['pass', 'not-tested'], 'not-tested'],
    [['pass', 'not-applicable'], 'pass'],
    [['not-applicable', 'not-applicable'], 'not-applicable'],
    [['warn', 'pass'], 'warn'],
    [[], 'not-tested'],
  ])('%j come to %s', (several, expected) => expect(worst(several)).toBe(expected));

  test.each<[Verdict[], number]>([
    [['pass', 'warn', 'not-applicable'], 0],
    [['pass', 'fail', 'not-tested'], 1],
    [['pass', 'not-tested'], 2],
    [['pass', 'inconclusive'], 2],
    [['pass', 'harness-error'], 4],
    [['pass', 'harness-error', 'inconclusive'], 4],
    [['fail', 'harness-error'], 1],
    [['not-applicable'], 2],
    [[], 2],
  ])('%j exit with %i', (several, expected) => expect(exitCodeOf(count(several))).toBe(expected));
});

describe('unpredictable bits', () => {
  const random = Array.from({ length: 16 }, (_, n) =>
    Buffer.from(
      `${n}`
        .padStart(2, '0')
        .repeat(16)
        .split('')
        .map((c, i) => (Number(c) * 37 + i * 101 + n * n * 53) % 256),
    ).toString('base64url'),
  );
  test.each<[string, string[], (bits: number) => boolean]>([
    ['of varied values are many', random, (bits) => bits >= 128],
    [
      'of a counter are few',
      Array.from(
        { length: 16 },
        (_, n) => `token-000000000000000000000000000000${String(n).padStart(4, '0')}`,
      ),
      (bits) => bits < 32,
    ],
    [
      'of one and the same value are none',
      Array(16).fill('aoaZm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA'),
      (bits) => bits === 0,
    ],
    ['of short values are few', random.map((value) => value.slice(0, 6)), (bits) => bits < 64],
    ['of no value are none', [], (bits) => bits === 0],
  ])('%s', (_, values, holds) => expect(unpredictableBits(values)).toSatisfy(holds));
});

describe('a token in a refusal', () => {
  const repeated = '[refreshToken 40 chars vschar #00000000000a]';
  const refusal = answered(
    'probe',
    400,
    { error: 'invalid_grant', error_description: `no such token: ${repeated}` },
    { 'x-amzn-ErrorType': 'InvalidGrantException:http://x/' },
  );
  const observed = (sent: string) =>
    observe(awsJson, { ...refusal, request: { ...refusal.request, body: `{"refreshToken":"${sent}"}` } });

  test('was issued, unless the request had brought it', () => {
    expect(carriesToken(observed('[refreshToken 40 chars vschar #00000000000b]'))).toBe(true);
    expect(carriesToken(observed(repeated))).toBe(false);
  });
});

describe('what was issued', () => {
  const issuedBy = (operation: 'token' | 'register' | 'device_authorization', body: object) =>
    verdict(
      { probe: noToken() },
      [{ ...answered('probe', 200, body), operation: awsJson.nameOf(operation) }],
      { probe: { operation } },
    );

  test.each([
    ['token', { accessToken: mark, tokenType: 'Bearer', expiresIn: 60 }, 'a token was issued'],
    ['register', { clientId: 'abc', clientSecret: mark }, 'a client was registered'],
    [
      'device_authorization',
      {
        deviceCode: mark,
        userCode: 'ABCD-EFGH',
        verificationUri: 'https://a.example/',
        expiresIn: 600,
        interval: 5,
      },
      'a device code was issued',
    ],
  ] as const)('by %s is told', (operation, body, what) => {
    expect(issuedBy(operation, body)).toMatchObject({
      verdict: 'fail',
      reason: `probe: ${what} (status 200)`,
    });
  });
});

test('what many answers have in common is said once', () => {
  const exchanges = Array.from({ length: 10 }, () => error('probe', 'InvalidRequestException'));
  expect(verdict({ probe: rejected('invalid_grant') }, [...exchanges, success('probe')]).reason).toBe(
    'probe: answered InvalidRequestException instead (10 times); probe: a token was issued (status 200)',
  );
  expect(
    verdict(
      { control: granted(), probe: granted() },
      exchanges.map((one) => ({ ...one, step: 'control' })),
    ),
  ).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringMatching(/^the control failed, so the case proves nothing: [^;]* \(10 times\)$/),
  });
});
