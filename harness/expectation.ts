import { type Counting, countsFor, type DialectName } from '../specs/read.ts';

/** One error that a request may be answered with, and what says so. */
export interface Accepted extends Counting {
  /** In the standards' spelling: `invalid_grant`. */
  readonly error: string;
  readonly basis: 'documented' | 'observed' | 'inferred';
  readonly source?: string;
}

/**
 * What a step must be answered with, in no dialect's words. It speaks of the meaning of an answer: whether that has the
 * exact shape that the dialect documents is judged, once, by the rules over all responses.
 *
 * - `granted`: what was asked for is issued
 * - `rejected`: one of the accepted errors
 * - `refused`: any error that is none of the server's; which one, no document says. Or a status of HTTP, where the
 *   request is none of the operation
 * - `no-token`: nothing is issued and nothing breaks (no 5xx); it may say nothing at all
 */
export type Expectation =
  | {
      readonly kind: 'granted';
      /** Set where the case is about the shape of the response: it has to be as its contract says. */
      readonly exact?: true;
      readonly atMost?: 1;
      readonly losers?: Expectation;
      /** How many requests there have to be. */
      readonly of?: number;
    }
  | {
      readonly kind: 'rejected';
      readonly accept: readonly Accepted[];
      /** Why a server may grant the request instead. */
      readonly orGranted?: string;
      /** Why a server may answer it below the operation instead, by a status of HTTP. */
      readonly orUnserved?: string;
    }
  | {
      readonly kind: 'refused';
      /** What that means, where it is asked of another operation than the case is about. */
      readonly told?: string;
      /** Why it may be granted all the same: what is wrong then is no matter of the case. */
      readonly orGranted?: string;
    }
  | { readonly kind: 'no-token' };

export function granted(): Expectation {
  return { kind: 'granted' };
}

/** Granted by a response that is just as its contract says: for cases that are about that. */
export function conforming(): Expectation {
  return { kind: 'granted', exact: true };
}

/** Rejected with this error or with one of the others that have their own evidence. */
export function rejected(error: string, ...others: readonly Accepted[]): Expectation {
  return { kind: 'rejected', accept: [{ error, basis: 'documented' }, ...others] };
}

/** Rejected with this error, or granted all the same, for which the reason is given. */
export function rejectedOrIgnored(error: string, orGranted: string): Expectation {
  return { kind: 'rejected', accept: [{ error, basis: 'documented' }], orGranted };
}

/** Rejected with this error, or by a status of HTTP that says that such a request is not served. */
export function rejectedOrUnserved(error: string, orUnserved: string): Expectation {
  return { kind: 'rejected', accept: [{ error, basis: 'documented' }], orUnserved };
}

/** Another error that a source documents for the same circumstance. */
export function documented(error: string, source: string): Accepted {
  return { error, basis: 'documented', source };
}

/** An error that the live service was seen to answer with, whatever its documents say. */
export function observed(error: string, source: string): Accepted {
  return { error, basis: 'observed', source };
}

/** An error that follows from a reading that a server may take; no document decides. */
export function inferred(error: string, source: string): Accepted {
  return { error, basis: 'inferred', source };
}

export function refused(told?: string): Expectation {
  return { kind: 'refused', ...(told !== undefined && { told }) };
}

export function noToken(): Expectation {
  return { kind: 'no-token' };
}

/** Of so many parallel requests exactly one is granted, the others are answered as `losers` says. */
export function grantedOnce(losers: Expectation, of: number): Expectation {
  return { kind: 'granted', atMost: 1, losers, of };
}

/** Which of several errors count: those with evidence for the dialect, and documented ones alone where it is strict. */
export function acceptedIn(
  accept: readonly Accepted[],
  dialect: DialectName,
  strict: boolean,
): readonly Accepted[] {
  return accept.filter(countsFor(dialect)).filter(({ basis }) => !strict || basis === 'documented');
}

/** Whether something may be given. */
export function mayGrant(expectation: Expectation): boolean {
  if (expectation.kind === 'rejected' || expectation.kind === 'refused')
    return expectation.orGranted !== undefined;
  return expectation.kind === 'granted';
}
