import * as oauth from 'oauth4webapi';
import type { OAuthTask } from '../words.ts';
import { answerLines, browse, packageNamed, thrownAs } from './lines.ts';

/*
 * Goes through the grant of each task with oauth4webapi.
 */

const insecure = { [oauth.allowInsecureRequests]: true };

type Granted = (
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  auth: oauth.ClientAuth,
  task: OAuthTask,
) => Promise<oauth.TokenEndpointResponse>;

const grants: Readonly<Record<string, Granted>> = {
  authorization_code: async (server, client, auth, { redirectUri }) => {
    const verifier = oauth.generateRandomCodeVerifier();
    const url = new URL(server.authorization_endpoint ?? '');
    url.search = new URLSearchParams({
      client_id: client.client_id,
      response_type: 'code',
      redirect_uri: redirectUri,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    const back = oauth.validateAuthResponse(server, client, await browse(url));
    return oauth.processAuthorizationCodeResponse(
      server,
      client,
      await oauth.authorizationCodeGrantRequest(server, client, auth, back, redirectUri, verifier, insecure),
    );
  },
  refresh_token: async (server, client, auth, { request }) =>
    oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, auth, request.refresh_token ?? '', insecure),
    ),
  client_credentials: async (server, client, auth) =>
    oauth.processClientCredentialsResponse(
      server,
      client,
      await oauth.clientCredentialsGrantRequest(server, client, auth, {}, insecure),
    ),
  'urn:ietf:params:oauth:grant-type:device_code': async (server, client, auth) => {
    const started = await oauth.deviceAuthorizationRequest(server, client, auth, {}, insecure);
    const device = await oauth.processDeviceAuthorizationResponse(server, client, started);
    await fetch(device.verification_uri_complete ?? '');
    return oauth.processDeviceCodeResponse(
      server,
      client,
      await oauth.deviceCodeGrantRequest(server, client, auth, device.device_code, insecure),
    );
  },
};

const anyOther: Granted = async (server, client, auth, { grant, request }) =>
  oauth.processGenericTokenEndpointResponse(
    server,
    client,
    await oauth.genericTokenEndpointRequest(server, client, auth, grant, { ...request }, insecure),
  );

await answerLines(packageNamed('oauth4webapi'), async (task: OAuthTask) => {
  const issuer = new URL(task.issuer);
  const client = { client_id: task.clientId };
  const auth = task.clientSecret === undefined ? oauth.None() : oauth.ClientSecretBasic(task.clientSecret);
  try {
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, insecure),
    );
    const { access_token } = await (grants[task.grant] ?? anyOther)(server, client, auth, task);
    return { seen: access_token ? 'granted' : 'nothing' };
  } catch (thrown) {
    return thrownAs(thrown, thrown instanceof oauth.ResponseBodyError ? thrown.error : undefined);
  }
});
