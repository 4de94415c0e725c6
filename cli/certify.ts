import { randomInt } from 'node:crypto';
import { capture } from '../harness/capture/capture.ts';
import { createSieve, type Trace } from '../harness/capture/sieve.ts';
import { newKey, type Vault } from '../harness/capture/vault.ts';
import type { Exchange } from '../harness/exchange.ts';
import {
  type Catalogue,
  isRule,
  type Plan,
  planFor,
  type Selection,
  type Shard,
  shardOf,
} from '../harness/plan/plan.ts';
import { makeReport, type Report, type Run, unheard } from '../harness/report/report.ts';
import { knock } from '../harness/run/door.ts';
import { type CaseResult, requestsOf } from '../harness/run/run-case.ts';
import { type Job, vaultFor } from '../harness/run/runner.ts';
import { mapTexts } from '../harness/texts.ts';
import { type Budget, budgetText, type Place } from '../harness/trial.ts';
import { openFixtures } from '../targets/fixtures/open.ts';
import type { FixtureProvider } from '../targets/fixtures/provider.ts';
import { UserError } from '../targets/problem.ts';
import type { Asked } from '../targets/reach.ts';
import { endpointOf, isUrl, type Target } from '../targets/target/target.ts';
import { idsOf, readBaseline } from './baseline.ts';
import { openCatalogue } from './catalogue.ts';
import { checkedSelection, checkLimits, defaultBudget, type TargetOptions } from './choose.ts';
import { createGate, type Gate, keptReport } from './gate.ts';
import { checkEndpoints, isMissing, reachTarget } from './reaching.ts';
import type { ReplayEntry } from './replay.ts';
import { bytesOf, sha256 } from './reports.ts';
import { suite } from './suite.ts';

export interface CertifyTargetOptions
  extends Pick<TargetOptions, 'case' | 'grant' | 'requirement' | 'guesses' | 'warn'> {
  readonly strict?: boolean | undefined;
  /** Drawn when it is not given. */
  readonly seed?: number | undefined;
  readonly budget?: Budget | undefined;
  /** The part of the certification that this machine runs. */
  readonly shard?: Shard | undefined;
  /** Path of the target's list of known failures. */
  readonly baseline?: string | undefined;
  /** Path of the target file, for its digest. */
  readonly target?: string | undefined;
  /** Counterexamples: only these are tried, each at its place. */
  readonly replay?: readonly ReplayEntry[] | undefined;
  /** A fixture provider of this process, in place of the one that the target names. */
  readonly provider?: FixtureProvider | undefined;
  /** Called with the number of finished cases, of all cases, and the id of the last one. */
  readonly progress?: ((done: number, total: number, last: string) => void) | undefined;
  /** Aborted when somebody ends the run: the report tells what was seen by then. */
  readonly interrupted?: AbortSignal | undefined;
  /** What repeats one case with the same seed. */
  readonly commandFor: (caseId: string, seed: number) => string;
  readonly runJob: RunJob;
}

/** Where the cases are run: in vitest, or in this process. Says when each one has finished. */
export type RunJob = (
  job: Job,
  catalogue: Catalogue,
  finished: (done: number, last: string) => void,
  /** Aborted when no more is to be run: what has finished by then is what it came to. */
  interrupted?: AbortSignal,
) => Promise<JobOutcome>;

/** What running the cases came to. */
export interface JobOutcome {
  readonly results: readonly CaseResult[];
  /** Of the secrets that were sent or received. */
  readonly traces: readonly Trace[];
  /** What went wrong outside of any case. */
  readonly errors: readonly string[];
  /** What is to be said first where the target has stopped answering. */
  readonly ended?: string | undefined;
}

/** A report, and the gate for whatever is made of it. */
export interface Certified {
  readonly report: Report;
  readonly gate: Gate;
}

/**
 * Plans, runs the cases, and puts the report together.
 *
 * @throws {UserError} when the profile, a limit or the selection names nothing, or an endpoint is not known
 */
export async function certifyTarget(given: Target, options: CertifyTargetOptions): Promise<Certified> {
  const catalogue = openCatalogue(given);
  checkLimits(catalogue, given);
  const { shard } = options;
  if (shard !== undefined && options.seed === undefined)
    throw new UserError('--shard needs --seed, the same for every part: else each draws its own.');
  const baseline =
    options.baseline === undefined
      ? undefined
      : readBaseline(options.baseline, idsOf(planFor(catalogue, given).cases));
  const selection = selectionFrom(options, catalogue, given);
  const { interrupted } = options;
  const { strict = false, seed = randomInt(2 ** 31), budget = defaultBudget(given), replay } = options;
  const startedAt = new Date();
  const begin = performance.now();
  const { target, ...reached } = await unlessInterrupted(
    interrupted,
    reachTarget(given, options.warn),
    () => ({ target: given, closed: interruptedBefore, asked: [], requests: 0 }),
  );
  const chosen = planFor(catalogue, target, selection);
  const plan = shard === undefined ? chosen : shardOf(chosen, shard);
  const cases = casesToRun(catalogue, target, plan, options);
  if (!reached.closed) checkEndpoints(target, operationsOf(cases));
  const endpoints = endpointsOf(catalogue, target);
  const key = newKey();
  const job: Job = { target, cases, seed, strict, budget, key, ...(replay && { replay: placesOf(replay) }) };
  const knocked = reached.closed
    ? { refused: [], closed: reached.closed, requests: 0, traces: [] }
    : await unlessInterrupted(interrupted, knock(job, providerOf(target, options)), () => ({
        refused: [],
        closed: interruptedBefore,
        requests: 0,
        traces: [],
      }));
  const { refused, closed, traces: known } = knocked;
  const done = closed
    ? nothingDone
    : await options.runJob(
        { ...job, refused },
        catalogue,
        (done, last) => options.progress?.(done, cases.length, last),
        interrupted,
      );
  const { traces, errors, ended } = done;
  const isInterrupted = closed === undefined && interrupted?.aborted === true;
  const results = isInterrupted ? [...done.results, ...unrun(cases, done.results)] : done.results;
  const first = isInterrupted ? interruptedAfter(done.results.length, cases.length) : ended;
  const vault = vaultFor(target, key);
  const metadata = reached.asked.map((one) => captureAsked(one, vault));
  const sieve = createSieve(key, { isWhole: true });
  sieve.add([...vault.learned(), ...known, ...traces]);
  const [error] = errors;
  const run: Run = {
    suite,
    target,
    endpoints,
    metadata,
    plan,
    catalogue,
    results,
    seed,
    strict,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
    requests: reached.requests + knocked.requests + requestsOf(results),
    ...(closed && { closed: mapTexts(closed, sieve.scrub) }),
    ...(first !== undefined && { diagnosis: sieve.scrub(first) }),
    targetSha256: options.target === undefined ? null : sha256(bytesOf(options.target, 'target file')),
    shard: shard ?? null,
    baseline,
    faults: error === undefined || isInterrupted ? new Map() : unfinished(cases, results, sieve.scrub(error)),
    commandFor: (id) => options.commandFor(id, seed),
  };
  const gate = createGate(sieve, () => makeReport({ ...run, results: [] }));
  return { report: keptReport(run, gate, sieve), gate };
}

/** What a server was asked about itself, as the report may show it. */
const captureAsked = ({ request, outcome }: Asked, vault: Vault): Exchange =>
  capture({ step: 'given: metadata', operation: 'metadata' }, request, outcome, vault);

const interruptedBefore = {
  operation: '',
  verdict: 'not-tested',
  reason: 'interrupted',
  diagnosis: 'The run was interrupted before its first case.',
} as const;

const interruptedAfter = (done: number, all: number): string =>
  `The run was interrupted: ${done} of ${all} cases had been run. The others are not tested.`;

/** What was promised, or something else as soon as somebody ends the run. */
async function unlessInterrupted<T>(
  signal: AbortSignal | undefined,
  promised: Promise<T>,
  instead: () => T,
): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const end = () => resolve(instead());
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([promise, promised]);
  } finally {
    signal?.removeEventListener('abort', end);
  }
}

/** The cases that did not come to their end before somebody ended the run. */
function unrun(cases: Job['cases'], results: readonly CaseResult[]): CaseResult[] {
  const finished = new Set(results.map((one) => one.case));
  return cases
    .filter(({ id }) => !finished.has(id))
    .map((planned) => unheard(planned, { verdict: 'not-tested', reason: 'interrupted' }));
}

const nothingDone: JobOutcome = { results: [], traces: [], errors: [] };

/**
 * Opens the fixture provider; undefined where there is none. A module is not asked here: what it opens or breaks stays
 * in the process of the suites.
 */
function providerOf(
  { fixtures, ...target }: Target,
  { provider }: CertifyTargetOptions,
): (() => Promise<FixtureProvider>) | undefined {
  if (provider !== undefined) return async () => provider;
  if (fixtures === undefined) return undefined;
  const isModule = typeof fixtures === 'string' && !isUrl(fixtures);
  return isModule
    ? async () => async () => ({ kind: 'not-offered' })
    : () => openFixtures({ ...target, fixtures });
}

/** Why cases have no result: what went wrong around them. */
function unfinished(
  cases: Job['cases'],
  results: readonly CaseResult[],
  error: string,
): ReadonlyMap<string, string> {
  const finished = new Set(results.map((one) => one.case));
  return new Map(
    cases.filter(({ id }) => !finished.has(id)).map(({ id }) => [id, `it did not run: ${error}`]),
  );
}

function selectionFrom(options: CertifyTargetOptions, catalogue: Catalogue, target: Target): Selection {
  const { replay } = options;
  const selected = replay ? { ...options, case: replay.map((entry) => entry.case) } : options;
  return checkedSelection(catalogue, target, selected);
}

function placesOf(entries: readonly ReplayEntry[]): Record<string, Place> {
  return Object.fromEntries(entries.map(({ case: id, seed, path }) => [id, { seed, path }]));
}

/** A rule over every response needs all cases to run, whatever else is selected. */
function casesToRun(
  catalogue: Catalogue,
  target: Target,
  plan: Plan,
  { guesses }: Pick<TargetOptions, 'guesses'>,
): Job['cases'] {
  const needsAll = plan.cases.some(({ id }) => isRule(id));
  const withoutGuesses = { withoutGuesses: guesses === false };
  return (needsAll ? planFor(catalogue, target, withoutGuesses) : plan).cases.filter(({ id }) => !isRule(id));
}

const operationsOf = (cases: Job['cases']): string[] => [
  ...new Set(
    cases.flatMap(({ operation, notApplicable }) => (notApplicable === undefined ? (operation ?? []) : [])),
  ),
];

function endpointsOf({ dialect, profile }: Catalogue, target: Target): Record<string, string> {
  const helpers = Object.entries(dialect.spec.operations).filter(([, { helper }]) => helper);
  const offered = [...profile.operations, ...helpers.map(([name]) => name)].filter(
    (operation) =>
      !target.limits.some((limit) => limit.operation === operation) && !isMissing(operation, target),
  );
  return Object.fromEntries(
    offered.map((operation) => [
      operation,
      endpointOf(target, operation, dialect.spec.operations[operation]?.path ?? ''),
    ]),
  );
}

/** The command line that repeats one case. */
export function commandLine(
  start: readonly string[],
  {
    target,
    endpoint,
    issuer,
    profile,
    strict = false,
    interactive = false,
    budget,
    rate,
    concurrency,
  }: Pick<TargetOptions, 'target' | 'endpoint' | 'issuer' | 'profile' | 'rate' | 'concurrency'> & {
    strict?: boolean;
    interactive?: boolean;
    budget?: Budget | undefined;
  },
  id: string,
  seed: number,
): string {
  const amount = budget && budgetText(budget);
  const where = Object.entries({ target, endpoint, issuer, profile }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  return [
    ...start,
    ...where,
    ...['--case', id, '--seed', String(seed)],
    ...(amount === undefined ? [] : ['--budget', amount]),
    ...(strict ? ['--strict'] : []),
    ...(interactive ? ['--interactive'] : []),
    ...Object.entries({ rate, concurrency }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, String(value)],
    ),
  ]
    .map(shellWord)
    .join(' ');
}

function shellWord(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
