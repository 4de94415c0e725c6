import * as sdk from '@aws-sdk/client-sso-oidc';
import { expect, test } from 'vitest';
import { deviceGrant, emulatorForThisFile, startUrl } from './support.ts';

const api = emulatorForThisFile();

async function browse(url: string, form?: Readonly<Record<string, string>>) {
  const post = form && { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { redirect: 'manual', ...post });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const page = () => `${api.url()}/device`;

async function device() {
  const made = await api.deviceRequest();
  const { userCode, ...request } = made;
  return { userCode: String(userCode), poll: async () => (await api.token(request)).outcome, request };
}

test('the official client signs in on a device, and a browser that opens the link', async () => {
  const client = new sdk.SSOOIDCClient({ endpoint: api.url(), region: 'us-east-1', maxAttempts: 1 });
  const registered = await client.send(
    new sdk.RegisterClientCommand({
      clientName: 'sdk',
      clientType: 'public',
      scopes: ['sso:account:access'],
    }),
  );
  const { clientId, clientSecret } = registered;
  const { deviceCode, verificationUri, verificationUriComplete } = await client.send(
    new sdk.StartDeviceAuthorizationCommand({ clientId, clientSecret, startUrl }),
  );
  const poll = () =>
    client.send(new sdk.CreateTokenCommand({ clientId, clientSecret, deviceCode, grantType: deviceGrant }));
  await expect(poll()).rejects.toBeInstanceOf(sdk.AuthorizationPendingException);
  expect(verificationUri).toBe(page());
  expect((await browse(String(verificationUriComplete))).text).toContain('approved');
  expect(await poll()).toMatchObject({ tokenType: 'Bearer', refreshToken: expect.any(String) });
  client.destroy();
});

test('the page alone asks for the code and decides nothing', async () => {
  const { poll } = await device();
  const { status, headers, text } = await browse(page());
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  expect(text).toContain('<form method="post" action="/device">');
  expect(await poll()).toBe('AuthorizationPendingException');
});

test.each([
  ['approve', 'granted'],
  ['deny', 'AccessDeniedException'],
])('its form can %s, however the code is typed', async (decision, outcome) => {
  const { userCode, poll } = await device();
  const typed = ` ${userCode.toLowerCase().replace('-', '')}`;
  expect((await browse(page(), { user_code: typed, decision })).status).toBe(200);
  expect(await poll()).toBe(outcome);
});

test('a decision stays', async () => {
  const { userCode, poll } = await device();
  await browse(page(), { user_code: userCode, decision: 'deny' });
  expect((await browse(`${page()}?user_code=${userCode}`)).status).toBe(400);
  expect(await poll()).toBe('AccessDeniedException');
});

test('a link cannot deny, and asks with prompt=consent', async () => {
  const { userCode, poll } = await device();
  const { status, text } = await browse(`${page()}?user_code=${userCode}&prompt=consent&decision=deny`);
  expect(status).toBe(200);
  expect(text).toContain(`value="${userCode}"`);
  expect(await poll()).toBe('AuthorizationPendingException');
});

test('an unknown code, one that has expired, and markup are told', async () => {
  const { status, text } = await browse(`${page()}?user_code=${encodeURIComponent('"><script>')}`);
  expect(status).toBe(400);
  expect(text).toContain('value="&quot;&gt;&lt;script&gt;"');
  expect((await browse(page(), { user_code: '-', decision: 'approve' })).status).toBe(400);
  const { userCode, request } = await device();
  await api.made('expire', { kind: 'deviceCode', value: request.deviceCode });
  expect((await browse(`${page()}?user_code=${userCode}`)).text).toContain('expired');
});

test('the page is named as the client reaches it', async () => {
  const credentials = await api.client();
  const named = async (host: string) => {
    const body = JSON.stringify({ ...credentials, startUrl });
    const answer = await api.send('/device_authorization', { headers: { Host: host }, body });
    return answer.body.verificationUri;
  };
  expect(await named('localhost:9400')).toBe('http://localhost:9400/device');
  expect(await named('[::1]:9400')).toBe('http://[::1]:9400/device');
  expect(await named('a/b?c')).toBe('https://device.sso.us-east-1.amazonaws.com/');
});
