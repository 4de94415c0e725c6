import type { Dialect } from '../../targets/dialect.ts';
import type { Sieve } from '../capture/sieve.ts';
import type { Case } from '../case.ts';
import type { Exchange, Sample } from '../exchange.ts';
import { isOutOfPlace, isStray, type Judgement, judge } from '../judge/judge.ts';
import { observe } from '../judge/observe.ts';
import { inTurns, isRed, unsteadyJudgement } from '../judge/tries.ts';
import type { PlannedCase } from '../plan/plan.ts';
import { Stop } from '../stop.ts';
import { mapTexts } from '../texts.ts';
import type { Place, Trial } from '../trial.ts';
import type { Verdict } from '../verdict.ts';
import { createWorld, type WorldParts } from '../world/world.ts';
import type { Refused } from './smoke.ts';

/** What one case came to. Everything in it is redacted. */
export interface CaseResult {
  readonly case: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  readonly exchanges: readonly Exchange[];
  readonly samples: readonly Sample[];
  /** What generated values came to. */
  readonly trials: readonly Trial[];
  /** How many requests went to the target, generated ones and repeats included. */
  readonly requests: number;
  /** Whether a connection was lost on the way. */
  readonly lost: boolean;
  /** Why no case of this operation could be judged, in a sentence. */
  readonly diagnosis?: string;
  readonly durationMs: number;
  /** Something was given that may not be. */
  readonly givenAway?: true;
}

/** How often a case is run at most when its connections are lost, or when it comes out broken. */
const mostRuns = 3;

/**
 * Runs one case and judges it. Never throws: a fault of the harness is a verdict of its own.
 *
 * A server may close a kept connection at any time, and what was on its way is lost. A single request
 * cannot be repeated, since its code or token may be used up by then; the whole case can. And what was broken
 * once may be the fault of a page that something in between sent: a fail has to come again.
 */
export async function runCase(probe: Case, planned: PlannedCase, parts: CaseParts): Promise<CaseResult> {
  let turns = 0;
  const { caseSeconds } = parts.target.timeouts ?? {};
  const until = caseSeconds === undefined ? undefined : performance.now() + caseSeconds * 1_000;
  const run = () => runOnce(probe, planned, { ...parts, until }, turns++);
  let result = await run();
  while (turns < mostRuns && result.verdict === 'inconclusive' && result.lost) result = await run();
  const tries = [result];
  while (tries.length < mostRuns && isBroken(tries.at(-1) ?? result, parts.dialect)) tries.push(await run());
  const all = {
    requests: tries.reduce((sum, { requests }) => sum + requests, 0),
    durationMs: tries.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
  const last = tries.at(-1) ?? result;
  // What generated values came to was tried again by itself.
  const isFound = last.givenAway || (last.trials.length > 0 && isRed(last));
  if (tries.length === 1 || isFound) return { ...last, ...all };
  if (isBroken(last, parts.dialect)) return { ...steadyOf(tries), ...all };
  const exchanges = tries.map((one) => one.exchanges);
  return {
    ...result,
    ...unsteadyJudgement(result.expected, exchanges, parts.dialect),
    ...all,
    exchanges: inTurns(exchanges),
    samples: [],
    trials: last.trials,
  };
}

/** Whether an answer that need not come again has broken a case, ended it early, or been none that may be given. */
function isBroken(result: CaseResult, dialect: Dialect): boolean {
  if (result.trials.length > 0 || result.givenAway) return false;
  if (isRed(result)) return true;
  const { verdict, lost, exchanges } = result;
  const last = exchanges.at(-1);
  const isEarly = last?.response !== undefined && /^(?:control|given)/.test(last.step);
  const isEnded = (verdict === 'inconclusive' || verdict === 'not-tested') && !lost && isEarly;
  return isEnded || exchanges.some((exchange) => isOutOfPlace(observe(dialect, exchange)));
}

/** Of tries that were all broken, the one whose verdict came again. */
function steadyOf(tries: readonly CaseResult[]): CaseResult {
  const red = tries.filter(isRed);
  const steady = red.length > 1 ? red : tries.filter((one) => !isRed(one));
  return steady[0] as CaseResult;
}

export type CaseParts = Omit<
  WorldParts,
  'probe' | 'exchanges' | 'samples' | 'trials' | 'replay' | 'sent' | 'turn'
> & {
  /** By case. */
  readonly replay?: Readonly<Record<string, Place>> | undefined;
  /** Operations that cannot be judged. */
  readonly refused?: readonly Refused[] | undefined;
};

async function runOnce(
  probe: Case,
  planned: PlannedCase,
  parts: CaseParts,
  turn: number,
): Promise<CaseResult> {
  const exchanges: Exchange[] = [];
  const samples: Sample[] = [];
  const trials: Trial[] = [];
  const sent = { requests: 0 };
  let lost = false;
  const begin = performance.now();
  const judged = (finished: boolean) =>
    judge(
      probe,
      exchanges,
      { samples, trials },
      {
        finished,
        dialect: parts.dialect,
        level: planned.level,
        strict: parts.strict,
      },
    );
  const refused = parts.refused?.find(({ operation }) => operation === planned.operation);
  const judgement = await attempt();
  return {
    case: probe.id,
    ...judgement,
    exchanges,
    samples,
    trials,
    requests: sent.requests,
    lost: lost || exchanges.some((one) => one.failure?.kind === 'reset' || isStray(probe, one)),
    ...(refused && { diagnosis: refused.diagnosis }),
    durationMs: Math.round(performance.now() - begin),
  };

  async function attempt(): Promise<Judgement> {
    if (planned.notApplicable !== undefined) return without('not-applicable', planned.notApplicable);
    if (refused) return without(refused.verdict, refused.reason);
    try {
      const replay = parts.replay?.[probe.id];
      await probe.run(createWorld({ ...parts, turn, sent, replay, probe, exchanges, samples, trials }));
      return judged(true);
    } catch (error) {
      if (!(error instanceof Stop)) return without('harness-error', describeFault(error));
      const found = judged(false);
      if (found.verdict !== 'pass' && found.verdict !== 'not-tested') return found;
      lost = error.kind === 'lost';
      if (error.kind === 'lost' || error.kind === 'silent') return without('inconclusive', error.message);
      if (error.kind === 'out-of-scope') return without('not-applicable', error.message);
      return error.kind === 'fixture' ? withSilence(error.message) : without('not-tested', error.message);
    }
  }

  /** A fixture that failed because the target does not answer at all is inconclusive. */
  function withSilence(reason: string): Judgement {
    const silent = exchanges.find(({ failure }) => failure !== undefined);
    return silent === undefined
      ? without('not-tested', reason)
      : without('inconclusive', `${silent.step}: ${silent.failure?.message}`);
  }

  function without(verdict: Verdict, reason: string): Judgement {
    const { expected, actual } = judged(false);
    return { verdict, reason, expected, actual };
  }
}

/** A fault of ours in one line; the place where it happened is for the one who mends it. */
export function describeFault(error: unknown): string {
  const place =
    error instanceof Error
      ? /\n\s*at (?:.*[/(])?([\w.-]+\.[jt]s:\d+)/.exec(error.stack ?? '')?.[1]
      : undefined;
  return `${describe(error)}${place === undefined ? '' : ` (${place})`}`;
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** How many requests cases sent to the target. */
export function requestsOf(results: readonly CaseResult[]): number {
  return results.reduce((sum, { requests }) => sum + requests, 0);
}

/**
 * A result without the secrets that were only known after it was captured: a token that one case was shown and another
 * one was issued later.
 */
export function withoutSecrets(result: CaseResult, { scrub }: Pick<Sieve, 'scrub'>): CaseResult {
  const { reason, actual, exchanges, trials } = result;
  return {
    ...result,
    ...(reason !== undefined && { reason: scrub(reason) }),
    actual: actual.map(scrub),
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      ...mapTexts(partsOf(exchange), scrub),
    })),
    trials: trials.map((trial) =>
      trial.counterexample === undefined
        ? trial
        : { ...trial, counterexample: mapTexts(trial.counterexample, scrub) },
    ),
  };
}

/** What of an exchange came from the target or went to it. */
const partsOf = ({ request, response, failure, jwts }: Exchange) => ({
  request,
  ...(response && { response }),
  ...(failure && { failure }),
  ...(jwts && { jwts }),
});
