import { expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { guessOf } from '../../harness/plan/guesses.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { profileNames } from '../../specs/read.ts';
import { targetAt, targetOfIssuer } from '../../targets/target/target.ts';
import { cli, folderForThisFile } from './support.ts';

const folder = folderForThisFile();

test('a dry run says what would be sent, and sends nothing', async () => {
  const file = folder.write('nobody.yaml', 'name: nobody\nendpoint: http://127.0.0.1:9\n');
  const { code, out, err } = await cli([
    'run',
    '--dry-run',
    '--target',
    file,
    '--budget',
    'quick',
    '--rate',
    '5',
  ]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^nobody: about \d+ requests of \d+ cases; nothing was sent\n/);
  expect(out).toMatch(/ {2}CreateToken +about \d+ requests of \d+ cases to http:\/\/127\.0\.0\.1:9\/token\n/);
  expect(out).toMatch(/ {2}wrong secrets +about \d+ requests of \d+ cases, half of them with the right one/);
  expect(out).toMatch(/ {2}clients registered +about \d+, /);
  expect(out).toMatch(/ {2}longest wait +10 s of a case/);
});

test('without guesses no wrong secret or password is left', async () => {
  const { out } = await cli(['run', '--dry-run', '--no-guesses']);
  expect(out).toMatch(/ {2}wrong secrets +none\n {2}wrong passwords +none\n/);
});

test('a run without guesses is no whole one', async () => {
  const { code, err } = await cli(['run', '--no-guesses', '--certificate']);
  expect(code).toBe(3);
  expect(err).toContain('--certificate needs a whole run: leave --no-guesses out.');
});

test('whatever names a wrong secret or password is known as a guess', () => {
  const targets = [
    targetAt('http://127.0.0.1:9'),
    ...profileNames('oauth-form').map((profile) => targetOfIssuer('http://127.0.0.1:9', profile)),
  ];
  const cases = targets.flatMap((target) => planFor(openCatalogue(target), target).cases);
  const named = cases.filter(({ title }) =>
    /\b(?:wrong|another|altered|changed)\b.*\b(?:secret|password)\b/.test(title),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(
    new Set(named.filter((one) => guessOf(one) === undefined).map(({ id, title }) => `${id}: ${title}`)),
  ).toEqual(new Set());
});
