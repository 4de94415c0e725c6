import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { transportTo } from '../../targets/transport/to-target.ts';
import { authority, farAway, proxyWith, tlsFront } from '../support/tls.ts';
import { closedPort, httpServer } from './support.ts';

let known: Awaited<ReturnType<typeof authority>>;
beforeAll(async () => {
  known = await authority();
});

const material = () => ({ ca: known.ca, cert: known.client.cert, key: known.client.private });

function transport(approach: Partial<Parameters<typeof transportTo>[0]>, retryDelaysMs: number[] = []) {
  const made = transportTo({ timeoutSeconds: 10, ...approach }, { retryDelaysMs });
  onTestFinished(() => made.close());
  return made;
}

/** A server whose answer tells much in its headers. */
const upstream = () =>
  httpServer((_request, response) => {
    response.writeHead(400, [
      ['Content-Type', 'application/json'],
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
    ] as unknown as string[]);
    response.end('{"error":"invalid_grant"}');
  });

const post = (url: string) => ({
  method: 'POST',
  url: `${url}/token`,
  headers: [['Content-Type', 'application/json']] as const,
  body: '{"a":1}',
});

test.each([
  ['HTTP/1.1', true, '1.1', 'Content-Type'],
  ['HTTP/2', false, '2.0', 'content-type'],
])('%s over TLS with a private authority and a client certificate', async (_, http1, version, name) => {
  const front = await tlsFront(await upstream(), known, { http1 });
  const { response, failure } = await transport({ tls: material() }).send(
    post(`https://127.0.0.1:${front.port}`),
  );
  expect(failure).toBeUndefined();
  expect(response).toMatchObject({ status: 400, body: Buffer.from('{"error":"invalid_grant"}') });
  const spelt = response?.headers.map(([one]) => one) ?? [];
  expect(spelt.filter((one) => /^set-cookie$/i.test(one))).toHaveLength(2);
  expect(spelt.map((one) => one.toLowerCase())).toContain(name.toLowerCase());
  expect(front.seen).toMatchObject([{ version, client: 'a client' }]);
});

test('what is too long is not read over HTTP/2 either', async () => {
  const up = await httpServer((_request, response) => response.end('x'.repeat(2_000_000)));
  const front = await tlsFront(up, known, { http1: false });
  const { failure } = await transport({ tls: material() }).send(post(`https://127.0.0.1:${front.port}`));
  expect(failure?.kind).toBe('too-large');
});

test('a certificate of nobody who is known is told as such', async () => {
  const front = await tlsFront(await upstream(), known, { clients: false });
  const { failure } = await transport({}).send(post(`https://127.0.0.1:${front.port}`));
  expect(failure).toMatchObject({ kind: 'tls' });
  expect(front.seen).toEqual([]);
});

test('who shows no certificate where one is wanted is let go', async () => {
  const front = await tlsFront(await upstream(), known);
  const { failure } = await transport({ tls: { ca: known.ca } }).send(
    post(`https://127.0.0.1:${front.port}`),
  );
  expect(failure).toBeDefined();
  expect(front.seen).toEqual([]);
});

test.each([true, false])('through a proxy with a password (HTTP/1.1: %s)', async (http1) => {
  const front = await tlsFront(await upstream(), known, { http1 });
  const proxy = await proxyWith('a pass word');
  vi.stubEnv('HTTPS_PROXY', `http://user:a%20pass%20word@127.0.0.1:${proxy.port}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { response } = await transport({ tls: material() }).send(post(`https://${farAway}:${front.port}`));
  expect(response?.status).toBe(400);
  expect(proxy.asked).toEqual([`CONNECT ${farAway}:${front.port}`]);
  expect(front.seen).toMatchObject([{ client: 'a client' }]);
});

test('what is not TLS is forwarded, and what is for this machine or in NO_PROXY goes there itself', async () => {
  const up = await upstream();
  const { port } = new URL(up);
  const proxy = await proxyWith();
  vi.stubEnv('HTTP_PROXY', `http://127.0.0.1:${proxy.port}`);
  vi.stubEnv('NO_PROXY', 'near.test');
  onTestFinished(() => void vi.unstubAllEnvs());
  const wire = transport({});
  expect((await wire.send(post(`http://${farAway}:${port}`))).response?.status).toBe(400);
  expect((await wire.send(post(up))).response?.status).toBe(400);
  expect((await wire.send(post(`http://near.test:${port}`))).failure?.kind).toBe('dns');
  expect(proxy.asked).toEqual([`POST http://${farAway}:${port}/token`]);
});

test.each(['https', 'http'])(
  'a proxy that lets nobody through is no answer of the target (%s)',
  async (scheme) => {
    const proxy = await proxyWith('secret');
    vi.stubEnv('HTTPS_PROXY', `http://user:wrong@127.0.0.1:${proxy.port}`);
    vi.stubEnv('HTTP_PROXY', `http://user:wrong@127.0.0.1:${proxy.port}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { failure } = await transport({}).send(post(`${scheme}://${farAway}:1`));
    expect(failure).toEqual({ kind: 'proxy', message: 'the proxy answered 407 and let nothing through' });
  },
);

test('a proxy that is not there is not taken for a target that is not', async () => {
  vi.stubEnv('HTTPS_PROXY', await closedPort());
  onTestFinished(() => void vi.unstubAllEnvs());
  const { failure } = await transport({}).send(post(`https://${farAway}`));
  expect(failure).toEqual({ kind: 'proxy', message: 'connection refused: no proxy listens there' });
});

test('a proxy that is no URL is a mistake, told without what it holds', () => {
  vi.stubEnv('HTTPS_PROXY', 'user:secret@proxy');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(() => transportTo({ timeoutSeconds: 1 })).toThrow(
    'The environment variable HTTPS_PROXY is no URL of a proxy, such as http://proxy.example:3128.',
  );
});

test('extra headers go to the origins that are named, and replace nothing', async () => {
  const asked: unknown[] = [];
  const server = () =>
    httpServer(({ headers }, response) => {
      asked.push([headers['x-api-key'], headers['x-tenant']]);
      response.end();
    });
  const [named, other] = [await server(), await server()];
  const wire = transport({ headers: { 'X-Api-Key': 'gateway', 'x-tenant': 'blue' }, origins: [named] });
  const own = { ...post(named), headers: [['x-tenant', 'of the case']] as const };
  for (const request of [post(named), own, post(other)]) await wire.send(request);
  expect(asked).toEqual([
    ['gateway', 'blue'],
    ['gateway', 'of the case'],
    [undefined, undefined],
  ]);
});
