import type { Attempt } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import { atIamToken, atToken, type Change, type Defect, tokens } from '../defect.ts';

type Spend = keyof CoreBehaviours &
  ('redeem-code' | 'redeem-device-code' | 'rotate-refresh-token' | 'use-up-assertion');

/** Milliseconds between the look at what is presented and its mark as spent. */
const gap = 25;

/**
 * What is presented is looked at, and marked as spent a moment later. A success is answered only after that,
 * so that whoever waits for it sees nothing: only requests that overlap do.
 */
function spentLate(spend: Spend): Change {
  return {
    behaviours: () => ({
      [spend]: (attempt: Attempt) => {
        setTimeout(() => usual[spend](attempt), gap);
      },
    }),
    middleware: () => async (request, endpoint) => {
      const response = await endpoint(request);
      if (response.status === 200 && request.path.endsWith('/token'))
        await new Promise((resolve) => setTimeout(resolve, 2 * gap));
      return response;
    },
  };
}

/** Two requests at the same time both win. */
export const race: readonly Defect[] = [
  {
    name: 'code-redeemed-twice-at-once',
    changes: 'Of parallel redemptions of one code several are granted.',
    breaks: ['RFC6749-10.5-code-concurrent-redemption'],
    at: tokens,
    ...spentLate('redeem-code'),
  },
  {
    name: 'device-code-redeemed-twice-at-once',
    changes: 'Of parallel redemptions of one device code several are granted.',
    breaks: ['RFC8628-3.4-device_code-single-use'],
    at: atToken,
    ...spentLate('redeem-device-code'),
  },
  {
    name: 'refresh-token-rotated-twice-at-once',
    changes: 'Of parallel refreshes with one token several are granted.',
    breaks: ['RFC6749-6-refresh-concurrent'],
    at: atToken,
    ...spentLate('rotate-refresh-token'),
  },
  {
    name: 'assertion-used-twice-at-once',
    changes: 'Of parallel uses of one assertion several are granted.',
    breaks: ['AWS-CreateTokenWithIAM-jti-single-use'],
    at: atIamToken,
    ...spentLate('use-up-assertion'),
  },
];
