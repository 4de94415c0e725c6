import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { type Refusal, refusalFor } from '../../core/refusal.ts';
import { atToken, type Change, type Defect, replacing } from '../defect.ts';

const inTime = 'RFC8628-3.5-no-slow_down-at-interval';

/** What is known of the polls of a device code. */
interface Polls {
  count: number;
  /** How many of them were told to slow down. */
  told: number;
  /** Whether one came too soon after its approval. */
  hurried: boolean;
  last: number;
}

/** Polls with a device code, whatever its user decided. */
function watching(answer: (attempt: Attempt, polls: Polls) => Refusal | undefined): Change {
  return replacing(() => {
    const known = new WeakMap<object, Polls>();
    return {
      'poll-not-too-fast': (attempt) => {
        const { device, now } = attempt;
        if (device === undefined) return undefined;
        const polls = known.get(device) ?? { count: 0, told: 0, hurried: false, last: 0 };
        known.set(device, polls);
        const refusal = answer(attempt, polls);
        polls.count += 1;
        polls.last = now;
        if (refusal) polls.told += 1;
        return refusal;
      },
    };
  });
}

const slowDown = () => refusalFor('slow_down');

export const devicePolling: readonly Defect[] = [
  {
    name: 'interval-counted-in-whole-seconds',
    changes: 'A poll is in time only when more whole seconds have passed than the interval has.',
    breaks: [inTime],
    at: atToken,
    ...watching(({ device, now }, { count, last }) =>
      device?.decision === 'pending' &&
      count > 1 &&
      Math.floor(now / 1_000) - Math.floor(last / 1_000) <= device.interval
        ? slowDown()
        : undefined,
    ),
  },
  {
    name: 'slow-down-for-good',
    changes: 'Who was told to slow down is told so until the user decides.',
    breaks: [inTime],
    at: atToken,
    ...watching((attempt, { told }) =>
      told > 0 && attempt.device?.decision === 'pending' ? slowDown() : usual['poll-not-too-fast'](attempt),
    ),
  },
  {
    name: 'approved-device-code-blocked-by-haste',
    changes: 'A device code that is polled too fast after its approval is answered slow_down for good.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...watching((attempt, polls) => {
      const { device, now } = attempt;
      if (device?.decision !== 'approve') return usual['poll-not-too-fast'](attempt);
      polls.hurried ||= polls.told > 0 && now - polls.last < device.interval * 1_000;
      return polls.hurried ? slowDown() : undefined;
    }),
  },
  {
    name: 'third-slow-down-final',
    changes: 'A device code that was told three times to slow down is never granted.',
    breaks: ['RFC8628-3.5-success'],
    at: atToken,
    ...watching((attempt, { told }) => (told > 2 ? slowDown() : usual['poll-not-too-fast'](attempt))),
  },
];
