import { expect, test } from 'vitest';
import { passwordUser } from '../../../emulator/fronts/oauth-form/start.ts';
import { startEmulator } from '../../support/emulator.ts';
import { apiOf } from './support.ts';

test('a decision of the core is replaced in both dialects, one of this front in this one only', async () => {
  const emulator = await startEmulator({
    behaviours: { 'code-not-redeemed': () => undefined, 'order-of-checks': () => [] },
    oauth: { behaviours: { 'content-type': () => 'text/plain' } },
  });
  try {
    const api = apiOf(() => emulator.url);
    const who = await api.client();
    const form = await api.codeForm(who);
    await api.token(who, form);
    const again = await api.token(who, form);
    expect(again.outcome).toBe('granted');
    expect(again.headers.get('content-type')).toBe('text/plain');
    expect((await api.post('/token', form)).status).toBe(401);
    const aws = await fetch(`${emulator.url}/token`, { method: 'POST', body: '{}' });
    expect(aws.headers.get('content-type')).toBe('application/json');
  } finally {
    await emulator.close();
  }
});

test('middleware stands in front of everything but the fixtures', async () => {
  const gone = { status: 410, headers: [], body: '' };
  const emulator = await startEmulator({ oauth: { middleware: async () => gone } });
  try {
    const api = apiOf(() => emulator.url);
    expect((await api.fixture('clock', { advanceSeconds: 0 })).status).toBe(200);
    for (const path of ['/token', '/jwks', '/.well-known/openid-configuration'])
      expect((await api.send(path)).status).toBe(410);
    expect((await fetch(emulator.jwks)).status).toBe(200);
  } finally {
    await emulator.close();
  }
});

test('the fixture service is reached without a network, and the grant password only where it was asked for', async () => {
  const emulator = await startEmulator();
  try {
    const input = { grantTypes: ['client_credentials'], auth: 'none' };
    const { status, body } = await emulator.oauth.fixture('client', input);
    expect([status, JSON.parse(body)]).toEqual([200, { clientId: expect.any(String), auth: 'none' }]);
    const api = apiOf(() => emulator.url);
    const form = { grant_type: 'password', ...passwordUser };
    expect((await api.token(await api.client(), form)).outcome).toBe('400 unsupported_grant_type');
  } finally {
    await emulator.close();
  }
});
