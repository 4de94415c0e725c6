import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { createGate, keptReport, LeakError } from '../../cli/gate.ts';
import { startEmulator } from '../../emulator/server.ts';
import { createSieve } from '../../harness/capture/sieve.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { makeReport, type Report, type Run, unjudged } from '../../harness/report/report.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { problemsWith } from '../../schemas/read.ts';
import { targetAt } from '../../targets/target/target.ts';
import { oddSecrets, spellings } from '../support/spellings.ts';
import { cliProcess } from './support.ts';

const target = targetAt('http://127.0.0.1:9', 'a target');
const catalogue = openCatalogue(target);
const ids = ['authorization-code/valid', 'generated/authorization-code/noise'];
const plan = planFor(catalogue, target, { cases: ids });

/** A run of two cases, of which the first says something. */
const runSaying = (reason: string, { value }: { value?: unknown } = { value: 1 }): Run => ({
  suite: { name: 'token-conformance', version: 'test' },
  target,
  endpoints: { CreateToken: 'http://127.0.0.1:9' },
  plan,
  catalogue,
  results: [
    { ...unjudged, case: ids[0] ?? '', verdict: 'fail', reason },
    {
      ...unjudged,
      case: ids[1] ?? '',
      verdict: 'fail',
      reason: 'broken',
      trials: [
        {
          runs: 1,
          requests: 1,
          answers: 1,
          counterexample: { seed: 1, path: '0', value, problem: 'broken', shrinks: 0, again: true },
        },
      ],
    },
  ],
  seed: 1,
  strict: false,
  startedAt: new Date(0),
  durationMs: 1,
  requests: 1,
  commandFor: (id) => `run ${id}`,
});

/** A gate that looks for these secrets, and a sieve that has lost the ability to replace them. */
function gateFor(...secrets: readonly string[]) {
  const sieve = createSieve('key', { isWhole: true });
  for (const secret of secrets)
    sieve.add(sieve.tracesOf(secret, `[clientSecret ${secret.length} chars vschar #0123456789ab]`));
  const gate = createGate(sieve, () => makeReport({ ...runSaying(''), results: [] }));
  return { gate, sieve, blunt: { scrub: (text: string) => text } };
}

const text = (report: Report): string => renderTerminal(report, { color: false });

describe.each(oddSecrets)('the secret %j in an artefact', (secret) => {
  test.each(Object.keys(spellings))('is noticed %s', (name) => {
    const { gate } = gateFor(secret);
    const leaking = `something\nThe target said: ${spellings[name]?.(secret)}.\nmore`;
    expect(() => gate.check('report.txt', leaking, text)).toThrow(LeakError);
    expect(() => gate.check('report.txt', leaking, text)).toThrow(
      `a secret stands in report.txt (clientSecret, ${secret.length} characters)`,
    );
    expect(() => gate.check('report.txt', 'The target said nothing.', text)).not.toThrow();
  });
});

test('what we say of ourselves is no leak, whatever a target calls its secrets', () => {
  const { gate } = gateFor('token-conformance', 'authorization-code/valid', 'exit code', 'a target');
  expect(() =>
    gate.check('report.txt', text(makeReport({ ...runSaying(''), results: [] })), text),
  ).not.toThrow();
});

describe('the report of a run', () => {
  const verdicts = (report: Report) => report.verdicts.map(({ verdict, reason }) => [verdict, reason]);

  test('is kept as it is when there is nothing wrong with it', () => {
    const { gate, sieve } = gateFor('not-in-it-at-all');
    const run = runSaying('it was refused');
    expect(keptReport(run, gate, sieve)).toEqual(makeReport(run));
  });

  test('has a secret replaced that was known only later', () => {
    const { gate, sieve } = gateFor('abcdef-012345');
    expect(verdicts(keptReport(runSaying('it said abcdef-012345'), gate, sieve))).toEqual([
      ['fail', 'it said [clientSecret 13 chars vschar #0123456789ab]'],
      ['fail', 'broken'],
    ]);
  });

  test('has a fault of ours in place of a verdict in which a secret stands', () => {
    const { gate, blunt } = gateFor('abcdef-012345');
    const report = keptReport(runSaying('it said abcdef-012345'), gate, blunt);
    expect(verdicts(report)).toEqual([
      [
        'harness-error',
        'a secret stands in its verdict (clientSecret, 13 characters): nothing of it is kept',
      ],
      ['fail', 'broken'],
    ]);
    expect(JSON.stringify(report)).not.toContain('abcdef-012345');
    expect(problemsWith('report', report)).toEqual([]);
  });

  test('has a fault of ours in place of a verdict that cannot be written down', () => {
    const { gate, sieve } = gateFor('not-in-it-at-all');
    const report = keptReport(runSaying('it was refused', {}), gate, sieve);
    expect(report.verdicts.map(({ verdict }) => verdict)).toEqual(['fail', 'harness-error']);
    expect(report.verdicts[1]?.reason).toContain("must have required property 'value'");
    expect(problemsWith('report', JSON.parse(JSON.stringify(report)))).toEqual([]);
  });

  test('of which only our own faults are left ends with exit code 4', () => {
    const { gate, blunt } = gateFor('abcdef-012345');
    const run = runSaying('it said abcdef-012345');
    const alone = { ...run, plan: { ...plan, cases: plan.cases.slice(0, 1) } };
    expect(keptReport(alone, gate, blunt).exitCode).toBe(4);
  });
});

test('when the process of the suites dies there is a valid report, and exit code 4', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'token-conformance-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const { url, close } = await startEmulator();
  onTestFinished(close);
  file('dies.ts', "export function client() { process.kill(process.pid, 'SIGKILL'); }");
  const target = file(
    'target.yaml',
    `name: dies\nprofile: aws-create-token\nendpoint: ${url}\nfixtures: ./dies.ts\n`,
  );
  const { code, out } = await cliProcess(['run', '--target', target, '--out', folder]);
  expect(code).toBe(4);
  expect(out).toContain('ended in a fault of this suite');
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  expect(problemsWith('report', report)).toEqual([]);
  expect(report.exitCode).toBe(4);
});
