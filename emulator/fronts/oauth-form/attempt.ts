import type { Attempt, Members } from '../../core/attempt.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { AccessToken } from '../../core/state.ts';
import type { ClientAssertion } from './client-assertion.ts';
import type { Presented } from './credentials.ts';
import type { OAuthClient } from './state.ts';

/** As the core has them, with what only this front reads. */
export interface OAuthMembers extends Members {
  readonly actor_token?: string;
  readonly actor_token_type?: string;
  readonly resource?: readonly string[];
  readonly audience?: readonly string[];
  readonly token?: string;
  readonly token_type_hint?: string;
}

/** What this front knows of a request beyond the core. */
export interface OAuthProof {
  readonly issuer: string;
  /** The names under which an assertion may address this server. */
  readonly audiences: readonly string[];
  readonly presented: Presented;
  readonly clientAssertion: ClientAssertion | undefined;
  readonly actorToken: AccessToken | undefined;
}

export interface OAuthAttempt extends Attempt, OAuthProof {
  readonly members: OAuthMembers;
  readonly client: OAuthClient | undefined;
}

/** The core hands on an attempt as it got it. */
export const ofOAuth = (attempt: Attempt): OAuthAttempt => attempt as OAuthAttempt;

export type OAuthCheck = (attempt: OAuthAttempt) => Refusal | undefined;

/** A check of this front in place of one of the core, which speaks of a plain attempt. */
export const asking =
  (check: OAuthCheck) =>
  (attempt: Attempt): Refusal | undefined =>
    check(ofOAuth(attempt));
