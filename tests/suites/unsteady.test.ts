import { expect, onTestFinished, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { defaultBehaviours } from '../../emulator/behaviours.ts';
import type { Attempt } from '../../emulator/core/attempt.ts';
import { awsError, membersOf } from '../../emulator/defects/aws-json/kit.ts';
import { operationOf } from '../../emulator/fronts/aws-json/format.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import type { EmulatorOptions } from '../../emulator/server.ts';
import type { JsonObject, Middleware, WireResponse } from '../../emulator/wire.ts';
import { unsteady } from '../../harness/judge/judge.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** A fail has to come again; what does not is told of the endpoint, not of a requirement. */

const keys = lazyKeys();

async function certified(options: EmulatorOptions, cases?: readonly string[]): Promise<Report> {
  const emulator = await startEmulator({ keys, ...options });
  onTestFinished(emulator.close);
  const { url: endpoint, fixtures, jwks } = emulator;
  return certifyHere({ endpoint, fixtures, jwks }, cases && { selection: { cases } });
}

/** Answers otherwise the requests of which `isOne` says so, of all that there were. */
const otherwise = (
  isOne: (nth: number, members: JsonObject) => boolean,
  answer: () => WireResponse,
): Middleware =>
  (() => {
    let count = 0;
    return async (request, endpoint) =>
      operationOf(request) !== undefined && isOne(++count, membersOf(request)) ? answer() : endpoint(request);
  })();

const badGateway = (): WireResponse => ({
  status: 502,
  headers: [['Content-Type', 'text/html']],
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
});

const isRefresh = ({ grantType }: JsonObject) => grantType === 'refresh_token';

test('a page of what stands in between, once in 300 requests, is no fail of any requirement', async () => {
  const report = await certified({ middleware: otherwise((nth) => nth % 300 === 0, badGateway) });
  const wrong = report.verdicts.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  expect(wrong.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  expect(wrong.filter(({ reason }) => reason === unsteady).length).toBeGreaterThan(0);
  expect(report.exitCode).toBe(2);
});

test('one refusal of what has to be granted is told with the exchanges that were not the same', async () => {
  let refreshes = 0;
  const middleware = otherwise(
    (_, members) => isRefresh(members) && ++refreshes === 1,
    () => awsError('InvalidGrantException'),
  );
  const report = await certified({ middleware }, ['refresh-token/valid']);
  const [told] = report.verdicts;
  expect(told).toMatchObject({ verdict: 'inconclusive', reason: unsteady });
  const turns = told?.exchanges.map(({ turn = 0 }) => turn) ?? [];
  expect(new Set(turns)).toEqual(new Set([0, 1]));
  expect(told?.actual).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^try 1, .*InvalidGrantException/),
      expect.stringMatching(/^try 2, .*granted/),
    ]),
  );
  expect(renderTerminal(report, { color: false })).toContain(
    'In one case this was seen, and not when the case was tried again:\n    refresh-token/valid: probe: status 400, InvalidGrantException',
  );
  const catalogue = openCatalogue(targetOf(report));
  expect(rejudge([report], catalogue).verdicts).toEqual(report.verdicts);
});

test('a code that one of two replicas does not know to be spent is granted twice: that needs no second time', async () => {
  let checks = 0;
  const spent = defaultBehaviours['code-not-redeemed'];
  const behaviours = {
    'code-not-redeemed': (attempt: Attempt) => (++checks === 2 ? undefined : spent(attempt)),
  };
  const report = await certified({ behaviours }, ['authorization-code/redeemed']);
  expect(report.verdicts).toMatchObject([
    { verdict: 'fail', reason: 'probe: a token was issued (status 200)' },
  ]);
  expect(checks).toBe(2);
});

test('what comes again each time stays a fail, with the exchanges of one try', async () => {
  const middleware = otherwise(
    (_, members) => isRefresh(members),
    () => awsError('InvalidGrantException'),
  );
  const report = await certified({ middleware }, ['refresh-token/valid']);
  const [told] = report.verdicts;
  expect(told?.verdict).toBe('fail');
  expect(told?.exchanges.filter(({ turn }) => turn !== undefined)).toEqual([]);
});

test('a generated value that breaks its property once is no fail either', async () => {
  let refreshes = 0;
  const middleware = otherwise((_, members) => isRefresh(members) && ++refreshes === 3, badGateway);
  const report = await certified({ middleware }, ['generated/refresh-token/allowed']);
  expect(report.verdicts).toMatchObject([{ verdict: 'inconclusive', reason: unsteady }]);
  expect(report.verdicts[0]?.actual[0]).toMatch(/^once: .*502/);
});

test('a control of generated values that failed once spoils no rule over all responses', async () => {
  let refreshes = 0;
  const middleware = otherwise((_, members) => isRefresh(members) && ++refreshes === 1, badGateway);
  const report = await certified({ middleware }, ['generated/refresh-token/allowed', 'wire/*']);
  const told = report.verdicts.find((one) => one.generated !== null);
  expect(told).toMatchObject({ verdict: 'inconclusive', reason: unsteady });
  expect(told?.generated?.runs).toBeGreaterThan(0);
  expect(report.counts).toMatchObject({ fail: 0, warn: 0 });
});
