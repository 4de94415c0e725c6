import { createHash, randomBytes } from 'node:crypto';
import * as sdk from '@aws-sdk/client-sso-oidc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceGrant, emulatorForThisFile, redirectUri, startUrl } from './support.ts';

const classes: Readonly<Record<string, unknown>> = { ...sdk };
const api = emulatorForThisFile();
let client: sdk.SSOOIDCClient;

beforeAll(() => {
  client = new sdk.SSOOIDCClient({ endpoint: api.url(), region: 'us-east-1', maxAttempts: 1 });
});
afterAll(() => client.destroy());

const register = async (grantTypes: string[], redirectUris?: string[]) => {
  const { clientId, clientSecret } = await client.send(
    new sdk.RegisterClientCommand({
      clientName: 'sdk',
      clientType: 'public',
      scopes: ['sso:account:access'],
      grantTypes,
      issuerUrl: startUrl,
      ...(redirectUris && { redirectUris }),
    }),
  );
  return { clientId, clientSecret };
};
const createToken = (input: Partial<sdk.CreateTokenCommandInput>) =>
  client.send(new sdk.CreateTokenCommand(input as sdk.CreateTokenCommandInput));
const startDevice = async () => {
  const credentials = await register([deviceGrant, 'refresh_token']);
  const started = await client.send(new sdk.StartDeviceAuthorizationCommand({ ...credentials, startUrl }));
  const { deviceCode, userCode } = started;
  const poll = () => createToken({ ...credentials, grantType: deviceGrant, deviceCode });
  return { credentials, poll, userCode, deviceCode };
};

describe('the official client', () => {
  test('goes through the device flow and refreshes', async () => {
    const { credentials, poll, userCode } = await startDevice();
    await expect(poll()).rejects.toBeInstanceOf(sdk.AuthorizationPendingException);
    await api.made('device-decision', { userCode, decision: 'approve' });
    const first = await poll();
    expect(first).toMatchObject({
      expiresIn: 3600,
      tokenType: 'Bearer',
      accessToken: expect.stringMatching(/^aoa/),
    });
    expect(first.idToken).toBeUndefined();
    const { refreshToken } = first;
    const second = await createToken({ ...credentials, grantType: 'refresh_token', refreshToken });
    expect(second.refreshToken).not.toBe(refreshToken);
    await expect(
      createToken({ ...credentials, grantType: 'refresh_token', refreshToken }),
    ).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: 'Invalid refresh token provided',
    });
  });

  test('redeems a code with PKCE', async () => {
    const credentials = await register(['authorization_code', 'refresh_token'], [redirectUri]);
    const codeVerifier = randomBytes(32).toString('base64url');
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    const { clientId } = credentials;
    const { code } = await api.made('authorization-code', {
      clientId,
      redirectUri,
      codeChallenge,
      codeChallengeMethod: 'S256',
    });
    const request = { ...credentials, grantType: 'authorization_code', code: String(code), redirectUri };
    await expect(
      createToken({ ...request, codeVerifier: randomBytes(32).toString('base64url') }),
    ).rejects.toBeInstanceOf(sdk.InvalidGrantException);
    expect(await createToken({ ...request, codeVerifier })).toMatchObject({ tokenType: 'Bearer' });
  });
});

describe('each exception of CreateToken arrives as its class', () => {
  type Provoke = () => Promise<unknown>;
  const withFault =
    (exception: string): Provoke =>
    async () => {
      const { credentials, poll } = await startDevice();
      await api.made('fault', {
        operation: 'CreateToken',
        exception,
        clientId: credentials.clientId,
        times: 1,
      });
      return poll();
    };
  const circumstances: [string, string, Provoke][] = [
    ['AuthorizationPendingException', 'authorization_pending', async () => (await startDevice()).poll()],
    [
      'AccessDeniedException',
      'access_denied',
      async () => {
        const { poll, userCode } = await startDevice();
        await api.made('device-decision', { userCode, decision: 'deny' });
        return poll();
      },
    ],
    [
      'ExpiredTokenException',
      'expired_token',
      async () => {
        const { poll, deviceCode } = await startDevice();
        await api.made('expire', { kind: 'deviceCode', value: deviceCode });
        return poll();
      },
    ],
    [
      'SlowDownException',
      'slow_down',
      async () => {
        const { poll } = await startDevice();
        for (let turn = 0; turn < 10; turn++)
          await poll().catch((error) => {
            if (error instanceof sdk.SlowDownException) throw error;
          });
      },
    ],
    [
      'InvalidGrantException',
      'invalid_grant',
      async () =>
        createToken({ ...(await startDevice()).credentials, grantType: deviceGrant, deviceCode: 'unknown' }),
    ],
    [
      'InvalidRequestException',
      'invalid_request',
      async () => createToken({ ...(await startDevice()).credentials, grantType: deviceGrant }),
    ],
    [
      'InvalidClientException',
      'invalid_client',
      async () => {
        const { credentials, deviceCode } = await startDevice();
        return createToken({ ...credentials, clientSecret: 'wrong', grantType: deviceGrant, deviceCode });
      },
    ],
    [
      'UnauthorizedClientException',
      'unauthorized_client',
      async () => {
        const { deviceCode } = await startDevice();
        return createToken({ ...(await register(['refresh_token'])), grantType: deviceGrant, deviceCode });
      },
    ],
    [
      'UnsupportedGrantTypeException',
      'unsupported_grant_type',
      async () =>
        createToken({
          ...(await startDevice()).credentials,
          grantType: 'urn:ietf:params:oauth:grant-type:device-code',
        }),
    ],
    ['InvalidScopeException', 'invalid_scope', withFault('InvalidScopeException')],
    ['InternalServerException', 'server_error', withFault('InternalServerException')],
  ];

  test('eleven of them', () => {
    expect(new Set(circumstances.map(([name]) => name)).size).toBe(11);
  });

  test.each(circumstances)('%s', async (name, error, provoke) => {
    const caught = await provoke().catch((thrown: unknown) => thrown);
    expect(caught).toBeInstanceOf(classes[name] ?? Error);
    expect(caught).toMatchObject({ name, error, error_description: expect.stringMatching(/^[ -~]+$/) });
  });
});
