import { expect, onTestFinished, test } from 'vitest';
import { endpointsIn, metadataPlaces, unofferedIn, usualMethodIn } from '../../targets/metadata.ts';
import { type Reached, reach, targetReached } from '../../targets/reach.ts';
import { type Target, targetOfIssuer } from '../../targets/target/target.ts';
import { createTransport } from '../../targets/transport/transport.ts';
import { closedPort, httpServer, netServer } from './support.ts';

/** What a server answers at a path: a document, a status, a text, or a redirection. */
type Answers = Readonly<Record<string, object | number | string>>;

/** A server that answers what it is told to, given its own URL, and counts what it is asked. */
async function server(answersAt: (origin: string) => Answers) {
  const paths: string[] = [];
  let origin = '';
  origin = await httpServer((request, response) => {
    paths.push(`${request.method} ${request.url}`);
    const answer = answersAt(origin)[request.url ?? ''] ?? 404;
    if (typeof answer === 'number') {
      response.writeHead(answer, answer === 302 ? { Location: '/login?state=s3cret' } : {}).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  return { origin, paths };
}

async function reached(target: Target): Promise<Reached> {
  const transport = createTransport({ timeoutMs: 10_000, retryDelaysMs: [0] });
  onTestFinished(() => transport.close());
  return reach(target, transport);
}

const metadataOf = (issuer: string, more: object = {}) => ({
  issuer,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ['code'],
  ...more,
});

const openId = '/.well-known/openid-configuration';
const oauth = '/.well-known/oauth-authorization-server';

test.each([
  ['https://id.test', [`https://id.test${oauth}`, `https://id.test${openId}`]],
  ['https://id.test/', [`https://id.test${oauth}`, `https://id.test${openId}`]],
  [
    'https://id.test:8443/a/b',
    [
      `https://id.test:8443${oauth}/a/b`,
      `https://id.test:8443/a/b${oauth}`,
      `https://id.test:8443/a/b${openId}`,
      `https://id.test:8443${openId}/a/b`,
    ],
  ],
  [
    'https://id.test/a/',
    [
      `https://id.test${oauth}/a`,
      `https://id.test/a${oauth}`,
      `https://id.test/a${openId}`,
      `https://id.test${openId}/a`,
    ],
  ],
])('where the metadata of %s may be', (issuer, urls) => {
  expect(metadataPlaces(issuer, false).map(({ url }) => url)).toEqual(urls);
  const turned = metadataPlaces(issuer, true);
  expect(turned.map(({ url }) => url).toSorted()).toEqual(urls.toSorted());
  expect(turned.map(({ isOpenId }) => isOpenId)).toEqual(
    turned.map((_place, index) => index < urls.length / 2),
  );
});

test.each([
  ['appended', (path: string) => `${path}${openId}`],
  ['inserted', (path: string) => `${openId}${path}`],
  ['inserted, of RFC 8414', (path: string) => `${oauth}${path}`],
  ['appended, of RFC 8414', (path: string) => `${path}${oauth}`],
])('a document is found where the name is %s', async (_what, at) => {
  const { origin, paths } = await server((url) => ({ [at('/oauth2')]: metadataOf(`${url}/oauth2`) }));
  const issuer = `${origin}/oauth2`;
  const found = await reached(targetOfIssuer(issuer, 'oidc'));
  expect(found).toMatchObject({
    endpoints: {
      metadata: origin + at('/oauth2'),
      token: `${issuer}/token`,
      jwks: `${issuer}/jwks`,
    },
    warnings: [],
  });
  expect(found.trouble).toBeUndefined();
  expect(paths.toSorted()).toEqual(
    [`/oauth2${openId}`, `${openId}/oauth2`, `${oauth}/oauth2`, `/oauth2${oauth}`]
      .map((path) => `GET ${path}`)
      .toSorted(),
  );
  expect(found.asked.map(({ request, outcome }) => [request.url, outcome.response?.status])).toEqual(
    metadataPlaces(issuer, true).map(({ url }) => [url, url === origin + at('/oauth2') ? 200 : 404]),
  );
});

test('everything that a document names is found by the name of its operation', () => {
  const url = (name: string) => `https://id.test/${name}`;
  const { endpoints, wrong } = endpointsIn({
    authorization_endpoint: url('authorize'),
    token_endpoint: url('token?tenant=a'),
    device_authorization_endpoint: url('device'),
    registration_endpoint: url('register'),
    introspection_endpoint: url('introspect'),
    revocation_endpoint: url('revoke#now'),
    userinfo_endpoint: '/userinfo',
    jwks_uri: 5,
  });
  expect(endpoints).toEqual({
    authorization: url('authorize'),
    token: url('token?tenant=a'),
    device_authorization: url('device'),
    register: url('register'),
    introspection: url('introspect'),
  });
  expect(wrong.toSorted()).toEqual(['jwks_uri', 'revocation_endpoint', 'userinfo_endpoint']);
});

const wholeDocument = {
  device_authorization_endpoint: 'https://id.test/device',
  registration_endpoint: 'https://id.test/register',
};

const leftOut = (document: object) =>
  unofferedIn({ ...wholeDocument, ...document }, 'https://id.test/m').map(
    ({ grant, operation, method }) => grant ?? operation ?? method,
  );
const device = 'urn:ietf:params:oauth:grant-type:device_code';

test('what a document says that the server does not have', () => {
  expect(leftOut({})).toEqual([]);
  expect(leftOut({ grant_types_supported: [] })).toEqual([]);
  expect(leftOut({ grant_types_supported: 'authorization_code' })).toEqual([]);
  expect(leftOut({ grant_types_supported: ['authorization_code', 'refresh_token', 'implicit'] })).toEqual([
    'device_authorization',
    'client_credentials',
    'password',
    device,
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:grant-type:token-exchange',
  ]);
  expect(
    leftOut({ token_endpoint_auth_methods_supported: ['client_secret_post', 'none', 'tls_client_auth', 5] }),
  ).toEqual(['client_secret_basic', 'private_key_jwt', 'client_secret_jwt']);
  expect(unofferedIn({}, 'https://id.test/m')).toEqual([
    {
      operation: 'device_authorization',
      by: 'metadata',
      reason: 'https://id.test/m names no device_authorization_endpoint',
    },
    {
      operation: 'register',
      by: 'metadata',
      reason: 'https://id.test/m names no registration_endpoint',
    },
    { grant: device, by: 'metadata', reason: 'https://id.test/m names no device_authorization_endpoint' },
  ]);
  expect(unofferedIn({}, 'https://id.test/m', ['register', 'token'])).toHaveLength(2);
  expect(leftOut({ token_endpoint_auth_methods_supported: ['none'] })).toEqual([
    'client_credentials',
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'client_secret_jwt',
  ]);
});

test('clients authenticate as the metadata has it, by Basic where it says nothing', () => {
  const usual = (listed: unknown) => usualMethodIn({ token_endpoint_auth_methods_supported: listed });
  expect(usual(['private_key_jwt', 'client_secret_post'])).toBe('client_secret_post');
  expect(usual(['none'])).toBe('none');
  expect(usual(['none', 'client_secret_basic'])).toBe('client_secret_basic');
  expect(usual(['tls_client_auth'])).toBeUndefined();
  expect(usual(undefined)).toBeUndefined();
});

test('the grant that a target file declares is not taken away by the metadata', async () => {
  const { origin } = await server((url) => ({
    [oauth]: metadataOf(url, { ...wholeDocument, grant_types_supported: ['authorization_code'] }),
  }));
  const grantsOf = ({ unoffered }: Reached) => unoffered.map(({ grant }) => grant);
  const target = targetOfIssuer(origin, 'oauth2');
  expect(grantsOf(await reached(target))).toContain('password');
  const login = { username: 'alice', password: 'x', passwordGrant: true };
  expect(grantsOf(await reached({ ...target, login }))).not.toContain('password');
});

test('two documents complete each other; where they differ the first counts, and it is said', async () => {
  const { origin } = await server((url) => ({
    [openId]: metadataOf(url, {
      token_endpoint: `${url}/openid/token`,
      userinfo_endpoint: `${url}/userinfo`,
    }),
    [oauth]: metadataOf(url, { registration_endpoint: `${url}/register` }),
  }));
  const { endpoints, warnings } = await reached(targetOfIssuer(origin, 'oauth2'));
  expect(endpoints).toEqual({
    metadata: `${origin}${oauth}`,
    token: `${origin}/token`,
    register: `${origin}/register`,
    userinfo: `${origin}/userinfo`,
    jwks: `${origin}/jwks`,
  });
  expect(warnings).toEqual([
    `${origin}${openId} and ${origin}${oauth} say different URLs for token_endpoint: that of the latter is taken`,
  ]);
  const openIdFirst = await reached(targetOfIssuer(origin, 'oidc'));
  expect(openIdFirst.endpoints).toMatchObject({
    metadata: `${origin}${openId}`,
    token: `${origin}/openid/token`,
  });
});

test('the target file has the last word, and what it overrules is said', async () => {
  const { origin } = await server((url) => ({ [openId]: metadataOf(url) }));
  const target = {
    ...targetOfIssuer(origin, 'oidc'),
    endpoint: { token: 'https://proxy.test/token', register: 'https://proxy.test/register' },
    jwks: 'https://keys.test/jwks',
  };
  const found = await reached(target);
  expect(found.endpoints).toEqual({
    metadata: `${origin}${openId}`,
    token: 'https://proxy.test/token',
    register: 'https://proxy.test/register',
    jwks: 'https://keys.test/jwks',
  });
  expect(found.warnings).toEqual([
    `https://proxy.test/token is taken for token as the target file says, and not ${origin}/token, as the metadata of ${origin} does`,
    `https://keys.test/jwks is taken for jwks as the target file says, and not ${origin}/jwks, as the metadata of ${origin} does`,
  ]);
  expect(targetReached(target, found)).toEqual({
    ...target,
    endpoint: found.endpoints,
    limits: [...target.limits, ...found.unoffered],
  });
  expect(found.unoffered.map(({ operation, grant }) => operation ?? grant)).toEqual([
    'device_authorization',
    device,
  ]);
});

test('a target knows afterwards where its endpoints and keys are', async () => {
  const { origin } = await server((url) => ({
    [openId]: metadataOf(url, {
      device_authorization_endpoint: `${url}/device`,
      registration_endpoint: `${url}/register`,
      token_endpoint_auth_methods_supported: ['none'],
    }),
  }));
  const target = targetOfIssuer(origin, 'oidc');
  expect(targetReached(target, await reached(target))).toEqual({
    ...target,
    endpoint: {
      metadata: `${origin}${openId}`,
      token: `${origin}/token`,
      device_authorization: `${origin}/device`,
      register: `${origin}/register`,
      jwks: `${origin}/jwks`,
    },
    jwks: `${origin}/jwks`,
    usualMethod: 'none',
    limits: [...target.limits, ...(await reached(target)).unoffered],
  });
});

test('without an issuer nobody is asked', async () => {
  const { issuer: _none, ...target } = {
    ...targetOfIssuer('https://id.test', 'oauth2'),
    endpoint: { token: 'https://id.test/token' },
  };
  expect(await reached(target)).toEqual({
    endpoints: target.endpoint,
    unoffered: [],
    asked: [],
    warnings: [],
  });
});

test('what has no metadata and must have it is looked at where it would be', async () => {
  const { origin } = await server(() => ({}));
  const target = { ...targetOfIssuer(origin, 'mcp'), endpoint: { token: `${origin}/token` } };
  const { endpoints, document } = await reached(target);
  expect([endpoints, document]).toEqual([
    { metadata: `${origin}${oauth}`, token: `${origin}/token` },
    undefined,
  ]);
});

test('with the endpoint for tokens in the target file no metadata is needed, and it is said that there is none', async () => {
  const { origin } = await server(() => ({}));
  const target = { ...targetOfIssuer(origin, 'oidc'), endpoint: { token: `${origin}/token` } };
  const { endpoints, unoffered, warnings, trouble } = await reached(target);
  expect([endpoints, unoffered, trouble]).toEqual([target.endpoint, [], undefined]);
  expect(warnings).toEqual([
    `the metadata of ${origin} is not used: ${origin}${openId} answered 404; ${origin}${oauth} answered 404`,
  ]);
});

const check = 'Check the issuer, or give "endpoints: { token: … }" in a target file.';

test.each<readonly [what: string, answers: (origin: string) => Answers, trouble: string]>([
  [
    'nothing',
    () => ({}),
    `No metadata of ISSUER was found: ISSUER${openId} answered 404; ISSUER${oauth} answered 404. ${check}`,
  ],
  [
    'pages, and a way to sign in',
    () => ({ [openId]: '<!doctype html>', [oauth]: 302 }),
    `No metadata of ISSUER was found: ISSUER${openId} answered 200 with something that is no metadata: Unexpected token '<'; ISSUER${oauth} answered 302 (it points to /login). ${check}`,
  ],
  [
    'a list, and nobody',
    () => ({ [openId]: '[]', [oauth]: {} }),
    `No metadata of ISSUER was found: ISSUER${openId} answered 200 with something that is no metadata: it is no object; ISSUER${oauth} answered 200 with JSON that names no issuer. ${check}`,
  ],
  [
    'another issuer',
    (origin) => ({ [openId]: metadataOf(`${origin}/`) }),
    `No metadata of ISSUER was found: ISSUER${openId} answered 200 with the metadata of another issuer, "ISSUER/"; ISSUER${oauth} answered 404. Give the issuer exactly as its metadata has it.`,
  ],
  [
    'a fault of its own',
    () => ({ [openId]: 500 }),
    `No metadata of ISSUER was found: ISSUER${openId} answered 500; ISSUER${oauth} answered 404. ${check}`,
  ],
  [
    'no endpoint for tokens',
    (origin) => ({ [openId]: { issuer: origin } }),
    `The metadata of ISSUER at ISSUER${openId} has no token_endpoint. Give "endpoints: { token: … }" in a target file.`,
  ],
  [
    'an endpoint for tokens that is none',
    (origin) => ({ [openId]: metadataOf(origin, { token_endpoint: '/token' }) }),
    `The metadata of ISSUER at ISSUER${openId} has a token_endpoint that is no http or https URL. Give "endpoints: { token: … }" in a target file.`,
  ],
])('what is told of a server that has %s', async (_what, answers, message) => {
  const { origin } = await server(answers);
  const { trouble } = await reached(targetOfIssuer(origin, 'oidc'));
  expect(trouble?.message.replaceAll(origin, 'ISSUER')).toBe(message);
  expect(trouble?.isSilent).toBe(false);
});

test('a server that is not there, one that hangs up, and one that has no time are silent', async () => {
  const closed = await closedPort();
  const gone = await netServer((socket) => socket.destroy());
  const { origin: busy } = await server(() => ({ [openId]: 503, [oauth]: 429 }));
  const troubles = await Promise.all(
    [closed, gone, busy].map(async (issuer) => (await reached(targetOfIssuer(issuer, 'oidc'))).trouble),
  );
  expect(troubles.map((one) => one?.isSilent)).toEqual([true, true, true]);
  const at = (issuer: string, one: string, other: string) =>
    `No metadata of ${issuer} was found: ${issuer}${openId} ${one}; ${issuer}${oauth} ${other}. Is it running, and is this its address?`;
  const refused = 'did not answer (connection refused: nothing listens there)';
  const reset = 'did not answer (the connection was closed before a complete response)';
  expect(troubles.map((one) => one?.message)).toEqual([
    at(closed, refused, refused),
    at(gone, reset, reset),
    at(busy, 'answered 503', 'answered 429'),
  ]);
});

test('a document of another issuer is not used where there is a right one', async () => {
  const { origin } = await server((url) => ({
    [openId]: metadataOf('https://other.test'),
    [oauth]: metadataOf(url),
  }));
  const { endpoints, trouble } = await reached(targetOfIssuer(origin, 'oidc'));
  expect([endpoints.token, trouble]).toEqual([`${origin}/token`, undefined]);
});

test('an endpoint that is no URL is left out, and it is said', async () => {
  const { origin } = await server((url) => ({ [openId]: metadataOf(url, { registration_endpoint: '' }) }));
  const { endpoints, warnings } = await reached(targetOfIssuer(origin, 'oidc'));
  expect(endpoints.register).toBeUndefined();
  expect(warnings).toEqual([
    `the metadata of ${origin} says a registration_endpoint that is no http or https URL`,
  ]);
});
