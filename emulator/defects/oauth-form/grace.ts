import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as core } from '../../core/behaviours.ts';
import type { Family, RefreshToken } from '../../core/state.ts';
import { ofOAuth } from '../../fronts/oauth-form/attempt.ts';
import { leavingOutOf } from '../core/lineage.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';

const breaks = ['RFC9700-4.14.2-grace-is-short'] as const;

const minute = 60_000;

export const isPublic = (attempt: Attempt): boolean => ofOAuth(attempt).client?.method === 'none';

/** What is known of a refresh token that was replaced, in milliseconds. */
interface Replaced {
  readonly at: number;
  /** When it came last. */
  readonly usedAt: number;
  /** When anything of its family was refreshed last. */
  readonly familyAt: number;
}

/** A replaced refresh token goes on working for such clients, for as long as this says. */
export const grace = (
  isSpared: (attempt: Attempt) => boolean,
  lasts: (replaced: Replaced, now: number) => boolean,
): Change =>
  replacingOAuth(() => {
    const replacedAt = new WeakMap<RefreshToken, number>();
    const usedAt = new WeakMap<RefreshToken, number>();
    const familyAt = new WeakMap<Family, number>();
    return {
      'rotate-refresh-token': (attempt) => {
        const { refreshToken, now } = attempt;
        if (refreshToken) {
          if (!replacedAt.has(refreshToken)) replacedAt.set(refreshToken, now);
          usedAt.set(refreshToken, now);
          familyAt.set(refreshToken.family, now);
        }
        core['rotate-refresh-token'](attempt);
      },
      'refresh-token-not-rotated': (attempt) => {
        const { refreshToken, now } = attempt;
        const refusal = core['refresh-token-not-rotated'](attempt);
        if (!refusal || !refreshToken || !isSpared(attempt)) return refusal;
        const at = replacedAt.get(refreshToken) ?? now;
        const replaced = {
          at,
          usedAt: usedAt.get(refreshToken) ?? at,
          familyAt: familyAt.get(refreshToken.family) ?? at,
        };
        return lasts(replaced, now) ? undefined : refusal;
      },
    };
  });

/** Refresh tokens of public clients that work too long after they were replaced. */
export const graces: readonly Defect[] = [
  {
    name: 'grace-of-two-hours',
    changes: 'A refresh token of a public client works for two hours after it was replaced.',
    breaks,
    at: atToken,
    ...grace(isPublic, ({ at }, now) => now < at + 120 * minute),
  },
  {
    name: 'grace-without-end',
    changes: 'A refresh token of a public client works as long as it lives, however often it was replaced.',
    breaks,
    at: atToken,
    ...grace(isPublic, () => true),
  },
  {
    name: 'grace-begins-anew-with-each-use',
    changes: 'The forty minutes of grace of a replaced refresh token begin anew each time that it comes.',
    breaks,
    at: atToken,
    ...grace(isPublic, ({ usedAt }, now) => now < usedAt + 40 * minute),
  },
  {
    name: 'grace-begins-anew-with-each-refresh',
    changes: 'The fifty minutes of grace of a replaced refresh token begin anew when its successor is used.',
    breaks,
    at: atToken,
    ...grace(isPublic, ({ familyAt }, now) => now < familyAt + 50 * minute),
  },
  {
    name: 'grace-until-the-successor-is-used',
    changes: 'A replaced refresh token of a public client works until its successor is used.',
    breaks,
    at: atToken,
    ...grace(isPublic, ({ at, familyAt }) => familyAt === at),
  },
  {
    name: 'third-token-of-public-client-stays',
    changes: 'From the third on, refresh tokens of a public client work after they were replaced.',
    breaks,
    at: atToken,
    ...replacingOAuth(() =>
      leavingOutOf(
        ({ generation }, attempt) => generation >= 3 && isPublic(attempt),
        'refresh-token-not-rotated',
      ),
    ),
  },
];
