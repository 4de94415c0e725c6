import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { misbehaviours } from '../../emulator/misbehaviours/all.ts';
import type { Report } from '../../harness/report/report.ts';
import { startMisbehaving } from './certify-misbehaving.ts';
import { type Expectation, expectations } from './expectations.ts';
import { leaks, malformations, wrongVerdicts } from './problems.ts';

/**
 * Certifies every misbehaviour with the whole plan, by the command that users start, and prints what came of it.
 * `--only NAME`, with `*`, chooses some; `--at-once` runs several side by side, which makes each of them slower.
 */
const { only, atOnce, json } = options();
const root = fileURLToPath(new URL('../..', import.meta.url));
const memoryHook = new URL('../bench/peak-memory.ts', import.meta.url).href;
/** Seconds until a run counts as hanging. */
const patience = 180;

interface Measured {
  readonly name: string;
  readonly exitCode: number | null;
  /** It had to be killed. */
  readonly hung: boolean;
  readonly seconds: number;
  /** Highest resident memory of any one of its processes. */
  readonly megabytes: number;
  readonly requests: number;
  readonly wrong: readonly string[];
  readonly leaks: readonly string[];
  readonly malformed: readonly string[];
}

const chosen = expectations.filter(
  ({ name }) => only.length === 0 || only.some((pattern) => pattern.test(name)),
);
if (chosen.length === 0) misused('No misbehaviour is called so.');
const width = Math.max(...chosen.map(({ name }) => name.length));
const results: Measured[] = [];
const queue = chosen.values();
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (const expected of queue) {
      const measured = await measure(expected);
      results.push(measured);
      process.stdout.write(lineFor(measured));
    }
  }),
);
process.stdout.write(totals());
if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = results.every(isRight) ? 0 : 1;

async function measure(expected: Expectation): Promise<Measured> {
  const { name } = expected;
  const misbehaviour = misbehaviours.find((one) => one.name === name);
  if (misbehaviour === undefined) throw new Error(`there is no misbehaviour ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'token-conformance-hostile-'));
  const { url: endpoint, serveFixtures, watch, requests, close } = await startMisbehaving(misbehaviour);
  const { fixtures, jwks } = await serveFixtures();
  try {
    const target = join(folder, 'target.json');
    const profile = 'aws-sso-oidc';
    writeFileSync(target, JSON.stringify({ name, endpoint, profile, fixtures, jwks, timeoutSeconds: 1 }));
    const memory = join(folder, 'memory');
    writeFileSync(memory, '');
    const { exitCode, hung, seconds, errors } = await command(target, folder, memory);
    const report = reportIn(folder);
    const peak = Math.max(0, ...readFileSync(memory, 'utf8').split('\n').map(Number));
    return {
      name,
      exitCode,
      hung,
      seconds,
      megabytes: Math.round(peak / 1_024),
      requests: requests(),
      wrong:
        report === undefined
          ? [`no report, exit code ${exitCode}: ${errors.slice(0, 400)}`]
          : wrongVerdicts(
              { ...report, exitCode: exitCode as Report['exitCode'] },
              { ...expected, ...expected.whole },
            ),
      leaks: report === undefined ? [] : leaks(report, watch),
      malformed: report === undefined ? [] : malformations(report),
    };
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command in a process of its own. One that hangs is killed with all that it started. */
function command(
  target: string,
  folder: string,
  memory: string,
): Promise<Pick<Measured, 'exitCode' | 'hung' | 'seconds'> & { readonly errors: string }> {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    ['cli/main.ts', 'run', '--target', target, '--out', folder, '--budget', 'quick', '--seed', '1'],
    {
      cwd: root,
      // A group of its own, so that the process of the suites can be killed with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CI: 'true', BENCH_MEMORY_FILE: memory, NODE_OPTIONS: `--import ${memoryHook}` },
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-4_000);
  });
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, patience * 1_000);
  return new Promise((resolve) => {
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, hung, errors, seconds: Math.round((performance.now() - begin) / 100) / 10 });
    });
  });
}

function reportIn(folder: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isRight({ hung, wrong, leaks: leaked, malformed }: Measured): boolean {
  return !hung && wrong.length + leaked.length + malformed.length === 0;
}

function lineFor(one: Measured): string {
  const figures = [
    one.hung ? 'hung' : `exit ${one.exitCode}`,
    `${one.seconds} s`.padStart(7),
    `${one.megabytes} MB`.padStart(7),
    `${one.requests} requests`.padStart(14),
  ];
  const problems = [
    ...(one.wrong.length > 0 ? [`${one.wrong.length} wrong`] : []),
    ...(one.leaks.length > 0 ? [`${one.leaks.length} leaks`] : []),
    ...(one.malformed.length > 0 ? [`${one.malformed.length} malformed`] : []),
  ];
  const details = [...one.wrong, ...one.leaks, ...one.malformed].slice(0, 3).map((text) => `    ${text}\n`);
  return `${one.name.padEnd(width)}  ${figures.join('  ')}  ${problems.join(', ') || 'right'}\n${details.join('')}`;
}

function totals(): string {
  const codes = Map.groupBy(results, ({ exitCode }) => exitCode ?? 'none');
  const most = (of: (one: Measured) => number) => results.toSorted((a, b) => of(b) - of(a))[0];
  const slowest = most(({ seconds }) => seconds);
  const largest = most(({ megabytes }) => megabytes);
  const count = (of: (one: Measured) => boolean) => results.filter(of).length;
  return [
    '',
    `right verdicts: ${count(({ wrong }) => wrong.length === 0)} of ${results.length}`,
    `leaking:        ${count((one) => one.leaks.length > 0)}`,
    `malformed:      ${count(({ malformed }) => malformed.length > 0)}`,
    `hanging:        ${count(({ hung }) => hung)}`,
    `slowest:        ${slowest?.seconds} s (${slowest?.name})`,
    `most memory:    ${largest?.megabytes} MB (${largest?.name})`,
    `exit codes:     ${[...codes].map(([code, those]) => `${code}: ${those.length}`).join(', ')}`,
    '',
  ].join('\n');
}

function options(): { only: RegExp[]; atOnce: number; json: string | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        'at-once': { type: 'string', default: '1' },
        json: { type: 'string' },
      },
    });
    if (!/^[1-9]\d?$/.test(values['at-once'])) misused('--at-once must be a number.');
    return {
      only: values.only.map((text) => new RegExp(`^${text.replaceAll('*', '.*')}$`)),
      atOnce: Number(values['at-once']),
      json: values.json,
    };
  } catch (error) {
    misused((error as Error).message);
  }
}

function misused(message: string): never {
  process.stderr.write(
    `${message}\nnpm run hostile -- [--only NAME, with *] … [--at-once NUMBER] [--json FILE]\n`,
  );
  process.exit(3);
}
