import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import type { Endpoint, WireRequest, WireResponse } from './wire.ts';

/** Something that listens. */
export interface Listener {
  /** Without a path. */
  readonly url: string;
  /** Ends every connection; may be called more than once. */
  close(): Promise<void>;
}

export interface ListenOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Bytes of a request body that are read at most; no limit when absent. */
  readonly bodyLimit?: number;
}

/** Serves an endpoint over HTTP/1.1; rejects with the error of `listen` (such as EADDRINUSE). */
export async function listen(
  endpoint: Endpoint,
  { port = 0, host = '127.0.0.1', bodyLimit = Number.POSITIVE_INFINITY }: ListenOptions,
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    received(request, bodyLimit)
      .then(endpoint)
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  });
  return {
    url: await listening(server, port, host),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Has a server listen and returns its URL; rejects with the error of `listen` (such as EADDRINUSE). */
export async function listening(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return urlOf(server.address() as AddressInfo);
}

function send(response: ServerResponse, { status, headers, body, chunked = false }: WireResponse): void {
  response.sendDate = false;
  // RFC 9110 section 8.6: a 204 has no length.
  const length = chunked || status === 204 ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  response.writeHead(status, [...headers.flat(), ...length]);
  if (chunked) response.write(body.slice(0, 1));
  response.end(chunked ? body.slice(1) : body);
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
function bodyOf(request: IncomingMessage, limit: number): Promise<Pick<WireRequest, 'body' | 'bodyHash'>> {
  // Only the signed operation asks for it.
  const hash = request.headers.authorization === undefined ? undefined : createHash('sha256');
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    request
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        hash?.update(chunk);
        if (size <= limit) chunks.push(chunk);
      })
      .on('end', () =>
        resolve({
          body: size <= limit ? Buffer.concat(chunks) : undefined,
          bodyHash: hash?.digest('hex') ?? '',
        }),
      )
      .on('error', reject);
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
