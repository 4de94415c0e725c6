import { expect, test } from 'vitest';
import { openFixtures } from '../../targets/fixtures/open.ts';
import { UserError } from '../../targets/problem.ts';
import { targetAt } from '../../targets/target/target.ts';
import { folderForThisFile, httpServer } from './support.ts';

const folder = folderForThisFile();
const target = targetAt('http://127.0.0.1');

test('a target without fixtures offers none', async () => {
  const provider = await openFixtures(target);
  expect(await provider('client', {})).toEqual({ kind: 'not-offered' });
});

test('a URL, a module and a command give the same', async () => {
  const url = await httpServer((_request, response) => response.end('{"now":1}'));
  const script = 'console.log(JSON.stringify({ now: 1 }))';
  const kinds = [
    url,
    folder.write('fixtures.mjs', 'export const clock = () => ({ now: 1 });'),
    { command: [process.execPath, '-e', script, '--'] },
  ];
  for (const fixtures of kinds) {
    const provider = await openFixtures({ ...target, fixtures });
    expect(await provider('clock', {})).toEqual({ kind: 'given', output: { now: 1 } });
  }
});

test('a module that cannot be loaded stops before anything is asked', async () => {
  await expect(openFixtures({ ...target, fixtures: `${folder.path}/missing.mjs` })).rejects.toThrow(
    UserError,
  );
});

test('the timeout of the target is the timeout of its fixtures, in seconds', async () => {
  const silent = folder.write('silent.mjs', 'export const clock = () => new Promise(() => {});');
  const provider = await openFixtures({ ...target, fixtures: silent, timeoutSeconds: 0.1 });
  expect(await provider('clock', {})).toMatchObject({ message: expect.stringMatching(/ within 0\.1 s$/) });
});

/** Asks a service that answers with these statuses, in order, and returns the offers and how often it was asked. */
async function asking(...statuses: number[]) {
  let asked = 0;
  const url = await httpServer((_request, response) => {
    response.writeHead(statuses[asked] ?? 200).end('{"message":"no"}');
    asked += 1;
  });
  const provider = await openFixtures({ ...target, fixtures: url });
  const offers: string[] = [];
  for (let i = 0; i < statuses.length; i++) {
    const offer = await provider('clock', {});
    offers.push('message' in offer ? `${offer.kind}: ${offer.message.replace(url, 'URL')}` : offer.kind);
  }
  return { asked, offers };
}

test('a provider that fails four times in a row is not asked any more', async () => {
  expect(await asking(500, 500, 500, 500, 200)).toMatchInlineSnapshot(`
    {
      "asked": 4,
      "offers": [
        "failed: URL/clock answered with status 500: no",
        "failed: URL/clock answered with status 500: no",
        "failed: URL/clock answered with status 500: no",
        "failed: URL/clock answered with status 500: no",
        "failed: not asked: it failed 4 times in a row",
      ],
    }
  `);
});

test.each([200, 400, 404])('%i in between shows that the provider works', async (status) => {
  expect((await asking(500, 500, 500, status, 500, 500, 500, 200)).asked).toBe(8);
});
