import { type Exchange, shapeStep } from '../exchange.ts';
import type { Outcome } from './for-all.ts';

/** Of so many kinds of problems one answer is kept for each property. */
const mostKinds = 5;

/** What answers to generated requests have with their shape: one of each kind is kept for the rules over all responses. */
export interface Shapes {
  add(value: unknown, outcome: Pick<Outcome, 'misshapen'>): void;
  kept(): Exchange[];
}

/** Which ones are kept follows from the values that were tried, whatever the order in which they came back. */
export function createShapes(): Shapes {
  let best: { readonly kind: string; readonly value: string; readonly captureNow: () => Exchange }[] = [];
  return {
    add: (given, { misshapen = new Map() }) => {
      if (misshapen.size === 0) return;
      const value = JSON.stringify(given) ?? '';
      for (const [kind, captureNow] of misshapen) {
        const other = best.find((one) => one.kind === kind);
        if (other !== undefined && !isBefore(value, other.value)) continue;
        best = [...best.filter((one) => one !== other), { kind, value, captureNow }];
        best = best.sort((one, two) => (one.kind < two.kind ? -1 : 1)).slice(0, mostKinds);
      }
    },
    kept: () =>
      best.map(({ captureNow }) => {
        const exchange = captureNow();
        return { ...exchange, step: `${shapeStep}${exchange.step}` };
      }),
  };
}

/** Short values come first: they are easier to read. */
const isBefore = (one: string, other: string): boolean =>
  one.length === other.length ? one < other : one.length < other.length;
