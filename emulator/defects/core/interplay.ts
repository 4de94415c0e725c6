import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant, refusalFor } from '../../core/refusal.ts';
import { atRegister, atToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

/** Wrong only where several things meet: a second time, a later generation, another device, two mistakes at once. */
export const interplay: readonly Defect[] = [
  {
    name: 'two-mistakes-granted',
    changes: 'A code is redeemed when verifier and client are both wrong.',
    breaks: [
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
      'AWS-CreateTokenWithIAM-InvalidGrant',
    ],
    at: tokens,
    ...skippingWhen(
      (attempt) =>
        attempt.code?.clientId !== attempt.client?.id && usual['verifier-matches'](attempt) !== undefined,
      'code-bound-to-client',
      'verifier-matches',
    ),
  },
  {
    name: 'redeemed-and-expired',
    changes: 'What was redeemed and has expired can be redeemed again.',
    breaks: [
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
      'AWS-CreateTokenWithIAM-InvalidGrant',
    ],
    at: tokens,
    ...skippingWhen(
      ({ code, device, now }) =>
        (code?.redeemed === true && now >= code.expiresAt) ||
        (device?.redeemed === true && now >= device.expiresAt),
      'code-not-redeemed',
      'code-not-expired',
      'device-code-not-redeemed',
      'device-code-not-expired',
    ),
  },
  {
    name: 'second-refresh-not-rotated',
    changes: 'From its second refresh on, a family keeps its refresh token.',
    breaks: ['RFC9700-2.2.2-public-rt-rotated-or-bound'],
    at: atToken,
    ...replacing(() => {
      const refreshed = new WeakSet<object>();
      const again = ({ refreshToken }: Attempt) =>
        refreshToken !== undefined && refreshed.has(refreshToken.family);
      return {
        'rotate-refresh-token': (attempt) => {
          if (again(attempt)) return;
          usual['rotate-refresh-token'](attempt);
        },
        'new-refresh-token': (attempt) => {
          const value = again(attempt) ? attempt.refreshToken?.value : undefined;
          if (attempt.refreshToken) refreshed.add(attempt.refreshToken.family);
          return value ?? usual['new-refresh-token'](attempt);
        },
      };
    }),
  },
  {
    name: 'refreshed-token-keeps-working',
    changes: 'A refresh token that a grant or a refresh issued works for ever, although it was replaced.',
    breaks: ['RFC9700-4.14.2-rotated-rt-invalidated'],
    at: atToken,
    ...skippingForIssued('refresh-token-not-rotated', ({ grant }) => grant !== undefined),
  },
  {
    name: 'refreshed-token-never-expires',
    changes: 'The expiry of a refresh token that a refresh issued is ignored.',
    breaks: ['RFC6749-6-expired-refresh_token'],
    at: atToken,
    ...skippingForIssued('refresh-token-not-expired', ({ grant }) => grant === 'refresh_token'),
  },
  {
    name: 'refreshed-token-of-any-client',
    changes: 'A refresh token that a refresh issued works for every client.',
    breaks: ['RFC6749-6-bound-to-client'],
    at: atToken,
    ...skippingForIssued('refresh-token-bound-to-client', ({ grant }) => grant === 'refresh_token'),
  },
  {
    name: 'denial-told-once',
    changes: 'A device code is pending again once its denial was told.',
    breaks: ['RFC8628-3.5-access_denied'],
    at: atToken,
    ...replacing(() => {
      const told = new WeakSet<object>();
      return {
        'device-not-denied': (attempt) => {
          const refusal = usual['device-not-denied'](attempt);
          if (!refusal || !attempt.device) return refusal;
          if (told.has(attempt.device)) return refusalFor('authorization_pending');
          told.add(attempt.device);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'expiry-told-once',
    changes: 'A device code is pending again once its expiry was told.',
    breaks: ['RFC8628-3.5-expired_token'],
    at: atToken,
    ...replacing(() => {
      const told = new WeakSet<object>();
      return {
        'device-code-not-expired': (attempt) => {
          const refusal = usual['device-code-not-expired'](attempt);
          if (!refusal || !attempt.device) return refusal;
          if (told.has(attempt.device)) return refusalFor('authorization_pending');
          told.add(attempt.device);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'slow-down-for-ever',
    changes: 'A device code that was polled too fast once is never granted.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => {
      const hasty = new WeakSet<object>();
      return {
        'poll-not-too-fast': (attempt) => {
          const refusal = usual['poll-not-too-fast'](attempt);
          if (refusal && attempt.device) hasty.add(attempt.device);
          return attempt.device && hasty.has(attempt.device) ? refusalFor('slow_down') : refusal;
        },
      };
    }),
  },
  {
    name: 'polls-counted-for-the-client',
    changes: 'Polls are counted for all devices of a client together.',
    breaks: ['AWS-first-polls'],
    at: atToken,
    ...replacing(() => {
      const shared = new Map<string, object>();
      return {
        'poll-not-too-fast': (attempt) => {
          const { device } = attempt;
          if (!device) return undefined;
          const bucket = shared.get(device.clientId) ?? device.bucket;
          shared.set(device.clientId, bucket);
          return usual['poll-not-too-fast']({ ...attempt, device: { ...device, bucket: bucket as never } });
        },
      };
    }),
  },
  {
    name: 'pending-device-code-granted-with-a-code',
    changes: 'A pending device code is granted when the request has a code too.',
    breaks: ['RFC8628-3.5-authorization_pending'],
    at: atToken,
    ...skippingWhen(({ members }) => members.code !== undefined, 'poll-not-too-fast', 'device-approved'),
  },
  {
    name: 'unknown-code-granted-with-a-refresh-token',
    changes: 'An unknown code is granted when the request has a valid refresh token too.',
    breaks: ['RFC6749-4.1.3-unknown-code'],
    at: atToken,
    ...skippingWhen(({ refreshToken }) => refreshToken !== undefined, 'code-known', 'code-has-challenge'),
  },
  {
    name: 'stranger-and-expired-as-500',
    changes: 'An expired code of another client is answered with status 500.',
    breaks: [
      'RFC6749-5.2-no-5xx-for-client-errors',
      'RFC6749-4.1.3-code-bound-to-confidential-client',
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
    ],
    at: atToken,
    ...replacing(() => ({
      'code-bound-to-client': (attempt) =>
        attempt.code && attempt.now >= attempt.code.expiresAt && attempt.code.clientId !== attempt.client?.id
          ? refusalFor('server_error')
          : usual['code-bound-to-client'](attempt),
    })),
  },
  {
    name: 'only-first-grant-type-checked',
    changes: 'RegisterClient looks at the first grant type only.',
    breaks: ['AWS-RegisterClient-grantTypes'],
    at: atRegister,
    ...replacing(() => ({
      'grant-types-supported': (attempt) => usual['grant-types-supported'](withFirst(attempt, 'grant_types')),
    })),
  },
  {
    name: 'only-first-scope-checked',
    changes: 'RegisterClient looks at the first scope only.',
    breaks: ['AWS-RegisterClient-InvalidScope'],
    at: atRegister,
    ...replacing(() => ({
      'scopes-well-formed': (attempt) => usual['scopes-well-formed'](withFirst(attempt, 'scope')),
    })),
  },
  {
    name: 'only-first-redirect-uri-checked',
    changes: 'RegisterClient looks at the first redirect URI only.',
    breaks: ['RFC7591-3.2.2-errors'],
    at: atRegister,
    ...replacing(() => ({
      'redirect-uris-allowed': (attempt) =>
        usual['redirect-uris-allowed'](withFirst(attempt, 'redirect_uris')),
    })),
  },
  {
    name: 'refresh-token-of-a-code-spent-at-once',
    dialects: ['aws-json'],
    changes: 'The refresh token of a code stops working when another code of the client is redeemed.',
    breaks: ['AWS-CreateToken-InvalidGrant', 'RFC6749-6-refresh-success'],
    at: atToken,
    ...replacing(() => {
      const last = new Map<string, { revoked: boolean }>();
      return {
        'redeem-code': (attempt) => {
          usual['redeem-code'](attempt);
          const { code } = attempt;
          if (!code || attempt.operation !== 'token') return;
          const before = last.get(code.clientId);
          if (before) before.revoked = true;
          last.set(code.clientId, code.family);
        },
      };
    }),
  },
  {
    name: 'grant-lost-when-device-starts',
    changes: 'A client that starts a second device loses its first one.',
    breaks: ['AWS-CreateToken-InvalidGrant', 'RFC6749-5.2-invalid_grant', 'RFC8628-3.5-success'],
    at: atToken,
    ...replacing(() => ({
      'device-code-known': (attempt) => {
        const { device, state } = attempt;
        if (!device) return usual['device-code-known'](attempt);
        const ofTheClient = [...state.devices.values()].filter(
          ({ clientId }) => clientId === device.clientId,
        );
        return ofTheClient.at(-1) === device ? undefined : invalidGrant('device code');
      },
    })),
  },
];

/** Leaves a check out for refresh tokens that were issued in such an attempt, and not by the fixture service. */
function skippingForIssued(
  check: 'refresh-token-not-rotated' | 'refresh-token-not-expired' | 'refresh-token-bound-to-client',
  isSuch: (attempt: Attempt) => boolean,
): Change {
  return replacing(() => {
    const issued = new Set<string>();
    return {
      'new-refresh-token': (attempt) => {
        const value = usual['new-refresh-token'](attempt);
        if (isSuch(attempt)) issued.add(value);
        return value;
      },
      [check]: (attempt: Attempt) =>
        issued.has(attempt.refreshToken?.value ?? '') ? undefined : usual[check](attempt),
    };
  });
}

/** The attempt with only the first item of a list. */
function withFirst(attempt: Attempt, name: 'grant_types' | 'scope' | 'redirect_uris'): Attempt {
  const first = attempt.members[name]?.slice(0, 1);
  return { ...attempt, members: { ...attempt.members, ...(first && { [name]: first }) } };
}
