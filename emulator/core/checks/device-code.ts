import type { Check } from '../attempt.ts';
import { invalidGrant, refusalFor } from '../refusal.ts';
import type { DeviceAuthorization } from '../state.ts';

/** RFC 8628 section 3.5. */
export const deviceCodeChecks = {
  'device-code-known': ({ device }) => (device ? undefined : invalidGrant('device code')),

  'device-code-bound-to-client': ({ device, client }) =>
    device && client && device.clientId !== client.id ? invalidGrant('device code') : undefined,

  'device-code-not-redeemed': ({ device }) => (device?.redeemed ? invalidGrant('device code') : undefined),

  'device-code-not-expired': ({ device, now }) =>
    device && now >= device.expiresAt ? refusalFor('expired_token') : undefined,

  'device-not-denied': ({ device }) =>
    device?.decision === 'deny' ? refusalFor('access_denied') : undefined,

  'poll-not-too-fast': ({ device, now }) =>
    device?.decision === 'pending' && !takePoll(device, now) ? refusalFor('slow_down') : undefined,

  'device-approved': ({ device }) =>
    device?.decision === 'pending' ? refusalFor('authorization_pending') : undefined,
} satisfies Record<string, Check>;

/** A token bucket: it starts full and gets one poll back every interval. */
function takePoll({ bucket, interval }: DeviceAuthorization, now: number): boolean {
  const regained = (now - bucket.at) / (interval * 1000);
  bucket.polls = Math.min(bucket.capacity, bucket.polls + regained);
  bucket.at = now;
  if (bucket.polls < 1) return false;
  bucket.polls -= 1;
  return true;
}
