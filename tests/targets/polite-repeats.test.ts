import { setTimeout as sleep } from 'node:timers/promises';
import nock from 'nock';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  createTransport,
  type TransportOptions,
  type WireResponse,
} from '../../targets/transport/transport.ts';
import { httpServer } from './support.ts';

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<typeof import('node:timers/promises')>()),
  setTimeout: vi.fn(async () => undefined),
}));

const waits = vi.mocked(sleep);

beforeEach(() => waits.mockClear());
afterEach(() => nock.cleanAll());

/** Milliseconds that were waited for, in order; nothing is really waited for. */
const waited = () => waits.mock.calls.map(([ms]) => ms);

function transport(options: Partial<TransportOptions> = {}) {
  const made = createTransport({ timeoutMs: 10_000, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** A target that answers in this order, and the last one for ever. */
function answering(...answers: readonly (readonly [status: number, headers?: Record<string, string>])[]) {
  for (const [index, [status, headers = {}]] of answers.entries()) {
    const scope = nock('http://target.test');
    if (index === answers.length - 1) scope.persist();
    scope.post('/token', '{"code":"c"}').reply(status, `${index + 1}`, headers);
  }
  return { method: 'POST', url: 'http://target.test/token', headers: [], body: '{"code":"c"}' } as const;
}

test.each([429, 503])('%i is repeated, with the same body, until something else comes', async (status) => {
  const wire = transport();
  const { response, attempts, isNotNow } = await wire.send(answering([status], [status], [200]));
  expect([response?.status, response?.body.toString(), attempts, wire.sent]).toEqual([200, '3', 3, 3]);
  expect(isNotNow).toBe(false);
  expect(waited()).toEqual([250, 500]);
});

test('no more often than there are delays; the last answer stands', async () => {
  const wire = transport({ retryDelaysMs: [0, 0] });
  const { response, attempts, isNotNow } = await wire.send(answering([429]));
  expect([response?.status, attempts, wire.sent, isNotNow]).toEqual([429, 3, 3, true]);
});

test('never, when there are no delays', async () => {
  expect((await transport({ retryDelaysMs: [] }).send(answering([503]))).attempts).toBe(1);
});

test.each([200, 302, 400, 401, 404, 405, 408, 500, 501, 502, 504])('%i is not repeated', async (status) => {
  const { response, attempts } = await transport().send(answering([status]));
  expect([response?.status, attempts]).toEqual([status, 1]);
});

test.each([
  ['0', 0],
  ['3', 3_000],
  ['5', 5_000],
  ['6', 5_000],
  ['86400', 5_000],
  ['9'.repeat(400), 5_000],
  ['0.5', 250],
  ['1e3', 250],
  ['0x7fffffff', 250],
  ['+3', 250],
  ['', 250],
  ['-1', 250],
  ['soon', 250],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
  ['21 Oct 2999 07:28:00 GMT', 250],
  ['Mon, 21 Oct 2999 07:28:00 GMT', 5_000],
  ['Infinity', 250],
])('Retry-After: %s waits %i ms', async (value, ms) => {
  await transport().send(answering([429, { 'retry-after': value }], [200]));
  expect(waited()).toEqual([ms]);
});

test('a date is reckoned by the clock of who wrote it', async () => {
  const headers = { date: 'Wed, 21 Oct 2015 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2015 07:28:03 GMT' };
  await transport().send(answering([503, headers], [200]));
  expect(waited()).toEqual([3_000]);
});

test('a real server is asked again right after Retry-After: 0', async () => {
  let asked = 0;
  const url = await httpServer((_request, response) => {
    asked += 1;
    response.writeHead(asked === 1 ? 429 : 200, { 'Retry-After': '0' }).end();
  });
  const { response, attempts } = await transport().send({ method: 'POST', url, headers: [], body: '{}' });
  expect([response?.status, attempts, asked, waited()]).toEqual([200, 2, 2, [0]]);
});

test('the caller may say what "not now" looks like', async () => {
  const isNotNow = ({ body }: WireResponse) => body.toString() === '1';
  expect((await transport().send(answering([400], [400]), isNotNow)).attempts).toBe(2);
  expect((await transport().send(answering([429], [429]), () => false)).attempts).toBe(1);
});

test('a connection lost during a repeat ends it', async () => {
  nock('http://target.test').post('/token').reply(429);
  nock('http://target.test')
    .post('/token')
    .replyWithError(Object.assign(new Error(), { code: 'ECONNRESET' }));
  const { failure, attempts } = await transport().send({
    method: 'POST',
    url: 'http://target.test/token',
    headers: [],
    body: '{}',
  });
  expect([failure?.kind, attempts]).toEqual(['reset', 2]);
});

test('a target that is never ready is not asked again and again', async () => {
  const wire = transport({ retryDelaysMs: [0], mostUnavailable: 2 });
  const request = answering([429]);
  const attempts: number[] = [];
  for (let i = 0; i < 4; i++) attempts.push((await wire.send(request)).attempts);
  expect(attempts).toEqual([2, 2, 1, 1]);
});

test('a target that has become ready is asked again politely', async () => {
  const wire = transport({ retryDelaysMs: [0], mostUnavailable: 1 });
  const attempts: number[] = [];
  const request = answering([429], [429], [200], [429], [200]);
  for (let i = 0; i < 3; i++) attempts.push((await wire.send(request)).attempts);
  expect(attempts).toEqual([2, 1, 2]);
});

test.each([
  ['ECONNREFUSED', 'refused', 'connection refused: nothing listens there'],
  ['EHOSTUNREACH', 'refused', 'the host cannot be reached'],
  ['ENETUNREACH', 'refused', 'the host cannot be reached'],
  ['ENOTFOUND', 'dns', 'the host name cannot be resolved'],
  ['EAI_AGAIN', 'dns', 'the host name cannot be resolved'],
  ['ETIMEDOUT', 'timeout', 'no complete response within 10 s'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'no complete response within 10 s'],
  ['ECONNRESET', 'reset', 'the connection was closed before a complete response'],
  ['EPIPE', 'reset', 'the connection was closed before a complete response'],
  ['CERT_HAS_EXPIRED', 'tls', 'TLS failed (CERT_HAS_EXPIRED)'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'TLS failed (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'TLS failed (SELF_SIGNED_CERT_IN_CHAIN)'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'TLS failed (UNABLE_TO_VERIFY_LEAF_SIGNATURE)'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'TLS failed (ERR_TLS_CERT_ALTNAME_INVALID)'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'TLS failed (ERR_SSL_WRONG_VERSION_NUMBER)'],
  ['EWHATEVER', 'protocol', 'the request failed (EWHATEVER)'],
])('%s is reported as %s, and nothing is repeated', async (code, kind, message) => {
  nock('http://target.test').persist().post('/token').replyWithError(Object.assign(new Error(), { code }));
  const { failure, attempts } = await transport().send({
    method: 'POST',
    url: 'http://target.test/token',
    headers: [],
    body: '{}',
  });
  expect([failure, attempts]).toEqual([{ kind, message }, 1]);
});
