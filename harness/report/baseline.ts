import { count, type ExitCode, exitCodeOf } from '../verdict.ts';
import type { ReportVerdict } from './report-verdict.ts';

/** The verdicts that somebody may know of and accept. */
export const listable = ['fail', 'warn', 'not-tested', 'inconclusive'] as const;

/** What a case of the flaky list may come to in place of passing. */
const mayComeAndGo: ReadonlySet<string> = new Set(['fail', 'not-tested', 'inconclusive']);

export interface KnownFailure {
  /** A case, or a requirement: then all of its cases. */
  readonly id: string;
  readonly verdict: (typeof listable)[number];
  readonly reason: string;
  /** Where it is being dealt with. */
  readonly link?: string;
  /** The last day on which it is accepted, `YYYY-MM-DD` in UTC. */
  readonly expires: string;
}

/** Something that comes out differently from run to run, and why that is. */
export interface Flaky {
  readonly id: string;
  readonly reason: string;
}

/** A target's own list of known failures; see `schemas/baseline.json`. */
export interface Baseline {
  readonly known: readonly KnownFailure[];
  readonly flaky: readonly Flaky[];
}

/** What a baseline came to in one run. */
export interface AppliedBaseline {
  /** Cases that came out as listed: they do not fail the run. */
  readonly known: readonly (KnownFailure & { readonly cases: readonly string[] })[];
  /** Listed, but no longer so: they fail the run until they are taken out. */
  readonly stale: readonly KnownFailure[];
  /** Listed until a day that is over: they fail the run. */
  readonly expired: readonly (KnownFailure & { readonly cases: readonly string[] })[];
  /** Cases of the flaky list that did not pass this time. */
  readonly flaky: readonly (Flaky & { readonly cases: readonly string[] })[];
}

/**
 * Compares verdicts with a list of known failures. An entry for a requirement whose cases were only partly run is
 * not called stale.
 */
export function applyBaseline(
  { known, flaky }: Baseline,
  verdicts: readonly ReportVerdict[],
  { partial, today }: { readonly partial: boolean; readonly today: Date },
): AppliedBaseline {
  const about = (id: string) => verdicts.filter((one) => one.case === id || one.requirement === id);
  const entries = known.map((entry) => ({
    ...entry,
    cases: about(entry.id)
      .filter(({ verdict }) => verdict === entry.verdict)
      .map((one) => one.case),
    seen: about(entry.id),
  }));
  const isOver = ({ expires }: KnownFailure) => today.toISOString().slice(0, 10) > expires;
  const isStale = ({ id, cases, seen }: (typeof entries)[number]) =>
    cases.length === 0 && seen.length > 0 && (!partial || seen.some((one) => one.case === id));
  const bare = ({ seen: _, ...entry }: (typeof entries)[number]) => entry;
  return {
    known: entries.filter((entry) => entry.cases.length > 0 && !isOver(entry)).map(bare),
    stale: entries.filter(isStale).map(({ seen: _, cases: __, ...entry }) => entry),
    expired: entries.filter((entry) => entry.cases.length > 0 && isOver(entry)).map(bare),
    flaky: flaky.flatMap((entry) => {
      const cases = about(entry.id).filter(({ verdict }) => mayComeAndGo.has(verdict));
      return cases.length === 0 ? [] : [{ ...entry, cases: cases.map((one) => one.case) }];
    }),
  };
}

/** What the exit code is when what is listed does not count, and what is stale or expired does. */
export function exitCodeWith(applied: AppliedBaseline, verdicts: readonly ReportVerdict[]): ExitCode {
  if (applied.stale.length + applied.expired.length > 0) return 1;
  const accepted = acceptedBy(applied);
  const countOf = (some: readonly ReportVerdict[]) => count(some.map(({ verdict }) => verdict));
  return exitCodeOf(countOf(verdicts), countOf(verdicts.filter((one) => !accepted.has(one.case))));
}

/** The cases whose verdict does not count, since somebody listed it. */
export function acceptedBy({ known, flaky }: AppliedBaseline): Set<string> {
  return new Set([...known, ...flaky].flatMap(({ cases }) => cases));
}
