import type { JsonObject } from '../wire.ts';
import type { Attempt, GrantType } from './attempt.ts';
import type { Operation } from './operation.ts';
import type { State } from './state.ts';

/** What the core leaves to each front to decide. */
export interface Asked {
  /** The names of checks, in the order in which they are asked. */
  readonly 'order-of-checks': (
    operation: Operation,
    grant: GrantType | undefined,
    attempt: Attempt,
  ) => readonly string[];
  /** Those of `token`. */
  readonly 'grant-types': () => readonly GrantType[];
  readonly 'new-client-id': (state: State) => string;
  readonly 'new-client-secret': (facts: ClientFacts) => string;
  /** What an ID token says of its issuer, and what no standard knows. */
  readonly 'own-claims': (attempt: Attempt) => JsonObject;
}

export interface ClientFacts {
  readonly id: string;
  readonly name: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}
