import { type Behaviours, defaultBehaviours } from '../behaviours.ts';
import type { Attempt } from '../core/attempt.ts';
import type { CheckName } from '../core/checks/order.ts';
import type { Operation } from '../core/operation.ts';
import { refusalFor } from '../core/refusal.ts';
import { contract } from '../fronts/aws-json/contract.ts';
import { awsJsonFormat } from '../fronts/aws-json/format.ts';
import type { SignatureCheckName } from '../fronts/aws-json/signature-checks.ts';
import { jsonObject, member, utf8Text } from '../json.ts';
import type { JsonObject, Middleware, WireRequest, WireResponse } from '../wire.ts';

/** What a defect makes different. Each call starts anew, so that nothing is remembered from one use to the next. */
export interface Change {
  /** Of the reference emulator. */
  readonly behaviours?: () => Partial<Behaviours>;
  /** In front of any endpoint. */
  readonly middleware?: () => Middleware;
}

/** One thing that an endpoint gets wrong. */
export interface Defect extends Change {
  /** Kebab case; it never changes. */
  readonly name: string;
  /** In one sentence. */
  readonly changes: string;
  /** The ids of the requirements that it breaks by their own words, the closest one first. */
  readonly breaks: readonly [string, ...string[]];
  /** The operations where it lives. */
  readonly at: readonly Operation[];
}

export const everywhere: readonly Operation[] = ['token', 'iam_token', 'register', 'device_authorization'];
/** Both operations that issue tokens. */
export const tokens: readonly Operation[] = ['token', 'iam_token'];
export const atToken: readonly Operation[] = ['token'];
export const atIamToken: readonly Operation[] = ['iam_token'];
export const atRegister: readonly Operation[] = ['register'];
export const atDeviceAuthorization: readonly Operation[] = ['device_authorization'];

export type AnyCheckName = CheckName | SignatureCheckName;
type AnyCheck = (attempt: never) => unknown;

/** Behaviours in place of those of the reference. */
export function replacing(behaviours: () => Partial<Behaviours>): Change {
  return { behaviours };
}

/** Several at once: of behaviours that two of them replace, the later one's holds. */
export function together(changes: readonly Change[]): Change {
  return {
    behaviours: () => Object.assign({}, ...changes.map((one) => one.behaviours?.() ?? {})),
    middleware: () =>
      changes
        .map((one) => one.middleware?.())
        .filter((one) => one !== undefined)
        .reduce<Middleware>(
          (outer, inner) => (request, endpoint) => outer(request, (passed) => inner(passed, endpoint)),
          (request, endpoint) => endpoint(request),
        ),
  };
}

/** Leaves checks out. */
export function skipping(...checks: readonly AnyCheckName[]): Change {
  return replacing(() => Object.fromEntries(checks.map((name) => [name, () => undefined])));
}

/** Leaves a check out when this holds. */
export function skippingWhen(holds: (attempt: Attempt) => boolean, ...checks: readonly CheckName[]): Change {
  return wrapping(checks, (attempt, check) => (holds(attempt) ? undefined : check(attempt)));
}

/** Checks rightly, and refuses with another error. */
export function refusing(
  error: string,
  checks: readonly CheckName[],
  when: (attempt: Attempt) => boolean = () => true,
): Change {
  return wrapping(checks, (attempt, check) => {
    const refusal = check(attempt);
    return refusal !== undefined && when(attempt) ? refusalFor(error) : refusal;
  });
}

function wrapping(
  checks: readonly CheckName[],
  wrapped: (attempt: Attempt, check: (attempt: Attempt) => unknown) => unknown,
): Change {
  return replacing(() =>
    Object.fromEntries(
      checks.map((name) => [
        name,
        (attempt: Attempt) =>
          wrapped(attempt, defaultBehaviours[name] as AnyCheck as (a: Attempt) => unknown),
      ]),
    ),
  );
}

/** One exchange, as middleware sees it. */
export interface Passing {
  readonly request: WireRequest;
  readonly operation: Operation;
  /** Of the request; empty when its body is no JSON object. */
  readonly members: JsonObject;
  readonly response: WireResponse;
  /** Of the response; undefined when it is no JSON object. */
  readonly body: JsonObject | undefined;
  /** As the response names it; undefined for a success. */
  readonly exception: string | undefined;
}

/** Changes responses of operations. */
export function answering(change: (passing: Passing) => WireResponse | Promise<WireResponse>): Change {
  return {
    middleware: () => async (request, endpoint) => {
      const operation = operationOf(request);
      const response = await endpoint(request);
      return operation ? change(passingOf(request, operation, response)) : response;
    },
  };
}

/** Changes the bodies of responses that are JSON objects. */
export function editing(
  concerns: (passing: Passing) => boolean,
  edit: (body: JsonObject, passing: Passing) => unknown,
): Change {
  return answering((passing) => {
    const { body, response } = passing;
    if (body === undefined || !concerns(passing)) return response;
    return { ...response, body: JSON.stringify(edit(body, passing)) };
  });
}

export const isError = ({ response }: Passing): boolean => response.status >= 400;
export const isSuccess = ({ response }: Passing): boolean => response.status < 300;
export const issuesTokens = (passing: Passing): boolean =>
  isSuccess(passing) && tokens.includes(passing.operation);
export const of =
  (operation: Operation) =>
  (passing: Passing): boolean =>
    isSuccess(passing) && passing.operation === operation;
export const naming =
  (...exceptions: readonly string[]) =>
  ({ exception }: Passing): boolean =>
    exception !== undefined && exceptions.includes(exception);

/** The same response with a header set, or without it. */
export function withHeader(response: WireResponse, name: string, value: string | undefined): WireResponse {
  const others = response.headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return { ...response, headers: value === undefined ? others : [...others, [name, value]] };
}

/** An error as AWS writes it, for endpoints that refuse by middleware. */
export function awsError(exception: string, description = 'Invalid request provided'): WireResponse {
  const { status = 500, error = 'server_error' } = contract.exceptions[exception] ?? {};
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', crypto.randomUUID()],
      ['x-amzn-ErrorType', `${exception}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`],
      ['Date', new Date().toUTCString()],
    ],
    body: JSON.stringify({ error, error_description: description }),
  };
}

/** Answers some requests itself. */
export function intercepting(
  answer: (members: JsonObject, request: WireRequest, operation: Operation) => WireResponse | undefined,
): Change {
  return {
    middleware: () => async (request, endpoint) => {
      const operation = operationOf(request);
      return (operation && answer(membersOf(request), request, operation)) ?? endpoint(request);
    },
  };
}

export function operationOf(request: WireRequest): Operation | undefined {
  const route = awsJsonFormat.route({ ...request, method: 'POST' });
  return route === 'unknown-path' || route === 'wrong-method' ? undefined : route;
}

export function membersOf({ body }: WireRequest): JsonObject {
  return (body && jsonObject(utf8Text(body) ?? '')) ?? {};
}

function passingOf(request: WireRequest, operation: Operation, response: WireResponse): Passing {
  const text = typeof response.body === 'string' ? response.body : utf8Text(response.body);
  const header = response.headers.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1];
  return {
    request,
    operation,
    members: membersOf(request),
    response,
    body: text === undefined ? undefined : jsonObject(text),
    exception: header?.split(/[:,]/)[0],
  };
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
