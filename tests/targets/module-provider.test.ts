import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../targets/problem.ts';
import { loadModule } from '../../targets/providers/module.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();

/** Loads a module; each needs a name of its own, because Node reads a file once. */
const load = (name: string, source: string, timeoutMs = 10_000) =>
  loadModule(folder.write(name, source), timeoutMs);

async function refusalOf(loading: Promise<unknown>): Promise<string> {
  const error = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as Error).message.replaceAll(folder.path, 'FOLDER');
}

test.each([
  ['verbs.mjs', ''],
  ['verbs.js', ''],
  ['verbs.ts', ': { clientId: string }'],
])('the functions of %s are verbs, sync and async', async (name, type) => {
  const provider = await load(
    name,
    `export function client() { return { clientId: 'a' }; }
     export const authorizationCode = async (input${type}) => ({ code: input.clientId });
     export const refreshToken = 'no function';`,
  );
  expect(await provider('client', {})).toEqual({ kind: 'given', output: { clientId: 'a' } });
  expect(await provider('authorization-code', { clientId: 'b' })).toEqual({
    kind: 'given',
    output: { code: 'b' },
  });
  expect(await provider('device-decision', {})).toEqual({ kind: 'not-offered' });
  expect(await provider('refresh-token', {})).toEqual({ kind: 'not-offered' });
});

test('what a verb does is offered or refused', async () => {
  const provider = await load(
    'answers.mjs',
    `const answers = {
       undefined: () => undefined, null: () => null, later: async () => ({ now: 1 }),
       throws: () => { throw new Error('unknown client'); },
       rejects: async () => { throw new Error('unknown code'); },
       throwsText: () => { throw 'no'; },
       throwsNothing: () => { throw undefined; },
       text: () => 'code', list: async () => ['code'], number: () => 5,
     };
     export const clock = ({ answer }) => answers[answer]();`,
  );
  const offers: Record<string, unknown> = {};
  for (const answer of [
    'undefined',
    'null',
    'later',
    'throws',
    'rejects',
    'throwsText',
    'throwsNothing',
    'text',
    'list',
    'number',
  ]) {
    const offer = await provider('clock', { answer });
    offers[answer] =
      'output' in offer ? offer.output : Object.values(offer).join(': ').replace(folder.path, 'FOLDER');
  }
  expect(offers).toMatchInlineSnapshot(`
    {
      "later": {
        "now": 1,
      },
      "list": "failed: clock of FOLDER/answers.mjs returned something that is not an object",
      "null": {},
      "number": "failed: clock of FOLDER/answers.mjs returned something that is not an object",
      "rejects": "refused: unknown code",
      "text": "failed: clock of FOLDER/answers.mjs returned something that is not an object",
      "throws": "refused: unknown client",
      "throwsNothing": "refused: undefined",
      "throwsText": "refused: no",
      "undefined": {},
    }
  `);
});

test('a verb that never returns is given up', async () => {
  const provider = await load('silent.mjs', 'export const expire = () => new Promise(() => {});', 100);
  expect(await provider('expire', {})).toEqual({
    kind: 'failed',
    message: `expire of ${join(folder.path, 'silent.mjs')} did not return within 0.1 s`,
  });
});

test('a module may import its neighbour', async () => {
  folder.write('neighbour.mjs', `export const code = 'from the neighbour';`);
  const provider = await load(
    'imports.mjs',
    `import { code } from './neighbour.mjs'; export const authorizationCode = () => ({ code });`,
  );
  expect(await provider('authorization-code', {})).toEqual({
    kind: 'given',
    output: { code: 'from the neighbour' },
  });
});

test.each([
  ['throws.mjs', 'throw new Error("no database")', 'cannot be loaded: no database'],
  ['throws-text.mjs', 'throw "no database"', 'cannot be loaded: no database'],
  ['throws-nothing.mjs', 'throw undefined', 'cannot be loaded: undefined'],
  ['empty.mjs', '', 'exports no verb. Export functions named client, authorizationCode …'],
  [
    'data.mjs',
    'export const client = {};',
    'exports no verb. Export functions named client, authorizationCode …',
  ],
])('a module that gives no verb: %s', async (name, source, message) => {
  expect(await refusalOf(load(name, source))).toBe(`The fixture module FOLDER/${name} ${message}`);
});

test('a module that is not there', async () => {
  expect(await refusalOf(loadModule(join(folder.path, 'missing.mjs'), 1_000))).toMatchInlineSnapshot(
    `"The fixture module FOLDER/missing.mjs cannot be loaded: there is no such file, or it imports one that is missing"`,
  );
});

test('a module that does not parse', async () => {
  expect(await refusalOf(load('syntax.mjs', 'export const client = () => {'))).toMatch(
    /^The fixture module FOLDER\/syntax\.mjs cannot be loaded: ./,
  );
});
