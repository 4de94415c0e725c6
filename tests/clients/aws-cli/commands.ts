import { answerLines } from '../javascript/lines.ts';
import type { AwsTask } from '../words.ts';
import { aws, exceptionIn, installed } from './cli.ts';

/*
 * Sends each task by a command of `aws sso-oidc`.
 */

const commands: Readonly<Record<string, { readonly command: string; readonly proof: string }>> = {
  CreateToken: { command: 'create-token', proof: 'accessToken' },
  CreateTokenWithIAM: { command: 'create-token-with-iam', proof: 'accessToken' },
  RegisterClient: { command: 'register-client', proof: 'clientId' },
  StartDeviceAuthorization: { command: 'start-device-authorization', proof: 'deviceCode' },
};

await answerLines(installed(), async ({ endpoint, operation, request, credentials }: AwsTask) => {
  const { command = '', proof = '' } = commands[operation] ?? {};
  const ended = await aws(
    [
      'sso-oidc',
      command,
      '--region',
      'us-east-1',
      '--output',
      'json',
      '--cli-input-json',
      JSON.stringify(request),
    ],
    {
      AWS_ENDPOINT_URL_SSO_OIDC: endpoint,
      AWS_ACCESS_KEY_ID: credentials?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials?.secretAccessKey,
      AWS_SESSION_TOKEN: credentials?.sessionToken,
    },
  );
  if (ended.status !== 0) return { seen: exceptionIn(ended) ?? 'no name', said: ended.err };
  return { seen: JSON.parse(ended.out)[proof] ? 'granted' : 'nothing' };
});
