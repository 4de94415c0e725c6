import type { Counting } from '../specs/read.ts';
import type { Operation, Reply } from '../targets/dialect.ts';
import type { Members } from '../targets/members.ts';
import type { Need } from '../targets/target/limits.ts';
import type { Absence } from './absences.ts';
import type { Exchange, Sample, Step } from './exchange.ts';
import type { Expectation } from './expectation.ts';
import type { Ways } from './way.ts';

/** An exchange together with what the dialect reads in its response. */
export interface Observation {
  readonly exchange: Exchange;
  readonly reply: Reply;
  /** The members that were asked with, in the standards' names; none where the body is none. */
  readonly asked: () => Members;
  /** Set where it was answered below the operation, since the request is not one of it (`unserved.ts`). */
  readonly unserved?: true;
  /** Set of what an operation answered that only tells of tokens which others issued. */
  readonly helper?: true;
}

/** What the change of a case does to a member of the valid request; undefined leaves it out. */
export interface Edit {
  readonly member: string;
  readonly of: (valid: unknown) => unknown;
}

/** What says which targets something applies to: those of these dialects that have what it needs. */
export interface Applicability extends Counting {
  /** The fixtures, or parts of them, and the capabilities that it cannot do without. */
  readonly needs: readonly Need[];
}

/** All of a case that a judge asks for: data. */
export interface Probe extends Applicability {
  /** `folder/name`: the key in reports, baselines and histories. It never changes. */
  readonly id: string;
  /** The circumstance in a few words, for people. */
  readonly title: string;
  readonly requirement: string;
  readonly operation: Operation;
  readonly grant?: string;
  /** Where any grant will do: those that it can be shown on. It is shown on the first that the target can give. */
  readonly ways?: Ways;
  /** Grants that its requests name besides, so that a target without them cannot show it. */
  readonly presupposes?: readonly string[];
  /** It asks that this grant be refused, which nobody asks of a target that declares it. */
  readonly refuses?: string;
  /** The error whose cell in the matrix this case exercises, in the standards' spelling. */
  readonly cell?: string;
  readonly provokedBy?: 'circumstance' | 'fault';
  /** It lets time pass: it runs after those that do not, at the same time as others that do. */
  readonly overTime?: true;
  /** It changes what other cases see (a fault for everybody), or looks back on them: it runs last, alone. */
  readonly alone?: true;
  /** It looks into access tokens: of those that are JWTs is kept what may be known of them. */
  readonly readsTokens?: true;
  /** The property that it tries on generated values, in words. Such a case has no steps. */
  readonly property?: string;
  /** What each step must be answered with. A step that was not reached is not tested. */
  readonly expect: Readonly<Record<Step, Expectation>>;
  /** What tells the probe from the control, where that follows from the control alone. */
  readonly edits?: readonly Edit[];
  /** Steps that a conformant target may make impossible, and what that means (empty: nothing to say). */
  readonly optional?: Readonly<Record<Step, string>>;
  /** Absences that it may end with although no exchange shows them: a fixture provider says so, and is not captured. */
  readonly mayLack?: readonly Absence[];
  /** What is wrong over several exchanges; one sentence each, empty when nothing is. */
  readonly holds?: (
    seen: Readonly<Record<Step, readonly Observation[]>>,
    samples: readonly Sample[],
  ) => string[];
}
