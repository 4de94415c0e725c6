import type { Dialect } from '../../targets/dialect.ts';
import { UserError } from '../../targets/problem.ts';
import { type Target, targetAt } from '../../targets/target/target.ts';
import { type Absence, absences } from '../absences.ts';
import type { Exchange } from '../exchange.ts';
import { type Judgement, judge } from '../judge/judge.ts';
import { isRed, turnsOf, unsteadyJudgement } from '../judge/tries.ts';
import { type Catalogue, isRule, type PlannedCase, planFor } from '../plan/plan.ts';
import type { Probe } from '../probe.ts';
import type { CaseResult } from '../run/run-case.ts';
import type { Trial } from '../trial.ts';
import type { Baseline } from './baseline.ts';
import { isShown } from './proofs.ts';
import { makeReport, type Report, unjudged } from './report.ts';
import type { ReportVerdict } from './report-verdict.ts';

/**
 * Makes a report again from what reports hold: every verdict from its exchanges alone, the rules over every response
 * from all of them, then cells, counts and exit code. Several reports are parts of one.
 *
 * Taken as they stand are only how many generated values held, and why a case could not be judged.
 */
export function rejudge(
  parts: readonly [Report, ...Report[]],
  catalogue: Catalogue,
  baseline?: Baseline,
): Report {
  const [first] = parts;
  const target = targetOf(first);
  const whole = parts.length > 1 || first.shard !== null;
  const selection = whole || !first.partial ? {} : { cases: first.verdicts.map((one) => one.case) };
  const plan = planFor(catalogue, target, selection);
  checkOperations(parts, catalogue);
  const known = new Map(parts.flatMap(({ verdicts }) => verdicts.map((one) => [one.case, one])));
  const results = plan.cases.flatMap((planned) => {
    const stored = known.get(planned.id);
    if (isRule(planned.id)) return [];
    return [stored === undefined ? nobodyRan(planned) : resultOf(stored, planned, catalogue, first)];
  });
  const startedAt = parts.map((part) => part.startedAt).sort()[0] ?? first.startedAt;
  return makeReport({
    suite: first.suite,
    target,
    targetSha256: first.target.sha256,
    endpoints: first.target.endpoints,
    metadata: first.metadata,
    plan,
    catalogue,
    results,
    seed: first.seed,
    strict: first.strict,
    startedAt: new Date(startedAt),
    durationMs: Math.max(...parts.map(({ durationMs }) => durationMs)),
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    baseline: baseline ?? baselineOf(first),
    // What was found before any case was run is in no exchange.
    ...(first.diagnosis !== null &&
      parts.every(({ diagnosis }) => diagnosis === first.diagnosis) && { diagnosis: first.diagnosis }),
    commandFor: (id) => known.get(id)?.reproduce.command ?? commandLike(first, id),
  });
}

/** The target of a report as far as a plan depends on it. */
export function targetOf({ target: { name, dialect }, limits }: Pick<Report, 'target' | 'limits'>): Target {
  return { ...targetAt('http://127.0.0.1', name), dialect, limits };
}

/** An exchange with an operation that there is not cannot be read. */
function checkOperations(parts: readonly Report[], { dialect }: Catalogue): void {
  for (const { verdicts } of parts)
    for (const { case: id, exchanges } of verdicts)
      for (const { operation } of exchanges)
        if (operation !== undefined && !Object.hasOwn(dialect.spec.operations, operation))
          throw new UserError(`${id}: an exchange names the unknown operation "${operation}".`);
}

/** A case that is in none of the parts. */
function nobodyRan({ id, notApplicable }: PlannedCase): CaseResult {
  const reason = notApplicable ?? 'no part of this certification has run it';
  return {
    ...unjudged,
    case: id,
    verdict: notApplicable === undefined ? 'not-tested' : 'not-applicable',
    reason,
  };
}

/** What the exchanges of a verdict come to. */
function resultOf(
  stored: ReportVerdict,
  planned: PlannedCase,
  catalogue: Catalogue,
  { strict, limits }: Report,
): CaseResult {
  const { exchanges, samples, durationMs } = stored;
  const probe = catalogue.cases.find(({ id }) => id === planned.id);
  const trials = probe?.property === undefined ? [] : trialsOf(stored);
  return {
    case: planned.id,
    ...judged(),
    exchanges,
    samples,
    trials,
    requests: 0,
    lost: false,
    durationMs,
  };

  function judged(): Judgement {
    const asStored: Judgement = {
      verdict: stored.verdict,
      ...(stored.reason !== null && { reason: stored.reason }),
      expected: stored.expected,
      actual: stored.actual,
    };
    if (probe === undefined) throw new Error(`there is no case ${planned.id}`);
    if (planned.notApplicable !== undefined)
      return { ...asStored, verdict: 'not-applicable', reason: planned.notApplicable };
    const { dialect } = catalogue;
    const judgeThese = (these: readonly Exchange[], finished: boolean) =>
      judge(probe, these, { samples, trials }, { finished, dialect, level: planned.level, strict });
    const turns = turnsOf(exchanges);
    if (turns.length > 1) {
      const last = judgeThese(turns.at(-1) ?? [], true);
      return isRed(last) ? last : unsteadyJudgement(last.expected, turns, dialect);
    }
    const again = (finished: boolean) => judgeThese(exchanges, finished);
    const found = again(true);
    if (stored.verdict === 'pass' || stored.verdict === 'warn') return found;
    // A case that ended early was judged as far as it came, and says otherwise why it ended.
    const early = again(false);
    if (stored.verdict === 'fail')
      return early.verdict === 'fail' && early.reason === stored.reason ? early : found;
    if (stored.verdict === 'not-applicable' && !isExplained(stored, probe, limits, dialect)) return found;
    return isRed(found) && early.verdict === found.verdict ? found : asStored;
  }
}

/** Whether a limit says so, or the exchanges show that the target does not offer what it need not. */
function isExplained(
  { reason, exchanges }: ReportVerdict,
  probe: Probe,
  limits: Report['limits'],
  dialect: Dialect,
): boolean {
  // What is generated for no grant in particular leaves out the grants that are limited, and needs one that is left.
  const isOfAnyGrant = probe.property !== undefined && probe.grant === undefined;
  const concerned = limits.filter(
    ({ fixture, method }) => fixture !== undefined || method !== undefined || isOfAnyGrant,
  );
  if (concerned.some((limit) => limit.reason === reason)) return true;
  const named = (Object.keys(absences) as Absence[]).filter((name) => absences[name] === reason);
  return named.some((absence) => isShown(absence, probe, exchanges, dialect));
}

function trialsOf({ generated }: ReportVerdict): Trial[] {
  if (generated === null) return [];
  const { runs, requests, answers = requests, counterexample } = generated;
  return [{ runs, requests, answers, ...(counterexample !== null && { counterexample }) }];
}

/** The list that a report was made with, as far as it applied. */
function baselineOf({ baseline }: Report): Baseline | undefined {
  if (baseline === null) return undefined;
  const known = [...baseline.known, ...baseline.expired].map(({ cases: _, ...entry }) => entry);
  return {
    known: [...known, ...baseline.stale],
    flaky: baseline.flaky.map(({ id, reason }) => ({ id, reason })),
  };
}

/** The command of a case that no part ran, made from that of one that did. */
function commandLike({ verdicts }: Report, id: string): string {
  const [other] = verdicts;
  return other === undefined ? '' : other.reproduce.command.replace(`--case ${other.case}`, `--case ${id}`);
}
