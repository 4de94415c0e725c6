import type { Service } from '../core/service.ts';
import type { DeviceAuthorization } from '../core/state.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { html, type Markup, page, parametersOf, wrongMethod } from './pages.ts';

/** Where a person decides on a device (RFC 8628 section 3.3). With a code in its query, it approves at once. */
export const devicePath = '/device';

/** As the one who asks reaches this endpoint; undefined where the request does not say how. */
export function verificationUriFor({ headers }: WireRequest): string | undefined {
  const [host = ''] = headers.get('host') ?? [];
  return /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host) ? `http://${host}${devicePath}` : undefined;
}

/** Answers what a browser asks. */
export async function answerDevicePage(
  service: Service,
  request: WireRequest,
  approve: (device: DeviceAuthorization) => void = () => {},
): Promise<WireResponse> {
  const now = service.clock.now();
  const parameters = parametersOf(request);
  if (!parameters) return wrongMethod(now);
  const typed = parameters.get('user_code') ?? '';
  const show = (status: number, said: string, below = html``) =>
    page(now, status, 'Sign in on a device', html`<p>${said}</p>${below}`);
  const form = codeForm(request.path, typed);
  const isConsent = parameters.get('prompt')?.split(' ').includes('consent') ?? false;
  if (request.method === 'GET' && (typed === '' || isConsent))
    return show(200, 'Enter the code that the device shows.', form);
  const device = deviceOf(service, typed);
  if (!device) return show(400, 'No device has shown this code.', form);
  if (device.expiresAt <= now) return show(400, 'This code has expired: let the device show another one.');
  const decision = parameters.get('decision') === 'deny' && request.method === 'POST' ? 'deny' : 'approve';
  if (device.decision !== 'pending' && device.decision !== decision)
    return show(400, `This code was ${decided[device.decision]} before.`);
  device.decision = decision;
  if (decision === 'approve') approve(device);
  return show(200, `The device is ${decided[decision]}. You can close this page.`);
}

const decided = { approve: 'approved', deny: 'denied' } as const;

/** RFC 8628 section 6.1: neither case nor hyphen need be typed as they were shown. */
function deviceOf({ state }: Service, typed: string): DeviceAuthorization | undefined {
  const plain = (code: string) => code.replace(/[\s-]/g, '').toUpperCase();
  return [...state.devicesByUserCode].find(([code]) => plain(code) === plain(typed))?.[1];
}

const codeForm = (path: string, typed: string): Markup => html`
<form method="post" action="${path}">
<p><label>Code: <input name="user_code" value="${typed}" required autocomplete="off" autofocus></label></p>
<button name="decision" value="approve">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>`;
