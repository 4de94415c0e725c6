import type { Sieve } from './capture/sieve.ts';
import type { Case } from './case.ts';
import type { Exchange, Sample } from './exchange.ts';
import { isStray, type Judgement, judge } from './judge.ts';
import type { PlannedCase } from './plan.ts';
import type { Refused } from './smoke.ts';
import { Stop } from './stop.ts';
import { mapTexts } from './texts.ts';
import type { Place, Trial } from './trial.ts';
import type { Verdict } from './verdict.ts';
import { createWorld, type WorldParts } from './world.ts';

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
  /** Why no case of this operation could be judged. */
  readonly diagnosis?: string;
  readonly durationMs: number;
}

/** How often a case is run at most when its connections are lost. */
const mostRuns = 3;

/**
 * Runs one case and judges it. Never throws: a fault of the harness is a verdict of its own.
 *
 * A server may close a kept connection at any time, and what was on its way is lost. A single request
 * cannot be repeated, since its code or token may be used up by then; the whole case can.
 */
export async function runCase(probe: Case, planned: PlannedCase, parts: CaseParts): Promise<CaseResult> {
  let result = await runOnce(probe, planned, parts, 0);
  for (let run = 1; run < mostRuns && result.verdict === 'inconclusive' && result.lost; run++)
    result = await runOnce(probe, planned, parts, run);
  return result;
}

export type CaseParts = Omit<
  WorldParts,
  'probe' | 'exchanges' | 'samples' | 'trials' | 'replay' | 'sent' | 'turn'
> & {
  /** By case. */
  readonly replay?: Readonly<Record<string, Place>> | undefined;
  readonly refused?: Refused | undefined;
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
  const refused = parts.refused !== undefined && parts.refused.operation === planned.operation;
  const judgement = await attempt();
  return {
    case: probe.id,
    ...judgement,
    exchanges,
    samples,
    trials,
    requests: sent.requests,
    lost: lost || exchanges.some((one) => one.failure?.kind === 'reset' || isStray(probe, one)),
    ...(refused && { diagnosis: parts.refused?.reason ?? '' }),
    durationMs: Math.round(performance.now() - begin),
  };

  async function attempt(): Promise<Judgement> {
    if (planned.notApplicable !== undefined) return without('not-applicable', planned.notApplicable);
    if (refused) return without('not-tested', parts.refused?.reason ?? '');
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
