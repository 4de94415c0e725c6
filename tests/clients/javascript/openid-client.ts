import * as openid from 'openid-client';
import type { OAuthTask } from '../words.ts';
import { answerLines, browse, packageNamed, thrownAs } from './lines.ts';

/*
 * Goes through the grant of each task with openid-client.
 */

type Granted = (config: openid.Configuration, task: OAuthTask) => Promise<openid.TokenEndpointResponse>;

const grants: Readonly<Record<string, Granted>> = {
  authorization_code: async (config, { redirectUri }) => {
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const url = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    });
    return openid.authorizationCodeGrant(config, await browse(url), { pkceCodeVerifier });
  },
  refresh_token: (config, { request }) => openid.refreshTokenGrant(config, request.refresh_token ?? ''),
  client_credentials: (config) => openid.clientCredentialsGrant(config),
  'urn:ietf:params:oauth:grant-type:device_code': async (config) => {
    const device = await openid.initiateDeviceAuthorization(config, {});
    await fetch(device.verification_uri_complete ?? '');
    return openid.pollDeviceAuthorizationGrant(config, device);
  },
};

const anyOther: Granted = (config, { grant, request }) =>
  openid.genericGrantRequest(config, grant, { ...request });

await answerLines(packageNamed('openid-client'), async (task: OAuthTask) => {
  const auth = task.clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(task.clientSecret);
  try {
    const config = await openid.discovery(new URL(task.issuer), task.clientId, undefined, auth, {
      execute: [openid.allowInsecureRequests],
    });
    const { access_token } = await (grants[task.grant] ?? anyOther)(config, task);
    return { seen: access_token ? 'granted' : 'nothing' };
  } catch (thrown) {
    return thrownAs(thrown, thrown instanceof openid.ResponseBodyError ? thrown.error : undefined);
  }
});
