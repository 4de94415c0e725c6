import { describe, expect, test } from 'vitest';
import { causesOf, type Judged } from '../../harness/report/causes.ts';

const verdict = (some: Partial<Judged> & Pick<Judged, 'case'>): Judged => ({
  title: some.case,
  requirement: some.case,
  operation: 'CreateToken',
  grant: 'authorization_code',
  exception: null,
  verdict: 'fail',
  reason: null,
  expected: ['control: granted', 'probe: InvalidGrantException with status 400'],
  actual: [],
  generated: null,
  ...some,
});
const passed = (id: string) => verdict({ case: id, verdict: 'pass' });
const issued = (id: string, more: Partial<Judged> = {}) =>
  verdict({ case: id, reason: 'probe: a token was issued (status 200)', ...more });
const rule = (id: string, reason: string, more: Partial<Judged> = {}) =>
  verdict({ case: `wire/${id}`, operation: null, grant: null, reason, expected: ['so'], ...more });
const others = Array.from({ length: 20 }, (_, at) => passed(`other/${at}`));

test('nothing broken has no cause', () => {
  expect(causesOf([...others, verdict({ case: 'a', verdict: 'not-tested' })])).toEqual([]);
});

test('a token that was given comes before a shape, whatever more cases tell of that', () => {
  const shape = 'there is no x-amzn-ErrorType header that names the exception, in 9 of 9 responses';
  const causes = causesOf([
    ...others,
    rule('a', shape),
    rule('b', shape),
    rule('c', shape),
    issued('code/replayed', { requirement: 'single-use' }),
  ]);
  expect(causes.map(({ gravity, cases }) => [gravity, cases])).toEqual([
    ['given', ['code/replayed']],
    ['shape', ['wire/a', 'wire/b', 'wire/c']],
  ]);
});

test('one requirement is one cause, two are two', () => {
  const causes = causesOf([
    ...others,
    issued('code/replayed', { requirement: 'single-use' }),
    verdict({
      case: 'code/race',
      requirement: 'single-use',
      reason: 'race: 8 of 8 parallel requests were granted',
      expected: ['control: granted', 'race: one of the parallel requests is granted at most; the others: …'],
    }),
    issued('pkce/wrong-verifier', { requirement: 'pkce' }),
  ]);
  expect(causes.map(({ best, cases }) => [best, cases])).toEqual([
    ['code/replayed', ['code/replayed', 'code/race']],
    ['pkce/wrong-verifier', ['pkce/wrong-verifier']],
  ]);
});

test('an operation that grants whatever it is asked for is one cause', () => {
  const [first, ...rest] = causesOf(Array.from({ length: 9 }, (_, at) => issued(`code/${at}`)));
  expect(first).toMatchObject({
    gravity: 'given',
    what: expect.stringMatching(/^CreateToken grants what has/),
  });
  expect(first?.cases).toHaveLength(9);
  expect(rest).toEqual([]);
});

describe('a valid request that is refused', () => {
  const refusal = 'status 400, InvalidGrantException';
  const valid = verdict({
    case: 'refresh/valid',
    requirement: 'success',
    reason: `probe: ${refusal}`,
    expected: ['probe: granted'],
  });
  const unjudged = verdict({
    case: 'refresh/expired',
    verdict: 'inconclusive',
    reason: `the control failed, so the case proves nothing: ${refusal}`,
  });

  test('explains what else is refused like it, and what could not be judged', () => {
    const other = { ...valid, case: 'refresh/null-members', requirement: 'null' };
    expect(causesOf([...others, valid, other, unjudged])).toEqual([
      {
        what: `a valid request is refused: ${refusal}`,
        where: 'CreateToken with authorization_code',
        gravity: 'refused',
        verdict: 'fail',
        requirements: ['success'],
        cases: ['refresh/valid'],
        best: 'refresh/valid',
        follow: ['refresh/null-members', 'refresh/expired'],
      },
    ]);
  });

  test('below all operations is one cause, whatever the grant', () => {
    const below = (one: typeof valid, grant: string) => ({
      ...one,
      case: `${grant}/any`,
      grant,
      reason: one.reason?.replace(refusal, 'status 405, UnknownOperationException') ?? null,
    });
    const some = ['device_code', 'refresh_token'].flatMap((grant) => [
      below(valid, grant),
      { ...below(unjudged, grant), case: `${grant}/expired` },
    ]);
    const [cause, ...rest] = causesOf([...others, ...some]);
    expect(cause?.cases).toEqual(['device_code/any', 'refresh_token/any']);
    expect(cause?.follow).toEqual(['device_code/expired', 'refresh_token/expired']);
    expect(rest).toEqual([]);
  });

  test('explains nothing of another grant', () => {
    const [cause] = causesOf([...others, valid, { ...unjudged, grant: 'device_code' }]);
    expect(cause).toMatchObject({ what: `refresh/valid: ${refusal}`, follow: [] });
  });
});

test('a rule over all responses explains cases that meet the same', () => {
  const page =
    'status 500, neither a success nor an error of the contract (Content-Type is text/html, not application/json; the body is not JSON: it is empty)';
  const [cause, ...rest] = causesOf([
    ...others,
    verdict({ case: 'code/unknown', reason: `probe: ${page}` }),
    rule('no-html', 'status 500 with HTML, in 3 of 80 responses', { requirement: 'no-html' }),
    verdict({
      case: 'code/expired',
      verdict: 'inconclusive',
      reason: `the control failed, so the case proves nothing: ${page}`,
    }),
  ]);
  expect(cause).toMatchObject({
    what: 'status 500 with HTML, in 3 responses',
    cases: ['wire/no-html'],
    follow: ['code/unknown', 'code/expired'],
  });
  expect(rest).toEqual([]);
});

test('a rule that tells two problems shows two causes', () => {
  const both =
    'Content-Type is "text/plain", in 4 of 4 responses; /expiresIn must be integer, in 4 of 4 responses';
  expect(causesOf([rule('shape', both)]).map(({ what, best }) => [what, best])).toEqual([
    ['Content-Type is "text/plain", in 4 responses', 'wire/shape'],
    ['/expiresIn must be integer, in 4 responses', 'wire/shape'],
  ]);
});

test('an example comes before generated requests, and warnings come last', () => {
  const warned = issued('code/late', { requirement: 'late', verdict: 'warn' });
  const drawn = issued('generated/code/replayed', {
    requirement: 'single-use',
    expected: ['none is granted'],
    generated: { runs: 1, requests: 1, answers: 1, counterexample: null },
  });
  const causes = causesOf([...others, warned, drawn, issued('code/replayed', { requirement: 'single-use' })]);
  expect(causes.map(({ best, verdict: worst }) => [best, worst])).toEqual([
    ['code/replayed', 'fail'],
    ['code/late', 'warn'],
  ]);
});

test('a control that was granted, and has to be refused, follows from what is given there', () => {
  const unjudged = verdict({
    case: 'code/replay-ends-tokens',
    verdict: 'inconclusive',
    reason: 'the control failed, so the case proves nothing: a token was issued (status 200)',
  });
  const elsewhere = { ...unjudged, case: 'refresh/reuse', grant: 'refresh_token' };
  const [cause] = causesOf([...others, issued('code/replayed'), unjudged, elsewhere]);
  expect(cause?.follow).toEqual(['code/replay-ends-tokens']);
});

test('the same error in place of the same other is one cause, whatever the requirements', () => {
  const instead = (id: string, due: string) =>
    verdict({
      case: id,
      reason: 'probe: answered InvalidRequestException instead',
      expected: ['control: granted', `probe: ${due} with status 400`],
    });
  const [one, other] = causesOf([
    ...others,
    instead('code/stranger', 'UnauthorizedClientException'),
    instead('device/stranger', 'UnauthorizedClientException'),
    instead('code/unknown', 'InvalidGrantException'),
  ]);
  expect(one).toMatchObject({
    what: 'answered InvalidRequestException instead of UnauthorizedClientException',
    cases: ['code/stranger', 'device/stranger'],
  });
  expect(other?.cases).toEqual(['code/unknown']);
});

test('what is said of one grant in the same words is one cause', () => {
  const untold = (id: string, grant: string) =>
    verdict({ case: id, grant, reason: 'no scope is stated, which says that the one asked for was granted' });
  const more = verdict({ case: 'd', requirement: 'a', grant: 'y', reason: 'another scope is stated' });
  const causes = causesOf([...others, untold('a', 'x'), untold('b', 'x'), untold('c', 'y'), more]);
  expect(causes.map(({ cases }) => cases)).toEqual([['a', 'b', 'd'], ['c']]);
});

describe('errors of another format', () => {
  const inFormat = (text: string, ...more: string[]) =>
    ['code/unknown, probe', ...more].map((place) => `${place}: ${text}`);
  const type = 'Content-Type is "application/problem+json"';
  const typed = (count: number, actual: readonly string[]) =>
    rule('error-content-type', `${type}, in ${count} of ${count} responses`, { actual });
  const lacking = (count: number, actual: readonly string[]) =>
    rule('error-member', `error is absent, in ${count} of ${count} responses`, { actual });
  const malformed =
    'status 400, neither a success nor an error of the contract (Content-Type is application/problem+json, not application/json)';
  const unknown = verdict({ case: 'code/unknown', reason: `probe: ${malformed}` });

  test('are one cause, with the member that the same responses lack', () => {
    const causes = causesOf([
      ...others,
      unknown,
      typed(9, inFormat(type)),
      lacking(9, inFormat('error is absent')),
    ]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({
      cases: ['wire/error-content-type', 'wire/error-member'],
      follow: ['code/unknown'],
    });
  });

  test('are another than a member that other responses lack', () => {
    const elsewhere = ['refresh/unknown, probe: error is absent'];
    const causes = causesOf([...others, typed(9, inFormat(type)), lacking(9, elsewhere)]);
    expect(causes).toHaveLength(2);
  });

  test('of one case are told by that case', () => {
    const [cause] = causesOf([...others, unknown, typed(1, inFormat(type))]);
    expect(cause).toMatchObject({
      best: 'code/unknown',
      cases: ['wire/error-content-type', 'code/unknown'].toSorted(),
    });
  });

  test('hide no valid request that is refused', () => {
    const valid = verdict({
      case: 'code/upper-case',
      reason: `probe: ${malformed}`,
      expected: ['control: granted', 'probe: granted'],
    });
    const causes = causesOf([...others, unknown, valid, typed(9, inFormat(type))]);
    expect(causes.map(({ gravity, best }) => [gravity, best])).toEqual([
      ['refused', 'code/upper-case'],
      ['shape', 'wire/error-content-type'],
    ]);
  });
});
