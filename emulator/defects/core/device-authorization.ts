import { defaultBehaviours as usual } from '../../behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atDeviceAuthorization, type Defect, replacing, skipping, skippingWhen } from '../defect.ts';

const auth = 'RFC8628-3.1-client-auth';
const startUrl = 'AWS-StartDeviceAuthorization-startUrl';

export const deviceAuthorizations: readonly Defect[] = [
  {
    name: 'device-authorization-without-the-grant',
    changes: 'StartDeviceAuthorization serves clients without the device grant.',
    breaks: [auth],
    at: atDeviceAuthorization,
    ...skipping('device-grant-allowed'),
  },
  {
    name: 'device-authorization-for-anybody',
    changes: 'StartDeviceAuthorization does not ask who the client is.',
    breaks: [auth],
    at: atDeviceAuthorization,
    ...skippingWhen(
      ({ operation }) => operation === 'device_authorization',
      'client-id-present',
      'client-secret-present',
      'client-known',
      'client-secret-right',
    ),
  },
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
    name: 'interval-of-1000-seconds',
    changes: 'Device codes may be polled every 1,000 seconds, and live for 600.',
    breaks: ['RFC8628-3.2-times-plausible'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'polling-interval': () => 1_000 })),
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
    name: 'device-code-of-ten-years',
    changes: 'Device codes live for ten years.',
    breaks: ['RFC8628-3.2-times-plausible'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'device-code-lifetime': () => 315_360_000 })),
  },
  {
    name: 'device-authorization-refused',
    changes: 'StartDeviceAuthorization refuses every start URL.',
    breaks: ['RFC8628-3.1-request-accepted'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'start-url-allowed': () => refusalFor('invalid_request') })),
  },
];
