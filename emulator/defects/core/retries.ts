import type { Attempt } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import { identityOf } from '../../core/checks/assertion.ts';
import type { CheckName } from '../../core/checks/order.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, tokens } from '../defect.ts';

const boundCode = 'RFC6749-4.1.3-code-bound-to-confidential-client';
const boundToken = 'RFC6749-6-bound-to-client';
const boundDevice = 'RFC8628-3.4-bound-to-client';
const wrongVerifier = 'RFC7636-4.6-wrong-verifier';

/** What one request is told, another one learns from: a refusal that is remembered wrongly, an answer that is given again. */
export const retries: readonly Defect[] = [
  ...[
    {
      name: 'unknown-code-known-the-second-time',
      what: 'An unknown code',
      breaks: 'RFC6749-4.1.3-unknown-code',
      at: tokens,
      check: 'code-known',
      key: ({ members }: Attempt) => members.code,
    },
    {
      name: 'unknown-device-code-known-the-second-time',
      what: 'An unknown device code',
      breaks: 'RFC8628-3.4-unknown-device_code',
      at: atToken,
      check: 'device-code-known',
      key: ({ members }: Attempt) => members.device_code,
    },
    {
      name: 'unknown-refresh-token-known-the-second-time',
      what: 'An unknown refresh token',
      breaks: 'RFC6749-6-unknown-refresh_token',
      at: tokens,
      check: 'refresh-token-known',
      key: ({ members }: Attempt) => members.refresh_token,
    },
    {
      name: 'unknown-subject-token-known-the-second-time',
      what: 'An unknown subject token',
      breaks: 'RFC8693-2.2.2-invalid-subject_token',
      at: atIamToken,
      check: 'subject-token-known',
      key: ({ members }: Attempt) => members.subject_token,
    },
    {
      name: 'forged-assertion-trusted-the-second-time',
      what: 'An assertion with a wrong signature',
      breaks: 'RFC7523-3-signature',
      at: atIamToken,
      check: 'assertion-signature-right',
      key: ({ members }: Attempt) => members.assertion,
    },
    {
      name: 'expired-code-renewed-by-its-refusal',
      what: 'An expired code',
      breaks: 'RFC6749-4.1.2-code-expiry',
      at: tokens,
      check: 'code-not-expired',
      key: ({ members }: Attempt) => members.code,
    },
    {
      name: 'expired-refresh-token-renewed-by-its-refusal',
      what: 'An expired refresh token',
      breaks: 'RFC6749-6-expired-refresh_token',
      at: tokens,
      check: 'refresh-token-not-expired',
      key: ({ members }: Attempt) => members.refresh_token,
    },
    {
      name: 'expired-subject-token-renewed-by-its-refusal',
      what: 'An expired subject token',
      breaks: 'RFC8693-2.2.2-invalid-subject_token',
      at: atIamToken,
      check: 'subject-token-not-expired',
      key: ({ members }: Attempt) => members.subject_token,
    },
    {
      name: 'expired-assertion-renewed-by-its-refusal',
      what: 'An expired assertion',
      breaks: 'RFC7523-3-exp',
      at: atIamToken,
      check: 'assertion-not-expired',
      key: ({ members }: Attempt) => members.assertion,
    },
    {
      name: 'stranger-known-the-second-time',
      what: 'A code of another client',
      breaks: boundCode,
      at: tokens,
      check: 'code-bound-to-client',
      key: ({ members }: Attempt) => `${members.client_id} ${members.code}`,
    },
    {
      name: 'device-of-a-stranger-known-the-second-time',
      what: 'A device code of another client',
      breaks: boundDevice,
      at: atToken,
      check: 'device-code-bound-to-client',
      key: ({ members }: Attempt) => `${members.client_id} ${members.device_code}`,
    },
    {
      name: 'refresh-token-handed-to-the-stranger',
      what: 'A refresh token of another client',
      breaks: boundToken,
      at: tokens,
      check: 'refresh-token-bound-to-client',
      key: ({ members }: Attempt) => `${members.client_id} ${members.refresh_token}`,
    },
  ].map(
    ({ name, what, breaks, at, check, key }): Defect => ({
      name,
      changes: `${what} is refused once, and accepted the second time.`,
      breaks: [breaks],
      at,
      ...refusedOnlyUntil(2, check as CheckName, key),
    }),
  ),
  {
    name: 'third-wrong-verifier-accepted',
    changes: 'Wrong verifiers of a code are counted up to two, and the third one passes.',
    breaks: [wrongVerifier],
    at: tokens,
    ...refusedOnlyUntil(3, 'verifier-matches', ({ members }) => members.code),
  },
  {
    name: 'third-wrong-secret-accepted',
    changes: 'Wrong secrets are counted up to two for each code or token, and the third one passes.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...refusedOnlyUntil(
      3,
      'client-secret-right',
      ({ members }) => members.code ?? members.device_code ?? members.refresh_token,
    ),
  },
  {
    name: 'grace-renewed-by-each-retry',
    changes: 'A replaced refresh token works for half an hour more, which begins anew with each use.',
    breaks: ['RFC9700-4.14.2-rotated-rt-invalidated'],
    at: atToken,
    ...forHalfAnHour(() => ({})),
  },
  {
    name: 'grace-whatever-the-expiry',
    changes: 'A replaced refresh token works for half an hour more, even when it expires meanwhile.',
    breaks: ['RFC6749-6-expired-refresh_token'],
    at: atToken,
    ...forHalfAnHour((isInGrace) => ({
      'refresh-token-not-expired': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-not-expired'](attempt),
    })),
  },
  {
    name: 'grace-whatever-the-client',
    changes: 'A replaced refresh token works for half an hour more, for whichever client.',
    breaks: [boundToken],
    at: atToken,
    ...forHalfAnHour((isInGrace) => ({
      'refresh-token-bound-to-client': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-bound-to-client'](attempt),
    })),
  },
];

/** A replaced refresh token works on for half an hour after each use; more is wrong with it meanwhile. */
function forHalfAnHour(more: (isInGrace: (attempt: Attempt) => boolean) => Partial<CoreBehaviours>): Change {
  return replacing(() => {
    const until = new WeakMap<object, number>();
    const isInGrace = ({ refreshToken, now }: Attempt) =>
      refreshToken !== undefined && now < (until.get(refreshToken) ?? 0);
    return {
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        if (attempt.refreshToken) until.set(attempt.refreshToken, attempt.now + 1_800_000);
      },
      'refresh-token-not-rotated': (attempt) =>
        isInGrace(attempt) ? undefined : usual['refresh-token-not-rotated'](attempt),
      ...more(isInGrace),
    };
  });
}

/** A check refuses the same thing so many times less one, then lets it pass, and so on. */
export function refusedOnlyUntil(
  time: number,
  check: CheckName,
  keyOf: (attempt: Attempt) => string | undefined,
  ...without: readonly CheckName[]
): Change {
  return replacing(() => {
    const refusals = new Map<string | undefined, number>();
    return {
      ...Object.fromEntries(without.map((name) => [name, () => undefined])),
      [check]: (attempt: Attempt) => {
        const refusal = usual[check](attempt);
        if (!refusal) return undefined;
        const key = keyOf(attempt);
        const count = (refusals.get(key) ?? 0) + 1;
        refusals.set(key, count);
        return count % time === 0 ? undefined : refusal;
      },
    };
  });
}

/** What an assertion is told from others by. */
export const assertionKey = ({ assertion }: Attempt): string | undefined =>
  assertion && identityOf(assertion);
