import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { idsOf, readBaseline } from '../../cli/baseline.ts';
import { openCatalogue } from '../../cli/catalogue.ts';
import { planFor, type Selection } from '../../harness/plan/plan.ts';
import { shareOf } from '../../harness/report/share.ts';
import { renderBadge } from '../../reporters/badge.ts';
import { whyNoCertificate } from '../../reporters/certificate.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { callCommand } from '../../targets/providers/command.ts';
import { callHttp } from '../../targets/providers/http.ts';
import { loadModule } from '../../targets/providers/module.ts';
import { fixtureParts } from '../../targets/target/limits.ts';
import { readTarget } from '../../targets/target/read.ts';
import { type FixtureVerb, targetAt } from '../../targets/target/target.ts';
import { cli, environment, fewHere, folderForThisFile, root } from '../cli/support.ts';
import { certifyHere, few, verdictOf } from '../support/certify.ts';
import { startEmulator, timeOf } from '../support/emulator.ts';
import { isTried } from '../support/whole.ts';

const { fixtureService } = (await import(
  new URL('../../examples/fixture-service.js', import.meta.url).href
)) as { fixtureService: (emulator: Record<string, (input: object) => Promise<object>>) => Server };
const folder = folderForThisFile();
const examples = join(root, 'examples');
const workflows = readdirSync(join(examples, 'workflows'));

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let fixtures: string;

/** The reference emulator as somebody's own, behind the fixture service of the example. */
beforeAll(async () => {
  emulator = await startEmulator();
  const act = (verb: Parameters<typeof emulator.fixture>[0]) => async (input: object) => {
    const { status, body } = await emulator.fixture(verb, input as Record<string, unknown>);
    const output = JSON.parse(body);
    if (status === 200) return output;
    throw new Error(output.message);
  };
  const service = fixtureService({
    createClient: act('client'),
    issueCode: act('authorization-code'),
    decide: act('device-decision'),
    issueRefreshToken: act('refresh-token'),
    expire: act('expire'),
    failNext: act('fault'),
    advanceClock: act('clock'),
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  fixtures = `http://127.0.0.1:${(service.address() as AddressInfo).port}/_fixtures`;
  return async () => {
    service.closeAllConnections();
    service.close();
    await emulator.close();
  };
});

test('the fixture service certifies an emulator', async () => {
  const limits = [{ fixture: 'jwks', reason: 'the emulator publishes no keys' }] as const;
  const report = await certifyHere(
    { endpoint: emulator.url, fixtures, profile: 'aws-create-token', limits },
    { budget: few },
  );
  expect({ exitCode: report.exitCode, fail: report.counts.fail }).toEqual({ exitCode: 0, fail: 0 });
});

test('the module that drives a browser offers what the pages of a server give, and nothing else', async () => {
  const provider = await loadModule(join(examples, 'providers/browser.mjs'), 1_000);
  expect(await provider('client', {})).toEqual({ kind: 'not-offered' });
  // No browser is started for what is no URL.
  for (const verb of ['authorization-code', 'device-decision'] as const)
    expect(await provider(verb, {})).not.toEqual({ kind: 'not-offered' });
});

test('the fixture service does not offer what the emulator does not have, and refuses what is wrong', async () => {
  const ask = async (verb: string, body: string) => {
    const response = await fetch(`${fixtures}/${verb}`, { method: 'POST', body });
    return [response.status, await response.json()];
  };
  expect(await ask('assertion', '{}')).toEqual([404, { message: 'there is no fixture "assertion"' }]);
  expect(await ask('toString', '{}')).toEqual([404, { message: 'there is no fixture ""' }]);
  expect(await ask('client', '{')).toEqual([400, { message: expect.stringContaining('JSON') }]);
  const [status] = await ask('authorization-code', '{"clientId":"nobody","redirectUri":"http://127.0.0.1/"}');
  expect(status).toBe(400);
});

test.each(readdirSync(join(examples, 'targets')))('the target file %s is right', (file) => {
  const variables = { ACCESS_KEY_ID: 'a', SECRET_ACCESS_KEY: 'b', SESSION_TOKEN: 'c' };
  const { target, warnings } = readTarget(join(examples, 'targets', file), variables);
  expect(warnings).toEqual([]);
  expect(() => openCatalogue(target)).not.toThrow();
});

describe('the recipes of docs/certify-an-emulator.md', () => {
  const guide = readFileSync(join(root, 'docs/certify-an-emulator.md'), 'utf8');

  /** Certifies the emulator of this test as a target file says, with a provider of these verbs alone. */
  async function certifyAs(name: string, verbs: readonly FixtureVerb[], selection: Selection = {}) {
    const file = join(examples, 'targets', `${name}.yaml`);
    expect(guide).toContain(`examples/targets/${name}.yaml`);
    const all = callHttp(fixtures, 10_000);
    const { fixtures: _, ...target } = readTarget(file, {}).target;
    const provider: FixtureProvider = async (verb, input) =>
      verbs.includes(verb) ? all(verb, input) : { kind: 'not-offered' };
    const moveTime = timeOf(emulator);
    return certifyHere({ ...target, endpoint: emulator.url }, { provider, selection, moveTime, budget: few });
  }

  test('device codes and one verb are enough for a certificate, with its share on its face', async () => {
    const report = await certifyAs('device-codes', ['device-decision']);
    expect({ exitCode: report.exitCode, why: whyNoCertificate(report) }).toEqual({
      exitCode: 0,
      why: undefined,
    });
    const { exercised, of } = shareOf(report.cells);
    expect(exercised).toBeGreaterThan(0);
    expect(exercised).toBeLessThan(of);
    expect(renderTerminal(report, { color: false })).toContain(`(${exercised} of ${of} cells exercised)\n`);
    expect(JSON.parse(renderBadge(report)).message).toMatch(/, \d+ of \d+ cells$/);
  });

  test('no fixtures are not enough, but for a selection', async () => {
    const report = await certifyAs('no-fixtures', []);
    expect({ exitCode: report.exitCode, fail: report.counts.fail }).toEqual({ exitCode: 2, fail: 0 });
    expect(whyNoCertificate(report)).toContain('no token was granted');
    const cases = [...(guide.split('## You have no fixtures')[1] ?? '').matchAll(/'([a-z-]+\/\*)'/g)].map(
      ([, id = '']) => id,
    );
    expect(cases.length).toBeGreaterThan(0);
    const part = await certifyAs('no-fixtures', [], { cases });
    expect({ exitCode: part.exitCode, why: whyNoCertificate(part) }).toEqual({
      exitCode: 0,
      why: 'only a selection was run',
    });
  });
});

test('a target without a clock is really waited for', async () => {
  const hasty = await startEmulator({
    behaviours: { 'polling-interval': () => 0.2, 'polling-burst': () => 1 },
  });
  onTestFinished(hasty.close);
  const id = 'device-code/polled-exactly-at-the-interval';
  const limits = [{ fixture: 'clock', reason: 'the clock is the real one' }] as const;
  const report = await certifyHere({ endpoint: hasty.url, limits }, { selection: { cases: [id] } });
  expect(verdictOf(report, id)).toBe('pass');
});

test('the provider that does nothing offers one verb', async () => {
  const guide = readFileSync(join(root, 'docs/certify-an-emulator.md'), 'utf8');
  const block = /^fixtures:\n {2}command: .*$/m.exec(guide)?.[0] ?? '';
  const ask = callCommand(parse(block).fixtures, 10_000);
  expect(await ask('device-decision', {})).toEqual({ kind: 'given', output: {} });
  expect(await ask('client', {})).toEqual({ kind: 'not-offered' });
});

test('the README lists the parts of fixtures that a limit may name', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\| (`.*`.*?) +\|$/gm)].map(([, fixture, cell = '']) => [
    fixture,
    [...cell.replace(/\([^)]*\)/g, '').matchAll(/`([^`]+)`/g)].map(([, part]) => part),
  ]);
  const listed = rows.filter(([fixture]) => fixture !== undefined && String(fixture) in fixtureParts);
  expect(Object.fromEntries(listed)).toEqual(fixtureParts);
});

test('the baseline names what there is', () => {
  const catalogue = openCatalogue({ dialect: 'aws-json', profile: 'aws-create-token' });
  const ids = idsOf(planFor(catalogue, targetAt('http://127.0.0.1')).cases);
  const { known, flaky } = readBaseline(join(examples, 'baseline.yaml'), ids);
  expect([known.length, flaky.length]).toEqual([1, 1]);
});

/** Every shell script of a workflow, in the order in which they stand. */
function scriptsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    if (name === 'run' && typeof item === 'string') return [item];
    if (name === 'script' && Array.isArray(item)) return item.map(String);
    return scriptsOf(item);
  });
}

describe.each(workflows.filter(isTried))('the workflow %s', (file) => {
  const text = readFileSync(join(examples, 'workflows', file), 'utf8');
  const commands = scriptsOf(parse(text)).filter((line) => line.startsWith('npx token-conformance'));

  test('interpolates nothing into a shell', () => {
    expect(commands.length).toBeGreaterThan(0);
    for (const script of scriptsOf(parse(text))) expect(script).not.toContain('${{');
  });

  const place = folder.file(file);
  beforeAll(() => {
    cpSync(examples, join(place, 'examples'), { recursive: true });
    for (const name of ['emulator', 'staging']) change(join(place, 'examples/targets', `${name}.yaml`));
    // The baseline of the example excuses what the reference emulator gets right.
    writeFileSync(join(place, 'examples/baseline.yaml'), 'known: []\n');
    const npx = join(place, 'npx');
    writeFileSync(npx, `#!/bin/sh\nprintf '%s\\0' "$@"\n`);
    chmodSync(npx, 0o755);
  });

  /** Each as often as its parts. */
  const steps = commands.flatMap((line) =>
    (line.includes('--shard') ? [1, 2, 3] : [1]).map((part) => ({ line, part })),
  );
  test.each(steps)('does what it says: $line (part $part)', async ({ line, part }) => {
    const [name, ...args] = await wordsOf(line, place, part);
    expect(name).toBe('token-conformance');
    const { code, out, err } = await cliIn(place, args);
    expect({ line, code, err }, out).toEqual({ line, code: 0, err: '' });
    // What uploading artefacts and downloading them does.
    if (line.includes('--shard'))
      cpSync(join(place, `part-${part}`), join(place, `parts/part-${part}`), { recursive: true });
  });
});

/** Points a target file of the examples at the emulator of this test; the rest stays as it is. */
function change(file: string): void {
  const document = parseDocument(readFileSync(file, 'utf8'));
  document.set('endpoint', emulator.url);
  document.set('fixtures', fixtures);
  writeFileSync(file, document.toString());
}

/** What a shell makes of the words behind `npx`. */
async function wordsOf(line: string, cwd: string, part: number): Promise<string[]> {
  const variables = {
    PART: String(part),
    SEED: '7',
    CI_NODE_INDEX: String(part),
    CI_NODE_TOTAL: '3',
    CI_PIPELINE_IID: '7',
  };
  const env = { ...environment, ...variables, PATH: `${cwd}:${environment.PATH}` };
  const { stdout } = await promisify(execFile)('sh', ['-euc', line], { cwd, env });
  return stdout.split('\0').slice(0, -1);
}

/** Runs a command in a folder: every case that its words choose, each property with few values. */
async function cliIn(place: string, args: readonly string[]) {
  const before = process.cwd();
  process.chdir(place);
  try {
    return await cli(args, fewHere(emulator));
  } finally {
    process.chdir(before);
  }
}
