import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atToken, type Defect, refusing, replacing, skipping, skippingWhen } from '../defect.ts';

const expired = 'RFC8628-3.5-expired_token';
const pending = 'RFC8628-3.5-authorization_pending';

export const deviceCodes: readonly Defect[] = [
  {
    name: 'device-code-reusable',
    changes: 'A device code can be redeemed any number of times.',
    breaks: [
      'RFC8628-3.4-device_code-single-use',
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
    ],
    at: atToken,
    ...skipping('device-code-not-redeemed'),
  },
  {
    name: 'redeemed-device-code-as-expired',
    changes: 'A redeemed device code is answered with ExpiredTokenException.',
    breaks: ['RFC8628-3.4-device_code-single-use'],
    at: atToken,
    ...refusing('expired_token', ['device-code-not-redeemed']),
  },
  {
    name: 'device-code-of-any-client',
    changes: 'A device code can be redeemed by another client.',
    breaks: ['RFC8628-3.4-bound-to-client'],
    at: atToken,
    ...skipping('device-code-bound-to-client'),
  },
  {
    name: 'device-code-spent-by-stranger',
    changes: "Another client's attempt uses a device code up.",
    breaks: ['RFC8628-3.4-bound-to-client'],
    at: atToken,
    ...replacing(() => ({
      'device-code-bound-to-client': (attempt) => {
        const refusal = usual['device-code-bound-to-client'](attempt);
        if (refusal && attempt.device) attempt.device.redeemed = true;
        return refusal;
      },
    })),
  },
  {
    name: 'device-code-any',
    changes: 'Any text is taken for an approved device code.',
    breaks: ['RFC8628-3.4-unknown-device_code'],
    at: atToken,
    ...skipping('device-code-known'),
  },
  {
    name: 'unknown-device-code-pending',
    changes: 'An unknown device code is pending for ever.',
    breaks: ['RFC8628-3.4-unknown-device_code'],
    at: atToken,
    ...refusing('authorization_pending', ['device-code-known']),
  },
  {
    name: 'unknown-device-code-expired',
    changes: 'An unknown device code is answered with ExpiredTokenException.',
    breaks: ['RFC8628-3.4-unknown-device_code'],
    at: atToken,
    ...refusing('expired_token', ['device-code-known']),
  },
  {
    name: 'user-code-as-device-code',
    changes: 'The user code is accepted in place of the device code.',
    breaks: ['RFC8628-3.4-unknown-device_code'],
    at: atToken,
    ...replacing(() => ({
      'find-device': (state, members) =>
        usual['find-device'](state, members) ?? state.devicesByUserCode.get(members.device_code ?? ''),
    })),
  },
  {
    name: 'missing-device-code-as-invalid-grant',
    changes: 'A missing or empty device code is taken for an unknown one.',
    breaks: ['RFC8628-3.4-missing-device_code', 'RFC6749-3.2-empty-required-param'],
    at: atToken,
    ...skipping('device-code-present'),
  },
  {
    name: 'device-code-expiry-ignored',
    changes: 'An expired device code still works.',
    breaks: [expired],
    at: atToken,
    ...skipping('device-code-not-expired'),
  },
  {
    name: 'approved-device-code-never-expires',
    changes: 'A device code that was approved no longer expires.',
    breaks: [expired],
    at: atToken,
    ...skippingWhen(({ device }) => device?.decision === 'approve', 'device-code-not-expired'),
  },
  {
    name: 'pending-device-code-never-expires',
    changes: 'A device code that nobody decided about stays pending when it has expired.',
    breaks: [expired],
    at: atToken,
    ...skippingWhen(({ device }) => device?.decision === 'pending', 'device-code-not-expired'),
  },
  {
    name: 'expired-device-code-as-access-denied',
    changes: 'An expired device code is answered with AccessDeniedException.',
    breaks: [expired],
    at: atToken,
    ...refusing('access_denied', ['device-code-not-expired']),
  },
  {
    name: 'device-code-lives-on',
    changes: 'A device code lives three times as long as the response says.',
    breaks: [expired],
    at: atToken,
    ...replacing(() => ({
      'device-code-not-expired': (attempt) => {
        const { device } = attempt;
        if (!device || device.expiresAt < device.issuedAt + 600_000)
          return usual['device-code-not-expired'](attempt);
        return attempt.now >= device.issuedAt + 1_800_000 ? refusalFor('expired_token') : undefined;
      },
    })),
  },
  {
    name: 'pending-device-code-granted',
    changes: 'Tokens are issued before anybody has approved.',
    breaks: [pending],
    at: atToken,
    ...skipping('device-approved'),
  },
  {
    name: 'pending-as-slow-down',
    changes: 'A pending device code is always answered with SlowDownException.',
    breaks: [pending],
    at: atToken,
    ...refusing('slow_down', ['device-approved']),
  },
  {
    name: 'pending-as-access-denied',
    changes: 'A pending device code is answered with AccessDeniedException.',
    breaks: [pending],
    at: atToken,
    ...refusing('access_denied', ['device-approved']),
  },
  {
    name: 'pending-as-invalid-grant',
    changes: 'A pending device code is answered with InvalidGrantException.',
    breaks: [pending],
    at: atToken,
    ...refusing('invalid_grant', ['device-approved']),
  },
  {
    name: 'denied-device-code-granted',
    changes: 'Tokens are issued although the user said no.',
    breaks: ['RFC8628-3.5-access_denied'],
    at: atToken,
    ...skipping('device-not-denied'),
  },
  {
    name: 'denied-as-pending',
    changes: 'A denied device code stays pending.',
    breaks: ['RFC8628-3.5-access_denied'],
    at: atToken,
    ...refusing('authorization_pending', ['device-not-denied']),
  },
  {
    name: 'denied-as-expired',
    changes: 'A denied device code is answered with ExpiredTokenException.',
    breaks: ['RFC8628-3.5-access_denied'],
    at: atToken,
    ...refusing('expired_token', ['device-not-denied']),
  },
  {
    name: 'approval-overlooked',
    changes: 'A device code that was polled before its approval is never granted.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => {
      const polled = new WeakSet<object>();
      return {
        'device-approved': (attempt) => {
          const refusal = usual['device-approved'](attempt);
          if (!attempt.device) return refusal;
          if (!refusal && polled.has(attempt.device)) return refusalFor('authorization_pending');
          polled.add(attempt.device);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'approved-device-code-refused',
    changes: 'An approved device code is answered with InvalidGrantException.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => ({
      'device-approved': ({ device }) =>
        refusalFor(device?.decision === 'approve' ? 'invalid_grant' : 'authorization_pending'),
    })),
  },
  {
    name: 'first-polls-too-fast',
    changes: 'The second poll is too fast, whenever it comes.',
    breaks: ['AWS-first-polls', 'RFC8628-3.5-no-slow_down-at-interval'],
    at: atToken,
    // RFC 8628 section 3.5 obliges to nothing before the interval is over.
    dialects: ['aws-json'],
    ...replacing(() => ({ 'polling-burst': () => 1, 'polling-interval': () => 1 })),
  },
  {
    name: 'polling-at-the-interval-too-fast',
    changes: 'Who polls at the interval is told to slow down.',
    breaks: ['RFC8628-3.5-no-slow_down-at-interval'],
    at: atToken,
    ...replacing(() => {
      const last = new Map<string, number>();
      return {
        'poll-not-too-fast': ({ device, now }) => {
          if (device?.decision !== 'pending') return undefined;
          const before = last.get(device.deviceCode);
          last.set(device.deviceCode, now);
          return before !== undefined && now - before < 10_000 && now - before > 100
            ? refusalFor('slow_down')
            : undefined;
        },
      };
    }),
  },
];
