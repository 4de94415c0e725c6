// Packs, installs the package into an empty folder, and tries everything that it promises there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(realpathSync(tmpdir()), 'token-conformance-package-'));
const bins = join(root, 'node_modules/.bin');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const longest = 1024 * 1024;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const timeout = 180_000;

function run(program: string, args: readonly string[], cwd = folder): Promise<Ended> {
  // As in a shell of the user: without the npm script that this one is part of.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)/.test(name)),
  );
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd, env: { ...env, PATH: `${bins}:${process.env.PATH}` }, timeout, maxBuffer: 64 * 1024 * 1024 },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

async function must(program: string, args: readonly string[], cwd?: string): Promise<string> {
  const { code, out, err } = await run(program, args, cwd);
  assert.equal(code, 0, `${program} ${args.join(' ')} ended with ${code}\n${out}\n${err}`);
  return out;
}

const suite = (...args: string[]) => must('npx', ['--no-install', 'token-conformance', ...args]);

function write(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function packs(): Promise<void> {
  const [packed] = JSON.parse(
    await must('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root),
  ) as [{ filename: string; size: number; unpackedSize: number; files: { path: string }[] }];
  const { filename, size, unpackedSize, files } = packed;
  assert.ok(size < longest, `the package has ${size} bytes`);
  const paths = files.map(({ path }) => path);
  const known = /^(dist\/|bin\.js$|package\.json$|README\.md$|LICENSE$)/;
  assert.deepEqual(
    paths.filter((path) => !known.test(path) || /\btests?\b|(?<!\.d)\.ts$/.test(path)),
    [],
    'these files do not belong into the package',
  );
  // What the compiled code reads must have come along with it.
  for (const path of (await must('git', ['ls-files', 'schemas', 'specs'], root)).trimEnd().split('\n'))
    if (!path.endsWith('.ts')) assert.ok(paths.includes(`dist/${path}`), `${path} is not in the package`);
  write('package.json', '{ "name": "consumer", "private": true }');
  const options = ['--prefer-offline', '--omit=dev', '--no-audit', '--no-fund'];
  await must('npm', ['install', ...options, join(folder, filename)]);
  console.log(`${paths.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`);
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1_000)} kB`;

async function hasCommands(): Promise<void> {
  assert.equal(await suite('--version'), `${version}\n`);
  assert.match(await suite('list'), /\n\d+ cases of \d+ requirements, /);
  assert.match(await suite('explain', 'RFC6749-4.1.2-code-single-use'), /MUST/);
  assert.match(await suite('defects', '--any-endpoint'), /^success-as-201 /m);
  const formats = ['html', 'junit', 'sarif', 'markdown', 'badge', 'github', 'allure'];
  const rendered = formats.flatMap((name) => ['--format', name]);
  await suite('run', '--case', 'authorization-code/*', '--budget', 'quick', '--seed', '7', ...rendered);
  assert.match(await suite('report', 'report/report.json', '--format', 'html'), /^<!doctype html>/);
  assert.equal(await suite('diff', 'report/report.json', 'report/report.json'), 'Nothing changed.\n');
  const report = JSON.parse(readFileSync(join(folder, 'report/report.json'), 'utf8'));
  assert.equal(report.exitCode, 0);
  assert.ok(report.counts.pass > 50);
  assert.equal(report.suite.version, version);
  const wrong = await run('npx', ['--no-install', 'token-conformance', 'run', '--target', 'nowhere.yaml']);
  assert.equal(wrong.code, 3, wrong.err);
}

/** The command against an emulator that the command serves, with a fixture module of the user. */
async function serves(): Promise<void> {
  const bin = join(folder, 'node_modules/token-conformance/bin.js');
  const served = execFile(process.execPath, [bin, 'serve', '--port', '0', '--defect', 'code-reusable'], {
    cwd: folder,
  });
  const ended = once(served, 'exit');
  try {
    let said = '';
    for await (const part of served.stdout ?? []) {
      said += part;
      if (said.includes('defect:')) break;
    }
    const { url, fixtures } =
      /reference emulator: (?<url>\S+)\nfixture service: +(?<fixtures>\S+)/.exec(said)?.groups ?? {};
    write(
      'fixtures.ts',
      `const ask = (verb: string) => async (input: object): Promise<object> =>
        (await fetch('${fixtures}/' + verb, { method: 'POST', body: JSON.stringify(input) })).json();
      export const client = ask('client');
      export const authorizationCode = ask('authorization-code');`,
    );
    write('target.yaml', `name: served\nendpoint: ${url}\nfixtures: ./fixtures.ts\n`);
    const selected = ['--target', 'target.yaml', '--case', 'authorization-code/redeemed', '--out', 'red'];
    const { code, out, err } = await run('npx', ['--no-install', 'token-conformance', 'run', ...selected]);
    assert.equal(code, 1, out + err);
    assert.match(out, /FAIL authorization-code\/redeemed/);
  } finally {
    served.kill('SIGTERM');
    await ended;
  }
}

async function hasApi(): Promise<void> {
  write(
    'api.mjs',
    `import { readFileSync } from 'node:fs';
     import { createRequire } from 'node:module';
     import { fileURLToPath } from 'node:url';
     import { certify, startEmulator, UserError } from 'token-conformance';
     import target from 'token-conformance/schemas/target.json' with { type: 'json' };

     const emulator = await startEmulator({ defect: 'code-reusable' });
     const { url: endpoint, fixtures } = emulator;
     const report = await certify({ name: 'mine', endpoint, fixtures }, { cases: ['authorization-code/redeemed'] });
     await emulator.close();
     const refused = await certify('nowhere.yaml').catch((error) => error instanceof UserError);
     const resolve = (name) => readFileSync(fileURLToPath(import.meta.resolve('token-conformance/' + name)), 'utf8');
     console.log(JSON.stringify({
       exitCode: report.exitCode,
       refused,
       schema: target.$id,
       report: JSON.parse(resolve('schemas/report.json')).$id,
       nested: createRequire(import.meta.url)('token-conformance/schemas/aws-json/create-token.request.json').type,
       spec: resolve('specs/profiles/aws-create-token.yaml').includes('aws-create-token'),
     }));`,
  );
  assert.deepEqual(JSON.parse(await must('node', ['api.mjs'])), {
    exitCode: 1,
    refused: true,
    schema: 'urn:token-conformance:target',
    report: 'urn:token-conformance:report',
    nested: 'object',
    spec: true,
  });
}

async function hasTypes(): Promise<void> {
  write(
    'consumer.mts',
    `import {
       type CertifyOptions, certify, type FixtureProvider, type Report, type ReportVerdict, startEmulator, type Target,
       UserError, type Verdict,
     } from 'token-conformance';

     const emulator = await startEmulator({ port: 0, defect: 'code-reusable' });
     const fixtures: FixtureProvider = async (verb) =>
       verb === 'client' ? { kind: 'given', output: { clientId: 'a' } } : { kind: 'not-offered' };
     const options: CertifyOptions = { budget: '5m', cases: ['authorization-code/*'], fixtures };
     const report: Report = await certify({ name: 'mine', endpoint: emulator.url }, options);
     const broken: readonly ReportVerdict[] = report.verdicts.filter(({ verdict }) => verdict === 'fail');
     export const worst: Verdict | undefined = broken[0]?.verdict;
     export const endpointOf = ({ endpoint }: Target): Target['endpoint'] => endpoint;
     // @ts-expect-error the seed is a number
     await certify('staging.yaml', { seed: '7' }).catch((error: UserError) => error.message);`,
  );
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2024',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
      },
      files: ['consumer.mts'],
    }),
  );
  // The package has none of its own: whoever writes TypeScript for Node has them.
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  for (const name of ['@types/node', 'undici-types'])
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  await must('tsc', ['-p', '.']);
}

try {
  for (const step of [packs, hasCommands, serves, hasApi, hasTypes]) {
    const begin = performance.now();
    await step();
    console.log(`${step.name}: ${((performance.now() - begin) / 1_000).toFixed(1)} s`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
