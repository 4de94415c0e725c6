import { createHash, randomBytes } from 'node:crypto';
import { passwordUser } from '../../emulator/fronts/oauth-form/start.ts';
import type { Emulator } from '../../emulator/server.ts';
import type { Middleware, WireResponse } from '../../emulator/wire.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';
import type { Cell } from './cells.ts';
import type { AwsTask, OAuthTask, Task } from './words.ts';

/** A task with the emulator that waits for it. */
export interface Given {
  readonly task: Task;
  /** The errors that the emulator has answered with so far. */
  readonly sent: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const redirectUri = 'http://127.0.0.1:8400/oauth/callback';
const startUrl = 'https://d-1234567890.awsapps.com/start';

type Made = (verb: string, input: object) => Promise<Readonly<Record<string, string>>>;

/**
 * An emulator for one task, which would be granted but for the armed fault. Each has its own, since some clients register
 * themselves and `RegisterClient` knows no client: their faults are for everybody.
 *
 * @param times as often as the client asks before it shows an error
 */
export async function given(cell: Cell, times: number): Promise<Given> {
  const sent = new Set<string>();
  const middleware = recording(sent);
  const emulator = await startEmulator({
    middleware,
    oauth: { middleware, passwordGrant: cell.grant === 'password' },
  });
  const { fixture } = cell.dialect === 'aws-json' ? emulator : emulator.oauth;
  const made: Made = async (verb, input) => {
    const { status, body } = await fixture(verb, input);
    if (status !== 200) throw new Error(`${cell.id}: the fixture ${verb} answers ${status} ${body}`);
    return JSON.parse(body);
  };
  const task = await (cell.dialect === 'aws-json' ? awsTask : oauthTask)(cell, emulator, made);
  sent.clear();
  const { operation, exception } = cell;
  if (exception !== undefined) await made('fault', { operation, exception, times });
  return { task, sent, close: emulator.close };
}

/** Keeps the error of each answer. */
const recording =
  (sent: Set<string>): Middleware =>
  async (request, endpoint) => {
    const response = await endpoint(request);
    if (response.status >= 400) sent.add(errorOf(response));
    return response;
  };

function errorOf({ headers, body, status }: WireResponse): string {
  const type = headers.find(([name]) => name.toLowerCase() === 'x-amzn-errortype')?.[1];
  if (type !== undefined) return type.split(':')[0] ?? type;
  try {
    return String(JSON.parse(String(body)).error);
  } catch {
    return `status ${status}`;
  }
}

async function awsTask({ id, operation, grant }: Cell, { url }: Emulator, made: Made): Promise<AwsTask> {
  const task = { id, endpoint: url, operation };
  if (operation === 'RegisterClient') return { ...task, request: registration };
  if (operation === 'CreateTokenWithIAM') {
    const { clientId = '' } = await made('client', { auth: 'iam', grantTypes: [grant] });
    const request = { clientId, grantType: grant, ...(await presented(grant, clientId, made)) };
    const {
      accessKeyId = '',
      secretAccessKey = '',
      sessionToken = '',
    } = await made('credentials', {
      allowed: true,
    });
    return { ...task, request, credentials: { accessKeyId, secretAccessKey, sessionToken } };
  }
  const { clientId = '', clientSecret = '' } = await made('client', {
    grantTypes: [grant ?? deviceGrant],
    redirectUris: [redirectUri],
  });
  const credentials = { clientId, clientSecret };
  if (operation === 'StartDeviceAuthorization') return { ...task, request: { ...credentials, startUrl } };
  const artefact =
    grant === deviceGrant
      ? await approvedDevice(url, credentials, made)
      : await presented(grant, clientId, made);
  return { ...task, request: { ...credentials, grantType: grant, ...artefact } };
}

const registration = {
  clientName: 'client',
  clientType: 'public',
  grantTypes: [deviceGrant, 'refresh_token'],
  scopes: ['sso:account:access'],
};

async function approvedDevice(url: string, credentials: object, made: Made) {
  const body = JSON.stringify({ ...credentials, startUrl });
  const response = await fetch(`${url}/device_authorization`, { method: 'POST', body });
  const { deviceCode, userCode } = (await response.json()) as Record<string, string>;
  await made('device-decision', { userCode, decision: 'approve' });
  return { deviceCode };
}

/** What a request with this grant shows, but for a device. */
async function presented(grant: string | undefined, clientId: string, made: Made) {
  switch (grant) {
    case 'authorization_code': {
      const codeVerifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
      const asked = { clientId, redirectUri, codeChallenge, codeChallengeMethod: 'S256' };
      return { ...(await made('authorization-code', asked)), redirectUri, codeVerifier };
    }
    case 'refresh_token':
      return made('refresh-token', { clientId });
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return made('assertion', { clientId, signedBy: 'trusted' });
    case 'urn:ietf:params:oauth:grant-type:token-exchange':
      return made('subject-token', { clientId });
    default:
      return {};
  }
}

async function oauthTask({ id, grant = '' }: Cell, emulator: Emulator, made: Made): Promise<OAuthTask> {
  const { issuer } = emulator.oauth;
  const { clientId = '', clientSecret } = await made('client', {
    grantTypes: [grant],
    redirectUris: [redirectUri],
    // What signs in by a device keeps no secret, and not every client could show one there.
    ...(grant === deviceGrant && { auth: 'none' }),
  });
  // The client itself gets a code or a device.
  const artefact = grant === 'authorization_code' ? {} : await presented(grant, clientId, made);
  return {
    id,
    issuer,
    endpoints: { ...endpointsOf(issuer), authorization: `${issuer}/authorize` },
    clientId,
    ...(clientSecret !== undefined && { clientSecret }),
    redirectUri,
    grant,
    request: grant === 'password' ? passwordUser : inSnakeCase(artefact),
  };
}

const inSnakeCase = (members: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
