import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { generate, type SelfsignedOptions } from 'selfsigned';
import { onTestFinished } from 'vitest';

/** A name that no resolver knows: only a proxy finds its way there. */
export const farAway = 'staging.test';

const ec = { keyType: 'ec', algorithm: 'sha256' } as const satisfies SelfsignedOptions;

/** A private authority with what it signed for a server at 127.0.0.1 and at `staging.test`, and for a client. */
export async function authority() {
  const ca = await generate([{ name: 'commonName', value: 'a private authority' }], {
    ...ec,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const signed = (value: string, use: 'serverAuth' | 'clientAuth') =>
    generate([{ name: 'commonName', value }], {
      ...ec,
      ca: { key: ca.private, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'extKeyUsage', [use]: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: farAway },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    });
  const [server, client] = await Promise.all([
    signed(farAway, 'serverAuth'),
    signed('a client', 'clientAuth'),
  ]);
  return { ca: ca.cert, server, client };
}

/** What a TLS front saw of a request. */
export interface Seen {
  readonly version: string;
  readonly path: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The common name of the client's certificate. */
  readonly client: string | undefined;
}

/**
 * Speaks TLS in front of a server, in the versions of HTTP that are named, and asks for a certificate of the authority.
 * It lives as long as the test.
 */
export async function tlsFront(
  upstream: string,
  { ca, server }: Awaited<ReturnType<typeof authority>>,
  { http1 = true, clients = true }: { readonly http1?: boolean; readonly clients?: boolean } = {},
) {
  const seen: Seen[] = [];
  const { port: to } = new URL(upstream);
  const options = {
    key: server.private,
    cert: server.cert,
    ca,
    requestCert: clients,
    rejectUnauthorized: clients,
  };
  const answering = (asked: Asked, answer: Answer) => {
    const socket = asked.socket as unknown as { getPeerCertificate?(): { subject?: { CN?: string } } };
    const client = socket.getPeerCertificate?.().subject?.CN;
    seen.push({ version: asked.httpVersion, path: asked.url, headers: asked.headers, client });
    forward(asked, answer, Number(to));
  };
  const front = http1 ? createTlsServer(options, answering) : createSecureServer(options, answering);
  front.on('tlsClientError', () => undefined);
  const port = await listening(front as unknown as Server);
  return { seen, port };
}

type Asked = Http2ServerRequest | IncomingMessage;
type Answer = Http2ServerResponse | ServerResponse;

function forward(asked: Asked, answer: Answer, port: number): void {
  const headers = Object.fromEntries(Object.entries(asked.headers).filter(([name]) => !name.startsWith(':')));
  const up = request(
    { host: '127.0.0.1', port, method: asked.method, path: asked.url, headers },
    (response) => {
      const { connection, 'keep-alive': _, 'transfer-encoding': __, ...others } = response.headers;
      (answer as ServerResponse).writeHead(response.statusCode ?? 502, others);
      response.pipe(answer as ServerResponse);
    },
  );
  up.on('error', () => (answer as ServerResponse).destroy());
  asked.pipe(up);
}

/**
 * A proxy that opens ways to ports of this machine, whatever host is named, for who has the password; and that forwards
 * what is not TLS. It lives as long as the test.
 */
export async function proxyWith(password?: string) {
  const asked: string[] = [];
  const isKnown = ({ headers }: IncomingMessage): boolean =>
    password === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
  const sockets = new Set<Socket>();
  const proxy = createServer((from, answer) => {
    asked.push(`${from.method} ${from.url}`);
    const { port, pathname, search } = new URL(from.url ?? '');
    if (!isKnown(from)) return void answer.writeHead(407).end();
    from.url = pathname + search;
    forward(from, answer, Number(port));
  });
  proxy.on('connect', (from: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${from.url}`);
    sockets.add(socket.on('error', () => undefined));
    if (!isKnown(from)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const to = connect(Number(from.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      to.write(head);
      to.pipe(socket).pipe(to);
    });
    sockets.add(to.on('error', () => socket.destroy()));
  });
  const port = await listening(proxy, sockets);
  return { asked, port };
}

/** Listens at a free port as long as the test lives. */
function listening(server: Server, sockets: Set<Socket> = new Set()): Promise<number> {
  server.on('connection', (socket: Socket) => void sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}
