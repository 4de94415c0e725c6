import {
  AuthorizationPendingException,
  CreateTokenCommand,
  CreateTokenWithIAMCommand,
  InternalServerException,
  InvalidGrantException,
  RegisterClientCommand,
  SSOOIDCClient,
  StartDeviceAuthorizationCommand,
} from '@aws-sdk/client-sso-oidc';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deviceGrant, emulatorForThisFile, startUrl } from './support.ts';

const api = emulatorForThisFile();
let sdk: SSOOIDCClient;

beforeAll(() => {
  sdk = new SSOOIDCClient({
    endpoint: api.url(),
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  });
});
afterAll(() => sdk.destroy());

test('the official client signs in, refreshes and meets the exceptions as their classes', async () => {
  const { clientId, clientSecret } = await sdk.send(
    new RegisterClientCommand({ clientName: 'sdk', clientType: 'public', scopes: ['sso:account:access'] }),
  );
  const credentials = { clientId, clientSecret };
  const { deviceCode, userCode } = await sdk.send(
    new StartDeviceAuthorizationCommand({ ...credentials, startUrl }),
  );
  const poll = () => sdk.send(new CreateTokenCommand({ ...credentials, grantType: deviceGrant, deviceCode }));
  await expect(poll()).rejects.toBeInstanceOf(AuthorizationPendingException);
  await api.made('device-decision', { userCode, decision: 'approve' });
  const { refreshToken, expiresIn, idToken } = await poll();
  expect([expiresIn, idToken]).toEqual([3600, undefined]);
  await expect(poll()).rejects.toBeInstanceOf(InvalidGrantException);

  const refresh = () =>
    sdk.send(new CreateTokenCommand({ ...credentials, grantType: 'refresh_token', refreshToken }));
  const fault = { operation: 'CreateToken', exception: 'InternalServerException', clientId, times: 1 };
  await api.made('fault', fault);
  await expect(refresh()).rejects.toBeInstanceOf(InternalServerException);
  expect((await refresh()).refreshToken).not.toBe(refreshToken);
  await expect(refresh()).rejects.toMatchObject({
    error: 'invalid_grant',
    error_description: 'Invalid refresh token provided',
  });
});

test('CreateTokenWithIAM is not there yet', async () => {
  const command = new CreateTokenWithIAMCommand({ clientId: 'a', grantType: 'refresh_token' });
  await expect(sdk.send(command)).rejects.toMatchObject({ name: 'MissingAuthenticationTokenException' });
});
