import { hash } from 'node:crypto';
import type { Sample } from './exchange.ts';
import { unpredictableBits } from './sample.ts';

/** Every token that a target issued in a run: whether one came twice, and how unpredictable they are. */
export interface Issued {
  add(kind: string, value: string): void;
  /** What is known of a kind; the values stay here. */
  sample(step: string, kind: string): Sample;
}

/** Values that an estimate is made from at most: more say little more, and take memory. */
const mostValues = 2_000;

export function createIssued(): Issued {
  const kinds = new Map<string, { count: number; readonly seen: Set<string>; readonly values: string[] }>();
  return {
    add(kind, value) {
      const known = kinds.get(kind) ?? { count: 0, seen: new Set(), values: [] };
      kinds.set(kind, known);
      known.count += 1;
      // 72 bits of a hash: two of a million tokens would not meet by chance.
      known.seen.add(hash('sha256', value, 'base64url').slice(0, 12));
      if (known.values.length < mostValues) known.values.push(value);
    },
    sample(step, kind) {
      const { count = 0, seen, values = [] } = kinds.get(kind) ?? {};
      return { step, kind, count, distinct: seen?.size ?? 0, bits: unpredictableBits(values) };
    },
  };
}
