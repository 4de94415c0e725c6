import { atDeviceAuthorization, type Defect, replacing, skipping, skippingWhen } from '../defect.ts';

const auth = 'RFC8628-3.1-client-auth';

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
    name: 'interval-of-1000-seconds',
    changes: 'Device codes may be polled every 1,000 seconds, and live for 600.',
    breaks: ['RFC8628-3.2-times-plausible'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'polling-interval': () => 1_000 })),
  },
  {
    name: 'device-code-of-ten-years',
    changes: 'Device codes live for ten years.',
    breaks: ['RFC8628-3.2-times-plausible'],
    at: atDeviceAuthorization,
    ...replacing(() => ({ 'device-code-lifetime': () => 315_360_000 })),
  },
];
