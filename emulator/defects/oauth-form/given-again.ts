import type { Attempt } from '../../core/attempt.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { type Change, replacingOAuth } from '../defect.ts';

interface Living {
  readonly value: string;
  expiresAt: number;
}

/** What an access token is given again to: a family, or a client that asks for itself. */
function keyOf({ grant, client, code, device, refreshToken, members }: Attempt): object | string {
  const family = (grant === 'refresh_token' ? refreshToken : grant === 'authorization_code' ? code : device)
    ?.family;
  return family ?? `${client?.id} ${members.scope?.join(' ')}`;
}

/**
 * A server that gives an access token again while it lives, to requests such as these. `told` makes `expires_in` of the
 * seconds that are left and of those that a new one has; `prolonged` has it live so long from then on.
 */
export function givingAgain(
  such: (attempt: Attempt) => boolean,
  {
    told = (rest) => rest,
    prolonged = false,
  }: { readonly told?: (rest: number, whole: number) => number; readonly prolonged?: boolean } = {},
): Change {
  return replacingOAuth(() => {
    const living = new Map<object | string, Living>();
    let asked: Attempt | undefined;
    let rest: number | undefined;
    const known = (attempt: Attempt) => {
      const one = living.get(keyOf(attempt));
      return one !== undefined && one.expiresAt > attempt.now ? one : undefined;
    };
    const isShared = (attempt: Attempt) =>
      such(attempt) &&
      ['authorization_code', 'refresh_token', 'client_credentials'].includes(String(attempt.grant));
    return {
      // The first decision of a request that is granted; all that follows happens in the same turn.
      'granted-scope': (attempt) => {
        asked = isShared(attempt) ? attempt : undefined;
        return usual['granted-scope'](attempt);
      },
      'access-token-lifetime': (client) => {
        const whole = usual['access-token-lifetime'](client);
        const one = asked && known(asked);
        rest = one && asked ? Math.floor((one.expiresAt - asked.now) / 1_000) : undefined;
        return rest === undefined || prolonged ? whole : rest;
      },
      'new-access-token': (attempt) => {
        if (asked === undefined) return usual['new-access-token'](attempt);
        const whole = usual['access-token-lifetime'](undefined) * 1_000;
        const one = known(attempt);
        if (one === undefined) {
          const value = usual['new-access-token'](attempt);
          living.set(keyOf(attempt), { value, expiresAt: attempt.now + whole });
          return value;
        }
        if (prolonged) one.expiresAt = attempt.now + whole;
        return one.value;
      },
      'token-body': (granted) => {
        const again = rest;
        rest = undefined;
        const whole = usual['access-token-lifetime'](undefined);
        return usual['token-body'](
          again === undefined ? granted : { ...granted, expires_in: told(granted.expires_in, whole) },
        );
      },
    };
  });
}
