import type { DialectName } from '../../specs/read.ts';
import { type AnyAttempt, type AnyCheckName, type Behaviours, defaultBehaviours } from '../behaviours.ts';
import type { Operation } from '../core/operation.ts';
import { refusalFor } from '../core/refusal.ts';
import type { OAuthBehaviours } from '../fronts/oauth-form/service.ts';
import { member } from '../json.ts';
import type { EmulatorOptions } from '../server.ts';
import type { JsonObject, Middleware, WireResponse } from '../wire.ts';

/** What a defect makes different. Each call starts anew, so that nothing is remembered from one use to the next. */
export interface Change {
  /** Of the reference emulator. */
  readonly behaviours?: () => Partial<Behaviours>;
  /** In front of any endpoint. */
  readonly middleware?: () => Middleware;
  /** The same at the front of the standards, where a change has its own words. */
  readonly oauth?: {
    readonly behaviours?: () => Partial<OAuthBehaviours>;
    readonly middleware?: () => Middleware;
  };
}

/** Where a defect can live: an operation, or what a server says of itself. */
export type Place = Operation | 'metadata' | 'jwks';

/** One thing that an endpoint gets wrong. */
export interface Defect extends Change {
  /** Kebab case; it never changes. */
  readonly name: string;
  /** In one sentence. */
  readonly changes: string;
  /** The ids of the requirements that it breaks by their own words, the closest one first. */
  readonly breaks: readonly [string, ...string[]];
  /** The operations where it lives. */
  readonly at: readonly Place[];
  /** The one dialect where it is a defect: the documents of the other leave it to the server. */
  readonly only?: DialectName;
}

export const everywhere: readonly Operation[] = ['token', 'iam_token', 'register', 'device_authorization'];
/** Both operations that issue tokens. */
export const tokens: readonly Operation[] = ['token', 'iam_token'];
export const atToken: readonly Operation[] = ['token'];
export const atIamToken: readonly Operation[] = ['iam_token'];
export const atRegister: readonly Operation[] = ['register'];
export const atDeviceAuthorization: readonly Operation[] = ['device_authorization'];

type AnyCheck = (attempt: never) => unknown;

/** Behaviours in place of those of the reference. */
export function replacing(behaviours: () => Partial<Behaviours>): Change {
  return { behaviours };
}

/** Behaviours of the front of the standards in place of those of the reference. */
export function replacingOAuth(behaviours: () => Partial<OAuthBehaviours>): Change {
  return { oauth: { behaviours } };
}

/** What an emulator with this change is started with. */
export function startedWith({
  behaviours,
  middleware,
  oauth,
}: Change): Pick<EmulatorOptions, 'behaviours' | 'middleware' | 'oauth'> {
  return {
    behaviours: behaviours?.() ?? {},
    middleware: middleware?.(),
    oauth: { behaviours: oauth?.behaviours?.() ?? {}, middleware: oauth?.middleware?.() },
  };
}

/** Whether it lives inside the reference emulator, so that it cannot stand in front of another endpoint. */
export const isInside = ({ behaviours, oauth }: Change): boolean =>
  behaviours !== undefined || oauth?.behaviours !== undefined;

/** Several at once: of behaviours that two of them replace, the later one's holds. */
export function together(changes: readonly Change[]): Change {
  const oauth = changes.flatMap((one) => one.oauth ?? []);
  return { ...joined(changes), oauth: joined(oauth) };
}

interface Part<B> {
  readonly behaviours?: () => B;
  readonly middleware?: () => Middleware;
}

function joined<B extends object>(
  parts: readonly Part<B>[],
): Required<Pick<Part<B>, 'behaviours'>> & Part<B> {
  const inside = parts.flatMap(({ middleware }) => middleware ?? []);
  return {
    behaviours: () => Object.assign({}, ...parts.map((one) => one.behaviours?.() ?? {})),
    ...(inside.length > 0 && { middleware: () => inside.map((one) => one()).reduce(around) }),
  };
}

const around =
  (outer: Middleware, inner: Middleware): Middleware =>
  (request, endpoint) =>
    outer(request, (passed) => inner(passed, endpoint));

/** Leaves checks out. */
export function skipping(...checks: readonly (keyof Behaviours)[]): Change {
  return replacing(() => Object.fromEntries(checks.map((name) => [name, () => undefined])));
}

/** Leaves a check out when this holds. */
export function skippingWhen(
  holds: (attempt: AnyAttempt) => boolean,
  ...checks: readonly AnyCheckName[]
): Change {
  return wrapping(checks, (attempt, check) => (holds(attempt) ? undefined : check(attempt)));
}

/** Checks rightly, and refuses with another error. */
export function refusing(
  error: string,
  checks: readonly AnyCheckName[],
  when: (attempt: AnyAttempt) => boolean = () => true,
): Change {
  return wrapping(checks, (attempt, check) => {
    const refusal = check(attempt);
    return refusal !== undefined && when(attempt) ? refusalFor(error) : refusal;
  });
}

function wrapping(
  checks: readonly AnyCheckName[],
  wrapped: (attempt: AnyAttempt, check: (attempt: AnyAttempt) => unknown) => unknown,
): Change {
  return replacing(() =>
    Object.fromEntries(
      checks.map((name) => [
        name,
        (attempt: AnyAttempt) =>
          wrapped(attempt, defaultBehaviours[name] as AnyCheck as (a: AnyAttempt) => unknown),
      ]),
    ),
  );
}

/** The same response with a header set, or without it. */
export function withHeader(response: WireResponse, name: string, value: string | undefined): WireResponse {
  const others = response.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return { ...response, headers: value === undefined ? others : [...others, [name, value]] };
}

/** A member of a JSON object, when it is text. */
export function textOf(body: JsonObject, name: string): string | undefined {
  const value = member(body, name);
  return typeof value === 'string' ? value : undefined;
}

/** The object without some of its members. */
export function leaving(body: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** The object with one member under another name. */
export function renaming(body: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name === from ? to : name, value]));
}
