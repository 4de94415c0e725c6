import { refusalFor } from '../../core/refusal.ts';
import { atDeviceAuthorization, atToken, type Defect, renaming, replacingOAuth } from '../defect.ts';
import { deviceGrant, refusingWhen, usual } from './by-attempt.ts';

const members = 'RFC8628-3.2-response-members';
const accepted = 'RFC8628-3.1-request-accepted';

/** Device authorizations (RFC 8628). */
export const devices: readonly Defect[] = [
  {
    name: 'device-start-refused',
    changes: 'Every device authorization is refused.',
    breaks: [accepted],
    at: atDeviceAuthorization,
    ...refusingWhen('unauthorized_client', 'device-grant-allowed', () => true),
  },
  {
    name: 'complete-uri-of-the-former-device',
    changes: 'verification_uri_complete carries the user code of the device before.',
    breaks: ['RFC8628-3.2-complete-uri-same-code'],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => {
      let before: string | undefined;
      return {
        'device-authorization-body': (device, uri) => {
          const body = usual['device-authorization-body'](device, uri);
          const code = before ?? 'AAAA-AAAA';
          before = device.userCode;
          return { ...body, verification_uri_complete: `${uri}?user_code=${code}` };
        },
      };
    }),
  },
  {
    name: 'verification-url',
    changes: 'The verification URI comes as verification_url, as in a draft.',
    breaks: [members],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => ({
      'device-authorization-body': (...about) =>
        renaming(usual['device-authorization-body'](...about), 'verification_uri', 'verification_url'),
    })),
  },
  {
    name: 'verification-uri-a-path',
    changes: 'The verification URI is a path.',
    breaks: [members],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => ({
      'device-authorization-body': (device, uri) =>
        usual['device-authorization-body'](device, new URL(uri).pathname),
    })),
  },
  {
    name: 'device-lifetime-as-text',
    changes: 'The lifetime of a device code is text.',
    breaks: [members],
    at: atDeviceAuthorization,
    ...replacingOAuth(() => ({
      'device-authorization-body': (...about) => {
        const body = usual['device-authorization-body'](...about);
        return { ...body, expires_in: String(body.expires_in) };
      },
    })),
  },
  {
    name: 'unknown-device-of-a-stranger-as-server-error',
    changes: 'An unknown device code from an unknown client is answered with server_error and status 500.',
    breaks: ['RFC8628-3.4-unknown-device_code', 'RFC6749-5.2-no-5xx-for-client-errors'],
    at: atToken,
    ...refusingWhen(
      'server_error',
      'client-known',
      ({ grant, client, device }) => grant === deviceGrant && client === undefined && device === undefined,
    ),
  },
  {
    name: 'unknown-device-pending',
    changes: 'A device code that nobody knows, from a client that nobody knows, is pending.',
    breaks: ['RFC8628-3.4-unknown-device_code'],
    at: atToken,
    ...refusingWhen(
      'authorization_pending',
      'client-known',
      ({ grant, client, device }) => grant === deviceGrant && client === undefined && device === undefined,
    ),
  },
  {
    name: 'steady-polls-too-fast',
    changes: 'Each poll is too fast that comes less than a second later than the interval asks.',
    breaks: ['RFC8628-3.5-no-slow_down-at-interval'],
    at: atToken,
    ...replacingOAuth(() => {
      const last = new WeakMap<object, number>();
      return {
        'poll-not-too-fast': ({ device, now }) => {
          if (device?.decision !== 'pending') return undefined;
          const before = last.get(device);
          last.set(device, now);
          const passed = Math.floor(now / 1_000) - Math.floor((before ?? 0) / 1_000);
          return before !== undefined && passed <= device.interval ? refusalFor('slow_down') : undefined;
        },
      };
    }),
  },
];
