import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { apiOf, atOnce, emulatorForThisFile, type Json, raw } from './support.ts';

const api = emulatorForThisFile();

afterEach(async () => {
  expect((await api.token(await api.codeRequest())).outcome).toBe('granted');
});

const paths = ['/token', '/client/register', '/device_authorization', '/_fixtures/client'];

test.each(paths)('garbage at %s is a client error', async (path) => {
  const bodies = [
    ...Array.from({ length: 20 }, () => randomBytes(200)),
    '['.repeat(500_000),
    '{"a":'.repeat(100_000),
    `{"clientId":${'['.repeat(400_000)}${']'.repeat(400_000)}}`,
    `{"a":"${'\\"'.repeat(400_000)}"}`,
    '{"__proto__":{"clientId":"a"},"constructor":1,"toString":2}',
    '{"clientId":{"__proto__":null}}',
    '{"clientId":"\\ud800","clientSecret":"\\u0000"}',
  ];
  for (const body of bodies) {
    const { status } = await api.send(path, { body });
    expect(status).toBe(400);
  }
});

test('members that come through a prototype are absent', async () => {
  const request = await api.codeRequest();
  const body = `{"__proto__":${JSON.stringify(request)}}`;
  expect((await api.send('/token', { body })).outcome).toBe('InvalidRequestException');
  expect(({} as Json).clientId).toBeUndefined();
});

test.each(['__proto__', 'constructor', 'hasOwnProperty'])('%s as a value is unknown', async (value) => {
  const request = await api.codeRequest();
  expect((await api.token({ ...request, clientId: value })).outcome).toBe('InvalidClientException');
  expect((await api.token({ ...request, code: value })).outcome).toBe('InvalidGrantException');
  expect((await api.refresh(request, value)).outcome).toBe('InvalidGrantException');
});

test.each([
  '\x00\x01\x02\r\n\r\n',
  'GARBAGE\r\n\r\n',
  'POST /token HTTP/9.9\r\n\r\n',
  '\x16\x03\x01\x02\x00',
])('bytes that are not HTTP: %j', async (bytes) => {
  expect(await raw(api.url(), bytes)).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test('clients that hang up half-way', async () => {
  const { hostname, port } = new URL(api.url());
  const half = 'POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"clientId":';
  await atOnce(
    50,
    () =>
      new Promise<void>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(half, () => socket.resetAndDestroy());
        });
        socket.on('close', () => resolve());
      }),
  );
});

test('a refused request that never ends does not keep close() waiting', async () => {
  const { url, close } = await startEmulator();
  const { hostname, port } = new URL(url);
  const ended = new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(
        'POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n',
        async () => {
          await apiOf(() => url).token({});
          await close();
        },
      ),
    );
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
  await ended;
});

test('a mistake of our own is an InternalServerException without a trace of it', async () => {
  const { url, close } = await startEmulator({
    behaviours: {
      'token-body': () => {
        throw new Error('secret detail');
      },
    },
  });
  const broken = apiOf(() => url);
  const { outcome, status, text } = await broken.token(await broken.codeRequest());
  await close();
  expect([outcome, status]).toEqual(['InternalServerException', 500]);
  expect(text).toBe('{"error":"server_error","error_description":"An unexpected error occurred"}');
});
