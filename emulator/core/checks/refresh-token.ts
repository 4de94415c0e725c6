import type { Check } from '../attempt.ts';
import { invalidGrant } from '../refusal.ts';

/** RFC 6749 section 6, RFC 9700 section 4.14.2. */
export const refreshTokenChecks = {
  'refresh-token-known': ({ refreshToken }) => (refreshToken ? undefined : invalidGrant('refresh token')),

  'refresh-token-bound-to-client': ({ refreshToken, client }) =>
    refreshToken && client && refreshToken.clientId !== client.id ? invalidGrant('refresh token') : undefined,

  'refresh-token-not-rotated': ({ refreshToken }) =>
    refreshToken?.rotated ? invalidGrant('refresh token') : undefined,

  'refresh-token-not-revoked': ({ refreshToken }) =>
    refreshToken?.family.revoked ? invalidGrant('refresh token') : undefined,

  'refresh-token-not-expired': ({ refreshToken, now }) =>
    refreshToken && now >= refreshToken.expiresAt ? invalidGrant('refresh token') : undefined,
} satisfies Record<string, Check>;
