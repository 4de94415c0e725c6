import { createHash } from 'node:crypto';
import type { Assertion } from '../assertion.ts';
import type { Attempt, Check } from '../attempt.ts';
import { invalidGrant, type Refusal } from '../refusal.ts';
import { trustedIssuer } from '../trusted-issuer.ts';

/** RFC 7523 section 3. */
export const assertionChecks = {
  'assertion-well-formed': ({ assertion }) => refuseIf(assertion?.wellFormed === false),

  'assertion-algorithm-right': ({ assertion }) => refuseIf(assertion && assertion.header.alg !== 'RS256'),

  'assertion-signature-right': ({ assertion }) => refuseIf(assertion?.signature === 'wrong'),

  'assertion-issuer-trusted': ({ assertion }) =>
    refuseIf(assertion && assertion.claims.iss !== trustedIssuer),

  'assertion-audience-right': ({ assertion, client }) =>
    refuseIf(assertion && client && 'audience' in client && !namesAudience(assertion, client.audience)),

  'assertion-expiry-present': ({ assertion }) => refuseIf(assertion && !isTime(assertion.claims.exp)),

  'assertion-not-expired': (attempt) => refuseIf(expired(attempt)),

  'assertion-already-valid': ({ assertion, now }) =>
    refuseIf(
      assertion &&
        assertion.claims.nbf !== undefined &&
        !(isTime(assertion.claims.nbf) && assertion.claims.nbf * 1000 <= now),
    ),

  'assertion-subject-present': ({ assertion }) => refuseIf(assertion && assertion.claims.sub === undefined),

  'assertion-user-known': ({ assertion, assertedUser }) =>
    refuseIf(assertion && assertion.claims.sub !== undefined && !assertedUser),

  'assertion-not-used': ({ assertion, state }) =>
    refuseIf(assertion && state.usedAssertions.has(identityOf(assertion))),
} satisfies Record<string, Check>;

/** The `jti` of its issuer; an assertion without one is told from others by its text. */
export function identityOf({ claims: { iss, jti }, value }: Assertion): string {
  return jti === undefined
    ? createHash('sha256').update(value).digest('base64url')
    : JSON.stringify([iss, jti]);
}

const refuseIf = (wrong: boolean | undefined): Refusal | undefined =>
  wrong ? invalidGrant('assertion') : undefined;

const isTime = (value: unknown): value is number => typeof value === 'number';

function namesAudience({ claims: { aud } }: Assertion, audience: string): boolean {
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience;
}

function expired({ assertion, now, state }: Attempt): boolean {
  if (!assertion) return false;
  const { exp } = assertion.claims;
  const written = state.assertions.get(assertion.value);
  return (isTime(exp) && now >= exp * 1000) || (written !== undefined && now >= written.expiresAt);
}
