import { expect, test } from 'vitest';
import schema from '../../schemas/oauth-form/registration.request.json' with { type: 'json' };
import { certifyHere } from '../support/certify.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';

/** OpenID Connect Dynamic Client Registration §2. */
const ofOpenId = ['application_type'];

test('a server of the standards is asked to register nothing that only AWS has', async () => {
  const asked = new Set<string>();
  const emulator = await startEmulator({
    oauth: {
      middleware: async (request, next) => {
        const isRegistration = request.path.endsWith('/register');
        if (isRegistration) for (const name of namesIn(request.body)) asked.add(name);
        return next(request);
      },
    },
  });
  try {
    const { issuer, fixtures, jwks } = emulator.oauth;
    const endpoint = endpointsOf(issuer);
    const report = await certifyHere(
      { dialect: 'oauth-form', profile: 'mcp', endpoint, fixtures, jwks, scopes: ['openid'] },
      { selection: { cases: ['register-client/*', 'start-device-authorization/*'] } },
    );
    expect(report.counts.fail).toBe(0);
    expect(report.counts['harness-error']).toBe(0);
  } finally {
    await emulator.close();
  }
  // `register-client/with-unknown-members` is about such a member.
  const known = [...Object.keys(schema.properties), ...ofOpenId, 'hello'];
  expect(asked.size).toBeGreaterThan(5);
  expect([...asked].filter((name) => !known.includes(name))).toEqual([]);
});

/** What is no JSON object has none. */
function namesIn(body: Uint8Array | string | undefined): string[] {
  try {
    return Object.keys(JSON.parse(Buffer.from(body ?? '').toString()));
  } catch {
    return [];
  }
}
