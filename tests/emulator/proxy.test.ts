import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { defects } from '../../emulator/defects/all.ts';
import { startProxy } from '../../emulator/proxy.ts';
import type { Middleware } from '../../emulator/wire.ts';
import { certifyHere, few } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

const unchanged: Middleware = (request, endpoint) => endpoint(request);

/** Every operation, exception, odd request and signature, and every rule over all responses. */
const oneOfEachKind = [
  '*/valid',
  '*/redeemed',
  '*/fault-*',
  '*/unknown-*',
  '*/grant-not-registered',
  'request/*',
  'register-client/*',
  'start-device-authorization/*',
  'iam-signature/*',
  'iam-refresh-token/*scope*',
  'unpredictability/*',
  'generated/*/noise',
  'generated/lifecycle/*',
  'wire/*',
];

async function proxied(middleware: Middleware) {
  const emulator = await startEmulator();
  const proxy = await startProxy(emulator.url, middleware);
  onTestFinished(async () => {
    await proxy.close();
    await emulator.close();
  });
  const path = (url: string) => url.replace(emulator.url, proxy.url);
  return {
    endpoint: proxy.url,
    fixtures: path(emulator.fixtures),
    jwks: path(emulator.jwks),
    profile: 'aws-sso-oidc',
  };
}

test('an endpoint behind a proxy that changes nothing is certified, signed requests and fixtures included', async () => {
  const report = await certifyHere(await proxied(unchanged), {
    budget: few,
    selection: { cases: oneOfEachKind },
  });
  expect(report.verdicts.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')).toEqual(
    [],
  );
  expect(report.exitCode).toBe(0);
});

test('a defect in front of an endpoint is noticed there', async () => {
  const { middleware } = defects.find(({ name }) => name === 'success-as-201') ?? {};
  const report = await certifyHere(await proxied(middleware?.() ?? unchanged), {
    selection: { cases: ['*/valid', 'wire/success-status', 'wire/iam/success-status'] },
  });
  const failed = report.verdicts.filter(({ verdict }) => verdict === 'fail').map((one) => one.case);
  expect(failed).toEqual(expect.arrayContaining(['wire/success-status', 'wire/iam/success-status']));
});

test('what an upstream answers is passed on as it is: repeated headers, bytes, status, and the path below its own', async () => {
  const seen: unknown[] = [];
  const upstream = createServer((request, response) => {
    seen.push([request.method, request.url, request.headers.host, request.headers['x-one']]);
    request.resume();
    response.writeHead(418, [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['Content-Type', 'application/octet-stream'],
    ] as unknown as string[]);
    response.end(Buffer.from([0, 255, 128]));
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  const proxy = await startProxy(`http://${host}/base/`, unchanged);
  onTestFinished(async () => {
    await proxy.close();
    upstream.close();
  });
  const response = await fetch(`${proxy.url}/some/path?a=1&a=2`, {
    method: 'PUT',
    headers: { 'x-one': '1' },
  });
  expect(response.status).toBe(418);
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 128]);
  expect(seen).toEqual([['PUT', '/base/some/path?a=1&a=2', host, '1']]);
});

test('an upstream that cannot be reached closes the connection', async () => {
  const gone = await startEmulator();
  await gone.close();
  const proxy = await startProxy(gone.url, unchanged);
  onTestFinished(() => proxy.close());
  await expect(fetch(`${proxy.url}/token`, { method: 'POST', body: '{}' })).rejects.toThrow();
});
