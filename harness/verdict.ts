import type { Level } from '../specs/read.ts';

/** From best to worst as far as a run is concerned: a cell or a requirement takes the worst of its cases. */
export const verdicts = [
  'pass',
  'warn',
  'not-applicable',
  'not-tested',
  'inconclusive',
  'harness-error',
  'fail',
] as const;

export type Verdict = (typeof verdicts)[number];

/** What a broken requirement of a level comes to. A MAY only informs: the option is not offered. */
export function verdictOfBroken(level: Level, strict: boolean): Verdict {
  if (level === 'MUST' || level === 'MUST NOT') return 'fail';
  if (level === 'MAY') return 'not-applicable';
  return strict ? 'fail' : 'warn';
}

/** The worst of several verdicts. `not-applicable` counts only when nothing else is there. */
export function worst(several: readonly Verdict[]): Verdict {
  const counting = several.filter((verdict) => verdict !== 'not-applicable');
  if (counting.length === 0) return several.length === 0 ? 'not-tested' : 'not-applicable';
  return counting.reduce((a, b) => (verdicts.indexOf(b) > verdicts.indexOf(a) ? b : a));
}

/** How often each verdict occurs; all seven are named. */
export type Counts = Readonly<Record<Verdict, number>>;

export function count(several: readonly Verdict[]): Counts {
  return Object.fromEntries(
    verdicts.map((verdict) => [verdict, several.filter((other) => other === verdict).length]),
  ) as Counts;
}

/** Whether something was planned and not observed. */
export function isUnseen(verdict: Verdict): boolean {
  return verdict === 'not-tested' || verdict === 'inconclusive' || verdict === 'harness-error';
}

/** What a run ends with; 3 is that of a wrong command, which makes no report. */
export type ExitCode = 0 | 1 | 2 | 4;

/**
 * 0: everything planned was observed and nothing failed. 1: something failed. 2: something was not
 * observed. 4: that was our own fault. A run that observed nothing at all is never 0.
 *
 * @param counting what is left when somebody's list of known failures is taken away
 */
export function exitCodeOf(all: Counts, counting = all): ExitCode {
  if (counting.fail > 0) return 1;
  if (counting['harness-error'] > 0) return 4;
  if (verdicts.some((verdict) => isUnseen(verdict) && counting[verdict] > 0)) return 2;
  return all.pass + all.warn > 0 ? 0 : 2;
}
