import type { applicationChecks } from './application.ts';
import type { assertionChecks } from './assertion.ts';
import type { authorizationCodeChecks } from './authorization-code.ts';
import type { clientChecks } from './client.ts';
import type { deviceCodeChecks } from './device-code.ts';
import type { refreshTokenChecks } from './refresh-token.ts';
import type { registrationChecks } from './registration.ts';
import type { requestChecks } from './request.ts';
import type { subjectTokenChecks } from './subject-token.ts';

export type CheckName = keyof (typeof requestChecks &
  typeof clientChecks &
  typeof authorizationCodeChecks &
  typeof deviceCodeChecks &
  typeof refreshTokenChecks &
  typeof registrationChecks &
  typeof applicationChecks &
  typeof assertionChecks &
  typeof subjectTokenChecks);

/** Is it said who asks, and for which grant? */
export const identified: readonly CheckName[] = [
  'client-id-present',
  'client-secret-present',
  'grant-type-present',
  'grant-type-known',
];

/** Is the client the one that it says it is, and may it ask for that? */
export const authenticated: readonly CheckName[] = [
  'client-known',
  'client-secret-right',
  'client-secret-not-expired',
  'grant-allowed',
  'scope-acceptable',
];

/** Is the assertion good, and is there a user that it speaks of? */
export const trusted: readonly CheckName[] = [
  'assertion-well-formed',
  'assertion-algorithm-right',
  'assertion-signature-right',
  'assertion-issuer-trusted',
  'assertion-audience-right',
  'assertion-expiry-present',
  'assertion-not-expired',
  'assertion-already-valid',
  'assertion-subject-present',
  'assertion-user-known',
  'assertion-not-used',
];

/** Is the code good, and does it belong to this request? */
export const redeemable: readonly CheckName[] = [
  'code-known',
  'code-bound-to-client',
  'redirect-uri-same',
  'verifier-present',
  'verifier-long-enough',
  'verifier-short-enough',
  'verifier-unreserved',
  'code-has-challenge',
  'verifier-matches',
  'code-not-redeemed',
  'code-not-expired',
];
