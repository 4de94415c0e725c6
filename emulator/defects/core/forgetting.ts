import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import type { CheckName } from '../../core/checks/order.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atIamToken, atToken, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

const hour = 3_600_000;

/** Long after it was spent, something works again: what was spent is remembered for so long only. */
export const forgetting: readonly Defect[] = [
  forgotten(
    'redeemed-code-forgotten',
    'A code that was redeemed can be redeemed again an hour later.',
    tokens,
    ({ code, now }) => code?.redeemed === true && now >= code.issuedAt + hour,
    'code-not-redeemed',
    'code-not-expired',
  ),
  forgotten(
    'redeemed-device-code-forgotten',
    'A device code that was redeemed can be redeemed again an hour later.',
    atToken,
    ({ device, now }) => device?.redeemed === true && now >= device.issuedAt + hour,
    'device-code-not-redeemed',
    'device-code-not-expired',
  ),
  // No standard obliges a server to remember an assertion.
  {
    ...forgotten(
      'used-assertion-forgotten',
      'An assertion that was used can be used again an hour later.',
      atIamToken,
      ({ assertion, now }) => now >= Number(assertion?.claims.iat) * 1_000 + hour,
      'assertion-not-used',
      'assertion-not-expired',
    ),
    dialects: ['aws-json'],
    breaks: ['AWS-CreateTokenWithIAM-InvalidGrant'],
  },
];

/** What goes well twice, and not for ever. */
export const counted: readonly Defect[] = [
  {
    name: 'third-poll-expired',
    changes: 'The third poll is answered with ExpiredTokenException.',
    breaks: ['RFC8628-3.5-authorization_pending', 'RFC8628-3.5-no-slow_down-at-interval'],
    at: atToken,
    ...replacing(() => {
      const polls = new Map<string, number>();
      return {
        'device-approved': (attempt) => {
          const refusal = usual['device-approved'](attempt);
          const code = attempt.device?.deviceCode ?? '';
          polls.set(code, (polls.get(code) ?? 0) + 1);
          return refusal && (polls.get(code) ?? 0) > 2 ? refusalFor('expired_token') : refusal;
        },
      };
    }),
  },
  {
    name: 'third-refresh-refused',
    changes: 'A family can be refreshed twice only.',
    breaks: ['RFC6749-6-refresh-success'],
    at: atToken,
    ...replacing(() => {
      const refreshes = new WeakMap<object, number>();
      return {
        'rotate-refresh-token': (attempt) => {
          usual['rotate-refresh-token'](attempt);
          const family = attempt.refreshToken?.family;
          if (!family) return;
          refreshes.set(family, (refreshes.get(family) ?? 0) + 1);
          family.revoked ||= (refreshes.get(family) ?? 0) > 1;
        },
      };
    }),
  },
];

function forgotten(
  name: string,
  changes: string,
  at: Defect['at'],
  holds: (attempt: Attempt) => boolean,
  ...checks: readonly CheckName[]
): Defect {
  return {
    name,
    changes,
    breaks: [
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
      'AWS-CreateTokenWithIAM-InvalidGrant',
    ],
    at,
    ...skippingWhen(holds, ...checks),
  };
}
