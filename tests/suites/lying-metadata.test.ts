import { expect, onTestFinished, test } from 'vitest';
import { certify, type Report } from '../../cli/api.ts';
import type { Middleware } from '../../emulator/wire.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { startEmulator } from '../support/emulator.ts';
import { saying } from '../support/metadata.ts';
import { closedPort } from '../targets/support.ts';

/** A server whose metadata names another place for an endpoint. */
const naming = (member: string, url: (right: unknown) => string) =>
  saying((document) => ({ [member]: url(document[member]) }));

async function certified(middleware: Middleware): Promise<Report> {
  const { oauth, close } = await startEmulator({ oauth: { middleware } });
  onTestFinished(close);
  const target = { name: 'lying', profile: 'oauth2', issuer: oauth.issuer, scopes: ['openid', 'read'] };
  const cases = ['authorization-code/*valid*', 'client-credentials/valid', 'metadata/document'];
  return certify(target, { cases, seed: 1 });
}

function expectOnTop(report: Report, diagnosis: RegExp): void {
  expect(report.diagnosis).toMatch(diagnosis);
  expect(report.exitCode).toBe(2);
  const top = renderTerminal(report, { color: false }).split('\n').slice(0, 4);
  expect(top.join('\n')).toContain(report.diagnosis?.slice(0, 40));
  const metadata = report.verdicts.find((one) => one.case === 'metadata/document');
  expect(metadata?.verdict).toBe('pass');
  expect(report.verdicts.some(({ verdict }) => verdict === 'fail')).toBe(false);
}

test('a token endpoint that is not there is told once, on top', async () => {
  const report = await certified(naming('token_endpoint', (right) => `${right}s`));
  expectOnTop(report, /^http:\S+\/tokens answers 404 whatever it is asked .*: nothing is there\./);
});

test('a token endpoint where nobody listens is told once, on top', async () => {
  const port = await closedPort();
  const report = await certified(naming('token_endpoint', () => `${port}/token`));
  expectOnTop(report, /^No request got a response from http:\S+: connection refused/);
});

test('an authorization endpoint that is not there is told once, on top', async () => {
  const report = await certified(naming('authorization_endpoint', (right) => `${right}s`));
  expectOnTop(report, /^\d+ cases? could not be tested: .*\/authorizes .*404\) leads nowhere/);
});
