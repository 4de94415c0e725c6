import { type Refusal, refusalFor } from '../../core/refusal.ts';
import type { OAuthCheck } from './attempt.ts';
import { assertionAlgorithms } from './methods.ts';
import { oauthOf } from './state.ts';

export const clientAssertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** OpenID Connect Core section 9. Whatever is wrong with it, the client is not who it says (RFC 7523 section 3.2). */
export const clientAssertionChecks = {
  'client-assertion-type-right': ({ presented }) => refuseIf(presented.assertionType !== clientAssertionType),

  'client-assertion-well-formed': ({ clientAssertion }) => refuseIf(clientAssertion?.wellFormed === false),

  'client-assertion-algorithm-right': ({ clientAssertion, client }) => {
    if (!clientAssertion || !client) return undefined;
    const { method, assertionAlgorithm } = client;
    const allowed = assertionAlgorithm === undefined ? assertionAlgorithms[method] : [assertionAlgorithm];
    return refuseIf(allowed?.includes(String(clientAssertion.header.alg)) !== true);
  },

  'client-assertion-signature-right': ({ clientAssertion }) => refuseIf(clientAssertion?.signed === false),

  'client-assertion-issuer-right': ({ clientAssertion, client }) =>
    refuseIf(clientAssertion && client && clientAssertion.claims.iss !== client.id),

  'client-assertion-subject-right': ({ clientAssertion, client }) =>
    refuseIf(clientAssertion && client && clientAssertion.claims.sub !== client.id),

  'client-assertion-audience-right': ({ clientAssertion, audiences }) =>
    refuseIf(clientAssertion && !namesOne(clientAssertion.claims.aud, audiences)),

  'client-assertion-expiry-present': ({ clientAssertion }) =>
    refuseIf(clientAssertion && !isTime(clientAssertion.claims.exp)),

  'client-assertion-not-expired': ({ clientAssertion, now }) =>
    refuseIf(
      clientAssertion && isTime(clientAssertion.claims.exp) && now >= clientAssertion.claims.exp * 1000,
    ),

  'client-assertion-already-valid': ({ clientAssertion, now }) =>
    refuseIf(clientAssertion && !isPast(clientAssertion.claims.nbf, now)),

  'client-assertion-issued-in-the-past': ({ clientAssertion, now }) =>
    refuseIf(clientAssertion && !isPast(clientAssertion.claims.iat, now)),

  'client-assertion-id-present': ({ clientAssertion }) =>
    refuseIf(
      clientAssertion &&
        (typeof clientAssertion.claims.jti !== 'string' || clientAssertion.claims.jti === ''),
    ),

  /** The last question of the client: from then on the assertion is used, whatever else the request meets. */
  'client-assertion-not-used': ({ clientAssertion, client, state }) => {
    if (!clientAssertion || !client) return undefined;
    const { usedClientAssertions } = oauthOf(state);
    const identity = JSON.stringify([client.id, clientAssertion.claims.jti]);
    if (usedClientAssertions.has(identity)) return refuseIf(true);
    usedClientAssertions.add(identity);
    return undefined;
  },
} satisfies Record<string, OAuthCheck>;

const refuseIf = (wrong: boolean | undefined): Refusal | undefined =>
  wrong ? { ...refusalFor('invalid_client'), description: 'Invalid client assertion provided' } : undefined;

const isTime = (value: unknown): value is number => typeof value === 'number';

/** Milliseconds by which the clock of a client may be ahead. */
const skew = 10_000;

const isPast = (value: unknown, now: number): boolean =>
  value === undefined || (isTime(value) && value * 1000 <= now + skew);

export const namesOne = (aud: unknown, audiences: readonly string[]): boolean =>
  (Array.isArray(aud) ? aud : [aud]).some((one) => audiences.includes(one));
