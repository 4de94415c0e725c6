import { type Counting, countsFor, type Requirement } from '../../specs/read.ts';
import type { Capability, Dialect, Operation } from '../../targets/dialect.ts';
import type { Need } from '../../targets/target/limits.ts';

type Speaking = Pick<Dialect, 'spec' | 'capabilities'>;

/**
 * Whether something is of a dialect: it says nothing else, its requirement counts there, and no target that speaks the
 * dialect lacks for sure what it needs.
 */
export function isOf(
  { spec, capabilities }: Speaking,
  { dialects, needs = [] }: Counting & { readonly needs?: readonly Need[] },
  requirement: Requirement,
): boolean {
  const counts = countsFor(spec.dialect);
  const canBeHad = (need: Need) =>
    [need].flat().some((one) => !isCapability(one) || capabilities[one] !== undefined);
  return counts({ ...(dialects && { dialects }) }) && counts(requirement) && needs.every(canBeHad);
}

/**
 * Those of a dialect, which alone have ids that nobody shares: another dialect may show the same at an operation of its
 * own, under the same id.
 */
export function spokenIn<C extends Counting & { readonly operation: Operation }>(
  all: readonly C[],
  { spec, nameOf }: Pick<Dialect, 'spec' | 'nameOf'>,
): C[] {
  const counts = countsFor(spec.dialect);
  return all.filter(
    ({ dialects, operation }) =>
      counts({ ...(dialects && { dialects }) }) && spec.operations[nameOf(operation)] !== undefined,
  );
}

/** The needs that not every target of a dialect meets. */
export function needsIn({ capabilities }: Speaking, needs: readonly Need[]): Need[] {
  const isMet = (need: Need) =>
    [need].flat().some((one) => isCapability(one) && capabilities[one] === 'always');
  return needs.filter((need) => !isMet(need));
}

const isCapability = (need: string): need is Capability => /^(?:auth|feature):/.test(need);
