import { createHash, randomBytes } from 'node:crypto';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { type EmulatorOptions, startEmulator } from '../../emulator/server.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
export const redirectUri = 'http://127.0.0.1:8400/oauth/callback';
export const startUrl = 'https://d-1234567890.awsapps.com/start';

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  /** The exception of x-amzn-ErrorType without its namespace; `granted` for a 200. */
  readonly outcome: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly text: string;
  readonly body: Json;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly chunked?: boolean;
}

export type Credentials = { readonly clientId: string; readonly clientSecret: string };

export type Api = ReturnType<typeof apiOf>;

/** What a test says to one emulator. */
export function apiOf(url: () => string) {
  const send = (path: string, sent: Sent = {}) => exchange(url() + path, sent);
  const post = (path: string, body: Json) => send(path, { body: JSON.stringify(body) });
  const token = (members: Json) => post('/token', members);
  const fixture = (verb: string, body: Json) => post(`/_fixtures/${verb}`, body);
  const made = async (verb: string, body: Json): Promise<Json> => {
    const { status, text, body: out } = await fixture(verb, body);
    if (status !== 200) throw new Error(`fixture ${verb}: ${status} ${text}`);
    return out;
  };

  const client = async (changes: Json = {}): Promise<Credentials> => {
    const { clientId, clientSecret } = await made('client', {
      grantTypes: ['authorization_code', deviceGrant, 'refresh_token'],
      scopes: ['sso:account:access'],
      redirectUris: ['http://127.0.0.1/oauth/callback'],
      ...changes,
    });
    return { clientId: clientId as string, clientSecret: clientSecret as string };
  };

  /** A request that will be granted. */
  const codeRequest = async (from?: Credentials, changes: Json = {}) => {
    const credentials = from ?? (await client());
    const codeVerifier = randomBytes(32).toString('base64url');
    const { code } = await made('authorization-code', {
      clientId: credentials.clientId,
      redirectUri,
      codeChallenge: s256(codeVerifier),
      codeChallengeMethod: 'S256',
      ...changes,
    });
    return {
      ...credentials,
      grantType: 'authorization_code',
      code: code as string,
      redirectUri,
      codeVerifier,
    };
  };

  const startDevice = (credentials: Credentials) =>
    post('/device_authorization', { ...credentials, startUrl });

  const deviceRequest = async (decision?: 'approve' | 'deny', from?: Credentials) => {
    const credentials = from ?? (await client());
    const { deviceCode, userCode } = (await startDevice(credentials)).body;
    if (decision) await made('device-decision', { userCode, decision });
    return { ...credentials, grantType: deviceGrant, deviceCode: deviceCode as string, userCode };
  };

  const refreshRequest = async (from?: Credentials, changes: Json = {}) => {
    const credentials = from ?? (await client());
    const { refreshToken } = await made('refresh-token', { clientId: credentials.clientId, ...changes });
    return { ...credentials, grantType: 'refresh_token', refreshToken: refreshToken as string };
  };

  const refresh = ({ clientId, clientSecret }: Credentials, refreshToken: unknown) =>
    token({ clientId, clientSecret, grantType: 'refresh_token', refreshToken });

  const advance = (advanceSeconds: number) => made('clock', { advanceSeconds });

  return {
    url,
    send,
    post,
    token,
    fixture,
    made,
    client,
    codeRequest,
    startDevice,
    deviceRequest,
    refreshRequest,
    refresh,
    advance,
  };
}

/** One emulator for a test file. */
export function emulatorForThisFile(options?: EmulatorOptions): Api {
  let url = '';
  let close = async () => {};
  beforeAll(async () => {
    ({ url, close } = await startEmulator(options));
  });
  afterAll(() => close());
  return apiOf(() => url);
}

export const s256 = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

/** `count` at once. */
export const atOnce = <T>(count: number, act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, act));

export const outcomes = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

export function exchange(
  url: string,
  { method = 'POST', headers, body = '', chunked }: Sent,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = chunked
      ? { 'Transfer-Encoding': 'chunked' }
      : { 'Content-Length': Buffer.byteLength(body) };
    const sent = request(url, { method, agent: false, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks).toString())));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function answerOf(response: IncomingMessage, text: string): Answer {
  const status = response.statusCode ?? 0;
  const exception = String(response.headers['x-amzn-errortype'] ?? status).split(':')[0] ?? '';
  return {
    status,
    outcome: status === 200 ? 'granted' : exception,
    headers: response.headers,
    rawHeaders: response.rawHeaders,
    text,
    body: text === '' ? {} : JSON.parse(text),
  };
}

/** Bytes as they are; what came back until the other side hung up. */
export function raw(url: string, bytes: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
