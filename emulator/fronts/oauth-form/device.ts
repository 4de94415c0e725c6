import { answerDevicePage } from '../../browser/device-page.ts';
import { isRefusal, refusalFor } from '../../core/refusal.ts';
import { addDeviceAuthorization, firstRefusal, userNamed } from '../../core/service.ts';
import { defaultSubject } from '../../fixtures/clients.ts';
import type { WireRequest, WireResponse } from '../../wire.ts';
import { attemptFor, refused, respond } from './call.ts';
import { endpointOf } from './paths.ts';
import type { OAuthService } from './service.ts';

/** The device authorization endpoint (RFC 8628 section 3.1). */
export async function answerDeviceAuthorization(
  service: OAuthService,
  request: WireRequest,
): Promise<WireResponse> {
  const attempt = await attemptFor(service, 'device_authorization', 'device_authorization', request);
  if (isRefusal(attempt)) return refused(service, attempt);
  const refusal = firstRefusal(service, attempt);
  if (refusal || !attempt.client) return refused(service, refusal ?? refusalFor('invalid_client'));
  const { behaviours: b } = service;
  const scope = attempt.members.scope ?? b['default-scope'](attempt.client);
  const device = addDeviceAuthorization(service, attempt.client.id, [...new Set(scope)]);
  return respond(service, 200, b['device-authorization-body'](device, endpointOf(attempt.issuer, 'device')));
}

/** Where a person decides on a device. */
export const answerDevice = (service: OAuthService, request: WireRequest): Promise<WireResponse> =>
  answerDevicePage(service, request, (device) => {
    device.user = userNamed(service, defaultSubject);
  });
