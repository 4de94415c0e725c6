import { type Absence, absences } from './absences.ts';

/**
 * Ends a case before its last step.
 *
 * - `control`: the control was not answered as expected
 * - `step`: a step was answered without what the next one needs
 * - `fixture`: something that the case needs first could not be had
 * - `lost`: the connection of a generated request was lost
 * - `silent`: a generated request got no answer, or only "not now"
 * - `out-of-scope`: the target file declares that it cannot be had, or the target showed it (`absences.ts`)
 */
export class Stop extends Error {
  readonly kind: 'control' | 'step' | 'fixture' | 'lost' | 'silent' | 'out-of-scope';

  constructor(kind: Stop['kind'], reason: string = kind) {
    super(reason);
    this.kind = kind;
  }
}

/** Begins the reason of a case for which a fixture provider did not work. */
export const failedAt = 'the fixture provider failed at';

/** The target does not offer what the requirement presupposes, and need not: the case does not apply. */
export function notOffered(absence: Absence): Stop {
  return new Stop('out-of-scope', absences[absence]);
}

/** A request that must be refused came out the same as the valid one. */
export function sameAsValid(): Stop {
  return new Stop('silent', 'the request of this case came out the same as the valid one');
}
