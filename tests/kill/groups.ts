import type { Variant } from './variant.ts';

/** Variants that are tried at once. */
export type VariantGroup = readonly [Variant, ...Variant[]];

/** So many conformant differences meet in one endpoint at most. */
const largest = 3;

/**
 * Variants that can be tried at once, in the order given: no two replace the same decision, and of two that stand in
 * front of the endpoint, or have a target file of their own, one might hide the other.
 */
export function groupsOf(variants: readonly Variant[]): readonly VariantGroup[] {
  const groups: [Variant, ...Variant[]][] = [];
  for (const one of variants) {
    const group = groups.find(
      (others) => others.length < largest && others.every((other) => goTogether(one, other)),
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

function goTogether(one: Variant, other: Variant): boolean {
  const replaced = new Set(decisionsOf(one));
  const bothHave = (has: (variant: Variant) => unknown) => has(one) && has(other);
  return (
    !bothHave(({ middleware, oauth }) => middleware ?? oauth?.middleware) &&
    !bothHave(({ target }) => target) &&
    !decisionsOf(other).some((name) => replaced.has(name))
  );
}

const decisionsOf = ({ behaviours, oauth }: Variant): string[] =>
  Object.keys({ ...behaviours?.(), ...oauth?.behaviours?.() });
