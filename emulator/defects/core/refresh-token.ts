import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant, refusalFor } from '../../core/refusal.ts';
import {
  atIamToken,
  atToken,
  type Change,
  type Defect,
  refusing,
  replacing,
  skipping,
  skippingWhen,
  tokens,
} from '../defect.ts';

const unknown = 'RFC6749-6-unknown-refresh_token';
const other = 'RFC6749-6-other-token-as-refresh_token';
const success = 'RFC6749-6-refresh-success';

export const refreshTokens: readonly Defect[] = [
  {
    name: 'refresh-token-any',
    changes: 'Any text is taken for a refresh token.',
    breaks: [unknown, other],
    at: tokens,
    ...skipping('refresh-token-known'),
  },
  {
    name: 'refresh-token-by-prefix',
    changes: 'Only the first twenty characters of a refresh token are compared.',
    breaks: [unknown],
    at: tokens,
    ...replacing(() => ({
      'find-refresh-token': ({ refreshTokens: all }, { refresh_token: refreshToken = '' }) =>
        all.get(refreshToken) ??
        [...all.values()].find(
          ({ value }) => refreshToken.length >= 20 && value.startsWith(refreshToken.slice(0, 20)),
        ),
    })),
  },
  {
    name: 'unknown-refresh-token-as-expired',
    changes: 'An unknown refresh token is answered with ExpiredTokenException.',
    breaks: [unknown, other],
    at: tokens,
    ...refusing('expired_token', ['refresh-token-known']),
  },
  {
    name: 'refresh-token-of-any-client',
    changes: 'A refresh token works for another client.',
    breaks: [
      'RFC6749-6-bound-to-client',
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
      'AWS-CreateTokenWithIAM-InvalidGrant',
    ],
    at: tokens,
    ...skipping('refresh-token-bound-to-client'),
  },
  {
    name: 'refresh-token-expiry-ignored',
    changes: 'An expired refresh token still works.',
    breaks: ['RFC6749-6-expired-refresh_token'],
    at: tokens,
    ...skipping('refresh-token-not-expired'),
  },
  {
    name: 'missing-refresh-token-as-invalid-grant',
    changes: 'A missing or empty refresh token is taken for an unknown one.',
    breaks: ['RFC6749-6-missing-refresh_token', 'RFC6749-3.2-empty-required-param'],
    at: tokens,
    ...skipping('refresh-token-present'),
  },
  {
    name: 'rotated-refresh-token-works',
    changes: 'A refresh token works for ever, although it was replaced.',
    breaks: ['RFC9700-4.14.2-rotated-rt-invalidated', 'AWS-rotation-at-once'],
    at: atToken,
    ...skipping('refresh-token-not-rotated'),
  },
  {
    name: 'rotated-refresh-token-works-for-a-while',
    changes: 'A refresh token works for ten minutes after it was replaced.',
    breaks: ['AWS-rotation-at-once'],
    at: atToken,
    ...graceful(600_000),
  },
  {
    name: 'rotation-missing',
    changes: 'A refresh brings the same refresh token again.',
    breaks: ['RFC9700-2.2.2-public-rt-rotated-or-bound'],
    at: atToken,
    ...replacing(() => ({
      'rotate-refresh-token': () => undefined,
      'new-refresh-token': (attempt) => attempt.refreshToken?.value ?? usual['new-refresh-token'](attempt),
    })),
  },
  {
    name: 'rotation-incomplete',
    changes: 'A refresh uses the refresh token up and brings no new one.',
    breaks: [success, 'RFC9700-2.2.2-public-rt-rotated-or-bound'],
    at: atToken,
    ...replacing(() => ({
      'refresh-token-wanted': (attempt) =>
        attempt.grant !== 'refresh_token' && usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    name: 'rotation-of-a-dead-token',
    changes: 'A refresh brings a refresh token that does not work.',
    breaks: [success],
    at: tokens,
    ...replacing(() => ({
      'rotate-refresh-token': ({ refreshToken }) => {
        if (!refreshToken) return;
        refreshToken.rotated = true;
        refreshToken.family.revoked = true;
      },
    })),
  },
  {
    name: 'refresh-refused-with-iam',
    changes: 'The signed operation refuses every refresh token.',
    breaks: [success],
    at: atIamToken,
    dialects: ['aws-json'],
    ...replacing(() => ({
      'refresh-token-known': (attempt) =>
        attempt.operation === 'iam_token'
          ? invalidGrant('refresh token')
          : usual['refresh-token-known'](attempt),
    })),
  },
  {
    name: 'refresh-token-of-device-flow-dead',
    changes: 'The refresh token of the device flow does not work.',
    breaks: [success],
    at: atToken,
    ...replacing(() => ({
      'redeem-device-code': ({ device }) => {
        if (!device) return;
        device.redeemed = true;
        device.family.revoked = true;
      },
    })),
  },
  {
    name: 'refresh-needs-scope',
    changes: 'A refresh without a scope is refused.',
    breaks: ['RFC6749-6-scope-omitted', success],
    at: atToken,
    // The other front does not ask this.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'scope-acceptable': ({ grant, members }) =>
        grant === 'refresh_token' && members.scope === undefined ? refusalFor('invalid_scope') : undefined,
    })),
  },
  {
    name: 'reuse-revokes-nothing',
    changes: 'A replaced refresh token that comes again leaves its family alone.',
    breaks: ['RFC9700-4.14.2-reuse-revokes-family'],
    at: atToken,
    ...replacing(() => ({ 'revoke-family-of-reused-refresh-token': () => undefined })),
  },
  {
    name: 'access-token-as-refresh-token',
    changes: 'An access token is accepted as a refresh token.',
    breaks: [other],
    at: atToken,
    ...skippingWhen(
      ({ members, state: { accessTokens } }) => accessTokens.has(members.refresh_token ?? ''),
      'refresh-token-known',
    ),
  },
  {
    name: 'code-as-refresh-token',
    changes: 'An authorization code is accepted as a refresh token.',
    breaks: [other],
    at: atToken,
    ...skippingWhen(
      ({ members, state: { codes } }) => codes.has(members.refresh_token ?? ''),
      'refresh-token-known',
    ),
  },
];

/** A refresh token still works for so many milliseconds after it was replaced. */
export function graceful(milliseconds: number): Change {
  return replacing(() => {
    const rotatedAt = new WeakMap<object, number>();
    return {
      'rotate-refresh-token': (attempt) => {
        usual['rotate-refresh-token'](attempt);
        if (attempt.refreshToken) rotatedAt.set(attempt.refreshToken, attempt.now);
      },
      'refresh-token-not-rotated': (attempt) => {
        const at = attempt.refreshToken && rotatedAt.get(attempt.refreshToken);
        return at !== undefined && attempt.now - at < milliseconds
          ? undefined
          : usual['refresh-token-not-rotated'](attempt);
      },
    };
  });
}
