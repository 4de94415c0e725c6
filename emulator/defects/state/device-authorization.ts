import { refusalFor } from '../../refusal.ts';
import { type Defect, replacing, skipping, skippingWhen, startDevice } from '../defect.ts';

const auth = 'RFC8628-3.1-client-auth';
const startUrl = 'AWS-StartDeviceAuthorization-startUrl';

export const deviceAuthorizations: readonly Defect[] = [
  {
    name: 'device-authorization-without-the-grant',
    changes: 'StartDeviceAuthorization serves clients without the device grant.',
    breaks: [auth],
    at: startDevice,
    ...skipping('device-grant-allowed'),
  },
  {
    name: 'device-authorization-for-anybody',
    changes: 'StartDeviceAuthorization does not ask who the client is.',
    breaks: [auth],
    at: startDevice,
    ...skippingWhen(
      ({ operation }) => operation === 'StartDeviceAuthorization',
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
    at: startDevice,
    ...skipping('start-url-allowed'),
  },
  {
    name: 'start-url-optional',
    changes: 'StartDeviceAuthorization does without a start URL.',
    breaks: [startUrl],
    at: startDevice,
    ...skipping('start-url-present'),
  },
  {
    name: 'device-authorization-refused',
    changes: 'StartDeviceAuthorization refuses every start URL.',
    breaks: ['RFC8628-3.1-request-accepted'],
    at: startDevice,
    ...replacing(() => ({ 'start-url-allowed': () => refusalFor('invalid_request') })),
  },
];
