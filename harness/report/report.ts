import type { Dialect } from '../../targets/dialect.ts';
import type { Target } from '../../targets/target/target.ts';
import type { Exchange } from '../exchange.ts';
import { observe } from '../judge/observe.ts';
import {
  type Catalogue,
  isRule,
  levelOf,
  type Plan,
  type PlannedCase,
  type PlannedCell,
  type Shard,
} from '../plan/plan.ts';
import { type CaseResult, describeFault } from '../run/run-case.ts';
import type { Refused } from '../run/smoke.ts';
import { failedAt } from '../stop.ts';
import type { Trial } from '../trial.ts';
import {
  type Counts,
  count,
  type ExitCode,
  exitCodeOf,
  type Verdict,
  verdictOfBroken,
  worst,
} from '../verdict.ts';
import { type AppliedBaseline, applyBaseline, type Baseline, exitCodeWith } from './baseline.ts';
import { type Cause, causesOf } from './causes.ts';
import { curlFor, sentWith } from './curl.ts';
import type { Generated, ReportVerdict } from './report-verdict.ts';
import { judgeRule, type Response, responsesOf } from './rules.ts';
import { grantsOf, type ReportGrant, sawToken } from './share.ts';

/** Version of the format of `report.json`; see `schemas/report.json`. */
export const schemaVersion = '1.5';

export interface ReportCell extends PlannedCell {
  readonly verdict: Verdict;
}

/** The only thing that a run produces. */
export interface Report {
  readonly schemaVersion: string;
  readonly suite: { readonly name: string; readonly version: string };
  readonly target: {
    readonly name: string;
    readonly dialect: Target['dialect'];
    readonly endpoints: Readonly<Record<string, string>>;
    /** SHA-256 of the target file, in hex; null where there was none. */
    readonly sha256: string | null;
  };
  readonly profile: Plan['profile'];
  readonly seed: number;
  readonly strict: boolean;
  /** True when only a selection of the profile's cases was run. */
  readonly partial: boolean;
  /** Which part of a certification that is spread over machines; null for one that is whole. */
  readonly shard: Shard | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** How many requests were sent to the target, the fixture provider's not counted. */
  readonly requests: number;
  readonly exitCode: ExitCode;
  readonly counts: Counts;
  /** How the target's list of known failures was applied; null where there is none. */
  readonly baseline: AppliedBaseline | null;
  /** What is wrong with the endpoint or the credentials, found before any requirement was judged. */
  readonly diagnosis: string | null;
  /** What the target declares that it cannot offer. */
  readonly limits: Target['limits'];
  /** What the target was asked for its metadata before the run, and answered. */
  readonly metadata?: readonly Exchange[];
  readonly excluded: Readonly<Record<string, string>>;
  /** What is wrong, by what was seen, the gravest first. */
  readonly causes: readonly Cause[];
  /** What was seen granted. */
  readonly grants: readonly ReportGrant[];
  readonly cells: readonly ReportCell[];
  readonly verdicts: readonly ReportVerdict[];
}

/** What a report is made of. */
export interface Run {
  readonly suite: { readonly name: string; readonly version: string };
  readonly target: Pick<Target, 'name' | 'dialect' | 'limits'>;
  readonly targetSha256?: string | null;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly metadata?: readonly Exchange[] | undefined;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly results: readonly CaseResult[];
  readonly seed: number;
  readonly strict: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly requests: number;
  readonly shard?: Shard | null;
  readonly baseline?: Baseline | undefined;
  /** What all parts of a certification that was put together say of it. */
  readonly diagnosis?: string | undefined;
  /** Why no case was run at all. */
  readonly closed?: Omit<Refused, 'operation'> | undefined;
  /** By case: a fault of ours that ended it, whatever else is known of it. */
  readonly faults?: ReadonlyMap<string, string>;
  /** The command line that repeats one case against the same target. */
  readonly commandFor: (caseId: string) => string;
}

/** Puts a report together from what the cases came to. */
export function makeReport(finished: Run): Report {
  // In the order of the plan, not in that of their ends: a report follows from its seed.
  const order = new Map(finished.plan.cases.map(({ id }, at) => [id, at]));
  const place = (result: CaseResult) => order.get(result.case) ?? Number.POSITIVE_INFINITY;
  const { plan, catalogue } = finished;
  const { closed } = finished;
  const examples = plan.cases.filter(({ id }) => !isRule(id));
  const given = closed ? examples.map((planned) => unheard(planned, closed)) : finished.results;
  const results = given
    .map((result) => readable(result, finished))
    .toSorted((one, other) => place(one) - place(other));
  const run = { ...finished, results };
  const responses = responsesOf(results, catalogue.dialect);
  const verdicts = plan.cases.map((planned) => verdictFor(planned, run, responses));
  const counts = count(verdicts.map(({ verdict }) => verdict));
  const baseline = run.baseline
    ? applyBaseline(run.baseline, verdicts, { partial: plan.partial, today: run.startedAt })
    : null;
  const grants = grantsOf(plan.cells, run.target.limits, results, catalogue.dialect);
  const { partial } = plan;
  return {
    schemaVersion,
    suite: run.suite,
    target: {
      name: run.target.name,
      dialect: run.target.dialect,
      endpoints: run.endpoints,
      sha256: run.targetSha256 ?? null,
    },
    profile: plan.profile,
    seed: run.seed,
    strict: run.strict,
    partial,
    shard: run.shard ?? null,
    startedAt: run.startedAt.toISOString(),
    durationMs: run.durationMs,
    requests: run.requests,
    exitCode: exitCodeOfReport({ counts, baseline, verdicts, partial, grants, profile: plan.profile }),
    counts,
    baseline,
    diagnosis: diagnose(run),
    limits: run.target.limits,
    ...(run.metadata && run.metadata.length > 0 && { metadata: run.metadata }),
    excluded: plan.excluded,
    causes: causesOf(verdicts),
    grants,
    cells: plan.cells.map((cell) => ({
      ...cell,
      verdict: cellVerdict(cell, results, catalogue.dialect, misshapen(cell, run)),
    })),
    verdicts,
  };
}

/** What an exception in a wrong shape comes to, by the level of the rule that says so. */
function misshapen({ operation, exception }: PlannedCell, { catalogue, strict }: Run): Verdict {
  const rule = catalogue.rules.find(
    (one) =>
      one.operation !== undefined &&
      catalogue.dialect.nameOf(one.operation) === operation &&
      one.exception === exception,
  );
  return verdictOfBroken(rule === undefined ? 'MUST' : levelOf(catalogue, rule.requirement), strict);
}

/** What a report's exit code is: 0 only where something was seen granted. */
export function exitCodeOfReport(
  report: Pick<Report, 'counts' | 'baseline' | 'verdicts' | 'partial' | 'grants' | 'profile'>,
): ExitCode {
  const exitCode = exitCodeOfVerdicts(report);
  return exitCode === 0 && (isDraft(report) || !sawGranted(report)) ? 2 : exitCode;
}

/** Whether a whole run was judged by a profile that has rules without a case: it certifies nothing. */
export const isDraft = ({ profile, partial }: Pick<Report, 'profile' | 'partial'>): boolean =>
  !partial && profile.open !== undefined;

/**
 * Whether enough was granted to say anything. A whole run in which no token was ever granted has seen nothing of what
 * it is about, whatever was refused in it as it should be; nor has a selection in which nothing was granted.
 */
export function sawGranted({
  verdicts,
  partial,
  grants,
}: Pick<Report, 'verdicts' | 'partial' | 'grants'>): boolean {
  if (!partial) return sawToken(grants);
  return (
    grants.some(({ granted }) => granted) ||
    // What generated values sent is not kept where they held.
    verdicts.some(({ generated, verdict }) => generated !== null && verdict === 'pass')
  );
}

/** What the verdicts alone come to. */
export const exitCodeOfVerdicts = ({
  counts,
  baseline,
  verdicts,
}: Pick<Report, 'counts' | 'baseline' | 'verdicts'>): ExitCode =>
  baseline === null ? exitCodeOf(counts) : exitCodeWith(baseline, verdicts);

/** What stands between the suite and the target; null when nothing does. */
function diagnose({ results, endpoints, closed, diagnosis }: Run): string | null {
  if (diagnosis !== undefined) return diagnosis;
  if (closed !== undefined) return closed.diagnosis;
  const refused = new Set(results.flatMap(({ diagnosis }) => diagnosis ?? []));
  if (refused.size > 0) return [...refused].join(' ');
  const kept = keptFromTesting(results);
  if (kept !== undefined) return kept;
  const exchanges = results.flatMap((result) => result.exchanges);
  if (exchanges.length === 0 || exchanges.some(({ response }) => response !== undefined)) return null;
  const failure = exchanges.find((exchange) => exchange.failure !== undefined)?.failure?.message;
  const origins = [...new Set(Object.values(endpoints).map((url) => URL.parse(url)?.origin ?? url))];
  return `No request got a response from ${origins.join(', ')}: ${failure}. Check the endpoint first; the requirements were not observed.`;
}

/** What the provider of codes or decisions failed at, where that kept a fourth of the cases from being tested. */
function keptFromTesting(results: readonly CaseResult[]): string | undefined {
  const failed = results.filter(
    ({ verdict, reason }) => verdict === 'not-tested' && reason?.startsWith(failedAt),
  );
  const byReason = [...Map.groupBy(failed, ({ reason }) => reason)].toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  const [reason, cases = []] = byReason[0] ?? [];
  const needed = results.filter(({ verdict }) => verdict !== 'not-applicable');
  if (reason === undefined || cases.length < needed.length / 4) return undefined;
  return `${failed.length} cases could not be tested: ${reason}${/[.!?…]$/.test(reason) ? '' : '.'}`;
}

/** A result, unless a fault of ours ended it, or what it holds cannot be read. */
function readable(result: CaseResult, { faults, catalogue }: Run): CaseResult {
  const fault = faults?.get(result.case);
  if (fault !== undefined) return { ...unjudged, case: result.case, reason: fault };
  try {
    for (const exchange of result.exchanges) observe(catalogue.dialect, exchange);
    return result;
  } catch (error) {
    return { ...unjudged, case: result.case, reason: describeFault(error) };
  }
}

/** What a case came to; a rule over all responses is judged here. */
function resultFor(planned: PlannedCase, run: Run, responses: readonly Response[]): Omit<CaseResult, 'case'> {
  const { catalogue, results, strict } = run;
  const fault = run.faults?.get(planned.id);
  if (fault !== undefined) return { ...unjudged, reason: fault };
  if (run.closed !== undefined) return unheard(planned, run.closed);
  const rule = catalogue.rules.find(({ id }) => id === planned.id);
  if (rule === undefined) return results.find((one) => one.case === planned.id) ?? unjudged;
  try {
    const judged = judgeRule(rule, planned, results, responses, catalogue.cases, catalogue.dialect, strict);
    return { ...unjudged, ...judged };
  } catch (error) {
    return { ...unjudged, reason: describeFault(error) };
  }
}

/** A case that was not run, and why. */
export function unheard(
  { id, notApplicable }: PlannedCase,
  { verdict, reason }: Pick<Refused, 'verdict' | 'reason'>,
): CaseResult {
  const outcome =
    notApplicable === undefined
      ? { verdict, reason }
      : { verdict: 'not-applicable' as const, reason: notApplicable };
  return { ...unjudged, ...outcome, case: id };
}

function verdictFor(planned: PlannedCase, run: Run, responses: readonly Response[]): ReportVerdict {
  const requirement = run.catalogue.requirements.find(({ id }) => id === planned.requirement);
  const result = resultFor(planned, run, responses);
  const probe = result.exchanges.findLast(({ step }) => !step.startsWith('given')) ?? result.exchanges.at(-1);
  return {
    case: planned.id,
    title: planned.title,
    requirement: planned.requirement,
    level: planned.level,
    statement: requirement?.statement ?? '',
    section: requirement?.section ?? '',
    operation: planned.operation,
    grant: planned.grant,
    exception: planned.exception,
    verdict: result.verdict,
    reason: result.reason ?? null,
    expected: result.expected,
    actual: result.actual,
    exchanges: result.exchanges,
    samples: result.samples,
    generated: generatedOf(result.trials),
    reproduce: {
      command: run.commandFor(planned.id),
      curl: scriptFor(probe, result),
    },
    durationMs: result.durationMs,
  };
}

/** What repeats a case; null where that cannot be written down. */
function scriptFor(probe: Exchange | undefined, result: Omit<CaseResult, 'case'>): string | null {
  try {
    return curlFor(result.trials.length > 0 ? sentBy(result) : sentBefore(probe, result));
  } catch {
    return null;
  }
}

/** What a case itself sent, without what it needed first. */
function sentBy({ exchanges }: Pick<CaseResult, 'exchanges'>): Exchange[] {
  return exchanges.filter(({ step }) => !/^(?:given|control|shape)/.test(step));
}

/** The last request of an example, with those that lead to it. */
function sentBefore(probe: Exchange | undefined, { exchanges }: Pick<CaseResult, 'exchanges'>): Exchange[] {
  if (probe === undefined) return [];
  return sentWith(
    probe,
    exchanges.filter((one) => one === probe || !one.step.startsWith('given')),
  );
}

function generatedOf(trials: readonly Trial[]): Generated | null {
  if (trials.length === 0) return null;
  return {
    runs: trials.reduce((sum, { runs }) => sum + runs, 0),
    requests: trials.reduce((sum, { requests }) => sum + requests, 0),
    answers: trials.reduce((sum, { answers }) => sum + answers, 0),
    counterexample: trials.find(({ counterexample }) => counterexample)?.counterexample ?? null,
  };
}

/** A case that came to nothing. */
export const unjudged: Omit<CaseResult, 'case'> = {
  verdict: 'harness-error',
  reason: 'the case ended without a verdict',
  expected: [],
  actual: [],
  exchanges: [],
  samples: [],
  trials: [],
  requests: 0,
  lost: false,
  durationMs: 0,
};

/**
 * A cell takes the worst verdict of its cases, and is green only when its exception was really seen, each time in its
 * exact shape: a typed client would see nothing else.
 *
 * @param misshapen what it comes to where it was seen in another shape
 */
export function cellVerdict(
  cell: PlannedCell,
  results: readonly CaseResult[],
  dialect: Dialect,
  misshapen: Verdict,
): Verdict {
  const here = results.filter((result) => cell.cases.includes(result.case));
  const verdict = worst(here.map((result) => result.verdict));
  if (verdict !== 'pass' && verdict !== 'warn') return verdict;
  const seen = here
    .flatMap(({ exchanges }) => exchanges)
    .filter(({ step, operation }) => !step.startsWith('given') && operation === cell.operation)
    .map((exchange) => observe(dialect, exchange).reply)
    .filter(({ exception }) => exception === cell.exception);
  if (seen.length === 0) return 'not-tested';
  return seen.every(({ problems }) => problems.length === 0) ? verdict : worst([verdict, misshapen]);
}
