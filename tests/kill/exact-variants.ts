import { defaultBehaviours as usual } from '../../emulator/behaviours.ts';
import { refusalFor } from '../../emulator/core/refusal.ts';
import { awsError, intercepting } from '../../emulator/defects/aws-json/kit.ts';
import { type Change, replacing } from '../../emulator/defects/defect.ts';
import type { Variant } from './variant.ts';

/** A device code that ends so many milliseconds after its answer says; before it, when negative. */
const endingLater = (milliseconds: (polls: number) => number): Change =>
  replacing(() => {
    const polls = new WeakMap<object, number>();
    return {
      'device-code-not-expired': (attempt) => {
        const { device, now } = attempt;
        if (!device) return undefined;
        const count = polls.get(device) ?? 0;
        polls.set(device, count + 1);
        // One that was made to expire has expired.
        const isPromised = device.expiresAt >= device.issuedAt + usual['device-code-lifetime']() * 1_000;
        return usual['device-code-not-expired']({
          ...attempt,
          now: isPromised ? now - milliseconds(count) : now,
        });
      },
    };
  });

/** Conformant ways to keep a promise, and to take values as they are. */
export const exactVariants: readonly Variant[] = [
  {
    name: 'device-codes-live-a-little-longer',
    differs: 'A device code works for fifteen seconds more than expiresIn.',
    ...endingLater(() => 15_000),
  },
  {
    name: 'device-codes-end-a-little-early',
    differs: 'A device code ends ten seconds before expiresIn is over.',
    ...endingLater(() => -10_000),
  },
  {
    name: 'replicas-some-seconds-apart',
    differs: 'Every second poll meets a replica whose clock is ten seconds ahead.',
    ...endingLater((polls) => (polls % 2) * -10_000),
  },
  {
    name: 'slow-down-adds-five-seconds',
    differs: 'Each slow_down makes the interval five seconds longer, whatever was decided.',
    ...replacing(() => {
      const known = new WeakMap<object, { readonly at: number; readonly wait: number }>();
      return {
        'poll-not-too-fast': () => undefined,
        'device-not-denied': (attempt) => {
          const { device, now } = attempt;
          if (!device) return undefined;
          const { at, wait } = known.get(device) ?? {
            at: Number.NEGATIVE_INFINITY,
            wait: device.interval * 1_000,
          };
          const tooFast = now - at < wait;
          known.set(device, { at: now, wait: tooFast ? wait + 5_000 : wait });
          return tooFast ? refusalFor('slow_down') : usual['device-not-denied'](attempt);
        },
      };
    }),
  },
  {
    name: 'subject-tokens-of-ten-minutes',
    differs: 'A subject token lives ten minutes.',
    ...replacing(() => ({ 'subject-token-lifetime': () => 600 })),
  },
  {
    name: 'secrets-of-ten-years',
    differs: 'Client secrets live ten years.',
    ...replacing(() => ({ 'client-secret-lifetime': () => 3_650 * 86_400 })),
  },
  {
    name: 'malformed-values-as-invalid-request',
    differs:
      'A code, token, secret or id with anything but letters, digits and signs is answered with InvalidRequestException.',
    ...intercepting((members) =>
      valuesOf.some((name) => typeof members[name] === 'string' && /[^!-$&-~]/.test(members[name]))
        ? awsError('InvalidRequestException')
        : undefined,
    ),
  },
  {
    name: 'lenient-about-clocks',
    differs: 'The times of an assertion may be five minutes off, and a signature fifteen.',
    ...replacing(() => ({
      'assertion-not-expired': (attempt) =>
        attempt.state.assertions.get(attempt.assertion?.value ?? '')?.expiresAt === Number.POSITIVE_INFINITY
          ? usual['assertion-not-expired']({ ...attempt, now: attempt.now - 300_000 })
          : usual['assertion-not-expired'](attempt),
      'assertion-already-valid': (attempt) =>
        usual['assertion-already-valid']({ ...attempt, now: attempt.now + 300_000 }),
      'amz-date-not-too-early': (attempt) =>
        usual['amz-date-not-too-early']({ ...attempt, now: attempt.now - 600_000 }),
      'amz-date-not-too-late': (attempt) =>
        usual['amz-date-not-too-late']({ ...attempt, now: attempt.now + 600_000 }),
    })),
  },
];

const valuesOf = [
  'code',
  'deviceCode',
  'refreshToken',
  'subjectToken',
  'clientId',
  'clientSecret',
  'codeVerifier',
];
