import type { Accepted } from '../../harness/expectation.ts';

/** An answer that only AWS gives a reason for: its documents, what its service was seen to do, what follows from them. */
export const ofAws = (accepted: Accepted): Accepted => ({ ...accepted, dialects: ['aws-json'] });
