import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { Server, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Plan } from '../../harness/plan/plan.ts';
import { cli, environment, folderForThisFile, root } from './support.ts';

const folder = folderForThisFile();

/** Whatever opens a connection or a port throws. */
const refuse = () => {
  throw new Error('the network was used');
};
const [{ listen }, { connect }] = [Server.prototype, Socket.prototype];
beforeAll(() => {
  Server.prototype.listen = refuse;
  Socket.prototype.connect = refuse;
});
afterAll(() => {
  Server.prototype.listen = listen;
  Socket.prototype.connect = connect;
});

/** What goes to standard output when all is well. */
async function said(...args: string[]): Promise<string> {
  const { code, out, err } = await cli(args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

type Listing = Plan & { readonly counts: Readonly<Record<string, number>> };

test('the guard of this file notices what uses the network', async () => {
  const { code, err } = await cli(['serve', '--port', '0']);
  expect(code).toBe(4);
  expect(err).toContain('the network was used');
});

test('list shows a line for every case and every rule without one, and counts them', async () => {
  const [text, json] = await Promise.all([said('list'), said('list', '--json')]);
  const { cases, counts, excluded, profile } = JSON.parse(json) as Listing;
  const [probed = '', unprobed = '', sum] = text.trimEnd().split('\n\n');
  expect(probed.split('\n').map((line) => line.split(/ {2,}/))).toEqual(
    cases.map(({ id, level, requirement }) => [id, level, requirement]),
  );
  const [title, ...rules] = unprobed.split('\n');
  expect(title).toBe('not probed:');
  expect(rules.map((line) => line.split(/ {2,}/))).toEqual(
    Object.entries(excluded).map(([id, why]) => [id, why.trim()]),
  );
  expect(sum).toBe(
    `${counts.cases} cases of ${counts.requirements} requirements, ${counts.cells} cells, ${counts.excluded} requirements excluded with a reason, about ${counts.requests} requests (profile ${profile.name} ${profile.version})`,
  );
});

test('list says how many cases the limits take away', async () => {
  const file = folder.write(
    'limited.yaml',
    `name: limited\nendpoint: http://127.0.0.1:1\nlimits:\n${['authorization-code', 'refresh-token']
      .map((fixture) => `  - { fixture: ${fixture}, reason: nobody signs in }\n`)
      .join('')}  - { fixture: device-decision, without: deny, reason: users only approve }\n`,
  );
  const [text, json] = await Promise.all([
    said('list', '--target', file),
    said('list', '--target', file, '--json'),
  ]);
  const { cases, counts } = JSON.parse(json) as Listing;
  const rows = text.split('\n').filter((line) => line.includes('(not applicable: '));
  expect(text).toContain(`\nlimits: ${counts.limited} of ${cases.length} cases\n`);
  expect(counts.limited).toBeGreaterThanOrEqual(rows.length);
  expect(
    rows.filter((line) => line.includes('users only approve')).map((line) => line.split(' ')[0]),
  ).toEqual(['device-code/denied', 'device-code/polled-on-after-denied', 'device-code/other-device-denied']);
});

test('list --json is the plan: cases, cells, what is excluded, and counts', async () => {
  const plan = JSON.parse(await said('list', '--json')) as Listing;
  const ids = plan.cases.map(({ id }) => id);
  const tokenCells = plan.cells.filter(({ operation }) => operation === 'CreateToken');
  expect(plan.profile.name).toBe('aws-sso-oidc');
  expect(plan.partial).toBe(false);
  expect(new Set(ids).size).toBe(ids.length);
  expect(tokenCells).toHaveLength(33);
  expect(tokenCells.filter(({ cases }) => cases.length === 0)).toEqual([]);
  expect(plan.cells.flatMap(({ cases }) => cases).filter((id) => !ids.includes(id))).toEqual([]);
  expect(plan.counts).toEqual({
    cases: plan.cases.length,
    requirements: new Set(plan.cases.map(({ requirement }) => requirement)).size,
    cells: plan.cells.filter(({ cases }) => cases.length > 0).length,
    excluded: Object.keys(plan.excluded).length,
    limited: 0,
    requests: expect.any(Number),
  });
  expect(plan.counts.requests).toBeGreaterThan(plan.cases.length);
});

test('list --grant shows the cases of this grant alone', async () => {
  const plan = JSON.parse(await said('list', '--json', '--grant', 'refresh_token')) as Listing;
  expect(new Set(plan.cases.map(({ grant }) => grant))).toEqual(new Set(['refresh_token']));
  expect(plan.partial).toBe(true);
  const exercised = plan.cells.filter(({ cases }) => cases.length > 0);
  expect(new Set(exercised.map(({ grant }) => grant))).toEqual(new Set(['refresh_token']));
  expect(exercised.filter(({ operation }) => operation === 'CreateToken')).toHaveLength(11);
  expect(plan.counts.cells).toBe(exercised.length);
  expect(plan.cells.length).toBeGreaterThan(exercised.length);
});

test('patterns of one kind add up, different kinds narrow down', async () => {
  const ids = async (...args: string[]) =>
    (JSON.parse(await said('list', '--json', ...args)) as Listing).cases.map(({ id }) => id);
  const [both, narrowed] = await Promise.all([
    ids('--case', 'refresh-token/valid', '--case', 'authorization-code/redeemed'),
    ids('--case', 'r*-token/valid', '--grant', 'refresh_token'),
  ]);
  expect(both.toSorted()).toEqual(['authorization-code/redeemed', 'refresh-token/valid']);
  expect(narrowed).toEqual(['refresh-token/valid']);
});

test('list shows what a target file declares to be out of scope, and why', async () => {
  const target = folder.write(
    'target.yaml',
    'name: staging\nendpoint: http://127.0.0.1:1\nlimits:\n  - { fixture: expire, reason: time cannot be moved }\n',
  );
  const [limited, free] = await Promise.all([
    said('list', '--target', target, '--case', 'refresh-token/expired', '--case', 'refresh-token/valid'),
    said('list', '--case', 'refresh-token/expired', '--case', 'refresh-token/valid'),
  ]);
  expect(limited.split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
    "refresh-token/valid    MUST        RFC6749-6-refresh-success
    refresh-token/expired  MUST        RFC6749-6-expired-refresh_token  (not applicable: time cannot be moved)"
  `);
  expect(free).not.toContain('not applicable');
});

test('explain shows a requirement: source, level, statement, cases', async () => {
  expect(await said('explain', 'RFC6749-4.1.2-code-single-use')).toMatchInlineSnapshot(`
    "RFC6749-4.1.2-code-single-use
      RFC 6749 §4.1.2, §10.5; RFC 9700 §4.2.4; OIDC Core §3.1.3.2
      MUST

      A code that has been redeemed fails with invalid_grant when the same valid request is sent again.

      Cases:
        authorization-code/redeemed (a code that was redeemed before)
        authorization-code/redeemed-and-refreshed (a code that was redeemed before, after three refreshes with what came of it)
        authorization-code/redeemed-again (a code that was redeemed before, four times)
        iam-authorization-code/redeemed (a code that was redeemed before)
        iam-authorization-code/redeemed-and-refreshed (a code that was redeemed before, after three refreshes with what came of it)
        iam-authorization-code/redeemed-again (a code that was redeemed before, four times)
    "
  `);
});

test('explain shows a case with its requirement', async () => {
  expect(await said('explain', 'authorization-code/redeemed')).toMatchInlineSnapshot(`
    "authorization-code/redeemed: a code that was redeemed before

    RFC6749-4.1.2-code-single-use
      RFC 6749 §4.1.2, §10.5; RFC 9700 §4.2.4; OIDC Core §3.1.3.2
      MUST

      A code that has been redeemed fails with invalid_grant when the same valid request is sent again.

      Cases:
        authorization-code/redeemed (a code that was redeemed before)
        authorization-code/redeemed-and-refreshed (a code that was redeemed before, after three refreshes with what came of it)
        authorization-code/redeemed-again (a code that was redeemed before, four times)
        iam-authorization-code/redeemed (a code that was redeemed before)
        iam-authorization-code/redeemed-and-refreshed (a code that was redeemed before, after three refreshes with what came of it)
        iam-authorization-code/redeemed-again (a code that was redeemed before, four times)
    "
  `);
});

test('explain says why a requirement is not probed', async () => {
  const { excluded } = JSON.parse(await said('list', '--json')) as Listing;
  const [[id, why] = ['', '']] = Object.entries(excluded);
  const text = await said('explain', id);
  expect(text.startsWith(`${id}\n`)).toBe(true);
  expect(text).toContain(`Not probed in aws-sso-oidc: ${why.trim()}`);
});

test.for([['--help'], ['help'], ['run', '--help'], ['help', 'serve']])('%j is no mistake', async (args) => {
  const { code, out, err } = await cli(args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^Usage: token-conformance /);
});

test.skipIf(!existsSync('/dev/full'))('an output that cannot be written is told of', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['cli/main.ts', 'list'], {
    cwd: root,
    env: environment,
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({
    code: 3,
    err: expect.stringMatching(/^Standard output cannot be written: .*\n$/),
  });
});

test('a reader that leaves early, such as head, is no mistake', async () => {
  const child = spawn(process.execPath, ['cli/main.ts', 'list', '--json'], { cwd: root, env: environment });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({ code: 0, err: '' });
});
