import { createHash, randomBytes } from 'node:crypto';
import { CreateTokenCommand, RegisterClientCommand, SSOOIDCClient } from '@aws-sdk/client-sso-oidc';
import { expect, test } from 'vitest';
import { deviceGrant, emulatorForThisFile, redirectUri, s256, startUrl } from './support.ts';

const api = emulatorForThisFile();
const challenge = s256('v'.repeat(43));

type Parameters = Readonly<Record<string, string | undefined>>;

/** What a browser asks, and what it is told; it does not follow. */
async function authorize(changes: Parameters = {}, init: RequestInit = {}) {
  const clientId = changes.client_id ?? (await api.client()).clientId;
  const parameters = parametersOf({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: 'a state & more',
    code_challenge_method: 'S256',
    code_challenge: challenge,
    ...changes,
  });
  return ask(parameters, init);
}

const parametersOf = (parameters: Parameters): URLSearchParams => {
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new URLSearchParams(given);
};

async function ask(parameters: URLSearchParams, init: RequestInit = {}) {
  const url = init.method === 'POST' ? `${api.url()}/authorize` : `${api.url()}/authorize?${parameters}`;
  const body = init.method === 'POST' ? { body: parameters } : {};
  const response = await fetch(url, { redirect: 'manual', ...init, ...body });
  const location = response.headers.get('location');
  return {
    status: response.status,
    headers: response.headers,
    location,
    query: Object.fromEntries(location === null ? [] : new URL(location).searchParams),
    text: await response.text(),
  };
}

test('the official client signs in with PKCE, and a browser that only follows links', async () => {
  const client = new SSOOIDCClient({ endpoint: api.url(), region: 'us-east-1', maxAttempts: 1 });
  // As `aws sso login` registers: without the port that it will listen at.
  const { clientId, clientSecret } = await client.send(
    new RegisterClientCommand({
      clientName: 'sdk',
      clientType: 'public',
      grantTypes: ['authorization_code', 'refresh_token'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      scopes: ['sso:account:access', 'codewhisperer:completions'],
      issuerUrl: startUrl,
    }),
  );
  const codeVerifier = randomBytes(48).toString('base64url');
  const code_challenge = createHash('sha256').update(codeVerifier).digest('base64url');
  const scopes = 'sso:account:access codewhisperer:completions';
  const { status, location, query } = await authorize({ client_id: clientId, code_challenge, scopes });
  expect(status).toBe(303);
  expect(location?.startsWith(`${redirectUri}?`)).toBe(true);
  expect(query).toEqual({ code: expect.any(String), state: 'a state & more' });
  const { code } = query;
  const redeem = { clientId, clientSecret, grantType: 'authorization_code', code, redirectUri };
  const granted = await client.send(new CreateTokenCommand({ ...redeem, codeVerifier }));
  client.destroy();
  expect(granted).toMatchObject({ tokenType: 'Bearer', refreshToken: expect.any(String) });
});

test('the challenge and the redirect URI are kept with the code', async () => {
  const credentials = await api.client();
  const codeFor = async () => (await authorize({ client_id: credentials.clientId })).query.code;
  const redeem = async (changes: object) =>
    (
      await api.token({
        ...credentials,
        grantType: 'authorization_code',
        code: await codeFor(),
        redirectUri,
        codeVerifier: 'v'.repeat(43),
        ...changes,
      })
    ).outcome;
  expect(await redeem({ codeVerifier: 'w'.repeat(43) })).toBe('InvalidGrantException');
  expect(await redeem({ redirectUri: 'http://127.0.0.1:8401/oauth/callback' })).toBe('InvalidGrantException');
  expect(await redeem({})).toBe('granted');
});

test.each<[error: string, changes: Parameters]>([
  ['invalid_request', { response_type: undefined }],
  ['unsupported_response_type', { response_type: 'token' }],
  ['invalid_request', { code_challenge: undefined }],
  ['invalid_request', { code_challenge: 'short' }],
  ['invalid_request', { code_challenge_method: undefined }],
  ['invalid_request', { code_challenge_method: 'plain' }],
  ['invalid_scope', { scope: 'sso:account:access openid' }],
  ['invalid_scope', { scopes: 'sso:account:access,openid' }],
])('%s goes back to the client: %o', async (error, changes) => {
  const { status, query } = await authorize(changes);
  expect(status).toBe(303);
  expect(query).toEqual({
    error,
    error_description: expect.stringMatching(/^[ -~]+$/),
    state: 'a state & more',
  });
});

test('a client without the grant, or whose registration has expired, is unauthorized', async () => {
  const { clientId } = await api.client({ grantTypes: [deviceGrant] });
  expect((await authorize({ client_id: clientId })).query.error).toBe('unauthorized_client');
  const { clientId: old, clientSecret } = await api.client();
  await api.made('expire', { kind: 'clientSecret', value: clientSecret });
  expect((await authorize({ client_id: old })).query.error).toBe('unauthorized_client');
});

test.each(['state', 'scope', 'code_challenge'])('a second %s is refused', async (name) => {
  const { clientId } = await api.client();
  const once = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: challenge,
  };
  const parameters = parametersOf({ ...once, code_challenge_method: 'S256', [name]: challenge });
  parameters.append(name, 'another');
  const { query } = await ask(parameters);
  expect(query).toMatchObject({ error: 'invalid_request' });
  expect(query.state).toBeUndefined();
});

test.each<[what: string, changes: Parameters]>([
  ['an unknown client', { client_id: 'nobody' }],
  ['no redirect URI', { redirect_uri: undefined }],
  ['the redirect URI of somebody else', { redirect_uri: 'https://attacker.example/oauth/callback' }],
  ['another path on loopback', { redirect_uri: 'http://127.0.0.1:8400/oauth/callback/more' }],
  ['a host that begins like loopback', { redirect_uri: 'http://127.0.0.1.attacker.example/oauth/callback' }],
  ['a user before another host', { redirect_uri: 'http://127.0.0.1@attacker.example/oauth/callback' }],
  ['a script', { redirect_uri: 'javascript:alert(1)' }],
  ['a second line', { redirect_uri: `${redirectUri}\r\nX-More: 1` }],
])('nobody is sent anywhere for %s', async (_, changes) => {
  const { status, location, text } = await authorize(changes);
  expect([status, location]).toEqual([400, null]);
  expect(text).not.toContain('attacker');
});

test('a client without redirect URIs, and one of two that are named, get no redirect', async () => {
  const { clientId } = await api.client({ redirectUris: [], grantTypes: [deviceGrant] });
  expect((await authorize({ client_id: clientId })).status).toBe(400);
  const { clientId: other } = await api.client();
  const parameters = parametersOf({ response_type: 'code', client_id: other, redirect_uri: redirectUri });
  parameters.append('redirect_uri', 'https://attacker.example/');
  expect((await ask(parameters)).status).toBe(400);
});

test.each(['sso:account:access', 'one,sso:account:access', 'one sso:account:access', 'one,two', ''])(
  'scopes as AWS tools and as the standard write them: "%s"',
  async (scopes) => {
    const { clientId } = await api.client({ scopes: ['sso:account:access', 'one', 'two', 'one,two'] });
    for (const name of ['scope', 'scopes'])
      expect((await authorize({ client_id: clientId, [name]: scopes })).query.code).toMatch(/^[\w-]{64}$/);
  },
);

test('the query of a redirect URI stays, and an own scheme is served', async () => {
  const redirectUris = ['https://client.example/back?tenant=a', 'com.example.app:/back'];
  const { clientId } = await api.client({ redirectUris });
  const [first, second] = await Promise.all(
    redirectUris.map((redirect_uri) => authorize({ client_id: clientId, redirect_uri })),
  );
  expect(first?.location).toMatch(/^https:\/\/client\.example\/back\?tenant=a&code=/);
  expect(second?.location).toMatch(/^com\.example\.app:\/back\?code=/);
});

test('an application gets its code here too, with the scope and the nonce that were asked for', async () => {
  const redirectUris = ['https://client.example/back'];
  const { clientId } = await api.made('client', {
    auth: 'iam',
    grantTypes: ['authorization_code'],
    scopes: ['openid', 'aws'],
    redirectUris,
  });
  const asked = { client_id: String(clientId), redirect_uri: redirectUris[0], nonce: 'n' };
  expect((await authorize({ ...asked, scope: 'openid' })).query.code).toMatch(/^[\w-]{64}$/);
  expect((await authorize({ ...asked, scope: 'email' })).query.error).toBe('invalid_scope');
});

test('with prompt=consent a page asks, and its form answers', async () => {
  const { clientId } = await api.client();
  const state = '"><script>alert(1)</script>';
  const asked = { client_id: clientId, state, prompt: 'consent' };
  const { status, text, headers } = await authorize(asked);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; form-action 'self' http://127.0.0.1:8400; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(text).not.toContain('<script');
  expect(text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  expect(text.match(/<form method="post" action="\/authorize">/g)).toHaveLength(1);
  const hidden = Object.fromEntries(
    [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const sent = { ...hidden, state };
  expect((await ask(parametersOf(sent), { method: 'POST' })).status).toBe(200);
  const deny = await ask(parametersOf({ ...sent, decision: 'deny' }), { method: 'POST' });
  expect(deny.query).toMatchObject({ error: 'access_denied', state });
  const approve = await ask(parametersOf({ ...sent, decision: 'approve' }), { method: 'POST' });
  expect(approve.query).toEqual({ code: expect.any(String), state });
});

test('a link cannot press the button of the page', async () => {
  const { status } = await authorize({ prompt: 'login consent', decision: 'approve' });
  expect(status).toBe(200);
});

test('other methods decide nothing', async () => {
  const { status, headers, location } = await authorize({}, { method: 'HEAD' });
  expect([status, headers.get('allow'), location]).toEqual([405, 'GET, POST', null]);
});
