import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defects } from '../../../emulator/defects/all.ts';
import type { Emulator } from '../../../emulator/server.ts';
import type { Report } from '../../../harness/report/report.ts';
import type { ReportVerdict } from '../../../harness/report/report-verdict.ts';
import { certifyHere } from '../../support/certify.ts';
import { startEmulator } from '../../support/emulator.ts';

const run = promisify(execFile);
const hasCurl = await run('curl', ['--version']).then(
  () => true,
  () => false,
);

const verifier = 'a'.repeat(43);
/** S256 of the verifier (RFC 7636 §4.2). */
const challenge = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA';

async function broken(name: string): Promise<Emulator> {
  const { behaviours, middleware } = defects.find((one) => one.name === name) ?? {};
  const emulator = await startEmulator({ behaviours: behaviours?.() ?? {}, middleware: middleware?.() });
  onTestFinished(emulator.close);
  return emulator;
}

async function given(emulator: Emulator, verb: string, input: object): Promise<Record<string, string>> {
  return JSON.parse((await emulator.fixture(verb, input)).body);
}

/** Somebody at the endpoint who has a client, a code and a refresh token of their own. */
async function secretsOf(
  emulator: Emulator,
): Promise<{ clientId: string; environment: Record<string, string> }> {
  const redirectUri = 'http://127.0.0.1:8400/oauth/callback';
  const grantTypes = ['authorization_code', 'refresh_token'];
  const scopes = ['sso:account:access'];
  const client = await given(emulator, 'client', { grantTypes, scopes, redirectUris: [redirectUri] });
  const { clientId = '', clientSecret = '' } = client;
  const bound = { codeChallenge: challenge, codeChallengeMethod: 'S256' };
  const code = { clientId, redirectUri, scope: scopes, ...bound };
  return {
    clientId,
    environment: {
      CLIENT_SECRET: clientSecret,
      CODE: (await given(emulator, 'authorization-code', code)).code ?? '',
      CODE_VERIFIER: verifier,
      REFRESH_TOKEN: (await given(emulator, 'refresh-token', { clientId })).refreshToken ?? '',
    },
  };
}

function failing(report: Report, id: string): ReportVerdict {
  const verdict = report.verdicts.find((one) => one.case === id);
  expect(verdict).toMatchObject({ case: id, verdict: 'fail' });
  return verdict as ReportVerdict;
}

/** Runs what the report printed, as somebody who owns another client would: with its id and secrets. */
async function repeated(script: string, emulator: Emulator): Promise<number[]> {
  const { clientId, environment } = await secretsOf(emulator);
  const own = script.replaceAll(/("clientId":")[\w-]{30,}(?=")/g, `$1${clientId}`);
  const { stdout } = await run('sh', ['-c', own], { env: { PATH: process.env.PATH, ...environment } });
  return [...stdout.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status));
}

describe.skipIf(!hasCurl)('the printed curl lines show the failure (skipped where there is no curl)', () => {
  test.each<[defect: string, id: string, statuses: number[]]>([
    ['null-members-as-500', 'generated/authorization-code/no-server-error', [500]],
    ['unknown-members-refused', 'generated/refresh-token/noise', [400]],
    ['non-ascii-as-500', 'generated/refresh-token/hostile-text', [500, 500, 500, 500]],
    ['surrogates-as-500', 'generated/register-client/no-server-error', [500]],
    ['code-reusable', 'authorization-code/redeemed', [200, 200]],
    ['replay-revokes-nothing', 'authorization-code/replay-revokes-refresh-token', [200, 400, 200]],
  ])('%s', async (defect, id, statuses) => {
    const emulator = await broken(defect);
    const { url: endpoint, fixtures } = emulator;
    const report = await certifyHere(
      { endpoint, fixtures },
      { seed: 1, strict: true, selection: { cases: [id] } },
    );
    const { reproduce } = failing(report, id);
    expect(await repeated(reproduce.curl ?? '', emulator)).toEqual(statuses);
  });
});

test.each(['authorization-code/redeemed-in-parallel', 'generated/authorization-code/race'])(
  'the script of %s sends its requests at the same time',
  async (id) => {
    const { url: endpoint, fixtures } = await broken('code-redeemed-twice-at-once');
    const { reproduce } = failing(
      await certifyHere({ endpoint, fixtures }, { selection: { cases: [id] } }),
      id,
    );
    expect(reproduce.curl).toMatch(/^# race\nfor turn in 1 2[ \d]*; do curl .* & done; wait$/);
  },
);

test('a counterexample is shrunk to what matters and captured with its exchanges', async () => {
  const { url: endpoint, fixtures } = await broken('long-member-names-refused');
  const id = 'generated/authorization-code/noise';
  const report = await certifyHere(
    { endpoint, fixtures },
    // A larger budget would make more attempts at a smaller one.
    { seed: 37, selection: { cases: [id] }, budget: { runs: 12 } },
  );
  const { generated, exchanges } = failing(report, id);
  const { unknown, nulls } = (generated?.counterexample?.value ?? {}) as {
    unknown: [string, unknown][];
    nulls: string[];
  };
  expect(unknown).toHaveLength(1);
  expect(unknown[0]?.[0].length).toBe(31);
  expect(nulls).toEqual([]);
  expect(exchanges.map(({ step }) => step)).toEqual(['probe']);
});
