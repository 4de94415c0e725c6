import * as sdk from '@aws-sdk/client-sso-oidc';
import { expect, test } from 'vitest';
import { emulatorForThisFile } from './support.ts';

const api = emulatorForThisFile();

/** The README says this: whoever wants to see an error in a client has to arm it as often as the client tries. */
test.each([
  ['InternalServerException', 3],
  ['SlowDownException', 1],
  ['InvalidRequestException', 1],
])('the official client with its defaults meets %s %i times', async (exception, attempts) => {
  const client = new sdk.SSOOIDCClient({ endpoint: api.url(), region: 'us-east-1' });
  const request = await api.refreshRequest();
  const { clientId } = request;
  await api.made('fault', { operation: 'CreateToken', exception, clientId, times: 4 });
  const thrown = await client.send(new sdk.CreateTokenCommand(request)).catch((error: unknown) => error);
  client.destroy();
  expect(thrown).toMatchObject({ name: exception, $metadata: { attempts } });
  const left: string[] = [];
  for (let turn = attempts; turn < 4; turn++) left.push((await api.token(request)).outcome);
  expect(left).toEqual(left.map(() => exception));
  expect((await api.token(request)).outcome).toBe('granted');
});
