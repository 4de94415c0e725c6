import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import type { CheckName } from '../../core/checks/order.ts';
import { invalidGrant } from '../../core/refusal.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, tokens } from '../defect.ts';
import { lineage } from './lineage.ts';
import { assertionKey, refusedOnlyUntil } from './retries.ts';

const code = ({ members }: Attempt) => members.code;
const device = ({ members }: Attempt) => members.device_code;
const token = ({ members }: Attempt) => members.refresh_token;

/** Several replicas, in turn, of which one does not know yet what the others do. */
export const replicas: readonly Defect[] = [
  ...(
    [
      {
        name: 'code-spent-on-two-of-three',
        what: 'a code was redeemed',
        breaks: 'RFC6749-4.1.2-code-single-use',
        at: tokens,
        check: 'code-not-redeemed',
        key: code,
      },
      {
        name: 'device-code-spent-on-two-of-three',
        what: 'a device code was redeemed',
        breaks: 'RFC8628-3.4-device_code-single-use',
        at: atToken,
        check: 'device-code-not-redeemed',
        key: device,
      },
      {
        name: 'assertion-used-on-two-of-three',
        what: 'an assertion was used',
        breaks: 'AWS-CreateTokenWithIAM-jti-single-use',
        at: atIamToken,
        check: 'assertion-not-used',
        key: assertionKey,
      },
    ] as const
  ).map(
    ({ name, what, breaks, at, check, key }): Defect => ({
      name,
      changes: `One of three replicas is never told that ${what}: the third request that presents it is granted.`,
      breaks: [breaks],
      at,
      ...refusedOnlyUntil(2, check, key),
    }),
  ),
  {
    name: 'refresh-token-replaced-on-two-of-three',
    changes:
      'One of three replicas is never told that a refresh token was replaced, and none ends a family for its reuse.',
    breaks: ['RFC9700-4.14.2-rotated-rt-invalidated'],
    at: atToken,
    ...replacing(() => ({
      ...refusedOnlyUntil(2, 'refresh-token-not-rotated', token).behaviours?.(),
      'revoke-family-of-reused-refresh-token': () => undefined,
    })),
  },
  {
    name: 'code-spent-on-one-of-two',
    changes: 'One of two replicas is never told that a code was redeemed: every second request is granted.',
    breaks: ['RFC6749-4.1.2-code-single-use'],
    at: tokens,
    ...everySecond('code-not-redeemed', code),
  },
  {
    name: 'revocation-on-one-of-two',
    changes: 'One of two replicas is never told that a family was ended: every second refresh is granted.',
    breaks: ['RFC6749-4.1.2-code-reuse-revokes-refresh-tokens', 'RFC9700-4.14.2-reuse-revokes-family'],
    at: tokens,
    ...refusedOnlyUntil(2, 'refresh-token-not-revoked', token),
  },
  {
    name: 'denial-on-one-of-two',
    changes:
      'One of two replicas is never told of a denial: there the device code is pending, then approved.',
    breaks: ['RFC8628-3.5-access_denied'],
    at: atToken,
    ...refusedOnlyUntil(2, 'device-not-denied', device, 'poll-not-too-fast', 'device-approved'),
  },
  {
    name: 'later-token-unknown-at-first',
    changes: 'The replica that is asked first does not know the third refresh token of a family yet.',
    breaks: ['RFC6749-6-refresh-success'],
    at: tokens,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      const asked = new Set<string>();
      return {
        ...behaviours,
        'refresh-token-not-expired': (attempt) => {
          const { refreshToken } = attempt;
          if (refreshToken && of(refreshToken).generation === 3 && !asked.has(refreshToken.value)) {
            asked.add(refreshToken.value);
            return invalidGrant('refresh token');
          }
          return usual['refresh-token-not-expired'](attempt);
        },
      };
    }),
  },
  {
    name: 'later-binding-on-one-of-two',
    changes: 'One of two replicas does not know to which client a refreshed token belongs: it asks no more.',
    breaks: ['RFC6749-6-bound-to-client'],
    at: tokens,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      const asked = new Map<string, number>();
      return {
        ...behaviours,
        'refresh-token-bound-to-client': (attempt) => {
          const refusal = usual['refresh-token-bound-to-client'](attempt);
          const { refreshToken } = attempt;
          if (!refusal || !refreshToken || of(refreshToken).generation < 2) return refusal;
          const count = (asked.get(refreshToken.value) ?? 0) + 1;
          asked.set(refreshToken.value, count);
          return count % 2 === 0 ? undefined : refusal;
        },
      };
    }),
  },
];

/** A check is left out for every second request that presents the same. */
function everySecond(check: CheckName, keyOf: (attempt: Attempt) => string | undefined): Change {
  return replacing(() => {
    const asked = new Map<string | undefined, number>();
    return {
      [check]: (attempt: Attempt) => {
        const key = keyOf(attempt);
        const count = (asked.get(key) ?? 0) + 1;
        asked.set(key, count);
        return count % 2 === 0 ? undefined : usual[check](attempt);
      },
    };
  });
}
