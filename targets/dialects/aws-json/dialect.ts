import { kebab, problemsWith, sentence } from '../../../schemas/read.ts';
import { readDialect } from '../../../specs/read.ts';
import { presented } from '../../authentication/all.ts';
import { changedBody } from '../../bodies/body.ts';
import { json } from '../../bodies/json.ts';
import type { Call, Dialect, Operation, Reply, ResponseText } from '../../dialect.ts';
import { readJson } from '../../json.ts';
import { remembering } from '../../remembering.ts';
import { endpointOf, type Target } from '../../target/target.ts';
import { changedHeaders } from '../../transport/headers.ts';
import type { WireRequest } from '../../transport/transport.ts';
import { headersIn, jsonProblems, unreadable } from '../reading.ts';
import { withQuery } from '../writing.ts';

const spec = readDialect('aws-json');

/** It has no metadata, and no helpers. */
const names: Record<Operation, string> = {
  token: 'CreateToken',
  device_authorization: 'StartDeviceAuthorization',
  register: 'RegisterClient',
  iam_token: 'CreateTokenWithIAM',
  metadata: 'metadata',
  jwks: 'jwks',
  introspection: 'introspection',
  revocation: 'revocation',
  userinfo: 'userinfo',
};

/** AWS says `scopes` where RFC 7591 says `scope`, and has one query name of its own; everything else is the standard name in camelCase. */
const spellings: Partial<Record<Operation, Record<string, string>>> = {
  register: { scope: 'scopes' },
  token: { aws_iam: 'aws_iam' },
};

/** What each operation issues: with this member a reply is a success, whatever else is wrong with it. */
const issued: Record<string, string> = {
  CreateToken: 'accessToken',
  CreateTokenWithIAM: 'accessToken',
  StartDeviceAuthorization: 'deviceCode',
  RegisterClient: 'clientId',
};

/** camelCase JSON in and out, the exception named in a header (restJson1; aws-wire facts in the catalogue). */
export const awsJson: Dialect = {
  spec,
  capabilities: {
    'auth:client_secret_post': 'always',
    'auth:sigv4': 'always',
    'feature:openid': 'always',
    'feature:pkce': 'always',
    'feature:scopes': 'always',
    'feature:rotation': 'maybe',
  },
  nameOf: (operation) => names[operation],
  requestSchema: (operation) => `aws-json/${kebab(names[operation])}.request`,
  memberSpelt: (operation, name) =>
    Object.entries(spellings[operation] ?? {}).find(([, spelt]) => spelt === name)?.[0] ?? standard(name),
  exceptionFor: (operation, error) =>
    spec.operations[operation]?.exceptions.find((name) => errorNamed(name) === error),
  usualMethod: 'client_secret_post',
  publicMethod: 'client_secret_post',
  bodyOf: () => json,
  registration: ({ name, grants, redirectUris, scopes }, { startUrl }) => ({
    client_name: name,
    client_type: 'public',
    scope: scopes,
    grant_types: grants,
    ...(redirectUris && { redirect_uris: redirectUris, issuer_url: startUrl }),
  }),
  deviceRequest: ({ startUrl }) => ({ start_url: startUrl }),
  encode,
  read,
};

/** What an exception is called in the standards' spelling: its error, unless another exception has the same. */
function errorNamed(exception: string): string | undefined {
  const known = spec.exceptions[exception];
  return known?.alias ?? known?.error;
}

const usualHeaders = [
  ['Content-Type', json.mediaType],
  ['User-Agent', 'token-conformance'],
] as const;

function encode(call: Call, target: Target): WireRequest & { operation?: string } {
  const { raw = {}, members, by, as } = call;
  if (as?.also !== undefined) throw new Error('In this dialect a request says in one way who asks.');
  const operation = names[call.operation];
  const { method, path = '/' } = spec.operations[operation] ?? { method: 'POST', path: '/' };
  const { repeat } = raw;
  const body = changedBody(json, spelt(call.operation, presented(members, by)), {
    ...raw,
    ...(repeat !== undefined && { repeat: spelt(call.operation, repeat) }),
  });
  const isOperation = (raw.method ?? method) === method && raw.query?.aws_iam === undefined;
  return {
    ...(isOperation && { operation }),
    method: raw.method ?? method,
    url: withQuery(endpointOf(target, operation, path), raw.query && spelt(call.operation, raw.query)),
    headers: raw.headers === undefined ? usualHeaders : changedHeaders(usualHeaders, raw.headers),
    ...(body !== undefined && { body }),
    ...(raw.chunked && { chunked: true }),
  };
}

function spelt<T>(operation: Operation, members: Readonly<Record<string, T>>): Record<string, T> {
  const on: Record<string, T> = {};
  for (const [name, value] of Object.entries(members)) on[spell(operation, name)] = value;
  return on;
}

function spell(operation: Operation, member: string): string {
  return spellings[operation]?.[member] ?? inCamelCase(member);
}

const inCamelCase = remembering((name) =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
);

const mediaType = /^application\/json\s*(;|$)/i;

function read(operation: string, response: ResponseText): Reply {
  if (response.coding === 'wrong') return unreadable(response);
  const json = readJson(response.body);
  const headers = headersIn(response);
  const problems = jsonProblems(headers, json, { type: mediaType, once: ['x-amzn-errortype'] });
  const members: Record<string, unknown> = Object.fromEntries(
    Object.entries(json.object ?? {}).map(([name, value]) => [standard(name), value]),
  );
  const errorType = headers.get('x-amzn-errortype')?.[0];
  const isSuccess = response.status >= 200 && response.status < 300;
  const value = json.object?.[issued[operation] ?? ''];
  const granted = isSuccess && value !== undefined && value !== null && value !== '';
  const named = exceptionName(errorType);
  const { exception, error } = toldError(operation, named, json.object);
  // A success that names an error and issues nothing is a refusal, in a wrong shape.
  if (granted || (isSuccess && exception === undefined && error === undefined)) {
    if (response.status !== 200) problems.push(`the status is ${response.status}, not 200`);
    if (errorType !== undefined) problems.push('a success names an exception in x-amzn-ErrorType');
    problems.push(...schemaProblems(`aws-json/${fileOf(operation)}.response`, json.object));
    problems.push(...numberProblems(operation, json.numbers));
    return { outcome: granted ? 'granted' : 'malformed', json, members, problems };
  }
  problems.push(...errorProblems(operation, response.status, named, exception, json.object));
  return {
    outcome: exception === undefined && error === undefined ? 'malformed' : 'rejected',
    ...(exception !== undefined && {
      exception,
      error: errorNamed(exception) ?? error ?? exception,
    }),
    ...(exception === undefined && error !== undefined && { error }),
    json,
    members,
    problems,
  };
}

/**
 * What an answer says by the best evidence that it carries: the header, else `__type` or `code` of the body, else its
 * `error`. Whether it says so in the shape that is documented is another question.
 */
function toldError(
  operation: string,
  named: string | undefined,
  body: Readonly<Record<string, unknown>> = {},
): Pick<Reply, 'exception' | 'error'> {
  const error = textOf(body.error);
  const inBody = [exceptionName(textOf(body.__type)), exceptionName(textOf(body.code))];
  const known = [...inBody, exceptionName(error)].find(
    (name) => name !== undefined && Object.hasOwn(spec.exceptions, name),
  );
  const exception = named ?? known ?? (error === undefined ? undefined : exceptionOf(operation, error, body));
  const other = error === undefined ? inBody.find((name) => name !== undefined) : undefined;
  const told = exception ?? other;
  return { ...(told !== undefined && { exception: told }), ...(error !== undefined && { error }) };
}

/** The exception of an `error`; where several have the same, the one whose own members are there. */
function exceptionOf(
  operation: string,
  error: string,
  body: Readonly<Record<string, unknown>>,
): string | undefined {
  const ofMembers = spec.operations[operation]?.exceptions.find((name) => {
    const { error: other, members = [] } = spec.exceptions[name] ?? {};
    return other === error && members.some((member) => textOf(body[member]) !== undefined);
  });
  return ofMembers ?? awsJson.exceptionFor(operation, error);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function errorProblems(
  operation: string,
  status: number,
  named: string | undefined,
  exception: string | undefined,
  body: Readonly<Record<string, unknown>> | undefined,
): string[] {
  const problems: string[] = [];
  if (named === undefined) problems.push('there is no x-amzn-ErrorType header that names the exception');
  for (const member of ['__type', 'code']) {
    const other = typeof body?.[member] === 'string' ? exceptionName(body[member]) : undefined;
    if (named !== undefined && other !== undefined && other !== named)
      problems.push(`x-amzn-ErrorType names ${named}, the body's ${member} names ${other}`);
  }
  if (exception === undefined) {
    problems.push(`the status ${status} comes without a documented error`);
    return problems;
  }
  const documented = spec.exceptions[exception];
  if (documented === undefined || !spec.operations[operation]?.exceptions.includes(exception)) {
    problems.push(`${exception} is not documented for ${operation}`);
    return problems;
  }
  if (!documented.statuses.includes(status))
    problems.push(
      `the status is ${status}, ${exception} is documented with ${documented.statuses.join(' or ')}`,
    );
  problems.push(...schemaProblems(`aws-json/errors/${fileOf(exception)}`, body));
  return problems;
}

/** `a#Shape:http://…` names `Shape`: cut at the first colon, then after the first `#` (restJson1). */
function exceptionName(header: string | undefined): string | undefined {
  const name = header?.split(':')[0]?.split('#').at(-1)?.trim();
  return name === '' ? undefined : name;
}

function schemaProblems(schema: string, body: unknown): string[] {
  return body === undefined ? [] : problemsWith(schema, body).map(sentence);
}

/** The Go SDK refuses 3600.0 and 3.6e3, which are integers to JSON Schema. */
function numberProblems(operation: string, numbers: Readonly<Record<string, string>>): string[] {
  return Object.entries(spec.operations[operation]?.response ?? {}).flatMap(([name, { type }]) => {
    const spelt = numbers[name];
    if ((type !== 'integer' && type !== 'long') || spelt === undefined || /^-?\d+$/.test(spelt)) return [];
    return [`/${name} is spelt ${spelt}, not as a plain integer`];
  });
}

const fileOf = remembering(kebab);
const standard = remembering((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
