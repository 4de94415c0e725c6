import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import type { DeviceAuthorization } from '../../core/state.ts';
import { atToken, type Change, type Defect, replacing } from '../defect.ts';

const success = 'RFC8628-3.5-success';
const expired = 'RFC8628-3.5-expired_token';
const pending = 'RFC8628-3.5-authorization_pending';

export const life = usual['device-code-lifetime']() * 1_000;
const minute = 60_000;

/** What the endpoint remembers of the polls with one device code. */
interface Polls {
  /** Before this one. */
  readonly count: number;
  /** When the last one before came; the start of the device when there was none. */
  readonly last: number;
}

/** A device code that ends at another moment than its answer says. One that was made to expire has expired. */
function ending(end: (device: DeviceAuthorization, polls: Polls) => number): Change {
  return replacing(() => {
    const known = new WeakMap<DeviceAuthorization, Polls>();
    return {
      'device-code-not-expired': (attempt) => {
        const { device, now } = attempt;
        if (!device || device.expiresAt < device.issuedAt + life)
          return usual['device-code-not-expired'](attempt);
        const polls = known.get(device) ?? { count: 0, last: device.issuedAt };
        known.set(device, { count: polls.count + 1, last: now });
        return now >= end(device, polls) ? refusalFor('expired_token') : undefined;
      },
    };
  });
}

/** A poll is too fast, whatever was decided, when less than so many milliseconds have passed since the one before. */
export function waiting(
  wait: (device: DeviceAuthorization, before: { polls: number; tooFast: number }) => number,
): Change {
  return replacing(() => {
    const known = new WeakMap<DeviceAuthorization, { at: number; polls: number; tooFast: number }>();
    return {
      'poll-not-too-fast': () => undefined,
      'device-not-denied': (attempt: Attempt) => {
        const { device, now } = attempt;
        if (!device) return undefined;
        const before = known.get(device) ?? { at: Number.NEGATIVE_INFINITY, polls: 0, tooFast: 0 };
        const tooFast = now - before.at < wait(device, before);
        known.set(device, { at: now, polls: before.polls + 1, tooFast: before.tooFast + Number(tooFast) });
        return tooFast ? refusalFor('slow_down') : usual['device-not-denied'](attempt);
      },
    };
  });
}

export type DevicePromise = readonly [
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  change: Change,
];

const rows: readonly DevicePromise[] = [
  [
    'device-code-dies-half-way',
    'A device code ends after half of expiresIn.',
    [success, pending],
    ending(({ issuedAt }) => issuedAt + life / 2),
  ],
  [
    'approved-device-code-dies-early',
    'A device code that was approved has to be redeemed in the first half of its life.',
    [success],
    ending(({ issuedAt, decision }) => issuedAt + (decision === 'approve' ? life / 2 : life)),
  ],
  [
    'polls-renew-the-device-code',
    'A device code lives on as long as it is polled: its life begins anew with each poll.',
    [expired],
    ending((_, { last }) => last + life),
  ],
  [
    'polls-shorten-the-life',
    'Each poll takes twenty seconds of the life of a device code.',
    [success, pending],
    ending(({ issuedAt }, { count }) => issuedAt + life - count * 20_000),
  ],
  [
    'device-code-of-ten-polls',
    'A device code has expired after ten polls, however long it should live.',
    [success, pending],
    ending(({ issuedAt }, { count }) => (count < 10 ? issuedAt + life : issuedAt)),
  ],
  [
    'approval-restarts-the-life',
    'A device code that was polled and approved later lives from then on for another expiresIn.',
    [expired],
    ending(({ issuedAt, decision }, { last }) => (decision === 'approve' ? last : issuedAt) + life),
  ],
  [
    'unpolled-device-code-dies',
    'A device code that is not polled for half of its life ends.',
    [success],
    ending(({ issuedAt }, { last }) => Math.min(issuedAt + life, last + life / 2)),
  ],
  [
    'device-code-age-in-begun-minutes',
    'The age of a device code is counted in minutes that have begun, so it ends up to a minute early.',
    [success],
    ending(({ issuedAt }) => issuedAt + life - minute + 1),
  ],
  [
    'device-code-age-in-whole-minutes',
    'The age of a device code is counted in whole minutes, and has to be more than its lifetime.',
    [expired],
    ending(({ issuedAt }) => issuedAt + life + minute),
  ],
  [
    'replica-clock-ahead',
    'Every second poll meets a replica whose clock is five minutes ahead.',
    [pending],
    ending(({ issuedAt }, { count }) => issuedAt + life - (count % 2) * 5 * minute),
  ],
  [
    'replica-clock-behind',
    'Every second poll meets a replica whose clock is five minutes behind.',
    [expired],
    ending(({ issuedAt }, { count }) => issuedAt + life + (count % 2) * 5 * minute),
  ],
  [
    'interval-kept-fivefold',
    'Polls that are five intervals apart are too fast, whatever was decided.',
    [success],
    waiting(({ interval }) => interval * 5_000 + 1),
  ],
  [
    'interval-grows-with-each-poll',
    'The interval that is asked for grows by a second with each poll, and nobody is told.',
    [success],
    waiting(({ interval }, { polls }) => (interval + Math.max(0, polls - 2)) * 1_000),
  ],
  [
    'slow-down-multiplies-the-interval',
    'Each slow_down makes the wait four times as long, where it stands for five seconds more.',
    [success],
    waiting(({ interval }, { tooFast }) => interval * 1_000 * 4 ** tooFast),
  ],
  [
    'late-approval-overlooked',
    'A device code that is pending in the last fifth of its life stays pending.',
    [success],
    replacing(() => {
      const overlooked = new WeakSet<DeviceAuthorization>();
      return {
        'device-approved': (attempt) => {
          const { device, now } = attempt;
          const refusal = usual['device-approved'](attempt);
          if (device && refusal && now > device.issuedAt + 0.8 * life) overlooked.add(device);
          return device && overlooked.has(device) ? refusalFor('authorization_pending') : refusal;
        },
      };
    }),
  ],
];

/** What a device code is promised, and what becomes of it. */
export const devicePromises: readonly Defect[] = rows.map(devicePromise);

export function devicePromise([name, changes, breaks, change]: DevicePromise): Defect {
  return { name, changes, breaks, at: atToken, ...change };
}
