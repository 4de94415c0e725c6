import { invalidGrant, refusalFor } from '../../../emulator/core/refusal.ts';
import { replacingOAuth } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { Variant } from '../variant.ts';
import { notOffered } from './grants.ts';
import { allowing, editing, refusing, reordering } from './kit.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** How devices may be answered. */
export const deviceVariants: readonly Variant[] = [
  {
    name: 'never-too-fast',
    differs: 'Polls that come too fast are answered with authorization_pending.',
    ...allowing('poll-not-too-fast'),
  },
  {
    name: 'ten-seconds-between-polls',
    differs: 'Ten seconds have to pass between two polls, from the first one on.',
    ...replacingOAuth(() => ({ 'polling-interval': () => 10, 'polling-burst': () => 1 })),
  },
  {
    name: 'a-minute-between-polls',
    differs: 'A minute has to pass between two polls.',
    ...replacingOAuth(() => ({ 'polling-interval': () => 60, 'polling-burst': () => 1 })),
  },
  {
    name: 'too-fast-whatever-was-decided',
    // RFC 8628 section 3.5 has slow_down for polls that come too fast, and says nothing of what else is known.
    differs: 'Every poll within five seconds of another one for a device is answered with slow_down.',
    ...replacingOAuth(() => {
      const last = new WeakMap<object, number>();
      return {
        'polling-interval': () => 5,
        'poll-not-too-fast': () => undefined,
        'device-code-not-redeemed': (attempt) => {
          const { device, now } = attempt;
          if (!device) return undefined;
          const before = last.get(device) ?? Number.NEGATIVE_INFINITY;
          last.set(device, now);
          return now - before < 5000 ? refusalFor('slow_down') : usual['device-code-not-redeemed'](attempt);
        },
      };
    }),
  },
  {
    name: 'too-fast-whoever-polls',
    differs: 'Every poll within five seconds of another one is answered with slow_down, whoever sends it.',
    ...replacingOAuth(() => {
      const last = new WeakMap<object, number>();
      return {
        'polling-interval': () => 5,
        'poll-not-too-fast': () => undefined,
        'device-code-known': (attempt) => {
          const { device, now } = attempt;
          if (!device) return usual['device-code-known'](attempt);
          const before = last.get(device) ?? Number.NEGATIVE_INFINITY;
          last.set(device, now);
          return now - before < 5000 ? refusalFor('slow_down') : undefined;
        },
      };
    }),
  },
  {
    name: 'denied-devices-forgotten',
    // RFC 8628 section 3.5: on access_denied a client stops polling.
    differs: 'A denied device code is forgotten once that was told: then it is unknown.',
    ...replacingOAuth(() => {
      const told = new WeakSet<object>();
      return {
        'device-not-denied': (attempt) => {
          const { device } = attempt;
          if (device && told.has(device)) return invalidGrant('device code');
          const refusal = usual['device-not-denied'](attempt);
          if (device && refusal) told.add(device);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'expired-devices-forgotten-once-told',
    differs: 'An expired device code is forgotten once that was told: then it is unknown.',
    ...replacingOAuth(() => {
      const told = new WeakSet<object>();
      return {
        'device-code-not-expired': (attempt) => {
          const { device } = attempt;
          if (device && told.has(device)) return invalidGrant('device code');
          const refusal = usual['device-code-not-expired'](attempt);
          if (device && refusal) told.add(device);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'expiry-asked-before-redemption',
    differs: 'Whether a device code has expired is asked before whose it is and whether it was redeemed.',
    ...reordering((names) =>
      names.includes('device-code-not-expired')
        ? names
            .filter((one) => one !== 'device-code-not-expired')
            .toSpliced(names.indexOf('device-code-known') + 1, 0, 'device-code-not-expired')
        : names,
    ),
  },
  {
    name: 'another-clients-device-code-as-invalid-client',
    differs: 'Whoever brings the device code of another client is told invalid_client.',
    ...refusing('invalid_client', 'device-code-bound-to-client'),
  },
  {
    name: 'device-codes-of-five-minutes',
    differs: 'Device codes live five minutes.',
    ...replacingOAuth(() => ({ 'device-code-lifetime': () => 300 })),
  },
  {
    name: 'device-codes-of-half-an-hour',
    differs: 'Device codes live half an hour.',
    ...replacingOAuth(() => ({ 'device-code-lifetime': () => 1800 })),
  },
  {
    name: 'short-verification-uri',
    differs:
      'The URI for the user is a short one on another host, and the complete one has the code in its path.',
    ...editing((body) =>
      'verification_uri' in body
        ? {
            ...body,
            verification_uri: 'https://server.example/device',
            verification_uri_complete: `https://server.example/device/${body.user_code}`,
            verification_url: 'https://server.example/device',
            message: `Enter ${body.user_code}`,
          }
        : body,
    ),
  },
  {
    name: 'no-device-grant',
    differs: 'Devices are not served.',
    ...notOffered(deviceGrant),
    target: {
      limits: [
        { operation: 'device_authorization', reason: 'devices are not served' },
        { grant: deviceGrant, reason: 'devices are not served' },
      ],
    },
  },
];
