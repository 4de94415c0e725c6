import { randomUUID } from 'node:crypto';
import { seconds } from '../clock.ts';
import type { JsonObject } from '../wire.ts';

/** The trusted token issuer whose assertions the endpoint accepts. */
export const trustedIssuer = 'https://issuer.example';

/** Seconds. */
const assertionLifetime = 300;

/** What a good assertion says. */
export function assertionClaims(subject: string, audience: string, now: number): JsonObject {
  const iat = seconds(now);
  return {
    iss: trustedIssuer,
    sub: subject,
    aud: audience,
    jti: randomUUID(),
    iat,
    nbf: iat,
    exp: iat + assertionLifetime,
  };
}
