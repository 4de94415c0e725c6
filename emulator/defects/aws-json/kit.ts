import type { Operation } from '../../core/operation.ts';
import { contract } from '../../fronts/aws-json/contract.ts';
import { operationOf } from '../../fronts/aws-json/format.ts';
import { jsonObject, utf8Text } from '../../json.ts';
import type { JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import { type Change, tokens } from '../defect.ts';

/** One exchange on the wire of AWS, as middleware of its defects sees it. */
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

/** An error as AWS writes it, for endpoints that refuse by middleware. */
export function awsError(exception: string, description = 'Invalid request provided'): WireResponse {
  const { statuses: [status] = [500], error = 'server_error' } = contract.exceptions[exception] ?? {};
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
