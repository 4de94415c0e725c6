import fc, { type Arbitrary } from 'fast-check';
import type { Kind } from '../../kit/grant.ts';
import type { Flavour } from './model.ts';

/** What somebody does next. Numbers choose among what there is, so that every sequence has a meaning. */
export type Command =
  | { readonly do: 'obtain'; readonly kind: Kind; readonly client: 0 | 1 }
  | {
      readonly do: 'present';
      readonly which: number;
      readonly client: 0 | 1;
      /** With a wrong verifier, where there is one. */
      readonly spoilt: boolean;
    }
  | { readonly do: 'decide'; readonly which: number; readonly decision: 'approve' | 'deny' }
  | { readonly do: 'expire'; readonly which: number }
  /** Waits until so many seconds have passed since the beginning. */
  | { readonly do: 'wait'; readonly until: number };

/** More than an hour after the shorter waits. */
export const anHourLater = 4_400;

/**
 * Seconds: within an interval, around a short lifetime, beyond every grace period; seldom beyond the life of a code.
 * All sequences wait for the same moments, since time passes for all of them at once.
 */
const moment = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(4, 60, 300, 700, anHourLater) },
  { weight: 1, arbitrary: fc.constant(90_000) },
);

export const commandsFor = (
  { kinds, decisions }: Flavour,
  { overTime, maxLength }: { readonly overTime: boolean; readonly maxLength: number },
): Arbitrary<Command[]> => {
  const client = fc.constantFrom(0 as const, 1 as const);
  const which = fc.nat(20);
  return fc.noBias(
    fc.array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant('obtain' as const),
            kind: fc.constantFrom(...kinds),
            client,
          }),
        },
        {
          weight: 6,
          arbitrary: fc.record({
            do: fc.constant('present' as const),
            which,
            client: fc.oneof(
              { weight: 4, arbitrary: fc.constant(0 as const) },
              { weight: 1, arbitrary: fc.constant(1 as const) },
            ),
            spoilt: fc.oneof(
              { weight: 5, arbitrary: fc.constant(false) },
              { weight: 1, arbitrary: fc.constant(true) },
            ),
          }),
        },
        ...(kinds.includes('device')
          ? [
              {
                weight: 3,
                arbitrary: fc.record({
                  do: fc.constant('decide' as const),
                  which,
                  decision: fc.constantFrom(...decisions),
                }),
              },
            ]
          : []),
        { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
        ...(overTime
          ? [{ weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), until: moment }) }]
          : []),
      ),
      { minLength: 2, maxLength, size: 'max' },
    ),
  );
};
