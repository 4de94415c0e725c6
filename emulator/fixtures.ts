import { registrationChecks } from './checks/registration.ts';
import { seconds } from './clock.ts';
import { contract, type Operation } from './contract.ts';
import { FixtureProblem, type Input, inputOf, notOffered, wrong } from './fixture-input.ts';
import { alphabetical, jsonObject, utf8Text } from './json.ts';
import { refusalFor } from './refusal.ts';
import { addClient, addCode, addRefreshToken, attemptOf, type Service } from './service.ts';
import type { Client } from './state.ts';
import { redirectUriRegistered } from './uris.ts';
import type { Header, JsonObject, WireRequest, WireResponse } from './wire.ts';

/** Produces what cannot be produced from outside: `POST {fixturesPath}/{verb}`, JSON in and out. */
export const fixturesPath = '/_fixtures';

type Verb = (service: Service, input: Input) => JsonObject;

export function answerFixture(service: Service, request: WireRequest): WireResponse {
  const { status, body, headers = [] } = answer(service, request);
  const date = new Date(service.clock.now()).toUTCString();
  return {
    status,
    headers: [['Date', date], ['Content-Type', 'application/json'], ...headers],
    body: alphabetical(body),
  };
}

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers?: readonly Header[];
}

function answer(service: Service, request: WireRequest): Answer {
  const verb = verbs.get(request.path.slice(fixturesPath.length + 1));
  if (!verb) return { status: 404, body: { message: 'no such fixture verb' } };
  if (request.method !== 'POST') {
    return { status: 405, body: { message: 'only POST' }, headers: [['Allow', 'POST']] };
  }
  const text = request.body && utf8Text(request.body);
  const body = text === undefined ? undefined : jsonObject(text);
  if (!body) return { status: 400, body: { message: 'the body must be a JSON object' } };
  try {
    return { status: 200, body: verb(service, inputOf(body)) };
  } catch (problem) {
    if (problem instanceof FixtureProblem)
      return { status: problem.status, body: { message: problem.message } };
    throw problem;
  }
}

const verbs = new Map<string, Verb>([
  ['client', client],
  ['authorization-code', authorizationCode],
  ['device-decision', deviceDecision],
  ['refresh-token', refreshToken],
  ['expire', expire],
  ['fault', fault],
  ['clock', clock],
  ['assertion', () => refuse(notOffered('fixture'))],
  ['subject-token', () => refuse(notOffered('fixture'))],
  ['credentials', () => refuse(notOffered('fixture'))],
]);

function client(service: Service, input: Input): JsonObject {
  if ((input.optionalText('auth') ?? 'secret') !== 'secret') throw notOffered('auth');
  const wanted = {
    grantTypes: input.list('grantTypes'),
    scopes: input.optionalList('scopes'),
    redirectUris: input.optionalList('redirectUris'),
    clientName: 'fixture',
  };
  const attempt = attemptOf(service, 'RegisterClient', wanted);
  if (registrationChecks['grant-types-supported'](attempt))
    throw wrong('grantTypes', 'names an unknown grant');
  if (registrationChecks['redirect-uris-allowed'](attempt))
    throw wrong('redirectUris', 'holds a refused URI');
  if (registrationChecks['scopes-well-formed'](attempt)) throw wrong('scopes', 'holds a malformed scope');
  const { id, secret, secretExpiresAt } = addClient(service, wanted);
  return { clientId: id, clientSecret: secret, clientSecretExpiresAt: seconds(secretExpiresAt) };
}

/** For any client, whether or not it may redeem the code. One without redirect URIs may name any. */
function authorizationCode(service: Service, input: Input): JsonObject {
  const { id, redirectUris } = knownClient(service, input);
  const redirectUri = input.text('redirectUri');
  if (redirectUris.length > 0 && !redirectUriRegistered(redirectUris, redirectUri)) {
    throw wrong('redirectUri', 'is not one of the registered ones');
  }
  const challenge = input.optionalText('codeChallenge');
  const method = input.optionalText('codeChallengeMethod');
  if (method !== undefined && method !== 'S256') throw wrong('codeChallengeMethod', 'must be S256');
  if (method !== undefined && challenge === undefined) throw wrong('codeChallenge', 'is missing');
  input.scope('scope');
  input.optionalText('nonce');
  input.optionalText('subject');
  return { code: addCode(service, { clientId: id, redirectUri, challenge }).value };
}

function deviceDecision(service: Service, input: Input): JsonObject {
  const userCode = input.text('userCode');
  const decision = input.oneOf('decision', ['approve', 'deny']);
  input.optionalText('subject');
  const device = service.state.devicesByUserCode.get(userCode);
  if (!device) throw wrong('userCode', 'is unknown');
  device.decision = decision;
  return {};
}

function refreshToken(service: Service, input: Input): JsonObject {
  const clientId = knownClient(service, input).id;
  input.scope('scope');
  const region = input.optionalText('region') ?? service.region;
  const { behaviours: b } = service;
  const value = b['new-refresh-token'](attemptOf(service, 'CreateToken', { clientId }));
  addRefreshToken(service, { value, clientId, region, family: { revoked: false } });
  return { refreshToken: value };
}

const expirable = [
  'code',
  'deviceCode',
  'refreshToken',
  'clientSecret',
  'assertion',
  'subjectToken',
] as const;

function expire({ state, clock }: Service, input: Input): JsonObject {
  const kind = input.oneOf('kind', expirable);
  if (kind === 'assertion' || kind === 'subjectToken') throw notOffered('kind');
  const value = input.text('value');
  const now = clock.now();
  if (kind === 'clientSecret') {
    const owner = [...state.clients.values()].find(({ secret }) => secret === value);
    if (!owner) throw wrong('value', 'is unknown');
    owner.secretExpiresAt = now;
    return {};
  }
  const artefacts = { code: state.codes, deviceCode: state.devices, refreshToken: state.refreshTokens };
  const artefact = artefacts[kind].get(value);
  if (!artefact) throw wrong('value', 'is unknown');
  artefact.expiresAt = now;
  return {};
}

function fault(service: Service, input: Input): JsonObject {
  const operation = input.oneOf('operation', Object.keys(contract.operations) as Operation[]);
  if (operation === 'CreateTokenWithIAM') throw notOffered('operation');
  const exception = input.text('exception');
  const error = contract.exceptions[exception]?.error;
  if (error === undefined || !contract.operations[operation].exceptions.includes(exception)) {
    throw wrong('exception', 'is not one of that operation');
  }
  const members = input.optionalObject('members');
  const clientId = input.optionalText('clientId') && knownClient(service, input).id;
  if (clientId && operation === 'RegisterClient') throw wrong('clientId', 'is not known to RegisterClient');
  const times = input.number('times');
  if (!Number.isSafeInteger(times) || times < 1) throw wrong('times', 'must be a whole number, at least 1');
  const refusal = { ...refusalFor(error), exception, members };
  service.state.faults.add({ operation, clientId, refusal, left: times });
  return {};
}

/** The last moment that an HTTP date can name. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59);

function clock({ clock: time }: Service, input: Input): JsonObject {
  const milliseconds = input.number('advanceSeconds') * 1000;
  if (milliseconds < 0) throw wrong('advanceSeconds', 'must not be negative');
  if (time.now() + milliseconds > endOfTime) throw wrong('advanceSeconds', 'leads beyond the year 9999');
  time.advance(milliseconds);
  return { now: seconds(time.now()) };
}

function knownClient({ state }: Service, input: Input): Client {
  const found = state.clients.get(input.text('clientId'));
  if (!found) throw wrong('clientId', 'is unknown');
  return found;
}

function refuse(problem: FixtureProblem): never {
  throw problem;
}
