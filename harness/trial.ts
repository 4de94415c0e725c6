/** How much is generated for each property: so many values, or for so long. */
export type Budget = { readonly runs: number } | { readonly milliseconds: number };

export const budgets = { quick: { runs: 8 }, standard: { runs: 20 }, thorough: { runs: 1_000 } } as const;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `quick`, `standard`, `thorough` or a duration such as `90s`; undefined for anything else. */
export function readBudget(text: string): Budget | undefined {
  if (Object.hasOwn(budgets, text)) return budgets[text as keyof typeof budgets];
  const [, amount, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text) ?? [];
  return amount === undefined ? undefined : { milliseconds: Number(amount) * (units[unit] ?? 1) };
}

/** A budget as `readBudget` takes it; undefined for one that has no name. */
export function budgetText(budget: Budget): string | undefined {
  if ('milliseconds' in budget) return `${budget.milliseconds}ms`;
  return Object.entries(budgets).find(([, { runs }]) => runs === budget.runs)?.[0];
}

/** Where fast-check finds a value again. */
export interface Place {
  readonly seed: number;
  readonly path: string;
}

/** A generated value that breaks a property, made as small as it could be. */
export interface Counterexample extends Place {
  /** In JSON, for people. */
  readonly value: unknown;
  /** In one sentence. */
  readonly problem: string;
  /** How often it was made smaller. */
  readonly shrinks: number;
  /** False when it broke the property only once: something else than the value counts too. */
  readonly again: boolean;
  /** Something was given that may not be: that needs no second time. */
  readonly givenAway?: true;
}

/** What the generated values of one property came to. */
export interface Trial {
  /** How many values were tried. */
  readonly runs: number;
  /** How many requests that took. */
  readonly requests: number;
  /** How many of them were answered as the operation answers: granted, or with an error. */
  readonly answers: number;
  readonly counterexample?: Counterexample;
}
