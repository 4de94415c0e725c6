import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** A server may close a kept connection at any time; the case that it hits runs again from its start. */
let emulator: Emulator;
let proxy: Server;
let endpoint: string;
let toLose = 0;

beforeAll(async () => {
  emulator = await startEmulator();
  proxy = createServer(async (request, response) => {
    if (toLose-- > 0) return void request.socket.destroy();
    const answer = await fetch(emulator.url + request.url, { method: 'POST', body: await buffer(request) });
    const names = ['content-type', 'x-amzn-errortype', 'x-amzn-requestid', 'cache-control', 'pragma'];
    for (const name of names)
      if (answer.headers.has(name)) response.setHeader(name, answer.headers.get(name) ?? '');
    response.writeHead(answer.status).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await emulator.close();
});

test.each([
  [1, 'pass'],
  [2, 'pass'],
  [3, 'inconclusive'],
])('after %i lost connections the verdict is %s', async (lost, verdict) => {
  toLose = lost;
  const cases = ['authorization-code/redeemed'];
  const report = await certifyHere({ endpoint, fixtures: emulator.fixtures }, { selection: { cases } });
  expect(report.verdicts.map((one) => one.verdict)).toEqual([verdict]);
});
