import type { Attempt, GrantType } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import type { CheckName } from '../../core/checks/order.ts';
import type { RefreshToken } from '../../core/state.ts';
import { type Change, replacing } from '../defect.ts';

/** Where a refresh token comes from. */
export interface Descent {
  /** That of a grant, or of the fixture service, is the first; each refresh brings the next. */
  readonly generation: number;
  /** What its family began with; undefined for the fixture service. */
  readonly origin: GrantType | undefined;
}

/** Remembers the descent of every refresh token. */
export interface Lineage {
  readonly of: (token: RefreshToken | undefined) => Descent;
  readonly behaviours: Pick<CoreBehaviours, 'new-refresh-token'>;
}

export function lineage(): Lineage {
  const known = new Map<string, Descent>();
  const of = (token: RefreshToken | undefined): Descent =>
    known.get(token?.value ?? '') ?? { generation: 1, origin: undefined };
  return {
    of,
    behaviours: {
      'new-refresh-token': (attempt) => {
        const value = usual['new-refresh-token'](attempt);
        const before = of(attempt.refreshToken);
        known.set(
          value,
          attempt.grant === 'refresh_token'
            ? { ...before, generation: before.generation + 1 }
            : { generation: 1, origin: attempt.grant },
        );
        return value;
      },
    },
  };
}

/** The behaviours that leave checks out for refresh tokens of such a descent. */
export function leavingOutOf(
  such: (descent: Descent, attempt: Attempt) => boolean,
  ...checks: readonly CheckName[]
): Partial<CoreBehaviours> {
  const { of, behaviours } = lineage();
  return {
    ...behaviours,
    ...Object.fromEntries(
      checks.map((name) => [
        name,
        (attempt: Attempt) =>
          attempt.refreshToken && such(of(attempt.refreshToken), attempt) ? undefined : usual[name](attempt),
      ]),
    ),
  };
}

/** Leaves checks out for refresh tokens of such a descent. */
export const skippingFor = (such: (descent: Descent) => boolean, ...checks: readonly CheckName[]): Change =>
  replacing(() => leavingOutOf(such, ...checks));
