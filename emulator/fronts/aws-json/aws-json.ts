import { verificationUriFor } from '../../browser/device-page.ts';
import type { Members } from '../../core/attempt.ts';
import { grantIamTokens } from '../../core/iam-token.ts';
import type { Operation } from '../../core/operation.ts';
import { isRefusal, type Refusal, refusalFor } from '../../core/refusal.ts';
import { authorizeDevice, grantTokens, register } from '../../core/service.ts';
import type { Header, JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import { specOf, standardName } from './contract.ts';
import type { AwsService } from './service.ts';
import { awsOf } from './state.ts';
import { methodNotAllowed, type Unmodelled, unknownOperation } from './unmodelled.ts';
import { verifySignature } from './verify-signature.ts';

/** The dialect of AWS IAM Identity Center OIDC (restJson1): one request, one response. */
export async function answerAwsJson(service: AwsService, request: WireRequest): Promise<WireResponse> {
  const { behaviours: b } = service;
  const route = b.route(request);
  if (route === 'unknown-path') return unmodelled(service, unknownOperation);
  if (route === 'wrong-method') return unmodelled(service, methodNotAllowed);
  if (route === 'iam_token') return answerSigned(service, request);
  const members = membersOf(service, route, request);
  if (isRefusal(members)) return refused(service, members);
  const outcome = operations[route](service, members, request);
  return isRefusal(outcome) ? refused(service, outcome) : granted(service, route, outcome.body);
}

/** The signature is verified before the body is looked at. */
async function answerSigned(service: AwsService, request: WireRequest): Promise<WireResponse> {
  const verified = await verifySignature(service, request);
  if ('status' in verified) return unmodelled(service, verified);
  const members = membersOf(service, 'iam_token', request);
  if (isRefusal(members)) return refused(service, members);
  const outcome = await grantIamTokens(service, members, verified.principal);
  if (isRefusal(outcome)) return refused(service, outcome);
  return granted(service, 'iam_token', service.behaviours['iam-token-body'](outcome));
}

/** The answer to a request that met a mistake of our own. */
export function internalServerError(service: AwsService): WireResponse {
  return refused(service, refusalFor('server_error'));
}

/** What the operation takes, read from the body; anything else in it is ignored. */
function membersOf(service: AwsService, operation: Operation, request: WireRequest): Members | Refusal {
  const { behaviours: b } = service;
  const text = request.body && b['body-text'](request.body);
  const body = text === undefined ? undefined : b['body-object'](text);
  if (text === undefined || !body || !b['member-names-unique'](text)) return b['malformed-body']();
  const members: Record<string, unknown> = {};
  for (const [name, { type }] of Object.entries(specOf(operation).request)) {
    const value = b['pick-member'](body, name, request);
    if (b['member-absent'](value, type)) continue;
    if (!b['member-well-typed'](value, type)) return b['mistyped-member']();
    members[standardName(name)] = value;
  }
  return members;
}

const operations: Record<
  Exclude<Operation, 'iam_token'>,
  (service: AwsService, members: Members, request: WireRequest) => { readonly body: JsonObject } | Refusal
> = {
  token: (service, members) => {
    const tokens = grantTokens(service, members);
    return isRefusal(tokens) ? tokens : { body: service.behaviours['token-body'](tokens) };
  },
  register: (service, members) => {
    const client = register(service, members);
    return isRefusal(client) ? client : { body: service.behaviours['registration-body'](client) };
  },
  device_authorization: (service, members, request) => {
    const device = authorizeDevice(service, members);
    if (isRefusal(device)) return device;
    const { behaviours: b, state } = service;
    const page = verificationUriFor(request) ?? `https://device.sso.${awsOf(state).region}.amazonaws.com/`;
    return { body: b['device-authorization-body'](device, page) };
  },
};

function granted(service: AwsService, operation: Operation, body: JsonObject): WireResponse {
  const { behaviours: b } = service;
  return respond(service, b['success-status'](operation), b['success-headers'](operation), body);
}

function refused(service: AwsService, refusal: Refusal): WireResponse {
  const { behaviours: b } = service;
  const exception = b['exception-name'](refusal);
  return respond(
    service,
    b['error-status'](exception),
    b['error-headers'](exception),
    b['error-body'](refusal),
  );
}

/** Errors that the service model does not know. */
function unmodelled(
  service: AwsService,
  { status, exception, message, headers = [] }: Unmodelled,
): WireResponse {
  const type = `${exception}:http://internal.amazon.com/coral/com.amazon.coral.service/`;
  return respond(service, status, [['x-amzn-ErrorType', type], ...headers], { message });
}

function respond(
  { behaviours: b, clock }: AwsService,
  status: number,
  headers: readonly Header[],
  body: JsonObject,
): WireResponse {
  return {
    status,
    headers: [
      ['Date', b.date(clock.now())],
      ['Content-Type', b['content-type']()],
      ['x-amzn-RequestId', b['request-id']()],
      ...headers,
    ],
    body: b.serialise(body),
  };
}
