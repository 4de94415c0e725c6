import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { certifyHere } from '../support/certify.ts';

/** Everything that must never reach a file or a screen, collected from the wire itself. */
const secretMembers =
  /"(accessToken|refreshToken|idToken|clientSecret|code|deviceCode|userCode|codeVerifier|password)"\s*:\s*"([^"]{8,})"/g;
const secrets = new Set<string>();

let emulator: Emulator;
let proxy: Server;
let endpoint: string;
/** What the proxy does to an error on its way back. */
let spoil: (error: Record<string, unknown>, sent: string) => unknown = (error) => error;

beforeAll(async () => {
  emulator = await startEmulator();
  proxy = createServer(async (request: IncomingMessage, response) => {
    const sent = (await buffer(request)).toString('utf8');
    const answer = await fetch(emulator.url + request.url, {
      method: request.method ?? 'POST',
      ...(sent !== '' && request.method !== 'GET' && { body: sent }),
    });
    let body = await answer.text();
    for (const text of [sent, body])
      for (const [, , secret] of text.matchAll(secretMembers)) secrets.add(secret ?? '');
    if (answer.status >= 400 && !request.url?.includes('_fixtures'))
      body = JSON.stringify(spoil(JSON.parse(body), sent));
    response.writeHead(answer.status, {
      'Content-Type': answer.headers.get('content-type') ?? '',
      ...(answer.headers.has('x-amzn-errortype') && {
        'x-amzn-ErrorType': answer.headers.get('x-amzn-errortype') ?? '',
      }),
      'x-amzn-RequestId': 'proxy',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterAll(async () => {
  proxy.closeAllConnections();
  proxy.close();
  await emulator.close();
});

async function everythingShown(cases: string[] = []): Promise<string> {
  secrets.clear();
  const report = await certifyHere({ endpoint, fixtures: `${endpoint}/_fixtures` }, { selection: { cases } });
  return JSON.stringify(report) + renderTerminal(report, { color: false });
}

/** The first secrets that show up, shortened so that a failing test does not leak them either. */
function leaks(shown: string): string[] {
  return [...secrets].filter((secret) => shown.includes(secret)).map((secret) => secret.slice(0, 12));
}

describe('no secret of the wire is in the report or on the screen', () => {
  test('of an endpoint that behaves', async () => {
    const shown = await everythingShown();
    expect(secrets.size).toBeGreaterThan(300);
    expect(leaks(shown)).toEqual([]);
  });

  test.each<[string, typeof spoil]>([
    [
      'echoes the request in its error description',
      (error, sent) => ({ ...error, error_description: `you sent ${sent}` }),
    ],
    [
      'echoes the request percent-encoded',
      (error, sent) => ({ ...error, error_description: encodeURIComponent(sent) }),
    ],
    [
      'echoes the request under unknown members',
      (error, sent) => ({ ...error, debug: { request: sent, parts: sent.split('"') } }),
    ],
    ['puts the request into the error code', (error, sent) => ({ ...error, error: sent })],
  ])('of an endpoint that %s', async (_, change) => {
    spoil = change;
    const shown = await everythingShown(['refresh-token/*']);
    expect(secrets.size).toBeGreaterThan(50);
    expect(leaks(shown)).toEqual([]);
  });

  test('and an echo is found', async () => {
    spoil = (error, sent) => ({
      ...error,
      error_description: `you sent ${/"code":"([^"]*)"/.exec(sent)?.[1] ?? sent}`,
    });
    const report = await certifyHere({ endpoint, fixtures: `${endpoint}/_fixtures` });
    expect(report.verdicts.find((one) => one.case === 'wire/no-secret-in-error')).toMatchObject({
      verdict: 'warn',
    });
  });
});
