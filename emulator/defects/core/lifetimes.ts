import type { Assertion } from '../../core/assertion.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant, refusalFor } from '../../core/refusal.ts';
import type { RegisteredClient } from '../../core/state.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

const codeExpiry = 'RFC6749-4.1.2-code-expiry';
const minute = 60_000;
const day = 86_400_000;

const secretLife = usual['client-secret-lifetime']() * 1_000;
/** Whether its end is the one that was promised, and not one that the fixture service brought forward. */
const isPromised = ({ issuedAt, secretExpiresAt }: RegisteredClient): boolean =>
  secretExpiresAt >= issuedAt + secretLife;

/** A secret that ends at another moment than the registration says. */
const endingSecret = (end: (client: RegisteredClient) => number): Change =>
  replacing(() => ({
    'client-secret-not-expired': (attempt) => {
      const { client, now } = attempt;
      if (!client || !('secret' in client) || !isPromised(client))
        return usual['client-secret-not-expired'](attempt);
      return now >= end(client) ? refusalFor('invalid_client') : undefined;
    },
  }));

/** An assertion that is too old, or too young, by another reckoning. */
const expiring = (end: (claims: Assertion['claims']) => number): Change =>
  replacing(() => ({
    'assertion-not-expired': ({ assertion, now }) =>
      assertion && now >= end(assertion.claims) ? invalidGrant('assertion') : undefined,
  }));

/** Promises about secrets, codes and assertions that are not kept. */
export const lifetimes: readonly Defect[] = [
  {
    name: 'secret-dies-half-way',
    changes: 'A client secret ends after half of the time until clientSecretExpiresAt.',
    breaks: ['RFC8628-3.5-authorization_pending'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...endingSecret(({ issuedAt }) => issuedAt + secretLife / 2),
  },
  {
    name: 'secret-dies-a-day-early',
    changes: 'A client secret ends a day before clientSecretExpiresAt.',
    breaks: ['RFC8628-3.5-authorization_pending'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...endingSecret(({ secretExpiresAt }) => secretExpiresAt - day),
  },
  {
    name: 'secret-lives-on',
    changes: 'A client secret works on after clientSecretExpiresAt.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...endingSecret(() => Number.POSITIVE_INFINITY),
  },
  {
    name: 'refused-attempt-keeps-code-for-ever',
    changes: 'A code that was presented with a wrong verifier no longer expires.',
    breaks: [codeExpiry],
    at: tokens,
    ...replacing(() => ({
      'verifier-matches': (attempt) => {
        const refusal = usual['verifier-matches'](attempt);
        if (refusal && attempt.code) attempt.code.expiresAt = Number.POSITIVE_INFINITY;
        return refusal;
      },
    })),
  },
  {
    name: 'code-age-by-the-face-of-the-clock',
    changes: 'Of the time of issue of a code only hour, minute and second are compared.',
    breaks: [codeExpiry],
    at: tokens,
    ...skippingWhen(
      ({ code, now }) => code !== undefined && (now - code.issuedAt) % day < code.expiresAt - code.issuedAt,
      'code-not-expired',
    ),
  },
  {
    name: 'code-of-the-signed-operation-lives-on',
    changes: 'The signed operation redeems codes for ten days, unless they were made to expire.',
    breaks: [codeExpiry],
    at: atIamToken,
    dialects: ['aws-json'],
    ...skippingWhen(
      ({ operation, code, now }) =>
        operation === 'iam_token' &&
        code !== undefined &&
        code.expiresAt - code.issuedAt >= usual['code-lifetime']() * 1_000 &&
        now < code.issuedAt + 10 * day,
      'code-not-expired',
    ),
  },
  {
    name: 'assertion-age-by-iat',
    changes: 'An assertion is good for an hour after its iat, whatever its exp says.',
    breaks: ['RFC7523-3-exp'],
    at: atIamToken,
    ...expiring(({ iat }) => Number(iat) * 1_000 + 60 * minute),
  },
  {
    name: 'assertion-expiry-with-much-leeway',
    changes: 'An assertion is good for fifty minutes after its exp, in case clocks differ.',
    breaks: ['RFC7523-3-exp'],
    at: atIamToken,
    ...expiring(({ exp }) => Number(exp) * 1_000 + 50 * minute),
  },
  {
    name: 'assertion-expiry-of-zero',
    changes: 'An assertion whose exp is 0 never expires.',
    breaks: ['RFC7523-3-exp'],
    at: atIamToken,
    ...skippingWhen(({ assertion }) => assertion?.claims.exp === 0, 'assertion-not-expired'),
  },
];
