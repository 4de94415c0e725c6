import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Report } from '../../harness/report/report.ts';
import { startEmulator } from '../support/emulator.ts';
import { authority, farAway, proxyWith, tlsFront } from '../support/tls.ts';
import { cli, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
let known: Awaited<ReturnType<typeof authority>>;
beforeAll(async () => {
  known = await authority();
  folder.write('ca.pem', known.ca);
  folder.write('client.pem', known.client.cert);
  folder.write('client.key', known.client.private);
});

/** Keys, passwords and headers that open the way; none of them may stand anywhere. */
const gatewayKey = 'gw-5ZrQ8mTnVx2LbK7';
const proxyPassword = 'px-Yt3WcD9sJh6FgE1';

/** Runs the cases against a TLS front of an emulator that only a proxy finds. */
async function throughAll(http1: boolean, ...cases: string[]) {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const front = await tlsFront(emulator.url, known, { http1 });
  const proxy = await proxyWith(proxyPassword);
  vi.stubEnv('HTTPS_PROXY', `http://user:${proxyPassword}@127.0.0.1:${proxy.port}`);
  vi.stubEnv('GATEWAY_KEY', gatewayKey);
  onTestFinished(() => void vi.unstubAllEnvs());
  const base = `https://${farAway}:${front.port}`;
  const file = folder.write(
    'staging.yaml',
    `name: staging
endpoint: ${base}
jwks: ${base}${new URL(emulator.jwks).pathname}
fixtures: ${emulator.fixtures}
tls: { ca: ./ca.pem, cert: ./client.pem, key: ./client.key }
headers: { x-api-key: "\${GATEWAY_KEY}", x-route: "\${GATEWAY_KEY}" }
`,
  );
  const out = folder.file(`report-${http1}`);
  const chosen = cases.flatMap((one) => ['--case', one]);
  const ended = await cli(['run', '--target', file, '--out', out, '--seed', '7', ...chosen]);
  expect(ended.err).toBe('');
  const text = readFileSync(join(out, 'report.json'), 'utf8');
  return {
    ...ended,
    front: { ...front, jwks: emulator.jwks },
    proxy,
    text,
    report: JSON.parse(text) as Report,
  };
}

test.each([true, false])('a certified target behind all of it (HTTP/1.1: %s)', async (http1) => {
  const { code, err, out, text, report, front, proxy } = await throughAll(
    http1,
    'authorization-code/re*',
    'refresh-token/valid',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(report.counts.pass).toBeGreaterThan(5);
  expect(new Set(front.seen.map(({ version }) => version))).toEqual(new Set([http1 ? '1.1' : '2.0']));
  expect(new Set(front.seen.map(({ client }) => client))).toEqual(new Set(['a client']));
  expect(new Set(front.seen.map(({ headers }) => headers['x-api-key']))).toEqual(new Set([gatewayKey]));
  expect(front.seen.map(({ path }) => path)).toContain(new URL(front.jwks).pathname);
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${farAway}:${front.port}`]));
  const [, line = ''] = known.client.private.split(/\r?\n/);
  expect(line.length).toBeGreaterThan(40);
  for (const secret of [gatewayKey, proxyPassword, line]) expect(out + text).not.toContain(secret);
  expect(text).toMatch(/"x-route",\s*"\[gatewayHeader 18 chars vschar #/);
});

test('a certificate of a private authority is one message, with what to write', async () => {
  const emulator = await startEmulator();
  onTestFinished(() => emulator.close());
  const front = await tlsFront(emulator.url, known, { clients: false });
  const out = folder.file('report-unknown');
  const { code, out: said } = await cli([
    'run',
    ...['--endpoint', `https://127.0.0.1:${front.port}`, '--case', 'request/*', '--out', out],
  ]);
  expect(code).toBe(2);
  const line = said.replaceAll(/\s+/g, ' ');
  expect(line).toContain('TLS failed (SELF_SIGNED_CERT_IN_CHAIN). Does the endpoint speak https');
  const advice = 'For one of a private authority, give that in the target file: tls: { ca: ./ca.pem }';
  expect(line.split(advice)).toHaveLength(2);
});
