import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { defects } from '../../emulator/defects/all.ts';
import { folderForThisFile, root } from '../cli/support.ts';
import { startEmulator } from '../support/emulator.ts';

interface Step {
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, unknown>>;
}

const text = readFileSync(join(root, 'action.yml'), 'utf8');
const action = parse(text) as {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
};
const { steps } = action.runs;
const folder = folderForThisFile();

mkdirSync(folder.file('action'));
const script = folder.file('action/certify.sh');
copyFileSync(join(root, 'action/certify.sh'), script);
// In place of the suite: it notes its arguments and does what the environment says.
folder.write(
  'bin.js',
  `const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
   const [command, ...others] = process.argv.slice(2);
   appendFileSync(process.env.STUB_CALLS, JSON.stringify([command, ...others]) + '\\n');
   if (command === 'report') console.log('::error::' + others.at(-1));
   else {
     console.log('::error::from the endpoint');
     const out = others.find((word) => word.startsWith('--out=')).slice('--out='.length);
     if (process.env.STUB_REPORT !== 'no') {
       mkdirSync(out, { recursive: true });
       writeFileSync(out + '/report.json', '{}');
       writeFileSync(out + '/summary.md', '# summary\\n');
     }
     process.exitCode = Number(process.env.STUB_CODE ?? 0);
   }`,
);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly calls: readonly (readonly string[])[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly workspace: string;
}

let runs = 0;

/** Runs the script as the step does, in a workspace of its own. */
async function step(env: Readonly<Record<string, string>>, path = script): Promise<Ended> {
  const workspace = folder.file(`workspace-${++runs}`);
  const file = (name: string) => folder.file(`${name}-${runs}`);
  mkdirSync(workspace);
  const ended = await new Promise<{ code: number | null; out: string }>((resolve) => {
    const child = execFile(
      'bash',
      [path],
      {
        cwd: workspace,
        env: {
          PATH: process.env.PATH,
          STUB_CALLS: file('calls'),
          GITHUB_OUTPUT: file('output'),
          GITHUB_STEP_SUMMARY: file('summary'),
          ...env,
        },
      },
      (_error, out, err) => resolve({ code: child.exitCode, out: out + err }),
    );
  });
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  return {
    ...ended,
    workspace,
    calls: read('calls')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line)),
    outputs: Object.fromEntries(
      [...read('output').matchAll(/^([\w-]+)<<(\w+)\n([\s\S]*?)\n\2$/gm)].map(([, name, , value]) => [
        name,
        value,
      ]),
    ),
    summary: read('summary'),
  };
}

test('inputs reach no shell line, and only the step that reads them', () => {
  expect(action.runs.using).toBe('composite');
  const lines = steps.flatMap(({ run }) => run ?? []);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).not.toContain('${{');
  expect(steps.filter(({ run }) => run !== undefined).every(({ shell }) => shell === 'bash')).toBe(true);
});

test('every input is passed on, and read by the script', () => {
  const passed = Object.entries(steps.find(({ env }) => env !== undefined)?.env ?? {});
  const read = new Set(readFileSync(script, 'utf8').match(/INPUT_[A-Z]+/g));
  for (const [name, value] of passed) {
    expect(value).toBe(`\${{ inputs.${name.replace('INPUT_', '').toLowerCase()} }}`);
    expect(read).toContain(name);
  }
  const uploaded = ['artifact'];
  expect([...passed.map(([name]) => name.replace('INPUT_', '').toLowerCase()), ...uploaded]).toEqual(
    Object.keys(action.inputs),
  );
  expect(read.size).toBe(passed.length);
  for (const name of Object.keys(action.outputs))
    expect(action.outputs[name]?.value).toBe(`\${{ steps.certify.outputs.${name} }}`);
});

test('a run: formats, folder, annotations, summary, outputs', async () => {
  const { code, calls, outputs, summary, out } = await step({
    INPUT_TARGET: 'staging.yaml',
    INPUT_CASES: '  authorization-code/*\r\n\nrefresh-token/*\n',
    INPUT_GRANTS: 'refresh_token',
    INPUT_BUDGET: '90s',
    INPUT_SEED: '7',
    INPUT_STRICT: 'true',
    INPUT_BASELINE: 'baseline.json',
    INPUT_OUT: 'reports',
  });
  const formats = ['html', 'junit', 'sarif', 'markdown'].flatMap((format) => ['--format', format]);
  expect(calls).toEqual([
    [
      'run',
      '--out=reports',
      ...formats,
      '--target=staging.yaml',
      '--case=authorization-code/*',
      '--case=refresh-token/*',
      '--grant=refresh_token',
      '--budget=90s',
      '--seed=7',
      '--baseline=baseline.json',
      '--strict',
    ],
    ['report', '--format', 'github', '--', 'reports/report.json'],
  ]);
  expect(code).toBe(0);
  expect(outputs).toEqual({ 'exit-code': '0', passed: 'true', report: 'reports/report.json' });
  expect(summary).toBe('# summary\n');
  // What the endpoint can influence stands where commands are stopped, the annotations where they are not.
  expect(out).toMatch(
    /^::stop-commands::(\w{32})\n::error::from the endpoint\n\n::\1::\n::error::reports\/report\.json\n$/,
  );
});

test.each([1, 2])('exit code %i is that of the step', async (expected) => {
  const { code, outputs } = await step({ INPUT_ENDPOINT: 'http://x', STUB_CODE: String(expected) });
  expect(code).toBe(expected);
  expect(outputs).toMatchObject({ 'exit-code': String(expected), passed: 'false' });
});

test('a run without a report says so', async () => {
  const { code, outputs, out, calls } = await step({
    INPUT_TARGET: 'nowhere.yaml',
    STUB_CODE: '3',
    STUB_REPORT: 'no',
  });
  expect(code).toBe(3);
  expect(outputs).toEqual({ 'exit-code': '3', passed: 'false', report: '' });
  expect(out).toContain('There is no report (exit code 3)');
  expect(calls).toHaveLength(1);
});

test.each([
  ['neither target nor endpoint', {}],
  ['strict that is neither true nor false', { INPUT_TARGET: 'a', INPUT_STRICT: 'yes' }],
])('%s is refused before anything is run', async (_what, env) => {
  const { code, outputs, calls } = await step(env as Record<string, string>);
  expect(code).toBe(3);
  expect(calls).toEqual([]);
  expect(outputs).toEqual({ report: '', 'exit-code': '3', passed: 'false' });
});

test.each([
  ['a substitution', '$(touch pwned)'],
  ['backticks', '`touch pwned`'],
  ['a second command', '; touch pwned #'],
  ['quotes', `'"; touch pwned; echo "'`],
  ['newlines', 'a\ntouch pwned\npassed=true'],
  ['the end of an output', 'a\nEOF\npassed=true\n'],
  ['an option', '--help'],
  ['an option with a value', '-o pwned'],
  ['patterns and spaces', '* ? [a] ~ $HOME {a,b}'],
])('hostile inputs: %s', async (_what, hostile) => {
  const names = ['TARGET', 'ENDPOINT', 'BUDGET', 'SEED', 'BASELINE', 'OUT'];
  const { calls, workspace, code, outputs } = await step(
    Object.fromEntries(names.map((name) => [`INPUT_${name}`, hostile])),
  );
  const [run = [], report = []] = calls;
  expect(run.filter((word) => word.includes('=')).map((word) => word.slice(0, word.indexOf('=')))).toEqual(
    expect.arrayContaining(names.map((name) => `--${name.toLowerCase()}`)),
  );
  for (const name of names) expect(run).toContain(`--${name.toLowerCase()}=${hostile}`);
  expect(run).toHaveLength(9 + names.length);
  expect(report.at(-1)).toBe(`${hostile}/report.json`);
  expect(existsSync(join(workspace, 'pwned'))).toBe(false);
  expect(code).toBe(0);
  expect(outputs).toEqual({ 'exit-code': '0', passed: 'true', report: `${hostile}/report.json` });
});

test('hostile patterns: each line is one argument', async () => {
  const lines = ['$(touch pwned)', '--out=pwned', '; touch pwned', '* x'];
  const { calls, workspace } = await step({
    INPUT_ENDPOINT: 'http://x',
    INPUT_CASES: lines.join('\n'),
    INPUT_REQUIREMENTS: lines.join('\r\n'),
  });
  const [run = []] = calls;
  expect(run.filter((word) => word.startsWith('--case='))).toEqual(lines.map((line) => `--case=${line}`));
  expect(run.filter((word) => word.startsWith('--requirement='))).toEqual(
    lines.map((line) => `--requirement=${line}`),
  );
  expect(run).toHaveLength(11 + 2 * lines.length);
  expect(existsSync(join(workspace, 'pwned'))).toBe(false);
});

test('the real suite in front of a broken endpoint: summary, annotations, reports, exit code', {
  timeout: 120_000,
}, async () => {
  const defect = defects.find(({ name }) => name === 'code-reusable');
  const emulator = await startEmulator({ behaviours: defect?.behaviours?.() ?? {} });
  onTestFinished(emulator.close);
  const target = folder.write(
    'target.yaml',
    `name: mine\nendpoint: ${emulator.url}\nfixtures: ${emulator.fixtures}\n`,
  );
  const { code, out, outputs, summary, workspace } = await step(
    { INPUT_TARGET: target, INPUT_CASES: 'authorization-code/redeemed*', INPUT_OUT: 'reports' },
    join(root, 'action/certify.sh'),
  );
  expect({ code, outputs }).toEqual({
    code: 1,
    outputs: { 'exit-code': '1', passed: 'false', report: 'reports/report.json' },
  });
  expect(summary).toContain('## mine: failed');
  expect(out).toMatch(
    /^::error title=cause 1%3A a code that was redeemed before.*RFC6749-4\.1\.2-code-single-use/m,
  );
  for (const name of ['report.json', 'report.html', 'junit.xml', 'report.sarif', 'summary.md'])
    expect(existsSync(join(workspace, 'reports', name))).toBe(true);
});
