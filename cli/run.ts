import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startVitest } from 'vitest/node';
import { startEmulator } from '../emulator/server.ts';
import { type Catalogue, type Plan, planFor, type Shard, shardOf } from '../harness/plan.ts';
import { makeReport, type Report } from '../harness/report.ts';
import { type CaseResult, requestsOf } from '../harness/run-case.ts';
import { concurrency } from '../harness/run-cases.ts';
import type { Job } from '../harness/runner.ts';
import type { Budget, Place } from '../harness/trial.ts';
import { Collector } from '../reporters/collect.ts';
import { openFixtures } from '../targets/fixtures.ts';
import { UserError } from '../targets/problem.ts';
import { endpointOf, type Target } from '../targets/target.ts';
import { idsOf, readBaseline } from './baseline.ts';
import { openCatalogue } from './catalogue.ts';
import { checkedSelection, checkLimits, chooseTarget, defaultBudget, type TargetOptions } from './choose.ts';
import type { ReplayEntry } from './replay.ts';
import { bytesOf, sha256 } from './reports.ts';
import { suite } from './suite.ts';

export interface RunOptions extends TargetOptions {
  readonly strict?: boolean;
  readonly seed?: number;
  readonly budget?: Budget;
  /** The part of the certification that this machine runs. */
  readonly shard?: Shard;
  /** Path of the target's list of known failures. */
  readonly baseline?: string;
  /** Counterexamples: only these are tried, each at its place. */
  readonly replay?: readonly ReplayEntry[] | undefined;
  /** Called with the number of finished cases, of all cases, and the id of the last one. */
  readonly progress?: (done: number, total: number, last: string) => void;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Certifies one target and returns the report. Starts the reference emulator when no target is given. */
export async function certify(options: RunOptions): Promise<Report> {
  const emulator =
    options.target === undefined && options.endpoint === undefined ? await startEmulator() : undefined;
  try {
    return await certifyTarget(chooseTarget(options, emulator), options);
  } finally {
    await emulator?.close();
  }
}

async function certifyTarget(target: Target, options: RunOptions): Promise<Report> {
  await openFixtures(target);
  const catalogue = openCatalogue(target);
  checkLimits(catalogue, target);
  const { replay } = options;
  const selected = replay ? { ...options, case: replay.map((entry) => entry.case) } : options;
  const everything = planFor(catalogue, target);
  const baseline =
    options.baseline === undefined ? undefined : readBaseline(options.baseline, idsOf(everything.cases));
  const { shard } = options;
  if (shard !== undefined && options.seed === undefined)
    throw new UserError('--shard needs --seed, the same for every part: else each draws its own.');
  const chosen = planFor(catalogue, target, checkedSelection(catalogue, target, selected));
  const plan = shard === undefined ? chosen : shardOf(chosen, shard);
  const budget = options.budget ?? defaultBudget(target);
  const seed = options.seed ?? randomInt(2 ** 31);
  const strict = options.strict ?? false;
  const startedAt = new Date();
  const begin = performance.now();
  const cases = casesToRun(catalogue, target, plan);
  const endpoints = endpointsOf(catalogue, target);
  const { results, errors } = await runSuites(
    { target, cases, seed, strict, budget, ...(replay && { replay: placesOf(replay) }) },
    (done, last) => options.progress?.(done, cases.length, last),
  );
  if (results.length === 0 && errors.length > 0) throw new Error(errors.join('\n'));
  return makeReport({
    suite,
    target,
    endpoints,
    plan,
    catalogue,
    results,
    seed,
    strict,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
    requests: requestsOf(results),
    targetSha256: options.target === undefined ? null : sha256(bytesOf(options.target, 'target file')),
    shard: shard ?? null,
    baseline,
    commandFor: (id) => commandFor(id, options, seed),
  });
}

function placesOf(entries: readonly ReplayEntry[]): Record<string, Place> {
  return Object.fromEntries(entries.map(({ case: id, seed, path }) => [id, { seed, path }]));
}

/** Makes the folder of a report, before a run whose report would have nowhere to go. */
export function makeFolder(folder: string): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }));
}

/** Writes `report.json` into a folder and returns its path. */
export function writeReport(report: Report, folder: string): string {
  const file = join(folder, 'report.json');
  writing(file, () => writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`));
  return file;
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UserError(
      `The report cannot be written to ${path} (${(error as Error).message}). Choose another folder with --out.`,
    );
  }
}

/** A rule over every response needs all cases to run, whatever else is selected. */
function casesToRun(catalogue: Catalogue, target: Target, plan: Plan): Job['cases'] {
  const wire = new Set(catalogue.wireCases.map(({ id }) => id));
  const needsAll = plan.cases.some(({ id }) => wire.has(id));
  return (needsAll ? planFor(catalogue, target) : plan).cases.filter(({ id }) => !wire.has(id));
}

async function runSuites(
  job: Job,
  progress: (done: number, last: string) => void,
): Promise<{ results: CaseResult[]; errors: string[] }> {
  const collector = new Collector(progress);
  const before = process.exitCode;
  const vitest = await startVitest(
    'test',
    [],
    {
      root,
      config: false,
      watch: false,
      include: ['suites/certify.suite.ts'],
      exclude: [],
      reporters: [collector],
      provide: { job },
      pool: 'forks',
      maxWorkers: 1,
      isolate: false,
      fileParallelism: false,
      maxConcurrency: concurrency,
      // Node runs TypeScript itself; going through Vite would only cost time.
      experimental: { viteModuleRunner: false },
      testTimeout: 600_000,
      hookTimeout: 60_000,
    },
    { logLevel: 'silent' },
  );
  await vitest.close();
  process.exitCode = before;
  return collector;
}

function endpointsOf({ dialect, profile }: Catalogue, target: Target): Record<string, string> {
  const offered = profile.operations.filter(
    (operation) => !target.limits.some((limit) => limit.operation === operation),
  );
  return Object.fromEntries(
    offered.map((operation) => [
      operation,
      endpointOf(target, operation, dialect.spec.operations[operation]?.path ?? ''),
    ]),
  );
}

function commandFor(id: string, { target, endpoint, strict }: RunOptions, seed: number): string {
  const where =
    target !== undefined ? ['--target', target] : endpoint !== undefined ? ['--endpoint', endpoint] : [];
  const start =
    process.env.npm_lifecycle_event === 'start'
      ? ['npm', 'start', '--']
      : ['npx', 'token-conformance', 'run'];
  return [...start, ...where, '--case', id, '--seed', String(seed), ...(strict ? ['--strict'] : [])]
    .map(shellWord)
    .join(' ');
}

function shellWord(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
