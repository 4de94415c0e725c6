import { expect, test } from 'vitest';
import { type CertifyOptions, certify, startEmulator, type TargetFile, UserError } from '../../cli/api.ts';
import { problemsWith } from '../../schemas/read.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();

async function refusalOf(target?: string | TargetFile, options?: object): Promise<string> {
  const error = await certify(target, options as CertifyOptions).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message;
}

test('without a target the embedded emulator is certified, and every case is told of', async () => {
  const told: string[] = [];
  const report = await certify(undefined, {
    seed: 7,
    budget: 'quick',
    cases: ['authorization-code/re*'],
    onProgress: (done, total, last) => told.push(`${done}/${total} ${last}`),
  });
  expect(report).toMatchObject({ seed: 7, exitCode: 0, partial: true });
  expect(problemsWith('report', JSON.parse(JSON.stringify(report)))).toEqual([]);
  expect(told).toHaveLength(report.verdicts.length);
  expect(told.at(-1)).toMatch(`${told.length}/${told.length} authorization-code/`);
  const [first] = report.verdicts;
  expect(first?.reproduce.command).toBe(
    `npx token-conformance run --case ${first?.case} --seed 7 --budget quick`,
  );
});

test('a defect of the emulator is found by an object in place of a file', async () => {
  const emulator = await startEmulator({ defect: 'code-reusable' });
  try {
    const { url: endpoint, fixtures, jwks } = emulator;
    const target = { name: 'mine', endpoint, fixtures, jwks };
    const report = await certify(target, { seed: 7, strict: true, cases: ['authorization-code/redeemed'] });
    expect(report).toMatchObject({ exitCode: 1, strict: true, target: { name: 'mine' } });
    expect(report.verdicts.map((one) => [one.verdict, one.reproduce.command])).toEqual([
      ['fail', "await certify(target, { cases: ['authorization-code/redeemed'], seed: 7, strict: true })"],
    ]);
  } finally {
    await emulator.close();
  }
});

test('a file is read, its warnings are told of, and the command names it', async () => {
  const emulator = await startEmulator();
  try {
    const warnings: string[] = [];
    const file = folder.write(
      'target.yaml',
      `name: file\nendpoint: ${emulator.url}\nclients: { a: { clientId: b, clientSecret: typed } }\n`,
    );
    const report = await certify(file, {
      seed: 7,
      cases: ['request/*'],
      budget: '1ms',
      onWarning: (message) => warnings.push(message),
    });
    expect(report.target.name).toBe('file');
    expect(warnings).toEqual([expect.stringContaining('clientSecret is typed into the file')]);
    expect(report.verdicts[0]?.reproduce.command).toContain(`--target ${file} --case`);
  } finally {
    await emulator.close();
  }
});

test('fixtures may be a function of this process; what it throws is a refusal', async () => {
  const emulator = await startEmulator();
  try {
    const target = { name: 'mine', endpoint: emulator.url };
    const asked = new Set<string>();
    const given = await certify(target, {
      cases: ['authorization-code/redeemed'],
      async fixtures(verb, input) {
        asked.add(verb);
        const response = await fetch(`${emulator.fixtures}/${verb}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(input),
        });
        if (!response.ok) throw new Error(`status ${response.status}`);
        return { kind: 'given', output: (await response.json()) as Record<string, unknown> };
      },
    });
    expect(given.verdicts.map(({ verdict }) => verdict)).toEqual(['pass']);
    expect(given.verdicts[0]?.reproduce.command).toMatch(/, fixtures \}\)$/);
    expect(asked).toContain('authorization-code');

    const reasonOf = async (fixtures: NonNullable<CertifyOptions['fixtures']>) => {
      const report = await certify(
        { ...target, timeoutSeconds: 0.2 },
        { cases: ['authorization-code/redeemed'], fixtures },
      );
      expect(report.exitCode).toBe(2);
      return report.verdicts[0]?.reason;
    };
    const throwing = async () => Promise.reject(new Error('no code today'));
    expect(await reasonOf(throwing)).toContain('was refused: no code today');
    expect(await reasonOf(() => new Promise(() => undefined))).toContain('it did not return within 0.2 s');
    expect(await reasonOf((async () => ({ code: 'raw' })) as never)).toContain('it returned no offer');
  } finally {
    await emulator.close();
  }
});

test.each<[string, string | TargetFile | undefined, object, string]>([
  ['a file that is not there', '/nowhere.yaml', {}, 'there is no such file'],
  ['no endpoint', { name: 'a' }, {}, 'the target: the file has no "endpoint"'],
  ['an unknown member', { name: 'a', endpont: 'http://x' } as never, {}, 'Did you mean "endpoint"?'],
  ['a wrong type', { name: 'a', endpoint: 7 } as never, {}, '/endpoint must be an http or https URL'],
  ['a function', { name: 'a', fixtures: () => 1 } as never, {}, '"fixtures" is a function'],
  ['nothing', null as never, {}, 'the file is empty'],
  ['an unset variable', { name: 'a', endpoint: 'http://x', jwks: `\${T_C_NO}` }, {}, 'T_C_NO is not set'],
  [
    'an unknown profile',
    { name: 'a', endpoint: 'http://x', profile: 'aws' },
    {},
    'There is no profile "aws"',
  ],
  ['an unknown option', undefined, { case: ['a'] }, 'no option "case". Did you mean "cases"?'],
  ['a text in place of a list', undefined, { cases: 'a' }, 'The option "cases" must be a list'],
  ['a case that is not there', undefined, { cases: ['nothing/here'] }, 'No case matches "nothing/here"'],
  ['a wrong budget', undefined, { budget: 'much' }, 'The budget "much" is not quick'],
  ['a wrong seed', undefined, { seed: -1 }, 'The seed -1 is no whole number'],
])('%s is refused, and the message says why', async (_what, target, options, message) => {
  expect(await refusalOf(target, options)).toContain(message);
});

test('an emulator with a defect that is not there is refused', async () => {
  await expect(startEmulator({ defect: 'code-reusabel' })).rejects.toThrow('Did you mean "code-reusable"?');
});
