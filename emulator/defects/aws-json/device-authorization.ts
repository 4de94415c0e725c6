import { defaultBehaviours as usual } from '../../behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { DeviceAuthorization } from '../../core/state.ts';
import { type DevicePromise, devicePromise, life, waiting } from '../core/device-promises.ts';
import { atDeviceAuthorization, type Change, type Defect, leaving, replacing, skipping } from '../defect.ts';
import { answeredAt } from './answered-again.ts';

const startUrl = 'AWS-StartDeviceAuthorization-startUrl';
const success = 'RFC8628-3.5-success';
const expired = 'RFC8628-3.5-expired_token';
const pending = 'RFC8628-3.5-authorization_pending';

/** The start URL, and what is written down of a device. */
export const awsDeviceAuthorizations: readonly Defect[] = [
  {
    name: 'any-start-url',
    changes: 'StartDeviceAuthorization accepts every start URL.',
    breaks: [startUrl],
    at: atDeviceAuthorization,
    ...skipping('start-url-allowed'),
  },
  {
    name: 'start-url-optional',
    changes: 'StartDeviceAuthorization does without a start URL.',
    breaks: [startUrl],
    at: atDeviceAuthorization,
    ...skipping('start-url-present'),
  },
  {
    name: 'interval-in-milliseconds',
    changes: 'StartDeviceAuthorization states the interval in milliseconds, and the lifetime too.',
    breaks: ['RFC8628-3.2-times-plausible'],
    at: atDeviceAuthorization,
    ...replacing(() => ({
      'device-authorization-body': (device, page) => ({
        ...usual['device-authorization-body'](device, page),
        interval: device.interval * 1_000,
        expiresIn: 600_000,
      }),
    })),
  },
  {
    name: 'device-authorization-refused',
    changes: 'StartDeviceAuthorization refuses every start URL.',
    breaks: ['RFC8628-3.1-request-accepted'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'start-url-allowed': () => refusalFor('invalid_request') })),
  },
];

/** What was looked at, or answered, before. */
export const keptDevices: readonly Defect[] = [
  {
    name: 'device-authorization-kept-for-the-client',
    changes: 'A client that starts a second device is answered with the first one.',
    breaks: ['RFC8628-3.5-success'],
    at: ['device_authorization', 'token'],
    ...answeredAt('device_authorization', ({ clientId }) => clientId),
  },
  {
    name: 'start-url-once-right',
    changes: 'A client that came with a right start URL once may come with any.',
    breaks: ['AWS-StartDeviceAuthorization-startUrl'],
    at: ['device_authorization'],
    ...replacing(() => {
      const right = new Set<string | undefined>();
      return {
        'start-url-allowed': (attempt) => {
          const refusal = usual['start-url-allowed'](attempt);
          if (!refusal) right.add(attempt.client?.id);
          return right.has(attempt.client?.id) ? undefined : refusal;
        },
      };
    }),
  },
];

/** The answer of StartDeviceAuthorization promises something else than what is kept. */
const promising = (change: (device: DeviceAuthorization) => object): Change =>
  replacing(() => ({
    'device-authorization-body': (device, page) => ({
      ...usual['device-authorization-body'](device, page),
      ...change(device),
    }),
  }));

const rows: readonly DevicePromise[] = [
  [
    'expires-in-in-minutes',
    'StartDeviceAuthorization states expiresIn in minutes.',
    [expired],
    promising(() => ({ expiresIn: life / 60_000 })),
  ],
  [
    'expires-in-in-milliseconds',
    'StartDeviceAuthorization states expiresIn in milliseconds.',
    [success, pending],
    promising(() => ({ expiresIn: life })),
  ],
  [
    'unstated-interval-of-ten-seconds',
    'StartDeviceAuthorization states no interval, and polls less than ten seconds apart are too fast.',
    [success],
    {
      behaviours: () => ({
        ...waiting(() => 10_000).behaviours?.(),
        'device-authorization-body': (device, page) =>
          leaving(usual['device-authorization-body'](device, page), 'interval'),
      }),
    },
  ],
];

/** What StartDeviceAuthorization says of a device code, and nobody keeps. */
export const statedDevicePromises: readonly Defect[] = rows.map(devicePromise);
