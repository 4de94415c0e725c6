import type { Level } from '../../specs/read.ts';
import type { Exchange, Sample } from '../exchange.ts';
import type { Counterexample } from '../trial.ts';
import type { Verdict } from '../verdict.ts';

/** What a report says of one case. */
export interface ReportVerdict {
  readonly case: string;
  readonly title: string;
  readonly requirement: string;
  readonly level: Level;
  readonly statement: string;
  readonly section: string;
  readonly operation: string | null;
  readonly grant: string | null;
  readonly exception: string | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  readonly exchanges: readonly Exchange[];
  readonly samples: readonly Sample[];
  /** What the generated values of a property came to; null for any other case. */
  readonly generated: Generated | null;
  readonly reproduce: { readonly command: string; readonly curl: string | null };
  readonly durationMs: number;
}

export interface Generated {
  readonly runs: number;
  readonly requests: number;
  /** How many of them were answered as the operation answers; absent in older reports. */
  readonly answers?: number;
  readonly counterexample: Counterexample | null;
}
