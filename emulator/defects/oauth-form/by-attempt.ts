import type { GrantType } from '../../core/attempt.ts';
import { coreBehaviours } from '../../core/behaviours.ts';
import { type Refusal, refusalFor } from '../../core/refusal.ts';
import { type OAuthAttempt, ofOAuth } from '../../fronts/oauth-form/attempt.ts';
import { oauthFormBehaviours } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthCheckName } from '../../fronts/oauth-form/order.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import type { JsonObject } from '../../wire.ts';
import { type Change, replacingOAuth } from '../defect.ts';

/** Every usual decision of the front of the standards: its own, and those that it leaves to the core. */
export const usual: OAuthBehaviours = { ...coreBehaviours, ...oauthFormBehaviours };

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

type Asked = (attempt: OAuthAttempt) => Refusal | undefined;

/** Whether a request is one of this grant. */
export const isOf =
  (grant: GrantType) =>
  (attempt: OAuthAttempt): boolean =>
    attempt.grant === grant;

/** Leaves checks out when this holds. */
export const leavingOut = (
  holds: (attempt: OAuthAttempt) => boolean,
  ...checks: readonly OAuthCheckName[]
): Change => asking(checks, (attempt, check) => (holds(attempt) ? undefined : check(attempt)));

/** Refuses in a check when this holds, whatever is right. */
export const refusingWhen = (
  error: string,
  check: OAuthCheckName,
  holds: (attempt: OAuthAttempt) => boolean,
): Change => asking([check], (attempt, rightly) => (holds(attempt) ? refusalFor(error) : rightly(attempt)));

/** Checks rightly, and refuses with another error. */
export const refusingAs = (error: string, ...checks: readonly OAuthCheckName[]): Change =>
  asking(checks, (attempt, check) => check(attempt) && refusalFor(error));

function asking(
  checks: readonly OAuthCheckName[],
  wrapped: (attempt: OAuthAttempt, check: Asked) => Refusal | undefined,
): Change {
  const all = usual as unknown as Readonly<Record<string, Asked>>;
  return replacingOAuth(() =>
    Object.fromEntries(
      checks.map((name) => [
        name,
        (attempt: OAuthAttempt) => wrapped(attempt, all[name] ?? (() => undefined)),
      ]),
    ),
  );
}

/** Changes what is written of a granted request, with the knowledge of what was asked. */
export function answering(edit: (body: JsonObject, attempt: OAuthAttempt) => JsonObject): Change {
  return replacingOAuth(() => {
    /** What is granted has the list of its scopes alone in common with what was asked. */
    const attempts = new WeakMap<object, OAuthAttempt>();
    return {
      'granted-scope': (attempt) => {
        const scope = [...usual['granted-scope'](attempt)];
        attempts.set(scope, ofOAuth(attempt));
        return scope;
      },
      'token-body': (granted) => {
        const attempt = attempts.get(granted.scope);
        const body = usual['token-body'](granted);
        return attempt ? edit(body, attempt) : body;
      },
    };
  });
}

/** What a behaviour came to the first time, it comes to wherever this key is the same. */
export function firstOf<A, T>(key: (about: A) => unknown, of: (about: A) => T): (about: A) => T {
  const known = new Map<string, T>();
  return (about) => {
    const at = JSON.stringify(key(about)) ?? '';
    const value = known.has(at) ? (known.get(at) as T) : of(about);
    known.set(at, value);
    return value;
  };
}
