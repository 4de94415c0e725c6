import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Emulator } from '../../../emulator/server.ts';
import { startEmulator } from '../../support/emulator.ts';
import { deviceGrant, redirectUri } from './support.ts';

let emulator: Emulator;
let signing: CryptoKey;
let jwks: { keys: object[] };

beforeAll(async () => {
  emulator = await startEmulator();
  const pair = await generateKeyPair('RS256', { extractable: true });
  signing = pair.privateKey;
  jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'mine', alg: 'RS256', use: 'sig' }] };
});
afterAll(() => emulator.close());

const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', deviceGrant];
const scope = 'openid email offline_access';

/** As a browser goes: to the authorization endpoint and back. */
async function browse(url: URL): Promise<URL> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  return new URL(headers.get('location') ?? '');
}

async function approve(verificationUri: string | undefined): Promise<void> {
  expect((await fetch(verificationUri ?? '')).status).toBe(200);
}

describe('openid-client', () => {
  const configured = async (method: string): Promise<openid.Configuration> => {
    const metadata = {
      redirect_uris: [redirectUri],
      grant_types: method === 'none' ? grantTypes.filter((one) => one !== 'client_credentials') : grantTypes,
      token_endpoint_auth_method: method,
      ...(method === 'private_key_jwt' && { jwks }),
    };
    return openid.dynamicClientRegistration(new URL(emulator.oauth.issuer), metadata, authOf(method), {
      execute: [openid.allowInsecureRequests],
    });
  };

  const authOf = (method: string): openid.ClientAuth | undefined => {
    if (method === 'private_key_jwt') return openid.PrivateKeyJwt({ key: signing, kid: 'mine' });
    if (method === 'none') return openid.None();
    return undefined;
  };

  test.for(['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'])(
    'goes through everything with %s',
    async (method) => {
      const registered = await configured(method);
      const config = method.startsWith('client_secret')
        ? await openid.discovery(
            new URL(emulator.oauth.issuer),
            registered.clientMetadata().client_id,
            registered.clientMetadata(),
            secretAuth(method, String(registered.clientMetadata().client_secret)),
            { execute: [openid.allowInsecureRequests] },
          )
        : registered;

      const pkceCodeVerifier = openid.randomPKCECodeVerifier();
      const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
        nonce: expectedNonce,
        max_age: '600',
      });
      const tokens = await openid.authorizationCodeGrant(config, await browse(url), {
        pkceCodeVerifier,
        expectedState,
        expectedNonce,
        maxAge: 600,
        idTokenExpected: true,
      });
      const { sub = '' } = tokens.claims() ?? {};
      expect(await openid.fetchUserInfo(config, tokens.access_token, sub)).toMatchObject({
        sub,
        email: 'user@example.com',
      });

      const refreshed = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '');
      expect(refreshed.claims()?.sub).toBe(sub);
      await expect(openid.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      });

      const device = await openid.initiateDeviceAuthorization(config, { scope: 'openid email' });
      await approve(device.verification_uri_complete);
      const ofDevice = await openid.pollDeviceAuthorizationGrant(config, device);
      expect(ofDevice.claims()?.sub).toBe(sub);

      await openid.tokenRevocation(config, ofDevice.access_token);
      if (method === 'none') return;
      expect(await openid.tokenIntrospection(config, ofDevice.access_token)).toEqual({ active: false });
      const own = await openid.clientCredentialsGrant(config, { scope: 'read' });
      expect(own.scope).toBe('read');
      expect(await openid.tokenIntrospection(config, own.access_token)).toMatchObject({ active: true });
    },
  );

  const secretAuth = (method: string, secret: string): openid.ClientAuth => {
    if (method === 'client_secret_basic') return openid.ClientSecretBasic(secret);
    if (method === 'client_secret_jwt') return openid.ClientSecretJwt(secret);
    return openid.ClientSecretPost(secret);
  };
});

describe('oauth4webapi', () => {
  const insecure = { [oauth.allowInsecureRequests]: true };

  test.for(['oidc', 'oauth2'] as const)('discovers by %s', async (algorithm) => {
    const issuer = new URL(emulator.oauth.issuer);
    const response = await oauth.discoveryRequest(issuer, { algorithm, ...insecure });
    const server = await oauth.processDiscoveryResponse(issuer, response);
    expect(server.token_endpoint).toBe(`${emulator.oauth.issuer}/token`);
  });

  const discovered = async (): Promise<oauth.AuthorizationServer> => {
    const issuer = new URL(emulator.oauth.issuer);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  };

  test.for(['client_secret_basic', 'client_secret_post', 'client_secret_jwt', 'private_key_jwt', 'none'])(
    'goes through everything with %s',
    async (method) => {
      const server = await discovered();
      const registration = await oauth.dynamicClientRegistrationRequest(
        server,
        {
          redirect_uris: [redirectUri],
          grant_types:
            method === 'none' ? grantTypes.filter((one) => one !== 'client_credentials') : grantTypes,
          token_endpoint_auth_method: method,
          ...(method === 'private_key_jwt' && { jwks }),
        },
        insecure,
      );
      const client = await oauth.processDynamicClientRegistrationResponse(registration);
      const auth = authOf(method, String(client.client_secret));

      const [verifier, state, nonce] = [
        oauth.generateRandomCodeVerifier(),
        oauth.generateRandomState(),
        oauth.generateRandomNonce(),
      ];
      const url = new URL(server.authorization_endpoint ?? '');
      for (const [name, value] of Object.entries({
        client_id: client.client_id,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }))
        url.searchParams.set(name, value);
      const back = oauth.validateAuthResponse(server, client, await browse(url), state);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        auth,
        back,
        redirectUri,
        verifier,
        insecure,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      const { sub } = oauth.getValidatedIdTokenClaims(tokens) ?? { sub: '' };
      const info = await oauth.userInfoRequest(server, client, tokens.access_token, insecure);
      expect(await oauth.processUserInfoResponse(server, client, sub, info)).toMatchObject({ sub });

      const again = await oauth.refreshTokenGrantRequest(
        server,
        client,
        auth,
        tokens.refresh_token ?? '',
        insecure,
      );
      const refreshed = await oauth.processRefreshTokenResponse(server, client, again);
      expect(oauth.getValidatedIdTokenClaims(refreshed)?.sub).toBe(sub);

      const started = await oauth.deviceAuthorizationRequest(
        server,
        client,
        auth,
        { scope: 'openid' },
        insecure,
      );
      const device = await oauth.processDeviceAuthorizationResponse(server, client, started);
      const poll = async () =>
        oauth.processDeviceCodeResponse(
          server,
          client,
          await oauth.deviceCodeGrantRequest(server, client, auth, device.device_code, insecure),
        );
      await expect(poll()).rejects.toMatchObject({ error: 'authorization_pending' });
      await approve(device.verification_uri_complete);
      expect(oauth.getValidatedIdTokenClaims(await poll())?.sub).toBe(sub);

      if (method === 'none') return;
      const asked = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        auth,
        { scope: 'read' },
        insecure,
      );
      expect((await oauth.processClientCredentialsResponse(server, client, asked)).scope).toBe('read');
    },
  );

  const authOf = (method: string, secret: string): oauth.ClientAuth => {
    switch (method) {
      case 'client_secret_basic':
        return oauth.ClientSecretBasic(secret);
      case 'client_secret_post':
        return oauth.ClientSecretPost(secret);
      case 'client_secret_jwt':
        return oauth.ClientSecretJwt(secret);
      case 'private_key_jwt':
        return oauth.PrivateKeyJwt({ key: signing, kid: 'mine' });
      default:
        return oauth.None();
    }
  };
});
