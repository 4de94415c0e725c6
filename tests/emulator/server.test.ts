import { Agent, request } from 'node:http';
import { expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { apiOf } from './support.ts';

test('takes a free port of the loopback interface', async () => {
  const [one, other] = [await startEmulator(), await startEmulator()];
  expect(one.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(one.url).not.toBe(other.url);
  await Promise.all([one.close(), other.close()]);
});

test('a taken port is refused', async () => {
  const { url, close } = await startEmulator();
  await expect(startEmulator({ port: Number(new URL(url).port) })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await close();
});

test('its port is free again, and close() may be called twice', async () => {
  const first = await startEmulator();
  await Promise.all([first.close(), first.close()]);
  await first.close();
  const second = await startEmulator({ port: Number(new URL(first.url).port) });
  expect(second.url).toBe(first.url);
  await second.close();
});

test('close() does not wait for a connection that is kept alive', async () => {
  const { url, close } = await startEmulator();
  const agent = new Agent({ keepAlive: true });
  const connection = await new Promise((resolve) => {
    request(`${url}/token`, { agent, method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.headers.connection));
    }).end('{}');
  });
  expect(connection).toBe('keep-alive');
  await close();
  agent.destroy();
});

test('two emulators share nothing', async () => {
  const [one, other] = [await startEmulator(), await startEmulator()];
  const made = await apiOf(() => one.url).codeRequest();
  expect((await apiOf(() => other.url).token(made)).outcome).toBe('InvalidClientException');
  await Promise.all([one.close(), other.close()]);
});

test('the region shows where AWS shows it', async () => {
  const { url, close } = await startEmulator({ region: 'eu-west-1' });
  const api = apiOf(() => url);
  const credentials = await api.client();
  await close();
  expect(Buffer.from(credentials.clientId, 'base64url').subarray(16).toString()).toBe('eu-west-1');
});

test('listens on IPv6 when asked to', async (context) => {
  const emulator = await startEmulator({ host: '::1' }).catch(() => undefined);
  if (!emulator) return context.skip('this machine has no IPv6');
  expect(emulator.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await fetch(`${emulator.url}/token`, { method: 'POST', body: '{}' })).status).toBe(400);
  await emulator.close();
});

test('one behaviour can be replaced', async () => {
  const { url, close } = await startEmulator({
    behaviours: {
      'find-grant': ({ grant_type: grantType }) =>
        grantType?.toLowerCase() === 'refresh_token' ? 'refresh_token' : undefined,
      'new-access-token': () => 'the same every time',
      'error-status': () => 418,
    },
  });
  const api = apiOf(() => url);
  const request = await api.refreshRequest();
  const granted = await api.token({ ...request, grantType: 'REFRESH_TOKEN' });
  const refused = await api.token({ ...request, grantType: 'authorization_code' });
  await close();
  expect(granted.body.accessToken).toBe('the same every time');
  expect([refused.status, refused.outcome]).toEqual([418, 'UnsupportedGrantTypeException']);
});
