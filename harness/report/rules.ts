import type { Dialect } from '../../targets/dialect.ts';
import type { Rule } from '../case.ts';
import type { Exchange } from '../exchange.ts';
import { type Judgement, summary } from '../judge/judge.ts';
import { isSilent, observe } from '../judge/observe.ts';
import { kindOfProblem } from '../judge/words.ts';
import type { PlannedCase } from '../plan/plan.ts';
import type { Observation, Probe } from '../probe.ts';
import type { CaseResult } from '../run/run-case.ts';
import { verdictOfBroken, worst } from '../verdict.ts';

/** How many exchanges a verdict over all responses shows at most. */
const shown = 3;
/** How many kinds of problems it names. */
const mostKinds = 5;

/** A response that says something, and the case that it came in. */
export interface Response extends Observation {
  readonly from: string;
}

/**
 * All responses of a run that say something, helpers aside. Of those to generated values only some are kept that are not in shape, and of
 * a case that did not come out the same each time only the last try counts.
 */
export function responsesOf(results: readonly CaseResult[], dialect: Dialect): Response[] {
  return results
    .flatMap((result) =>
      result.exchanges
        .filter(({ step }) => result.trials.length === 0 || /^(?:control|shape)/.test(step))
        .filter(({ turn = 0 }, _, all) => turn === (all.at(-1)?.turn ?? 0))
        .map((exchange) => ({ from: result.case, ...observe(dialect, exchange) })),
    )
    .filter((seen) => !seen.helper && !isSilent(seen, dialect));
}

/**
 * Judges a rule over every response of a run. It passes when the rule was seen to hold at least once and
 * never seen broken.
 */
export function judgeRule(
  rule: Rule,
  planned: PlannedCase,
  results: readonly CaseResult[],
  responses: readonly Response[],
  cases: readonly Probe[],
  dialect: Dialect,
  strict: boolean,
): Judgement & { readonly exchanges: readonly Exchange[] } {
  const concerned = responses.filter((seen) => isAbout(rule, seen, dialect) && rule.applies(seen));
  const together = new Set<Observation>(rule.across?.(concerned) ?? []);
  const broken = concerned.flatMap((seen) => {
    const found = together.has(seen) ? (rule.acrossProblem ?? 'it came before') : rule.problem(seen);
    return [found ?? []].flat().map((problem) => ({ ...seen, problem }));
  });
  // The same problem is told once, with the number of its responses; one response may have several.
  const kinds = [...Map.groupBy(broken, ({ problem }) => kindOfProblem(problem)).values()];
  const examples = [...kinds.flatMap((kind) => kind.slice(0, 1)), ...kinds.flatMap((kind) => kind.slice(1))];
  const told = examples.slice(0, Math.max(shown, Math.min(kinds.length, mostKinds)));
  const expected = [rule.expected];
  const actual = told.map(({ from, exchange, problem }) => `${from}, ${exchange.step}: ${problem}`);
  const outcome = (verdict: Judgement['verdict'], reason: string, exchanges: readonly Exchange[] = []) => ({
    verdict,
    reason,
    expected,
    actual,
    exchanges,
  });
  if (planned.notApplicable !== undefined) return outcome('not-applicable', planned.notApplicable);
  if (broken.length > 0) {
    const lines = kinds
      .slice(0, mostKinds)
      .map((kind) => `${kind[0]?.problem}, in ${kind.length} of ${concerned.length} responses`);
    const rest = kinds.length > mostKinds ? [`and ${kinds.length - mostKinds} more problems`] : [];
    return outcome(verdictOfBroken(planned.level, strict), [...lines, ...rest].join('; '), [
      ...new Set(told.map(({ exchange }) => exchange)),
    ]);
  }
  const example = concerned.find((seen) => isAnswer(rule, seen));
  if (example !== undefined)
    return {
      ...outcome('pass', `in all of ${concerned.length} responses`, [example.exchange]),
      actual: [`${example.from}, ${example.exchange.step}: ${summary(example)}`],
    };
  if (rule.optional !== undefined && responses.some((seen) => showsAbsence(rule, seen, dialect)))
    return outcome('not-applicable', rule.optional);
  const showing = showingOf(rule, cases, dialect);
  const sources = results.filter((result) => showing.has(result.case));
  const because = sources.find(({ verdict }) => verdict === 'not-applicable');
  return sources.length > 0 &&
    because?.reason !== undefined &&
    worst(sources.map(({ verdict }) => verdict)) === 'not-applicable'
    ? outcome('not-applicable', because.reason)
    : outcome(
        'not-tested',
        rule.needsKeys
          ? 'there were no keys to verify with: name a "jwks" that answers in the target file, or declare a limit "fixture: jwks" with its reason'
          : 'no response of this kind was seen',
      );
}

/** Whether a response is an answer of the kind that a rule speaks of: what is neither granted nor refused is none. */
function isAnswer({ concerns }: Rule, { reply }: Observation): boolean {
  return concerns === 'any' ? reply.outcome !== 'malformed' : reply.outcome === concerns;
}

/** Whether a response could have had what a rule speaks of, and did not. */
function showsAbsence(rule: Rule, seen: Response, dialect: Dialect): boolean {
  if (!isAbout(rule, seen, dialect) || !isAnswer(rule, seen)) return false;
  return rule.couldHave?.(seen) ?? true;
}

function isAbout({ operation, ofUnreadable }: Rule, { exchange }: Observation, dialect: Dialect): boolean {
  if (exchange.response?.coding === 'wrong' && !ofUnreadable) return false;
  return operation === undefined || exchange.operation === dialect.nameOf(operation);
}

/** The ids of the cases that, had they run, would have shown responses of the kind that the rule concerns. */
export function showingOf(rule: Rule, cases: readonly Probe[], dialect: Dialect): ReadonlySet<string> {
  return new Set(cases.filter((probe) => couldShow(rule, probe, dialect)).map(({ id }) => id));
}

function couldShow(rule: Rule, probe: Probe, dialect: Dialect): boolean {
  if (rule.operation !== undefined && probe.operation !== rule.operation) return false;
  const kinds = Object.values(probe.expect).map(({ kind }) => kind);
  if (rule.exception !== undefined)
    return (
      probe.cell !== undefined &&
      dialect.exceptionFor(dialect.nameOf(probe.operation), probe.cell) === rule.exception
    );
  if (rule.concerns === 'granted') return kinds.includes('granted');
  if (rule.concerns === 'rejected') return kinds.includes('rejected') || kinds.includes('refused');
  return true;
}
