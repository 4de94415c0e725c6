import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { createWatch } from '../hostile/secrets.ts';
import { planned } from '../kill/certify-changed.ts';
import { certifyHere, few } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** What the suites made up is no secret, whatever member it stands in: a letter several times, a script, no ASCII. */
const isMadeUp = (text: string): boolean => /(.)\1{6}|[^\x20-\x7e]|script>|^token-conformance-/.test(text);
/** Everything that must never reach a file or a screen, collected from the wire itself. */
let watch = createWatch(isMadeUp);
let seen = 0;

let emulator: Emulator;
let proxy: Server;
let endpoint: string;
/** What the proxy does to an error on its way back. */
let status: number | undefined;
let named = true;
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
    seen += 1;
    for (const text of [sent, body]) watch.see(text);
    if (answer.status >= 400 && !request.url?.includes('_fixtures'))
      body = JSON.stringify(spoil(JSON.parse(body), sent));
    const isSpoilt = answer.status >= 400 && !request.url?.includes('_fixtures');
    response.writeHead((isSpoilt && status) || answer.status, {
      'Content-Type': answer.headers.get('content-type') ?? '',
      ...(answer.headers.has('x-amzn-errortype') &&
        named && {
          'x-amzn-ErrorType': answer.headers.get('x-amzn-errortype') ?? '',
        }),
      'x-amzn-RequestId': 'proxy',
      'Retry-After': '0',
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
  watch = createWatch(isMadeUp);
  seen = 0;
  const report = await certifyHere(
    { endpoint, fixtures: `${endpoint}/_fixtures`, profile: 'aws-sso-oidc' },
    { selection: { cases }, budget: few },
  );
  return JSON.stringify(report) + renderTerminal(report, { color: false });
}

/** What is sent, in every place of an error: in what names it, in what describes it, and where nobody looks. */
const everywhere: typeof spoil = (error, sent) => ({
  ...error,
  error: `${error.error} ${sent}`,
  error_description: encodeURIComponent(sent),
  message: JSON.stringify(sent),
  debug: {
    request: Buffer.from(sent).toString('base64'),
    parts: sent.split('"'),
    [sent]: [...sent].reverse().join(''),
  },
  scope: [sent, Buffer.from(`x${sent}`).toString('base64url')],
});

/** What each kind of case issues and sends. `npm run hostile -- --only '*echo*'` runs all of them where all is echoed. */
const oneOfEachKind = [
  '*/valid',
  '*/redeemed',
  'refresh-token/r*',
  'unpredictability/*',
  'generated/refresh-token/*',
  'generated/lifecycle/*',
  'wire/*',
];

const everyTenth = planned['aws-json'].map(({ id }) => id).filter((_, at) => at % 10 === 0);

describe('no secret of the wire is in the report or on the screen', () => {
  test('of an endpoint that behaves', async () => {
    const shown = await everythingShown(oneOfEachKind);
    expect(seen).toBeGreaterThan(100);
    expect(watch.leaksIn(shown).slice(0, 3)).toEqual([]);
  });

  test.each([
    ['one case of each kind', oneOfEachKind],
    ['every tenth case', everyTenth],
  ])('of an endpoint that echoes everything in every place of every error, by %s', async (_, cases) => {
    spoil = everywhere;
    const shown = await everythingShown(cases);
    expect(seen).toBeGreaterThan(100);
    expect(watch.leaksIn(shown).slice(0, 3)).toEqual([]);
  });

  test('of an endpoint that names no exception, and says 503 with what was sent', async () => {
    spoil = (error, sent) => ({ ...error, error: sent });
    status = 503;
    named = false;
    const shown = await everythingShown(['generated/refresh-token/*', 'refresh-token/r*']);
    status = undefined;
    named = true;
    expect(seen).toBeGreaterThan(20);
    expect(watch.leaksIn(shown).slice(0, 3)).toEqual([]);
  });

  test('and an echo is found', async () => {
    spoil = (error, sent) => ({
      ...error,
      error_description: `you sent ${/"code":"([^"]*)"/.exec(sent)?.[1] ?? sent}`,
    });
    const report = await certifyHere(
      { endpoint, fixtures: `${endpoint}/_fixtures` },
      { selection: { cases: ['authorization-code/r*', 'wire/no-secret-in-error'] } },
    );
    expect(report.verdicts.find((one) => one.case === 'wire/no-secret-in-error')).toMatchObject({
      verdict: 'warn',
    });
  });
});
