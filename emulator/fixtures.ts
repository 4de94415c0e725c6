import { registrationChecks } from './checks/registration.ts';
import { seconds } from './clock.ts';
import { checkMetadata, knownClient, scopeOf, subjectOf } from './fixture-clients.ts';
import { fault } from './fixture-fault.ts';
import { FixtureProblem, type Input, inputOf, notOffered, wrong } from './fixture-input.ts';
import { application, assertion, credentials, subjectToken } from './fixtures-iam.ts';
import { alphabetical, jsonObject, utf8Text } from './json.ts';
import { addClient, addCode, addRefreshToken, attemptOf, type Service } from './service.ts';
import type { State } from './state.ts';
import { redirectUriRegistered } from './uris.ts';
import type { Header, JsonObject, WireRequest, WireResponse } from './wire.ts';

/** Produces what cannot be produced from outside: `POST {fixturesPath}/{verb}`, JSON in and out. */
export const fixturesPath = '/_fixtures';

type Verb = (service: Service, input: Input) => JsonObject | Promise<JsonObject>;

export async function answerFixture(service: Service, request: WireRequest): Promise<WireResponse> {
  const { status, body, headers = [] } = await answer(service, request);
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

async function answer(service: Service, request: WireRequest): Promise<Answer> {
  const verb = verbs.get(request.path.slice(fixturesPath.length + 1));
  if (!verb) return { status: 404, body: { message: 'no such fixture verb' } };
  if (request.method !== 'POST') {
    return { status: 405, body: { message: 'only POST' }, headers: [['Allow', 'POST']] };
  }
  const text = request.body && utf8Text(request.body);
  const body = text === undefined ? undefined : jsonObject(text);
  if (!body) return { status: 400, body: { message: 'the body must be a JSON object' } };
  try {
    return { status: 200, body: await verb(service, inputOf(body)) };
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
  ['assertion', assertion],
  ['subject-token', subjectToken],
  ['credentials', credentials],
]);

function client(service: Service, input: Input): JsonObject {
  const auth = input.optionalText('auth') ?? 'secret';
  if (auth === 'iam') return application(service, input);
  if (auth !== 'secret') throw notOffered('auth');
  const wanted = {
    grantTypes: input.list('grantTypes'),
    scopes: input.optionalList('scopes'),
    redirectUris: input.optionalList('redirectUris'),
    clientName: 'fixture',
  };
  const attempt = attemptOf(service, 'RegisterClient', wanted);
  if (registrationChecks['grant-types-supported'](attempt))
    throw wrong('grantTypes', 'names an unknown grant');
  checkMetadata(service, wanted);
  const { id, secret, secretExpiresAt } = addClient(service, wanted);
  return { clientId: id, clientSecret: secret, clientSecretExpiresAt: seconds(secretExpiresAt) };
}

/** For any client, whether or not it may redeem the code. One without redirect URIs may name any. */
function authorizationCode(service: Service, input: Input): JsonObject {
  const client = knownClient(service, input);
  const { id, redirectUris } = client;
  const redirectUri = input.text('redirectUri');
  if (redirectUris.length > 0 && !redirectUriRegistered(redirectUris, redirectUri)) {
    throw wrong('redirectUri', 'is not one of the registered ones');
  }
  const challenge = input.optionalText('codeChallenge');
  const method = input.optionalText('codeChallengeMethod');
  if (method !== undefined && method !== 'S256') throw wrong('codeChallengeMethod', 'must be S256');
  if (method !== undefined && challenge === undefined) throw wrong('codeChallenge', 'is missing');
  const scope = scopeOf(client, input);
  const nonce = input.optionalText('nonce');
  const user = subjectOf(service, input);
  return { code: addCode(service, { clientId: id, redirectUri, challenge, scope, nonce, user }).value };
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
  const client = knownClient(service, input);
  const clientId = client.id;
  const scope = scopeOf(client, input);
  const region = input.optionalText('region') ?? service.region;
  const { behaviours: b } = service;
  const value = b['new-refresh-token'](attemptOf(service, 'CreateToken', { clientId }));
  addRefreshToken(service, { value, clientId, region, scope, family: { revoked: false } });
  return { refreshToken: value };
}

const expirable = [
  'code',
  'deviceCode',
  'refreshToken',
  'clientSecret',
  'assertion',
  'subjectToken',
  'sessionToken',
] as const;

function expire({ state, clock }: Service, input: Input): JsonObject {
  const kind = input.oneOf('kind', expirable);
  const value = input.text('value');
  const now = clock.now();
  if (kind === 'clientSecret') {
    const owner = [...state.clients.values()].find(({ secret }) => secret === value);
    if (!owner) throw wrong('value', 'is unknown');
    owner.secretExpiresAt = Math.min(owner.secretExpiresAt, now);
    return {};
  }
  const artefact = artefactOf[kind](state, value);
  if (!artefact) throw wrong('value', 'is unknown');
  artefact.expiresAt = Math.min(artefact.expiresAt, now);
  return {};
}

const artefactOf: Record<
  Exclude<(typeof expirable)[number], 'clientSecret'>,
  (state: State, value: string) => { expiresAt: number } | undefined
> = {
  code: ({ codes }, value) => codes.get(value),
  deviceCode: ({ devices }, value) => devices.get(value),
  refreshToken: ({ refreshTokens }, value) => refreshTokens.get(value),
  assertion: ({ assertions }, value) => assertions.get(value),
  subjectToken: ({ subjectTokens }, value) => subjectTokens.get(value),
  sessionToken: ({ credentials }, value) =>
    [...credentials.values()].find(({ sessionToken }) => sessionToken === value),
};

/** The last moment that an HTTP date can name. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59);

function clock({ clock: time }: Service, input: Input): JsonObject {
  const milliseconds = input.number('advanceSeconds') * 1000;
  if (milliseconds < 0) throw wrong('advanceSeconds', 'must not be negative');
  if (time.now() + milliseconds > endOfTime) throw wrong('advanceSeconds', 'leads beyond the year 9999');
  time.advance(milliseconds);
  return { now: seconds(time.now()) };
}
