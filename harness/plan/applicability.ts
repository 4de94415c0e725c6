import { type Counting, countsFor, type Requirement } from '../../specs/read.ts';
import type { Capability, Dialect } from '../../targets/dialect.ts';
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

/** The needs that not every target of a dialect meets. */
export function needsIn({ capabilities }: Speaking, needs: readonly Need[]): Need[] {
  const isMet = (need: Need) =>
    [need].flat().some((one) => isCapability(one) && capabilities[one] === 'always');
  return needs.filter((need) => !isMet(need));
}

const isCapability = (need: string): need is Capability => /^(?:auth|feature):/.test(need);
