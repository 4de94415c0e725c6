import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../support/emulator.ts';
import { begun, cli, environment, root } from './support.ts';

/** Starts `serve` on a free port within this process. */
async function serving(...options: string[]): Promise<{ printed: string; url: string }> {
  const { out: printed, stop } = await begun(['serve', '--port', '0', ...options]);
  onTestFinished(stop);
  return { printed, url: /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '' };
}

/** The same in a process of its own: reads what it prints until both URLs are there. */
async function servingProcess(): Promise<{ child: ChildProcessWithoutNullStreams; url: string }> {
  const child = spawn(process.execPath, ['cli/main.ts', 'serve', '--port', '0'], {
    cwd: root,
    env: environment,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  child.stdin.end();
  let printed = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    printed += chunk;
    if (printed.split('\n').length > 2) break;
  }
  child.stdout.resume();
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? '' };
}

test('serve offers the grant password where it is asked to, and says to whom', async () => {
  const { printed, url } = await serving('--password-grant');
  const [, username, password] = /user with password: {2}(\S+), "(.+)"/.exec(printed) ?? [];
  const made = await fetch(`${url}/oauth2/_fixtures/client`, {
    method: 'POST',
    body: JSON.stringify({ grantTypes: ['password'], auth: 'none' }),
  });
  const { clientId } = (await made.json()) as { clientId: string };
  const form = { grant_type: 'password', username, password, client_id: clientId };
  const token = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form as Record<string, string>),
  });
  expect([token.status, Object.keys((await token.json()) as object)]).toEqual([
    200,
    expect.arrayContaining(['access_token']),
  ]);
  const refused = await cli(['serve', '--password-grant', '--upstream', 'http://127.0.0.1:1']);
  expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('--password-grant')]);
});

test('serve prints its URLs, and they answer', async () => {
  const { printed, url } = await serving();
  expect(printed.replaceAll(url, 'URL')).toMatchInlineSnapshot(`
    "reference emulator: URL
    fixture service:    URL/_fixtures
    standard server:    URL/oauth2 (its fixtures: URL/oauth2/_fixtures)
    "
  `);
  const token = await fetch(`${url}/token`, { method: 'POST', body: '{}' });
  const client = await fetch(`${url}/_fixtures/client`, {
    method: 'POST',
    body: JSON.stringify({ grantTypes: ['refresh_token'] }),
  });
  expect([token.status, token.headers.get('x-amzn-errortype')]).toEqual([
    400,
    expect.stringMatching(/^Invalid/),
  ]);
  expect([client.status, Object.keys((await client.json()) as object)]).toEqual([
    200,
    expect.arrayContaining(['clientId', 'clientSecret']),
  ]);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it with code 0, kept-alive connections or not, and frees the port',
  async (signal) => {
    const { child, url } = await servingProcess();
    await (await fetch(`${url}/token`, { method: 'POST', body: '{}' })).text();
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.kill(signal);
    const [code, by] = await once(child, 'close');
    expect({ code, by, err }).toEqual({ code: 0, by: null, err: '' });
    await expect(fetch(url)).rejects.toThrow();
    const next = await startEmulator({ port: Number(new URL(url).port) });
    await next.close();
  },
);

test('a taken port: exit code 3', async () => {
  const taken = await startEmulator();
  const { port } = new URL(taken.url);
  const { code, out, err } = await cli(['serve', '--port', port]);
  await taken.close();
  expect({ code, out, err }).toEqual({
    code: 3,
    out: '',
    err: `Port ${port} is in use. Choose another one with --port, or 0 for a free one.\n`,
  });
});

test('serve --defect serves the emulator with one thing wrong', async () => {
  const { printed, url } = await serving('--defect', 'errors-with-status-422');
  expect(printed).toContain('fixture service');
  const { status } = await fetch(`${url}/token`, { method: 'POST', body: '{}' });
  expect(status).toBe(422);
});

test('serve --defect takes several, unless two of them replace the same behaviour', async () => {
  const { url } = await serving(
    ...[
      '--defect',
      'errors-with-status-422',
      '--defect',
      'exception-header-missing',
      '--defect',
      'code-reusable',
    ],
  );
  const { status, headers } = await fetch(`${url}/token`, { method: 'POST', body: '{}' });
  expect([status, headers.get('x-amzn-errortype')]).toEqual([422, null]);
  const { code, err } = await cli([
    'serve',
    '--port',
    '0',
    '--defect',
    'code-reusable',
    '--defect',
    'code-spent-on-one-of-two',
  ]);
  expect([code, err]).toEqual([
    3,
    'The defects code-reusable and code-spent-on-one-of-two both replace "code-not-redeemed" of the emulator: choose one of them.\n',
  ]);
});

test('serve --upstream puts a defect in front of another endpoint', async () => {
  const upstream = await startEmulator();
  onTestFinished(() => upstream.close());
  const { printed } = await serving('--upstream', upstream.url, '--defect', 'errors-with-status-422');
  expect(printed.replaceAll(upstream.url, 'UPSTREAM').replace(/http:\S+/, 'URL')).toMatchInlineSnapshot(`
    "in front of UPSTREAM: URL
    defect: errors-with-status-422: Errors with status 400 have status 422.
    "
  `);
  const { status } = await fetch(`${printed.match(/: (http:\S+)/)?.[1]}/token`, {
    method: 'POST',
    body: '{}',
  });
  expect(status).toBe(422);
});

test('defects lists every defect, and those that can stand in front of any endpoint', async () => {
  const [all, some] = await Promise.all([
    cli(['defects', '--json']),
    cli(['defects', '--any-endpoint', '--json']),
  ]);
  const [every, any] = [JSON.parse(all.out), JSON.parse(some.out)] as { name: string; breaks: string[] }[][];
  expect(every?.find(({ name }) => name === 'code-reusable')?.breaks).toEqual(
    expect.arrayContaining(['RFC6749-4.1.2-code-single-use']),
  );
  expect(any?.length).toBeGreaterThan(0);
  expect(any?.length).toBeLessThan(every?.length ?? 0);
  expect(any?.map(({ name }) => name)).not.toContain('code-reusable');
  const { code, out } = await cli(['defects']);
  expect([code, out.split('\n').length - 1]).toEqual([0, every?.length]);
});

test('serve --misbehave puts a misbehaviour in front of the emulator, whose fixtures stay as they are', async () => {
  const { printed, url } = await serving('--misbehave', 'byte-order-mark');
  expect(printed.replaceAll(/http:\S+?:\d+/g, 'URL')).toMatchInlineSnapshot(`
    "misbehaving endpoint: URL
    fixture service:      URL/_fixtures
    misbehaviour:         byte-order-mark: Begins each body with a byte order mark.
    "
  `);
  const token = await fetch(`${url}/token`, { method: 'POST', body: '{}' });
  expect([token.status, (await token.bytes()).subarray(0, 4)]).toEqual([
    400,
    Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b),
  ]);
  const fixtures = /http:\S+_fixtures/.exec(printed)?.[0];
  const client = await fetch(`${fixtures}/client`, {
    method: 'POST',
    body: '{"grantTypes":["refresh_token"]}',
  });
  expect(Object.keys((await client.json()) as object)).toContain('clientSecret');
});

test('misbehaviours lists every one of them with what it does', async () => {
  const [asText, asJson] = await Promise.all([cli(['misbehaviours']), cli(['misbehaviours', '--json'])]);
  const rows = JSON.parse(asJson.out) as { name: string; what: string }[];
  expect(rows).toContainEqual({ name: 'says-nothing', what: 'Reads each request and says nothing.' });
  expect([asText.code, asText.out.split('\n').length - 1]).toEqual([0, rows.length]);
});
