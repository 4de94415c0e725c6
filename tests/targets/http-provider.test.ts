import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { callHttp } from '../../targets/providers/http.ts';
import { closedPort, httpServer, netServer } from './support.ts';

/** What becomes of one answer of a fixture service, its address left out. */
async function offerFor(status: number, body: string, headers: Record<string, string> = {}) {
  const url = await httpServer((_request, response) => response.writeHead(status, headers).end(body));
  const offer = await callHttp(url, 10_000)('client', {});
  return 'message' in offer ? { ...offer, message: offer.message.replace(url, 'URL') } : offer;
}

test.each(['', '/', '///'])('a verb is posted as JSON below a base URL that ends with "%s"', async (end) => {
  const seen: Pick<IncomingMessage, 'method' | 'url'>[] = [];
  const url = await httpServer(async (request, response) => {
    const { method, url: path } = request;
    seen.push({ method, url: `${path} ${request.headers['content-type']} ${await text(request)}` });
    response.end('{"code":"c","more":{"a":[1]}}');
  });
  expect(await callHttp(`${url}/_fixtures${end}`, 10_000)('authorization-code', { clientId: 'é' })).toEqual({
    kind: 'given',
    output: { code: 'c', more: { a: [1] } },
  });
  expect(seen).toEqual([
    { method: 'POST', url: '/_fixtures/authorization-code application/json {"clientId":"é"}' },
  ]);
});

test('{} is given, whatever its content type', async () => {
  expect(await offerFor(200, '{}', { 'content-type': 'text/plain' })).toEqual({ kind: 'given', output: {} });
});

test.each([404, 501])('%i: the verb is not offered, whatever the body', async (status) => {
  expect(await offerFor(status, '<h1>no</h1>')).toEqual({ kind: 'not-offered' });
});

test.each([
  ['its message', '{"message":"unknown clientId"}', 'unknown clientId'],
  ['no message', '{}', 'no message'],
  ['a message that is no text', '{"message":5}', 'no message'],
  ['HTML', '<h1>Bad request</h1>', 'no message'],
])('400 with %s is a refusal', async (_what, body, message) => {
  expect(await offerFor(400, body)).toEqual({ kind: 'refused', message });
});

test.each([201, 204, 302, 401, 403, 405, 429, 500, 503])('%i is a failure', async (status) => {
  expect(await offerFor(status, '')).toEqual({
    kind: 'failed',
    message: `URL/client answered with status ${status}`,
  });
});

test('a failure is told with the message that came with it', async () => {
  expect(await offerFor(500, '{"message":"the database is down"}')).toEqual({
    kind: 'failed',
    message: 'URL/client answered with status 500: the database is down',
  });
});

test.each([
  ['HTML', '<h1>Welcome</h1>'],
  ['nothing', ''],
  ['a list', '[{}]'],
  ['null', 'null'],
  ['text', '"code"'],
])('200 with %s is a failure', async (_what, body) => {
  expect(await offerFor(200, body)).toEqual({
    kind: 'failed',
    message: 'URL/client answered with a body that is not a JSON object',
  });
});

test('nobody listens', async () => {
  const url = await closedPort();
  expect(await callHttp(url, 10_000)('clock', {})).toEqual({
    kind: 'failed',
    message: `${url}/clock did not answer (ECONNREFUSED)`,
  });
});

test.each([
  ['never answers', ''],
  ['stops within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{'],
])('a service that %s is given up', async (_what, bytes) => {
  const url = await netServer((socket) => socket.write(bytes));
  expect(await callHttp(url, 200)('clock', {})).toEqual({
    kind: 'failed',
    message: `${url}/clock did not answer (TimeoutError)`,
  });
});

test('a service that does not speak HTTP', async () => {
  const url = await netServer((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
  expect(await callHttp(url, 10_000)('clock', {})).toEqual({
    kind: 'failed',
    message: `${url}/clock did not answer (HTTPParserError)`,
  });
});

test('a URL that is none', async () => {
  expect(await callHttp('http://:80:90', 10_000)('clock', {})).toEqual({
    kind: 'failed',
    message: 'http://:80:90/clock did not answer (ERR_INVALID_URL)',
  });
});
