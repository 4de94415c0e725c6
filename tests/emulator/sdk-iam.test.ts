import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-sso-oidc';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Behaviours, defaultBehaviours } from '../../emulator/behaviours.ts';
import { startEmulator } from '../../emulator/server.ts';
import { allGrants, type Iam, type IamRequest, iamOf, jwtBearer, tokenExchange } from './iam.ts';
import type { Signer } from './signing.ts';
import { type Api, apiOf, emulatorForThisFile, type Json } from './support.ts';

const classes: Readonly<Record<string, unknown>> = { ...sdk };
const api = emulatorForThisFile();
const iam = iamOf(api);

/** The official client, which signs by itself. */
function clientOf(to: Api, credentials: Signer, config: sdk.SSOOIDCClientConfig = {}): sdk.SSOOIDCClient {
  const client = new sdk.SSOOIDCClient({ endpoint: to.url(), region: 'us-east-1', credentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

const commandOf = (request: Json) =>
  new sdk.CreateTokenWithIAMCommand(request as unknown as sdk.CreateTokenWithIAMCommandInput);

const send = async (request: Json, by?: Signer, config?: sdk.SSOOIDCClientConfig) =>
  clientOf(api, by ?? (await iam.credentials()), { maxAttempts: 1, ...config }).send(commandOf(request));

const caught = (sent: Promise<unknown>): Promise<unknown> =>
  sent.then(
    () => 'granted',
    (thrown: unknown) => thrown,
  );

describe('the official client', () => {
  test.each(allGrants)('is granted %s', async (grant) => {
    const out = await send(await iam.request(grant));
    expect(out).toMatchObject({
      accessToken: expect.stringMatching(/^aoa/),
      expiresIn: 3600,
      tokenType: 'Bearer',
      scope: ['openid', 'aws', 'sts:identity_context'],
      issuedTokenType: expect.stringMatching(/^urn:ietf:params:oauth:token-type:/),
    });
    const identified = grant !== 'refresh_token';
    expect(typeof out.idToken).toBe(identified ? 'string' : 'undefined');
    expect(typeof out.awsAdditionalDetails?.identityContext).toBe(identified ? 'string' : 'undefined');
    expect(typeof out.refreshToken).toBe(grant === tokenExchange ? 'undefined' : 'string');
  });

  test('refreshes what it got', async () => {
    const request = await iam.request(jwtBearer);
    const { refreshToken } = await send(request);
    const again = { clientId: request.clientId, grantType: 'refresh_token', refreshToken };
    expect((await send(again)).refreshToken).not.toBe(refreshToken);
    await expect(send(again)).rejects.toMatchObject({
      name: 'InvalidGrantException',
      error_description: 'Invalid refresh token provided',
    });
  });
});

describe('each exception of CreateTokenWithIAM arrives as its class', () => {
  type Provoke = (iam: Iam) => Promise<unknown>;
  const refresh = async (changes: Json, from?: string, fixture?: Json) =>
    send({ ...(await iam.request('refresh_token', from, fixture)), ...changes });
  const withFault =
    (exception: string): Provoke =>
    async () => {
      const request = await iam.request(tokenExchange);
      const { clientId } = request;
      await api.made('fault', { operation: 'CreateTokenWithIAM', exception, clientId, times: 1 });
      return send(request);
    };
  const circumstances: [string, string, Provoke][] = [
    [
      'AccessDeniedException',
      'access_denied',
      async () => send(await iam.request(jwtBearer), await iam.credentials(false)),
    ],
    ['AuthorizationPendingException', 'authorization_pending', withFault('AuthorizationPendingException')],
    ['ExpiredTokenException', 'expired_token', withFault('ExpiredTokenException')],
    ['InternalServerException', 'server_error', withFault('InternalServerException')],
    [
      'InvalidClientException',
      'invalid_client',
      () => refresh({ clientId: 'arn:aws:sso::1:application/x/y' }),
    ],
    [
      'InvalidGrantException',
      'invalid_grant',
      async () => send(await iam.request(jwtBearer, undefined, { signedBy: 'untrusted' })),
    ],
    ['InvalidRequestException', 'invalid_request', () => refresh({ refreshToken: undefined })],
    [
      'InvalidRequestRegionException',
      'invalid_request',
      () => refresh({}, undefined, { region: 'eu-central-1' }),
    ],
    ['InvalidScopeException', 'invalid_scope', () => refresh({ scope: ['nobody:has:this'] })],
    ['SlowDownException', 'slow_down', withFault('SlowDownException')],
    [
      'UnauthorizedClientException',
      'unauthorized_client',
      async () => refresh({}, await iam.application({ grantTypes: [jwtBearer] })),
    ],
    ['UnsupportedGrantTypeException', 'unsupported_grant_type', () => refresh({ grantType: 'password' })],
  ];

  test('twelve of them', () => {
    expect(new Set(circumstances.map(([name]) => name)).size).toBe(12);
  });

  test.each(circumstances)('%s', async (name, error, provoke) => {
    const thrown = await caught(provoke(iam));
    expect(thrown).toBeInstanceOf(classes[name] ?? Error);
    expect(thrown).toMatchObject({ name, error, error_description: expect.stringMatching(/^[ -~]+$/) });
  });

  test('InvalidRequestRegionException says where the token is usable', async () => {
    for (const grant of ['refresh_token', tokenExchange] as const) {
      const thrown = await caught(send(await iam.request(grant, undefined, { region: 'eu-central-1' })));
      expect(thrown).toBeInstanceOf(sdk.InvalidRequestRegionException);
      expect(thrown).toMatchObject({
        endpoint: 'https://oidc.eu-central-1.amazonaws.com',
        region: 'eu-central-1',
      });
    }
  });
});

describe('a signature that is not believed', () => {
  test.each<[string, string, (good: Required<Signer>) => Promise<unknown>]>([
    [
      'a wrong secret',
      'InvalidSignatureException',
      async (good) => send(await iam.request(jwtBearer), { ...good, secretAccessKey: 'wrong' }),
    ],
    [
      'an unknown access key',
      'UnrecognizedClientException',
      async (good) => send(await iam.request(jwtBearer), { ...good, accessKeyId: 'ASIAUNKNOWN' }),
    ],
    [
      'a clock that is an hour slow',
      'InvalidSignatureException',
      async (good) => send(await iam.request(jwtBearer), good, { systemClockOffset: -3_600_000 }),
    ],
    [
      'a clock that is an hour fast',
      'InvalidSignatureException',
      async (good) => send(await iam.request(jwtBearer), good, { systemClockOffset: 3_600_000 }),
    ],
    [
      'another region',
      'InvalidSignatureException',
      async (good) => send(await iam.request(jwtBearer), good, { region: 'eu-west-1' }),
    ],
    [
      'an expired session token',
      'ExpiredTokenException',
      async (good) => {
        await api.made('expire', { kind: 'sessionToken', value: good.sessionToken });
        return send(await iam.request(jwtBearer), good);
      },
    ],
  ])('%s: %s', async (_, name, provoke) => {
    const thrown = await caught(provoke(await iam.credentials()));
    expect(thrown).toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    expect(thrown).toMatchObject({ message: expect.stringMatching(/^[A-Z]/) });
    expect(thrown).not.toHaveProperty('error', expect.anything());
  });
});

describe('what the official client sends again', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Counts the requests that an emulator answers. The client waits for a random part of its delay: none. */
  const counting = async (behaviours: Partial<Behaviours> = {}) => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const seen = { requests: 0 };
    const { url, close } = await startEmulator({
      behaviours: {
        ...behaviours,
        'request-id': () => {
          seen.requests += 1;
          return randomUUID();
        },
      },
    });
    onTestFinished(close);
    const to = apiOf(() => url);
    return { seen, to, signed: iamOf(to) };
  };

  /** Another second each time: the client takes a date for news only when it differs from what it knows. */
  const anHourOff = (): Partial<Behaviours> => {
    let offset = 3_600_000;
    return {
      date: (now) => {
        offset += 1000;
        return defaultBehaviours.date(now + offset);
      },
      // The client corrects its clock by that date, which would otherwise be refused from then on.
      'amz-date-not-too-late': () => undefined,
    };
  };
  const unknown = (request: IamRequest): Json => ({ ...request, refreshToken: 'unknown' });

  test.each([
    ['InternalServerException', 3],
    ['SlowDownException', 1],
    ['AccessDeniedException', 1],
    ['AuthorizationPendingException', 1],
    ['ExpiredTokenException', 1],
    ['InvalidClientException', 1],
    ['InvalidGrantException', 1],
    ['InvalidRequestException', 1],
    ['InvalidRequestRegionException', 1],
    ['InvalidScopeException', 1],
    ['UnauthorizedClientException', 1],
    ['UnsupportedGrantTypeException', 1],
  ])('%s: %i attempts', async (exception, attempts) => {
    const { seen, to, signed } = await counting();
    const request = await signed.request('refresh_token');
    const { clientId } = request;
    await to.made('fault', { operation: 'CreateTokenWithIAM', exception, clientId, times: 9 });
    const thrown = await caught(clientOf(to, await signed.credentials()).send(commandOf(request)));
    expect(thrown).toMatchObject({ name: exception, $metadata: { attempts } });
    expect(seen.requests).toBe(attempts);
  });

  test('a failure that passes is not seen by the caller', async () => {
    const { seen, to, signed } = await counting();
    const request = await signed.request(jwtBearer);
    const exception = 'InternalServerException';
    await to.made('fault', { operation: 'CreateTokenWithIAM', exception, times: 2 });
    const out = await clientOf(to, await signed.credentials()).send(commandOf(request));
    expect([out.tokenType, out.$metadata.attempts, seen.requests]).toEqual(['Bearer', 3, 3]);
  });

  test('InvalidGrantException with a Date that is an hour off: 3 attempts', async () => {
    const { seen, to, signed } = await counting(anHourOff());
    const client = clientOf(to, await signed.credentials());
    const thrown = await caught(client.send(commandOf(unknown(await signed.request('refresh_token')))));
    expect(thrown).toBeInstanceOf(sdk.InvalidGrantException);
    expect(seen.requests).toBe(3);
  });

  test('the same for CreateToken, which is not signed: 1 attempt', async () => {
    const { seen, to, signed } = await counting(anHourOff());
    const request = { ...(await to.refreshRequest()), refreshToken: 'unknown' };
    const client = clientOf(to, await signed.credentials());
    const thrown = await caught(client.send(new sdk.CreateTokenCommand(request)));
    expect(thrown).toBeInstanceOf(sdk.InvalidGrantException);
    expect(seen.requests).toBe(1);
  });

  test('a request of a client whose clock is an hour off, once it has seen the Date header', async () => {
    const { seen, to, signed } = await counting();
    const [request, by] = [await signed.request('refresh_token'), await signed.credentials()];
    await to.advance(3600);
    const out = await clientOf(to, by).send(commandOf(request));
    expect([out.tokenType, seen.requests]).toEqual(['Bearer', 2]);
  });
});
