import type { Change } from '../../emulator/defects/defect.ts';
import type { DialectName } from '../../specs/read.ts';
import type { Target } from '../../targets/target/target.ts';

/** A conformant way to be different: the suites have to stay quiet about it. */
export interface Variant extends Change {
  readonly name: string;
  /** In one sentence. */
  readonly differs: string;
  /** The one dialect whose documents allow it, where those of the other do not. */
  readonly only?: DialectName;
  /** What its target file says differently. */
  readonly target?: Partial<Target>;
}
