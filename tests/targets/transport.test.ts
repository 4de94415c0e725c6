import { setImmediate } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { headerOf } from '../../targets/transport/headers.ts';
import {
  createTransport,
  type Transport,
  type TransportOptions,
  type WireRequest,
  withoutBlanksBehind,
} from '../../targets/transport/transport.ts';
import { closedPort, eachRequest, httpServer, netServer } from './support.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** A transport that lives as long as the test and is patient with a busy machine. */
function transport(options: Partial<TransportOptions> = {}): Transport {
  const made = createTransport({ timeoutMs: 10_000, ...options });
  onTestFinished(() => made.close());
  return made;
}

const post = (url: string, change: Partial<WireRequest> = {}): WireRequest => ({
  method: 'POST',
  url: `${url}/token`,
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  ...change,
});

function busyFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

/** Sends a request to a server that answers 200, and returns what arrived there, byte for byte. */
async function arrivalOf(change: Partial<WireRequest>): Promise<Buffer> {
  const arrived: Buffer[] = [];
  const url = await netServer((socket) =>
    eachRequest(socket, (request) => {
      arrived.push(request);
      socket.write(ok);
    }),
  );
  const { failure } = await transport().send(post(url, change));
  expect(failure).toBeUndefined();
  return Buffer.concat(arrived);
}

const shown = (bytes: Buffer) =>
  bytes
    .toString('latin1')
    .replace(/127\.0\.0\.1:\d+/, 'HOST')
    .replaceAll('\r', '');

/** What is made of the raw bytes of a response; the connection stays open behind them. */
async function outcomeOf(response: string | Buffer) {
  const url = await netServer((socket) => eachRequest(socket, () => socket.write(response)));
  return transport().send(post(url));
}

test('headers go out in their spelling and order, repeats included, in front of the body', async () => {
  const headers = [
    ['X-Second', '2'],
    ['content-TYPE', 'application/json'],
    ['x-second', '2 again'],
    ['X-Second', '2 once more'],
    ['A-First', ''],
  ] as const;
  expect(shown(await arrivalOf({ headers, body: '{"grantType":"é"}' }))).toMatchInlineSnapshot(`
    "POST /token HTTP/1.1
    host: HOST
    connection: keep-alive
    X-Second: 2
    content-TYPE: application/json
    x-second: 2 again
    X-Second: 2 once more
    A-First: 
    content-length: 18

    {"grantType":"Ã©"}"
  `);
});

test('a body of any bytes goes out as it is', async () => {
  const body = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  expect((await arrivalOf({ body })).subarray(-256)).toEqual(body);
});

test('a chunked body goes out in two chunks, without Content-Length', async () => {
  expect(shown(await arrivalOf({ body: '{"a":1}', chunked: true }))).toMatchInlineSnapshot(`
    "POST /token HTTP/1.1
    host: HOST
    connection: keep-alive
    Content-Type: application/json
    transfer-encoding: chunked

    4
    {"a"
    3
    :1}
    0

    "
  `);
});

test.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s goes out as the method it is', async (method) => {
  expect(shown(await arrivalOf({ method, body: undefined }))).toMatch(
    new RegExp(`^${method} /token HTTP/1.1\n`),
  );
});

test('the query of a URL goes out as it is spelt', async () => {
  let path = '';
  const url = await httpServer((request, response) => {
    path = request.url ?? '';
    response.end();
  });
  await transport().send(post(`${url}/token?clientSecret=a%2fb+c&empty=#`, {}));
  expect(path).toBe('/token?clientSecret=a%2fb+c&empty=');
});

test('headers come in in their spelling and order, repeats included, and the body as bytes', async () => {
  const body = Buffer.from([0xef, 0xbb, 0xbf, 0x00, 0xff]);
  const head = 'HTTP/1.1 400 Nope\r\nX-B: 2\r\ncontent-LENGTH: 5\r\nx-b: \t3 \r\nX-A:\r\n\r\n';
  expect((await outcomeOf(Buffer.concat([Buffer.from(head), body]))).response).toEqual({
    status: 400,
    headers: [
      ['X-B', '2'],
      ['content-LENGTH', '5'],
      ['x-b', '3'],
      ['X-A', ''],
    ],
    body,
  });
});

test.each([
  ['', ''],
  ['a', 'a'],
  [' a', ' a'],
  ['a b\t c \t', 'a b\t c'],
  [' \t ', ''],
  ['a\u00a0', 'a\u00a0'],
])('the blanks behind %j are no part of it', (value, expected) => {
  expect(withoutBlanksBehind(value)).toBe(expected);
});

test('a chunked body comes in whole', async () => {
  const chunks = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{"\r\n6\r\na":1}\n\r\n0\r\n\r\n';
  expect((await outcomeOf(chunks)).response?.body.toString()).toBe('{"a":1}\n');
});

const coded = async (coding: string, body: string | Buffer) => {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return outcomeOf(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
};

test.each<[string, Buffer]>([
  ['gzip', gzipSync('{}')],
  ['GZIP', gzipSync('{}')],
  ['x-gzip', gzipSync('{}')],
  ['deflate', deflateSync('{}')],
  ['deflate', deflateRawSync('{}')],
  ['br', brotliCompressSync('{}')],
  ['zstd', zstdCompressSync('{}')],
  ['deflate, gzip', gzipSync(deflateSync('{}'))],
  ['identity, gzip', gzipSync('{}')],
])('a body in %s is read as what it is', async (coding, body) => {
  expect((await coded(coding, body)).response).toMatchObject({ body: Buffer.from('{}'), coding: 'decoded' });
});

test.each(['gzip', 'deflate', 'br', 'zstd', 'aws-chunked', 'constructor', 'gzip,gzip,gzip,gzip,gzip,gzip'])(
  'a body that is not in %s, as it is said to be, stays as it is',
  async (coding) => {
    expect((await coded(coding, '{}')).response).toMatchObject({ body: Buffer.from('{}'), coding: 'wrong' });
  },
);

test.each(['identity', '', ','])('"%s" names no coding', async (coding) => {
  const { response } = await coded(coding, '{}');
  expect(response?.body.toString()).toBe('{}');
  expect(response?.coding).toBeUndefined();
});

test('a body that is small only while it is packed is too large', async () => {
  const { failure } = await coded('gzip', gzipSync(Buffer.alloc(2_000_000)));
  expect(failure?.kind).toBe('too-large');
});

test.each([
  ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n', 302, ''],
  ['HTML', 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<h1>Hi!</h1>\n', 200, '<h1>Hi!</h1>\n'],
  ['no body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  ['501', 'HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n', 501, ''],
  ['a 103 before it', `HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n${ok}`, 200, 'ok'],
  ['a reason phrase of its own', 'HTTP/1.1 599 Whatever we like\r\nContent-Length: 0\r\n\r\n', 599, ''],
])('%s is a response, not a failure', async (_what, bytes, status, body) => {
  const { response, failure, attempts } = await outcomeOf(bytes);
  expect({ failure, attempts, status: response?.status, body: response?.body.toString() }).toEqual({
    failure: undefined,
    attempts: 1,
    status,
    body,
  });
});

test('a response of HTTP/1.0 ends with its connection', async () => {
  const url = await netServer((socket) =>
    eachRequest(socket, () => socket.end('HTTP/1.0 200 OK\r\n\r\nold')),
  );
  expect((await transport().send(post(url))).response?.body.toString()).toBe('old');
});

test.each([
  ['HTTP garbage', '<h1>Not HTTP</h1>\r\n\r\n', 'not valid HTTP'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'not valid HTTP'],
  ['a status that is no number', 'HTTP/1.1 OK\r\n\r\n', 'not valid HTTP'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok', 'not valid HTTP'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok', 'not valid HTTP'],
  ['a header without name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n', 'not valid HTTP'],
  ['a chunk without size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nok\r\n', 'not valid HTTP'],
  ['a header without end', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}`, 'not valid HTTP'],
  ['100, which nobody asked for,', `HTTP/1.1 100 Continue\r\n\r\n${ok}`, 'interim response'],
  [
    '101, which nobody asked for,',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    'interim response',
  ],
])('%s is no response', async (_what, bytes, message) => {
  const { response, failure, attempts } = await outcomeOf(bytes);
  expect({ response, failure, attempts }).toEqual({
    failure: { kind: 'protocol', message: expect.stringContaining(message) },
    attempts: 1,
  });
});

test('what is not valid HTTP is named by the parser', async () => {
  expect((await outcomeOf('garbage\r\n')).failure?.message).toMatchInlineSnapshot(
    `"the response is not valid HTTP: Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)"`,
  );
});

const megabyte = 1024 * 1024;

test('a body of 1 MiB is read, a longer one is not', async () => {
  const url = await httpServer((request, response) => {
    response.end(Buffer.alloc(Number(request.headers['x-size'])));
  });
  const sized = (size: number) => transport().send(post(url, { headers: [['X-Size', String(size)]] }));
  expect((await sized(megabyte)).response?.body.length).toBe(megabyte);
  expect((await sized(megabyte + 1)).failure).toEqual({
    kind: 'too-large',
    message: 'the response is larger than 1048576 bytes',
  });
});

test('a body without end is cut off', async () => {
  const url = await httpServer((_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(64 * 1024)));
    };
    response.on('drain', more);
    more();
  });
  expect((await transport().send(post(url))).failure?.kind).toBe('too-large');
});

test('nobody listens', async () => {
  expect(await transport().send(post(await closedPort()))).toMatchObject({
    failure: { kind: 'refused', message: 'connection refused: nothing listens there' },
    attempts: 1,
  });
});

test('TLS spoken to a server without TLS', async () => {
  const url = await httpServer((_request, response) => response.end());
  const { failure } = await transport().send(post(url.replace('http:', 'https:')));
  expect(failure).toEqual({ kind: 'tls', message: expect.stringMatching(/^TLS failed \(ERR_SSL_\w+\)$/) });
});

test.each([
  ['before a response', ''],
  ['within the headers', 'HTTP/1.1 200 OK\r\nContent-Len'],
  ['within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok'],
  ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok'],
])('a connection lost %s is a reset, and nothing is sent twice', async (_when, bytes) => {
  let arrived = 0;
  const url = await netServer((socket) =>
    eachRequest(socket, () => {
      arrived += 1;
      socket.end(bytes);
    }),
  );
  expect(await transport().send(post(url))).toMatchObject({ failure: { kind: 'reset' }, attempts: 1 });
  expect(arrived).toBe(1);
});

test('a request on a kept-alive connection that is lost is not sent again over another one', async () => {
  let arrived = 0;
  const url = await netServer((socket) => {
    let answered = false;
    eachRequest(socket, () => {
      arrived += 1;
      if (answered) socket.resetAndDestroy();
      else socket.write(ok);
      answered = true;
    });
  });
  const wire = transport();
  let lost = 0;
  for (let i = 0; i < 40; i++) lost += (await wire.send(post(url))).failure?.kind === 'reset' ? 1 : 0;
  expect(lost).toBeGreaterThan(0);
  expect([arrived, wire.sent]).toEqual([40, 40]);
});

test.each([
  ['never', ''],
  ['with half of its headers', 'HTTP/1.1 200 OK\r\nContent-'],
  ['with half of its body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok'],
])('a server that answers %s times out', async (_how, bytes) => {
  const url = await netServer((socket) => eachRequest(socket, () => socket.write(bytes)));
  expect(await transport({ timeoutMs: 200 }).send(post(url))).toMatchObject({
    failure: { kind: 'timeout', message: 'no complete response within 0.2 s' },
    attempts: 1,
  });
});

test('a server that answers one byte at a time times out as a whole', async () => {
  const url = await netServer((socket) => {
    const timer = setInterval(() => socket.write('x'), 10);
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
    socket.on('close', () => clearInterval(timer));
  });
  expect((await transport({ timeoutMs: 200 }).send(post(url))).failure?.kind).toBe('timeout');
});

test('an answer that comes while this process is busy is not late', async () => {
  const url = await httpServer((_request, response) => response.end());
  const wire = transport({ timeoutMs: 40 });
  const outcome = wire.send(post(url));
  await setImmediate();
  busyFor(200);
  const { failure } = await outcome;
  expect(failure).toBeUndefined();
});

test.each([
  ['a URL that is none', { url: 'http://:80:90' }],
  ['a header that cannot be sent', { headers: [['X', 'a\r\nb']] as const }],
  ['a method that cannot be sent', { method: 'PO ST' }],
])('%s is a failure, not an exception', async (_what, change) => {
  const url = await httpServer((_request, response) => response.end());
  expect((await transport().send(post(url, change))).failure?.kind).toBe('protocol');
});

test('after so long without a response nothing is tried any more', async () => {
  const wire = transport({ giveUpAfterMs: 20 });
  const closed = await closedPort();
  const kinds = new Set<unknown>();
  while (!kinds.has('not-tried')) kinds.add((await wire.send(post(closed))).failure?.kind);
  expect([...kinds]).toEqual(['refused', 'not-tried']);
  const { sent } = wire;
  expect(await wire.send(post(closed))).toMatchObject({
    failure: { message: 'not tried: the target had stopped answering' },
    attempts: 0,
    durationMs: 0,
  });
  expect(wire.sent).toBe(sent);
});

test('what is refused again and again in less time than that is still tried', async () => {
  const wire = transport();
  const closed = await closedPort();
  const sendOne = async () => (await wire.send(post(closed))).failure?.kind;
  const kinds = await Promise.all(Array.from({ length: 200 }, sendOne));
  expect(new Set(kinds)).toEqual(new Set(['refused']));
});

test.each([
  ['a response', ok],
  ['garbage', 'garbage\r\n'],
  ['too much', `HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n${'x'.repeat(2_000_000)}`],
])('%s in between shows that somebody is there', async (_what, bytes) => {
  const closed = await closedPort();
  const open = await netServer((socket) => eachRequest(socket, () => socket.write(bytes)));
  const wire = transport({ giveUpAfterMs: 200 });
  await wire.send(post(closed));
  busyFor(300);
  for (let turn = 0; turn < 3; turn++) await wire.send(post(open));
  expect((await wire.send(post(closed))).failure?.kind).toBe('refused');
});

test('nothing is sent any more once the run is over, and what is under way ends', async () => {
  const silent = await netServer((socket) => eachRequest(socket, () => undefined));
  const over = new AbortController();
  const wire = transport({ signal: over.signal });
  const underWay = wire.send(post(silent));
  await setImmediate();
  over.abort(new Error('the time of this run is up'));
  const failure = { kind: 'not-tried', message: 'not tried: the time of this run is up' };
  expect((await underWay).failure).toEqual(failure);
  expect((await wire.send(post(silent))).failure).toEqual(failure);
});

test('connections are kept alive between requests', async () => {
  let connections = 0;
  const url = await netServer((socket) => {
    connections += 1;
    eachRequest(socket, () => socket.write(ok));
  });
  const wire = transport();
  for (let i = 0; i < 40; i++) await wire.send(post(url));
  expect(wire.sent).toBe(40);
  expect(connections).toBeLessThan(40);
});

test('close() ends kept-alive connections and requests under way; nothing is sent afterwards', async () => {
  let arrived = 0;
  const ended: Promise<unknown>[] = [];
  let both = () => {};
  const underWay = new Promise<void>((resolve) => {
    both = resolve;
  });
  const url = await netServer((socket) => {
    ended.push(new Promise((resolve) => socket.on('close', resolve)));
    eachRequest(socket, (request) => {
      arrived += 1;
      if (request.includes('/silent')) both();
      else socket.write(ok);
    });
  });
  const wire = transport();
  await Promise.all([wire.send(post(url)), wire.send(post(url))]);
  const silent = wire.send(post(`${url}/silent`));
  await underWay;
  await wire.close();
  expect((await silent).failure?.kind).toBe('protocol');
  expect((await wire.send(post(url))).failure?.kind).toBe('protocol');
  await Promise.all(ended);
  expect([ended.length, arrived]).toEqual([2, 3]);
});

test.each([
  ['content-type', 'a'],
  ['CONTENT-TYPE', 'a'],
  ['x-absent', undefined],
])('headerOf finds the first %s, whatever its case', (name, value) => {
  const headers = [
    ['X', 'x'],
    ['Content-Type', 'a'],
    ['content-type', 'b'],
  ] as const;
  expect(headerOf(headers, name)).toBe(value);
});

test('after three failures in a row a target is left alone, if that is wanted', async () => {
  const wire = transport({ mostFailures: 3, silencesMs: [1, 2] });
  const closed = await closedPort();
  const kinds: unknown[] = [];
  for (let turn = 0; turn < 4; turn++) kinds.push((await wire.send(post(closed))).failure?.kind);
  expect(kinds).toEqual(['refused', 'refused', 'refused', 'not-tried']);
  expect(wire.ended).toBe('connection refused: nothing listens there');
});

test('what fails together is one failure', async () => {
  const wire = transport({ mostFailures: 3 });
  const closed = await closedPort();
  await Promise.all(Array.from({ length: 20 }, () => wire.send(post(closed))));
  expect(wire.ended).toBeUndefined();
});
