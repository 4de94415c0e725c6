import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAwsJson, internalServerError } from './aws-json.ts';
import { type Behaviours, defaultBehaviours } from './behaviours.ts';
import { virtualClock } from './clock.ts';
import { answerFixture, fixturesPath } from './fixtures.ts';
import { answerJwks, jwksPath } from './jwks.ts';
import { lazyKeys } from './keys.ts';
import type { Service } from './service.ts';
import { emptyState } from './state.ts';
import type { WireRequest, WireResponse } from './wire.ts';

export interface Emulator {
  /** Of the endpoint, without a path. */
  readonly url: string;
  /** Of the fixture service. */
  readonly fixtures: string;
  /** Of the JWK Set that verifies ID tokens. */
  readonly jwks: string;
  /** Ends every connection; may be called more than once. */
  close(): Promise<void>;
}

export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly region?: string;
  /** What this endpoint does differently. */
  readonly behaviours?: Partial<Behaviours>;
}

/** Starts the reference endpoint; rejects with the error of `listen` (such as EADDRINUSE). */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = '127.0.0.1', region = 'us-east-1', behaviours = {} } = options;
  const service: Service = {
    region,
    clock: virtualClock(),
    state: emptyState(),
    keys: lazyKeys(),
    behaviours: { ...defaultBehaviours, ...behaviours },
  };
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    serve(service, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const url = urlOf(server.address() as AddressInfo);
  return {
    url,
    fixtures: url + fixturesPath,
    jwks: url + jwksPath,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await safely(service, await received(request, service.behaviours['body-limit']()));
  response.sendDate = false;
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(answer.body));
  response.end(answer.body);
}

async function safely(service: Service, request: WireRequest): Promise<WireResponse> {
  try {
    if (request.path === jwksPath) return await answerJwks(service, request);
    return await (request.path.startsWith(`${fixturesPath}/`)
      ? answerFixture(service, request)
      : answerAwsJson(service, request));
  } catch {
    return internalServerError(service);
  }
}

async function received(request: IncomingMessage, limit: number): Promise<WireRequest> {
  const target = (request.url ?? '').replace(/^https?:\/\/[^/?]*/i, '');
  const at = target.indexOf('?');
  return {
    method: request.method ?? '',
    path: at < 0 ? target : target.slice(0, at),
    query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
    headers: headersOf(request),
    ...(await bodyOf(request, limit)),
  };
}

/** Node itself drops what repeats of some headers; who verifies a signature has to see it. */
function headersOf({ rawHeaders }: IncomingMessage): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = String(rawHeaders[at]).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), String(rawHeaders[at + 1])]);
  }
  return headers;
}

/** Reads to the end even what is too long, so that the sender hears the answer. */
async function bodyOf(
  request: IncomingMessage,
  limit: number,
): Promise<Pick<WireRequest, 'body' | 'bodyHash'>> {
  const hash = createHash('sha256');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    hash.update(chunk);
    if (size <= limit) chunks.push(chunk);
  }
  return { body: size <= limit ? Buffer.concat(chunks) : undefined, bodyHash: hash.digest('hex') };
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
