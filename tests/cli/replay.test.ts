import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ReplayFile, readReplay } from '../../cli/replay.ts';
import { defects } from '../../emulator/defects/all.ts';
import { problemsWith } from '../../schemas/read.ts';
import { startEmulator } from '../support/emulator.ts';
import { cli, cliProcess, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const id = 'generated/authorization-code/noise';

/** The target file of an emulator, broken or not. */
async function target(name: string, defect?: string): Promise<string> {
  const { middleware } = defects.find((one) => one.name === defect) ?? {};
  const emulator = await startEmulator({ middleware: middleware?.() });
  onTestFinished(emulator.close);
  return folder.write(
    `${name}.yaml`,
    `name: ${name}\nendpoint: ${emulator.url}\nfixtures: ${emulator.fixtures}\n`,
  );
}

test('a counterexample is printed, kept in a file, tried again, and taken out once it passes', async () => {
  const [broken, mended] = [await target('broken', 'unknown-members-refused'), await target('mended')];
  const out = folder.file('found');
  const found = await cliProcess(['run', '--target', broken, '--case', id, '--seed', '3', '--out', out]);
  const file = join(out, 'replay.json');
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/Counterexample \(made smaller \d+ times, at seed -?\d+, path [\d:]+\):\n {4}\{/);
  expect(found.out).toContain(`counterexamples: ${file} (try them again with --replay)\n`);
  const content = JSON.parse(readFileSync(file, 'utf8')) as ReplayFile;
  expect(problemsWith('replay', content)).toEqual([]);
  const [entry] = content.counterexamples;
  expect(entry).toMatchObject({ case: id, value: { nulls: [], space: '' } });

  const again = await cli(['run', '--target', broken, '--replay', file, '--out', folder.file('again')]);
  expect(again.code).toBe(1);
  expect(again.out).toContain(`${JSON.stringify(entry?.value)}\n`);
  expect(again.out).toContain(`replay: ${file} (1 left)\n`);
  expect(readReplay(file)).toEqual(content.counterexamples);

  const passed = await cli(['run', '--target', mended, '--replay', file, '--out', folder.file('passed')]);
  expect({ code: passed.code, err: passed.err }).toEqual({ code: 0, err: '' });
  expect(passed.out).toContain(`replay: nothing left, ${file} is deleted\n`);
  expect(existsSync(file)).toBe(false);
});

test('a budget decides how much is generated', async () => {
  const endpoint = await target('budget');
  const run = async (budget: string) => {
    const out = folder.file(`budget-${budget}`);
    const names = 'generated/register-client/names';
    await cli(['run', '--target', endpoint, '--case', names, '--budget', budget, '--out', out]);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    const [{ generated, reproduce }] = report.verdicts;
    return [generated.runs, / --budget \S+/.exec(reproduce.command)?.[0]];
  };
  expect(await run('quick')).toEqual([8, ' --budget quick']);
  expect(await run('standard')).toEqual([20, ' --budget standard']);
});

test.each<[what: string, args: string[], message: RegExp]>([
  [
    'an unknown budget',
    ['run', '--budget', 'plenty'],
    /It must be quick, standard, thorough, or a duration such as 90s or 5m\./,
  ],
  ['a replay file that is missing', ['run', '--replay', folder.file('none.json')], /cannot be read/],
  [
    'a replay file that is none',
    ['run', '--replay', folder.write('other.json', '{"counterexamples":[]}')],
    /is no replay file: the body must have required property 'schemaVersion'/,
  ],
  [
    'a replay file with nothing left',
    ['run', '--replay', folder.write('empty.json', '{"schemaVersion":"1.0","counterexamples":[]}')],
    /has no counterexample left: delete it/,
  ],
  [
    'a replay file with a case that there is not',
    [
      'run',
      '--replay',
      folder.write(
        'unknown.json',
        '{"schemaVersion":"1.0","counterexamples":[{"case":"a/b","seed":1,"path":"0","value":1,"problem":""}]}',
      ),
    ],
    /No case matches "a\/b"/,
  ],
])('%s: exit code 3 and one message', async (_, args, message) => {
  const { code, out, err } = await cli([...args, '--out', folder.file('wrong')]);
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(message);
  expect(err).not.toContain('    at ');
});
