import type { Dialect } from '../../targets/dialect.ts';
import type { Limit } from '../../targets/target/target.ts';
import { observe } from '../judge/observe.ts';
import type { PlannedCell } from '../plan/plan.ts';
import type { CaseResult } from '../run/run-case.ts';
import type { Verdict } from '../verdict.ts';

/** What can be asked for: one grant of an operation, or an operation that has none. */
export interface ReportGrant {
  readonly operation: string;
  readonly grant: string | null;
  /** Whether one of the report's exchanges shows that it was granted. */
  readonly granted: boolean;
  /** Whether the target declares that it has none of it. */
  readonly limited: boolean;
}

/** Of each grant and operation that the cells name, whether it was seen granted. */
export function grantsOf(
  cells: readonly Pick<PlannedCell, 'operation' | 'grant'>[],
  limits: readonly Limit[],
  results: readonly Pick<CaseResult, 'exchanges'>[],
  dialect: Dialect,
): ReportGrant[] {
  const nameOf = (operation: string, grant: string | null) => `${operation} ${grant ?? ''}`;
  const all = new Map(
    cells.map(({ operation, grant }) => [nameOf(operation, grant), { operation, grant }] as const),
  );
  const operations = new Set(cells.map(({ operation }) => operation));
  const seen = new Set<string>();
  for (const { exchanges } of results)
    for (const exchange of exchanges) {
      const { operation, grant } = exchange;
      if (operation === undefined || !operations.has(operation)) continue;
      if (observe(dialect, exchange).reply.outcome !== 'granted') continue;
      seen.add(nameOf(operation, all.has(nameOf(operation, null)) ? null : (grant ?? null)));
    }
  return [...all].map(([name, { operation, grant }]) => ({
    operation,
    grant,
    granted: seen.has(name),
    limited: limits.some(
      (limit) => limit.operation === operation || (limit.grant !== undefined && limit.grant === grant),
    ),
  }));
}

/** Whether a token was granted at all: an operation without grants gives none. */
export const sawToken = (grants: readonly ReportGrant[]): boolean =>
  grants.some(({ grant, granted }) => grant !== null && granted);

/** What is in the target's scope, and nobody saw it granted. */
export const neverGranted = (grants: readonly ReportGrant[]): ReportGrant[] =>
  grants.filter(({ granted, limited }) => !granted && !limited);

/** How many cells were exercised, of how many. */
export interface Share {
  readonly exercised: number;
  readonly of: number;
}

/**
 * The part of the matrix that was really exercised: of its pairs of a grant and an exception; when it has all of
 * these, of everything.
 */
export function shareOf(
  cells: readonly (Pick<PlannedCell, 'grant' | 'cases'> & { readonly verdict: Verdict })[],
): Share {
  const all = cells.filter((cell) => cell.cases.length > 0);
  const pairs = all.filter(({ grant }) => grant !== null);
  const counted = pairs.every(isExercised) ? all : pairs;
  return { exercised: counted.filter(isExercised).length, of: counted.length };
}

/** Whether its exception was provoked, whatever came of it. */
export const isExercised = ({ verdict }: { readonly verdict: Verdict }): boolean =>
  verdict === 'pass' || verdict === 'warn' || verdict === 'fail';
