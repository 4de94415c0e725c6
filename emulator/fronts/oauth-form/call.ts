import type { Assertion } from '../../core/assertion.ts';
import type { Operation } from '../../core/operation.ts';
import { invalidRequest, isRefusal, type Refusal } from '../../core/refusal.ts';
import { attemptOf } from '../../core/service.ts';
import type { Header, JsonObject, WireRequest, WireResponse } from '../../wire.ts';
import type { OAuthRefusal } from './answers.ts';
import { type OAuthAttempt, type OAuthCheck, type OAuthMembers, ofOAuth } from './attempt.ts';
import type { ClientAssertion } from './client-assertion.ts';
import { presentedBy } from './credentials.ts';
import type { EndpointName } from './paths.ts';
import type { OAuthService } from './service.ts';
import type { OAuthClient } from './state.ts';

/** What a form says, each parameter by its name; the client's credentials among them. */
type Parameters = Readonly<Record<string, string | readonly string[]>>;

const repeated: Refusal = {
  error: 'invalid_request',
  description: 'Invalid request provided: a parameter is there more than once',
};

/** Reads a form strictly: what is there twice or cannot be decoded is refused, what is empty is absent. */
export function parametersOf({ behaviours: b }: OAuthService, request: WireRequest): Parameters | Refusal {
  if (!b['media-type-is-form'](request)) return invalidRequest('media type');
  const text = request.body && b['form-text'](request.body);
  const pairs = text === undefined ? undefined : b['form-pairs'](text);
  if (!pairs) return invalidRequest('request body');
  const parameters = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    if (!b['parameter-known'](name)) continue;
    const before = parameters.get(name);
    if (b['parameter-may-repeat'](name))
      parameters.set(name, [...(before ?? []), ...(b['parameter-absent'](value) ? [] : [value])]);
    else if (before === undefined) parameters.set(name, value);
    else return repeated;
  }
  return Object.fromEntries(
    [...parameters].filter(([, value]) => typeof value !== 'string' || !b['parameter-absent'](value)),
  );
}

/** One request to an endpoint that asks who the client is, and all that is known about what it names. */
export async function attemptFor(
  service: OAuthService,
  operation: Operation,
  endpoint: EndpointName,
  request: WireRequest,
): Promise<OAuthAttempt | Refusal> {
  const parameters = parametersOf(service, request);
  if (isRefusal(parameters)) return parameters;
  const { behaviours: b, state, keys } = service;
  const issuer = b.issuer(state, request);
  const presented = presentedBy(b, request, parameters);
  const scope = parameters.scope as string | undefined;
  const members: OAuthMembers = {
    ...parameters,
    client_id: presented.clientId,
    client_secret: presented.secret,
    scope: scope?.split(' '),
  };
  const proof = {
    assertion: await assertionOf(),
    issuer,
    audiences: b['accepted-audiences'](state, issuer, endpoint),
    presented,
    clientAssertion: await clientAssertionOf(),
    actorToken: state.accessTokens.get(members.actor_token ?? ''),
  };
  return ofOAuth(attemptOf(service, operation, members, proof));

  async function assertionOf(): Promise<Assertion | undefined> {
    if (members.assertion === undefined) return undefined;
    return b['read-assertion'](members.assertion, await keys.trustedIssuer());
  }

  async function clientAssertionOf(): Promise<ClientAssertion | undefined> {
    if (presented.assertion === undefined) return undefined;
    const client = b['find-client'](state, members) as OAuthClient | undefined;
    return b['read-client-assertion'](presented.assertion, client, b['client-keys']);
  }
}

/** The first of these checks that refuses. */
export function refusalOf(
  { behaviours }: OAuthService,
  names: readonly string[],
  attempt: OAuthAttempt,
): Refusal | undefined {
  for (const name of names) {
    const check = (behaviours as unknown as Readonly<Record<string, OAuthCheck>>)[name];
    const refusal = check?.(attempt);
    if (refusal) return refusal;
  }
  return undefined;
}

/** A response that is not kept by anybody on its way. */
export function respond(
  { behaviours: b, clock }: OAuthService,
  status: number,
  body: JsonObject | undefined,
  headers: readonly Header[] = [],
): WireResponse {
  return {
    status,
    headers: [
      ['Date', b.date(clock.now())],
      ...(body === undefined ? [] : [['Content-Type', b['content-type']()] as const]),
      ...b['cache-headers'](),
      ...headers,
    ],
    body: body === undefined ? '' : b.serialise(body),
  };
}

export function refused(
  service: OAuthService,
  refusal: OAuthRefusal,
  headers: readonly Header[] = [],
): WireResponse {
  const { behaviours: b } = service;
  return respond(service, b['error-status'](refusal), b['error-body'](refusal), [
    ...b['error-headers'](refusal),
    ...headers,
  ]);
}
