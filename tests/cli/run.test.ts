import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verify } from '../../cli/verify.ts';
import type { Report } from '../../harness/report/report.ts';
import { problemsWith } from '../../schemas/read.ts';
import { startEmulator } from '../support/emulator.ts';
import { cli, cliProcess, type Ended, fewHere, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
let runs = 0;

type Ran = Ended & { readonly report: Report; readonly file: string };

/** Runs against a folder of its own and reads the report that was written there. */
const run = (...args: string[]): Promise<Ran> => reading(cli, args);
/** The same with few values of each property. */
const runWithFew = (emulator: Parameters<typeof fewHere>[0], ...args: string[]): Promise<Ran> =>
  reading((all) => cli(all, fewHere(emulator)), args);
/** The same in a process of its own. */
const runProcess = (...args: string[]): Promise<Ran> => reading(cliProcess, args);

async function reading(start: (args: readonly string[]) => Promise<Ended>, args: string[]): Promise<Ran> {
  const out = folder.file(`report-${++runs}`);
  const ended = await start([...args, '--out', out]);
  const file = join(out, 'report.json');
  expect({ written: existsSync(file), err: ended.err }).toEqual({ written: true, err: ended.err });
  return { ...ended, file, report: JSON.parse(readFileSync(file, 'utf8')) };
}

const verdictsOf = ({ verdicts }: Report) => verdicts.map((one) => `${one.case}: ${one.verdict}`);

test('the reference emulator is certified: exit code 0, report.json, quiet where nobody watches', async () => {
  const { code, out, err, report, file } = await runWithFew(undefined, 'run', '--seed', '7', '--certificate');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const certificate = join(dirname(file), 'certificate.json');
  expect(out.trimEnd().split('\n').slice(-4)).toEqual([
    'exit code 0: every planned requirement was observed and none failed',
    'next: publish the result: run --certificate writes one that others can verify',
    `report: ${file}`,
    `certificate: ${certificate}`,
  ]);
  expect(out).toContain('33 of 33 cells exercised');
  expect(out).not.toContain('\u001b');
  expect(problemsWith('report', report)).toEqual([]);
  expect(problemsWith('certificate', JSON.parse(readFileSync(certificate, 'utf8')))).toEqual([]);
  expect(verify(certificate, file)).toMatchObject({ stands: true });
  expect(report).toMatchObject({
    target: { name: 'reference emulator', dialect: 'aws-json' },
    profile: { name: 'aws-sso-oidc' },
    seed: 7,
    exitCode: 0,
  });
  const { pass, 'not-applicable': notApplicable, ...others } = report.counts;
  expect(pass + notApplicable).toBe(report.verdicts.length);
  expect(Object.values(others).filter((count) => count > 0)).toEqual([]);
  expect(
    report.cells.filter(({ operation }) => operation.startsWith('CreateToken')).map(({ verdict }) => verdict),
  ).toEqual(Array(33 + 48).fill('pass'));
});

test('one case alone: nothing else is judged, and what reproduces it is in the report', async () => {
  const { code, err, out, report } = await run(
    '--case',
    'authorization-code/redeemed',
    '--seed',
    '7',
    '--strict',
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(' · a selection\n');
  expect(verdictsOf(report)).toEqual(['authorization-code/redeemed: pass']);
  expect(report.verdicts[0]?.reproduce?.command).toBe(
    'npx token-conformance run --case authorization-code/redeemed --seed 7 --strict',
  );
  expect(report.requests).toBeLessThan(10);
});

test('a rule over every response has every case run, and is judged alone', async () => {
  const emulator = await startEmulator();
  onTestFinished(emulator.close);
  const limits = [{ grant: 'authorization_code', reason: 'nobody signs in' }];
  const target = folder.write(
    'no-codes.yaml',
    JSON.stringify({ name: 'no codes', endpoint: emulator.url, fixtures: emulator.fixtures, limits }),
  );
  const args = ['run', '--target', target, '--case', 'wire/no-html'];
  const { code, err, report } = await runWithFew(emulator, ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(verdictsOf(report)).toEqual(['wire/no-html: pass']);
  expect(report.requests).toBeGreaterThan(100);
});

test('a target that nobody listens at is inconclusive: exit code 2, never green', async () => {
  const { code, err, out, report } = await runProcess(
    '--endpoint',
    'http://127.0.0.1:1',
    '--grant',
    'refresh_token',
  );
  expect({ code, err }).toEqual({ code: 2, err: '' });
  expect(report.counts).toMatchObject({ pass: 0, fail: 0, inconclusive: report.verdicts.length });
  expect(out).toContain('connection refused: nothing listens there');
});

test('a target file with a client of its own and a fixture module in TypeScript', async () => {
  const emulator = await startEmulator();
  try {
    const ask = `async (verb: string, input: object): Promise<Record<string, string>> =>
      (await (await fetch('${emulator.fixtures}/' + verb, { method: 'POST', body: JSON.stringify(input) })).json())`;
    folder.write(
      'fixtures.ts',
      `const ask = ${ask};
       export const authorizationCode = (input: object) => ask('authorization-code', input);`,
    );
    const registered = await fetch(`${emulator.fixtures}/client`, {
      method: 'POST',
      body: JSON.stringify({
        grantTypes: ['authorization_code'],
        redirectUris: ['http://127.0.0.1:8400/oauth/callback'],
      }),
    });
    const { clientId, clientSecret } = (await registered.json()) as Record<string, string>;
    const target = folder.write(
      'target.yaml',
      `name: staging
endpoint: ${emulator.url}
fixtures: ./fixtures.ts
clients:
  ci: { clientId: "${clientId}", clientSecret: ${clientSecret} }
`,
    );
    const { code, out, err, report, file } = await runProcess(
      'run',
      '--target',
      target,
      '--case',
      'authorization-code/redeemed',
    );
    const column = `  ci: { clientId: "${clientId}", clientSecret: `.length + 1;
    expect({ code, err: err.replace(folder.path, 'FOLDER') }).toEqual({
      code: 0,
      err: `warning: FOLDER/target.yaml:5:${column}: clientSecret is typed into the file. Write "\${NAME}" and set NAME in the environment.\n`,
    });
    expect(out).not.toContain('\u001b');
    expect(out.endsWith(`\nreport: ${file}\n`)).toBe(true);
    expect(report.target.name).toBe('staging');
    expect(verdictsOf(report)).toEqual(['authorization-code/redeemed: pass']);
    expect(report.verdicts[0]?.reproduce?.command).toContain(`--target ${target} `);
    expect(readFileSync(folder.file('target.yaml'), 'utf8')).toContain(clientSecret);
    expect(JSON.stringify(report)).not.toContain(clientSecret);
  } finally {
    await emulator.close();
  }
});

test('an operation that is out of scope needs no endpoint', async () => {
  const target = folder.write(
    'token-only.yaml',
    `name: staging
endpoint: { CreateToken: "http://127.0.0.1:1/token" }
limits:
  - { operation: RegisterClient, reason: clients are made by hand }
  - { operation: StartDeviceAuthorization, reason: no devices }
`,
  );
  const { code, report } = await run('run', '--target', target, '--case', 'register-client/valid');
  expect(report.target.endpoints).toEqual({ CreateToken: 'http://127.0.0.1:1/token' });
  expect(verdictsOf(report)).toEqual(['register-client/valid: not-applicable']);
  expect(code).not.toBe(0);
});
