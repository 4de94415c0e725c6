import { describe, expect, test } from 'vitest';
import { contract } from '../../emulator/fronts/aws-json/contract.ts';
import { deviceGrant, emulatorForThisFile, type Json, startUrl } from './support.ts';

const api = emulatorForThisFile();

const register = (changes: Json = {}) =>
  api.post('/client/register', { clientName: 'a', clientType: 'public', ...changes });

describe('RegisterClient', () => {
  test('issues a client for 90 days', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { body } = await register();
    const issuedAt = Number(body.clientIdIssuedAt);
    expect(issuedAt - before).toBeGreaterThanOrEqual(0);
    expect(issuedAt - before).toBeLessThan(60);
    expect(Number(body.clientSecretExpiresAt) - issuedAt).toBe(7_776_000);
  });

  test('the client id ends in the region', async () => {
    const { clientId } = (await register()).body;
    const decoded = Buffer.from(String(clientId), 'base64url');
    expect(decoded).toHaveLength(16 + 'us-east-1'.length);
    expect(decoded.subarray(16).toString()).toBe('us-east-1');
  });

  test('the secret looks like a JWS of about 1 kB', async () => {
    const { clientId, clientSecret, clientIdIssuedAt } = (await register({ clientName: 'botocore' })).body;
    const [header, payload, signature] = String(clientSecret).split('.');
    const decoded = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
    expect(decoded(header)).toEqual({ kid: `key-${clientIdIssuedAt}`, alg: 'HS384' });
    expect(JSON.parse(decoded(payload).serialized)).toMatchObject({
      clientId: { value: clientId },
      clientName: 'botocore',
      clientType: 'PUBLIC',
      expired: false,
    });
    expect(Buffer.from(signature ?? '', 'base64url')).toHaveLength(48);
    expect(String(clientSecret).length).toBeGreaterThan(900);
    expect(String(clientSecret).length).toBeLessThan(1200);
  });

  test('a huge client name makes no huge secret', async () => {
    const { clientSecret } = (await register({ clientName: 'a'.repeat(900_000) })).body;
    expect(String(clientSecret).length).toBeLessThan(2000);
  });

  test('ids and secrets differ', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => register()));
    expect(new Set(made.map(({ body }) => body.clientId)).size).toBe(20);
    expect(new Set(made.map(({ body }) => body.clientSecret)).size).toBe(20);
  });

  const none = 'InvalidRequestException';
  const metadata = 'InvalidClientMetadataException';
  const redirect = 'InvalidRedirectUriException';
  const ok = 'granted';
  test.each<[Json, string]>([
    [{ clientName: undefined }, none],
    [{ clientName: null }, none],
    [{ clientName: '' }, none],
    [{ clientName: 5 }, none],
    [{ clientType: undefined }, none],
    [{ clientType: 'confidential' }, metadata],
    [{ clientType: 'Public' }, metadata],
    [{ scopes: 'a' }, none],
    [{ redirectUris: 'https://example.com/' }, none],
    [{ grantTypes: deviceGrant }, none],
    [{ issuerUrl: 5 }, none],
    [{ entitledApplicationArn: [] }, none],
    [{ issuerUrl: startUrl, entitledApplicationArn: 'arn:aws:sso::1:application/a/b' }, ok],

    [{ grantTypes: ['authorization_code'], redirectUris: ['https://example.com/'] }, ok],
    [{ grantTypes: ['authorization_code'], redirectUris: [] }, none],
    [{ grantTypes: ['authorization_code'] }, none],
    [{ grantTypes: [deviceGrant, 'refresh_token'] }, ok],
    [{ grantTypes: [] }, ok],
    [{ grantTypes: ['client_credentials'] }, 'UnsupportedGrantTypeException'],
    [{ grantTypes: ['refresh_token', 'REFRESH_TOKEN'] }, 'UnsupportedGrantTypeException'],
    [{ grantTypes: ['urn:ietf:params:oauth:grant-type:device-code'] }, 'UnsupportedGrantTypeException'],
    [{ grantTypes: [''] }, 'UnsupportedGrantTypeException'],

    [{ scopes: ['sso:account:access', 'codewhisperer:analysis', '!~[]#'] }, ok],
    [{ scopes: ['a b'] }, 'InvalidScopeException'],
    [{ scopes: ['a"b'] }, 'InvalidScopeException'],
    [{ scopes: ['a\\b'] }, 'InvalidScopeException'],
    [{ scopes: ['ä'] }, 'InvalidScopeException'],
    [{ scopes: ['a\n'] }, 'InvalidScopeException'],
    [{ scopes: [''] }, 'InvalidScopeException'],

    [{ redirectUris: ['http://127.0.0.1/oauth/callback'] }, ok],
    [{ redirectUris: ['http://127.0.0.1:8080/oauth/callback'] }, ok],
    [{ redirectUris: ['http://127.0.0.1'] }, ok],
    [{ redirectUris: ['http://localhost/cb'] }, ok],
    [{ redirectUris: ['https://example.com/cb?a=b'] }, ok],
    [{ redirectUris: ['com.example.app:/callback'] }, ok],
    [{ redirectUris: ['vscode://extension/callback'] }, ok],
    [{ redirectUris: ['http://[::1]/cb'] }, redirect],
    [{ redirectUris: ['https://[::1]/cb'] }, redirect],
    [{ redirectUris: ['http://example.com/cb'] }, redirect],
    [{ redirectUris: ['http://127.0.0.1.example.com/'] }, redirect],
    [{ redirectUris: ['http://127.0.0.1@example.com/'] }, redirect],
    [{ redirectUris: ['https://example.com/cb#fragment'] }, redirect],
    [{ redirectUris: ['https://example.com/cb#'] }, redirect],
    [{ redirectUris: ['/relative'] }, redirect],
    [{ redirectUris: ['example.com'] }, redirect],
    [{ redirectUris: ['https:/example.com'] }, redirect],
    [{ redirectUris: ['https://exa mple.com'] }, redirect],
    [{ redirectUris: ['javascript:alert(1)'] }, redirect],
    [{ redirectUris: ['JavaScript:alert(1)'] }, redirect],
    [{ redirectUris: ['data:text/html,x'] }, redirect],
    [{ redirectUris: ['file:///etc/passwd'] }, redirect],
    [{ redirectUris: ['vbscript:x'] }, redirect],
    [{ redirectUris: [''] }, redirect],
    [{ redirectUris: ['https://example.com/', 'http://example.com/'] }, redirect],
  ])('%j: %s', async (changes, outcome) => {
    expect((await register(changes)).outcome).toBe(outcome);
  });
});

describe('what was registered counts', () => {
  const signIn = async (registration: Json) => {
    const { clientId, clientSecret } = (await register(registration)).body;
    const credentials = { clientId: String(clientId), clientSecret: String(clientSecret) };
    return api.token(await api.deviceRequest('approve', credentials));
  };

  test.each<[string, Json, number, string]>([
    ['legacy: neither grants nor scopes', {}, 28_800, 'object'],
    ['scopes alone', { scopes: ['sso:account:access'] }, 3600, 'string'],
    ['no refresh_token', { scopes: ['a'], grantTypes: [deviceGrant] }, 3600, 'object'],
    ['both grants', { scopes: ['a'], grantTypes: [deviceGrant, 'refresh_token'] }, 3600, 'string'],
    ['both grants without scopes', { grantTypes: [deviceGrant, 'refresh_token'] }, 28_800, 'object'],
  ])('%s', async (_, registration, expiresIn, refreshToken) => {
    const { outcome, body } = await signIn(registration);
    expect([outcome, body.expiresIn, typeof body.refreshToken]).toEqual(['granted', expiresIn, refreshToken]);
  });

  test('a code needs the grant', async () => {
    const { clientId, clientSecret } = (await register({ scopes: ['a'] })).body;
    const request = await api.codeRequest({ clientId, clientSecret } as never);
    expect((await api.token(request)).outcome).toBe('UnauthorizedClientException');
  });
});

describe('StartDeviceAuthorization', () => {
  test.each<[Json, string]>([
    [{ startUrl: 'https://d-1234567890.awsapps.com/start' }, 'granted'],
    [{ startUrl: 'https://d-1234567890.awsapps.com/start/' }, 'granted'],
    [{ startUrl: 'https://d-1234567890.awsapps.com/start/#/device' }, 'granted'],
    [{ startUrl: 'https://start.us-gov-home.awsapps.com/directory/x/start' }, 'granted'],
    [{ startUrl: 'https://identitycenter.amazonaws.com/ssoins-1234567890abcdef' }, 'granted'],
    [{ startUrl: 'https://identitycenter.amazonaws.com/other' }, 'InvalidRequestException'],
    [{ startUrl: 'https://example.com/ssoins-1234567890abcdef' }, 'InvalidRequestException'],
    [{ startUrl: 'https://d-1234567890.awsapps.com/' }, 'InvalidRequestException'],
    [{ startUrl: 'https://d-1234567890.awsapps.com/restart' }, 'InvalidRequestException'],
    [{ startUrl: 'http://d-1234567890.awsapps.com/start' }, 'InvalidRequestException'],
    [{ startUrl: 'd-1234567890.awsapps.com/start' }, 'InvalidRequestException'],
    [{ startUrl: 'https://' }, 'InvalidRequestException'],
    [{ startUrl: 5 }, 'InvalidRequestException'],
    [{ clientId: 'nobody' }, 'InvalidClientException'],
    [{ clientSecret: 'wrong' }, 'InvalidClientException'],
  ])('%j: %s', async (changes, outcome) => {
    const answer = await api.post('/device_authorization', { ...(await api.client()), startUrl, ...changes });
    expect(answer.outcome).toBe(outcome);
  });

  test('accepts an expired secret, as observed, and CreateToken does not', async () => {
    const credentials = await api.client();
    const request = await api.deviceRequest('approve', credentials);
    await api.made('expire', { kind: 'clientSecret', value: credentials.clientSecret });
    expect((await api.startDevice(credentials)).outcome).toBe('granted');
    expect((await api.token(request)).outcome).toBe('InvalidClientException');
  });

  test('needs the device grant', async () => {
    const credentials = await api.client({ grantTypes: ['authorization_code', 'refresh_token'] });
    expect((await api.startDevice(credentials)).outcome).toBe('UnauthorizedClientException');
  });
});

describe('required members, by the contract', () => {
  const paths = {
    CreateToken: '/token',
    RegisterClient: '/client/register',
    StartDeviceAuthorization: '/device_authorization',
  };
  const required = Object.entries(paths).flatMap(([operation, path]) =>
    Object.entries(contract.operations[operation]?.request ?? {})
      .filter(([, spec]) => spec.required)
      .map(([name]) => [operation, path, name] as const),
  );
  const valid = async (): Promise<Json> => ({
    clientName: 'a',
    clientType: 'public',
    startUrl,
    ...(await api.codeRequest()),
  });

  test('there are eight', () => expect(required).toHaveLength(8));

  test.each(required)('%s (%s) needs %s', async (_, path, name) => {
    expect((await api.post(path, await valid())).outcome).toBe('granted');
    for (const value of [undefined, null, '', 0, [], {}]) {
      expect((await api.post(path, { ...(await valid()), [name]: value })).outcome).toBe(
        'InvalidRequestException',
      );
    }
  });
});
