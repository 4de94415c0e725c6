import type { Counting } from '../specs/read.ts';
import type { Operation } from '../targets/dialect.ts';
import type { Need } from '../targets/target/limits.ts';
import type { Observation, Probe } from './probe.ts';
import type { World } from './world/world.ts';

export type { DialectName } from '../specs/read.ts';
export type { Operation, OperationOf } from '../targets/dialect.ts';
export { limitOn, type Need, needsOf } from '../targets/target/limits.ts';

/** One probe of one requirement. */
export interface Case extends Probe {
  /**
   * Sends the requests, each under the name of its step. A step called `control…` must come out as
   * expected, or the case is inconclusive and stops there.
   */
  readonly run: (world: World) => Promise<void>;
}

/** A rule over every response of a run, judged once at its end. */
export interface Rule extends Counting {
  readonly id: string;
  readonly title: string;
  readonly requirement: string;
  /** The operation that it concerns; every operation when absent. */
  readonly operation?: Operation;
  /** The dialect's name of the error whose replies it concerns. */
  readonly exception?: string;
  /** What kind of replies it concerns: says which cases would have shown them. */
  readonly concerns: 'granted' | 'rejected' | 'any';
  /** Whether this response is one that the rule speaks of. */
  readonly applies: (seen: Observation) => boolean;
  /** What is wrong with it, in one sentence or several; undefined when nothing is. */
  readonly problem: (seen: Observation) => string | readonly string[] | undefined;
  /** Those of all responses that together break the rule: a token that came before, say. */
  readonly across?: (all: readonly Observation[]) => readonly Observation[];
  /** What is wrong with these. */
  readonly acrossProblem?: string;
  /** What must be seen, in words. */
  readonly expected: string;
  /** Set where a conformant target may never show such a response: what that means. */
  readonly optional?: string;
  /** Which answers of its kind show that, where not all do. */
  readonly couldHave?: (seen: Observation) => boolean;
  /** It speaks of answers too that are not in the coding that they name, and that no client can read. */
  readonly ofUnreadable?: true;
  /** What a target has that may show such a response. */
  readonly needs?: readonly Need[];
  /** It needs the keys that the target file names as `jwks`. */
  readonly needsKeys?: true;
}
