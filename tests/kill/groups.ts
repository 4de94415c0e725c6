import type { Variant } from './variant.ts';

/** Variants that are tried at once. */
export type VariantGroup = readonly [Variant, ...Variant[]];

/** So many conformant differences meet in one endpoint at most, and so many of what stands in front of it. */
const largest = 8;
const inFront = 3;

/**
 * Variants that can be tried at once, in the order given: all conform to one profile, no two replace the same
 * decision or have a target file of their own, and few stand in front of the endpoint, where one might hide the other.
 */
export function groupsOf(variants: readonly Variant[]): readonly VariantGroup[] {
  const groups: [Variant, ...Variant[]][] = [];
  for (const one of variants) {
    const group = groups.find(
      (others) =>
        others.length < largest &&
        [one, ...others].filter(standsInFront).length <= inFront &&
        others.every((other) => goTogether(one, other)),
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

function goTogether(one: Variant, other: Variant): boolean {
  const replaced = new Set(decisionsOf(one));
  return (
    one.profile === other.profile &&
    !(isTold(one) && isTold(other)) &&
    !decisionsOf(other).some((name) => replaced.has(name))
  );
}

const standsInFront = ({ middleware, oauth }: Variant): boolean =>
  middleware !== undefined || oauth?.middleware !== undefined;

/** Whether its target is told otherwise. */
const isTold = ({ target, lacks }: Variant): boolean => target !== undefined || lacks !== undefined;

const decisionsOf = ({ behaviours, oauth }: Variant): string[] =>
  Object.keys({ ...behaviours?.(), ...oauth?.behaviours?.() });
