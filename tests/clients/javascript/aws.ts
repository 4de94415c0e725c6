import * as sdk from '@aws-sdk/client-sso-oidc';
import type { AwsTask } from '../words.ts';
import { answerLines, packageNamed, thrownAs } from './lines.ts';

/*
 * Sends each task through the AWS SDK for JavaScript.
 */

const send: Readonly<Record<string, (client: sdk.SSOOIDCClient, input: never) => Promise<unknown>>> = {
  CreateToken: async (client, input) => (await client.send(new sdk.CreateTokenCommand(input))).accessToken,
  CreateTokenWithIAM: async (client, input) =>
    (await client.send(new sdk.CreateTokenWithIAMCommand(input))).accessToken,
  RegisterClient: async (client, input) => (await client.send(new sdk.RegisterClientCommand(input))).clientId,
  StartDeviceAuthorization: async (client, input) =>
    (await client.send(new sdk.StartDeviceAuthorizationCommand(input))).deviceCode,
};

await answerLines(
  packageNamed('@aws-sdk/client-sso-oidc'),
  async ({ endpoint, operation, request, credentials }: AwsTask) => {
    const client = new sdk.SSOOIDCClient({
      endpoint,
      region: 'us-east-1',
      ...(credentials && { credentials }),
    });
    try {
      const proof = await send[operation]?.(client, request as never);
      return { seen: proof ? 'granted' : 'nothing' };
    } catch (thrown) {
      return thrownAs(thrown);
    } finally {
      client.destroy();
    }
  },
);
