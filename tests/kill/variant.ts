import type { Change } from '../../emulator/defects/defect.ts';
import type { DialectName } from '../../specs/read.ts';
import type { Target } from '../../targets/target/target.ts';

/** A conformant way to be different: the suites have to stay quiet about it. */
export interface Variant extends Change {
  readonly name: string;
  /** In one sentence. */
  readonly differs: string;
  /** Where a document permits it; every dialect that asks what it replaces, when absent. */
  readonly dialects?: readonly DialectName[];
  /** What its target file says differently. */
  readonly target?: Partial<Target>;
  /** Which profile it conforms to; the widest of its dialect where nothing is said. */
  readonly profile?: string;
  /** Endpoints that it does not have. */
  readonly lacks?: readonly string[];
}
