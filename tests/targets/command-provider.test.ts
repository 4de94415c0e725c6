import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Offer } from '../../targets/fixtures/provider.ts';
import { callCommand } from '../../targets/providers/command.ts';
import type { FixtureVerb } from '../../targets/target/target.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const node = process.execPath;
const patience = 15_000;

/** What becomes of a Node script that is the fixture command, the path of Node left out. */
async function offerOf(
  script: string,
  { timeoutMs = patience, verb = 'client' as FixtureVerb, input = {} } = {},
) {
  const offer = await callCommand({ command: [node, '-e', script, '--'] }, timeoutMs)(verb, input);
  return 'message' in offer ? { ...offer, message: offer.message.replace(node, 'node') } : offer;
}

test('the verb is the last argument, the input is on standard input, the output on standard output', async () => {
  const echo = folder.write(
    'echo.mjs',
    `import { text } from 'node:stream/consumers';
     console.error('a note');
     console.log(JSON.stringify({ args: process.argv.slice(2), input: JSON.parse(await text(process.stdin)), cwd: process.cwd() }));`,
  );
  const provider = callCommand({ command: [node, 'echo.mjs', '--env', 'a b'], cwd: folder.path }, patience);
  expect(echo).toBe(join(folder.path, 'echo.mjs'));
  expect(await provider('device-decision', { userCode: 'é', decision: 'deny' })).toEqual({
    kind: 'given',
    output: {
      args: ['--env', 'a b', 'device-decision'],
      input: { userCode: 'é', decision: 'deny' },
      cwd: folder.path,
    },
  });
});

const ends: readonly (readonly [what: string, script: string, offer: Offer])[] = [
  ['nothing printed', '', { kind: 'given', output: {} }],
  ['a newline', 'console.log()', { kind: 'given', output: {} }],
  ['an object', 'console.log(`{"code":"c"}\\n`)', { kind: 'given', output: { code: 'c' } }],
  ['exit code 3', 'console.log("{}"); process.exitCode = 3', { kind: 'not-offered' }],
  [
    'exit code 1 with a reason',
    'console.log("{}"); console.error("unknown client\\n"); process.exitCode = 1',
    { kind: 'refused', message: 'unknown client' },
  ],
  [
    'exit code 2 without a reason',
    'process.exitCode = 2',
    { kind: 'refused', message: 'the command node ended with 2' },
  ],
  [
    'a signal',
    'process.kill(process.pid, "SIGTERM")',
    { kind: 'failed', message: 'the command node ended with SIGTERM' },
  ],
];

test.each(ends)('%s', async (_what, script, offer) => {
  expect(await offerOf(script)).toEqual(offer);
});

test.each(['code c', '[]', 'null', '"code"', '{} {}'])('a command that prints %s', async (printed) => {
  expect(await offerOf(`console.log(${JSON.stringify(printed)})`)).toEqual({
    kind: 'failed',
    message: 'the command node printed something that is not a JSON object',
  });
});

test('a command that reads no input gets a large one without harm', async () => {
  const input = { claims: 'x'.repeat(5_000_000) };
  expect(await offerOf('process.stdin.destroy(); console.log("{}")', { input })).toEqual({
    kind: 'given',
    output: {},
  });
});

test('a large output arrives whole', async () => {
  const offer = await offerOf('console.log(JSON.stringify({ code: "x".repeat(5000000) }))');
  expect(offer).toEqual({ kind: 'given', output: { code: 'x'.repeat(5_000_000) } });
});

test.each([
  ['is not there', ['/no/such/program'], 'the command /no/such/program ended with ENOENT'],
  ['is not on the path', ['no-such-program'], 'the command no-such-program ended with ENOENT'],
  ['is a folder', ['/'], 'the command / ended with EACCES'],
  ['has no name', [''], 'the command  cannot be started (ERR_INVALID_ARG_VALUE)'],
  ['is a whole command line', ['node fixtures.js'], 'the command node fixtures.js ended with ENOENT'],
])('a program that %s', async (_what, command, message) => {
  expect(await callCommand({ command }, patience)('client', {})).toEqual({ kind: 'failed', message });
});

test('neither an argument, nor a verb, nor the input is read by a shell', async () => {
  const trace = join(folder.path, 'trace');
  const hostile = `; touch ${trace} $(touch ${trace}) \`touch ${trace}\` && touch ${trace} | "'\n`;
  const script = `
    let input = '';
    process.stdin.on('data', (chunk) => { input += chunk; });
    process.stdin.on('end', () => console.log(JSON.stringify({ args: process.argv.slice(1), input: JSON.parse(input) })));`;
  const provider = callCommand({ command: [node, '-e', script, '--', hostile] }, patience);
  expect(await provider(hostile as FixtureVerb, { clientId: hostile })).toEqual({
    kind: 'given',
    output: { args: [hostile, hostile], input: { clientId: hostile } },
  });
  expect(existsSync(trace)).toBe(false);
});

// Side by side: each waits as long as its time limit.
describe.concurrent('a command that', () => {
  test.for([
    ['never ends', 'setInterval(() => {}, 1000)'],
    ['does not let itself be ended', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'],
    ['prints without end', 'const more = () => process.stdout.write("x".repeat(1000), more); more()'],
  ] as const)('%s is ended', async ([, script], { expect }) => {
    expect(await offerOf(script, { timeoutMs: 500 })).toEqual({
      kind: 'failed',
      message: 'the command node did not end within 0.5 s',
    });
  });

  test('leaves a child behind, which holds its output open, is not waited for', async ({
    expect,
    onTestFinished,
  }) => {
    const pid = join(folder.path, 'pid');
    onTestFinished(() => {
      const id = existsSync(pid) ? Number(readFileSync(pid, 'utf8')) : 0;
      if (id > 1) process.kill(id);
    });
    const command = ['/bin/sh', '-c', `sleep 60 & echo $! > ${pid}; echo '{}'`];
    expect(await callCommand({ command }, 500)('client', {})).toEqual({
      kind: 'failed',
      message: 'the command /bin/sh did not end within 0.5 s',
    });
  });
});
