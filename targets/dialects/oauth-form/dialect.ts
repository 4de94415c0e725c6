import { problemsWith, sentence } from '../../../schemas/read.ts';
import { readDialect } from '../../../specs/read.ts';
import { headersBy, presented } from '../../authentication/all.ts';
import { changedBody } from '../../bodies/body.ts';
import { form } from '../../bodies/form.ts';
import { json } from '../../bodies/json.ts';
import type { Call, Dialect, Operation, Reply, ResponseText } from '../../dialect.ts';
import { readJson } from '../../json.ts';
import type { Members } from '../../members.ts';
import { endpointOf, type Target } from '../../target/target.ts';
import { changedHeaders } from '../../transport/headers.ts';
import type { WireRequest } from '../../transport/transport.ts';
import { headersIn, jsonProblems, unreadable } from '../reading.ts';
import { withQuery } from '../writing.ts';
import { readHelper } from './helpers.ts';

const spec = readDialect('oauth-form');

/** What each operation issues: with this member a reply is a success, whatever else is wrong with it. */
const issued: Readonly<Record<string, string>> = {
  token: 'access_token',
  device_authorization: 'device_code',
  register: 'client_id',
  metadata: 'issuer',
  jwks: 'keys',
};

const schemas: Readonly<Record<string, string>> = {
  token: 'token',
  device_authorization: 'device-authorization',
  register: 'registration',
};

/** The schemas of documents, which have no request. */
const documents: Readonly<Record<string, string>> = { metadata: 'metadata', jwks: 'jwks' };

/** Forms in, JSON out, the error in the body and in the status (RFC 6749 §4 and §5, RFC 7591, RFC 8628). */
export const oauthForm: Dialect = {
  spec,
  capabilities: {
    'auth:client_secret_basic': 'maybe',
    'auth:client_secret_post': 'maybe',
    'auth:none': 'maybe',
    'auth:private_key_jwt': 'maybe',
    'auth:client_secret_jwt': 'maybe',
    'feature:openid': 'maybe',
    'feature:pkce': 'maybe',
    'feature:public-clients': 'maybe',
    'feature:scopes': 'maybe',
    'feature:rotation': 'maybe',
    'feature:metadata': 'maybe',
  },
  usualMethod: 'client_secret_basic',
  publicMethod: 'none',
  nameOf: (operation) => operation,
  requestSchema: (operation) => `oauth-form/${schemas[operation] ?? operation}.request`,
  memberSpelt: (_, name) => name,
  exceptionFor: (operation, error) => spec.operations[operation]?.exceptions.find((name) => name === error),
  bodyOf,
  registration: ({ name, grants, redirectUris, scopes, method, jwks }) => ({
    client_name: name,
    grant_types: grants,
    token_endpoint_auth_method: method,
    scope: scopes,
    ...(jwks && { jwks }),
    // RFC 7591 §2: left out it would be `code`, which a client that sends nobody to the authorization endpoint has not.
    response_types: redirectUris ? ['code'] : [],
    ...(redirectUris && { redirect_uris: redirectUris }),
  }),
  // RFC 6749 §3.3: who asks for no scope may get none, and then nothing is granted.
  deviceRequest: ({ scopes }) => (scopes.length > 0 ? { scope: scopes } : {}),
  encode,
  read,
};

function bodyOf(operation: Operation) {
  return spec.operations[operation]?.body === 'form' ? form : json;
}

function encode(call: Call, target: Target): WireRequest & { operation?: string } {
  const { raw = {}, members, by, as, operation } = call;
  const { method, path = '' } = spec.operations[operation] ?? { method: 'POST' };
  const model = bodyOf(operation);
  const isRead = method === 'GET';
  const body = isRead ? undefined : changedBody(model, spelt(presented(members, by, as)), raw);
  const headers = [
    ...(isRead ? [] : [['Content-Type', model.mediaType] as const]),
    ['Accept', 'application/json'],
    ['User-Agent', 'token-conformance'],
    ...Object.entries(headersBy(by, as)),
  ] as const;
  return {
    ...((raw.method ?? method) === method && { operation }),
    method: raw.method ?? method,
    url: withQuery(placeOf(target, operation, path), raw.query),
    headers: raw.headers === undefined ? headers : changedHeaders(headers, raw.headers),
    ...(body !== undefined && { body }),
    ...(raw.chunked && { chunked: true }),
  };
}

/** Scopes are a list here, and words between blanks on the wire (RFC 6749 §3.3). */
function spelt(members: Members): Members {
  return Array.isArray(members.scope) ? { ...members, scope: members.scope.join(' ') } : members;
}

/** The keys have a place of their own in a target, since ID tokens are verified with them. */
function placeOf(target: Target, operation: Operation, path: string): string {
  const { endpoint, jwks } = target;
  const isNamed = typeof endpoint === 'object' && endpoint[operation] !== undefined;
  return operation === 'jwks' && !isNamed && jwks !== undefined ? jwks : endpointOf(target, operation, path);
}

function read(operation: string, response: ResponseText): Reply {
  if (response.coding === 'wrong') return unreadable(response);
  if (spec.operations[operation]?.helper) return readHelper(operation, response);
  const read = readJson(response.body);
  const problems = jsonProblems(headersIn(response), read, { type: mediaTypes(operation) });
  const members = { ...read.object };
  if (typeof members.scope === 'string') members.scope = members.scope.split(' ').filter((one) => one !== '');
  const error = typeof read.object?.error === 'string' ? read.object.error : undefined;
  const isSuccess = response.status >= 200 && response.status < 300;
  const value = read.object?.[issued[operation] ?? ''];
  const granted = isSuccess && value !== undefined && value !== null && value !== '';
  // A success that names an error and issues nothing is a refusal, in a wrong shape.
  if (granted || (isSuccess && error === undefined)) {
    const usual = spec.operations[operation]?.status ?? 200;
    if (response.status !== usual) problems.push(`the status is ${response.status}, not ${usual}`);
    problems.push(
      ...schemaProblems(documents[operation] ?? `${schemas[operation] ?? operation}.response`, read.object),
    );
    return { outcome: granted ? 'granted' : 'malformed', json: read, members, problems };
  }
  problems.push(...errorProblems(operation, response.status, error, read.object));
  return {
    outcome: error === undefined ? 'malformed' : 'rejected',
    ...(error !== undefined && { error, exception: error }),
    json: read,
    members,
    problems,
  };
}

/** RFC 7517 §8.5 has a media type of its own for a JWK Set, and demands it of nobody. */
const mediaTypes = (operation: string): RegExp =>
  operation === 'jwks' ? /^application\/(?:jwk-set\+)?json\s*(;|$)/i : /^application\/json\s*(;|$)/i;

function errorProblems(
  operation: string,
  status: number,
  error: string | undefined,
  body: Readonly<Record<string, unknown>> | undefined,
): string[] {
  if (error === undefined) return [`the status ${status} comes without a documented error`];
  const documented = spec.exceptions[error];
  if (documented === undefined || !spec.operations[operation]?.exceptions.includes(error))
    return [`${error} is not documented for ${operation}`];
  const { statuses } = documented;
  return [
    ...(statuses.includes(status)
      ? []
      : [`the status is ${status}, ${error} is documented with ${statuses.join(' or ')}`]),
    ...schemaProblems(operation === 'register' ? 'registration.error' : 'error', body),
  ];
}

/** What an ID token is made of, rules say: of one that was captured nothing is left but its mark. */
const schemaProblems = (name: string, body: unknown): string[] =>
  body === undefined
    ? []
    : problemsWith(`oauth-form/${name}`, body)
        .filter(({ instancePath, keyword }) => instancePath !== '/id_token' || keyword !== 'pattern')
        .map(sentence);
