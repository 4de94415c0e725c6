import { subscribe } from 'node:diagnostics_channel';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { openCatalogue } from '../../cli/catalogue.ts';
import { chooseTarget } from '../../cli/choose.ts';
import { reachTarget } from '../../cli/reaching.ts';
import { jwksPath } from '../../emulator/browser/jwks.ts';
import { fixturesPath } from '../../emulator/fixtures/fixtures.ts';
import { basePath, paths } from '../../emulator/fronts/oauth-form/paths.ts';
import { valuesAtOnce } from '../../harness/generate/for-all.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { openRunner } from '../../harness/run/runner.ts';
import { budgets } from '../../harness/trial.ts';
import { openFixtures } from '../../targets/fixtures/open.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import type { Target } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';

/**
 * One measurement in a process of its own, printed as JSON: `generate URL PROFILE CASE RUNS` tries a property,
 * `record URL PROFILE CASE RUNS FILE` writes down what it sends, `raw URL FILE` sends that in a plain undici loop,
 * `certify URL [CASE …]` runs these cases of AWS, or all, with the standard budget. Calls of the fixture service are
 * requests too.
 */
const [mode = '', url = '', ...rest] = process.argv.slice(2);

/** The emulator at the URL as the target of a profile, as if it were the embedded one. */
async function targetOf(profile: string): Promise<Target> {
  const issuer = url + basePath;
  const emulator = {
    url,
    fixtures: url + fixturesPath,
    jwks: url + jwksPath,
    oauth: { issuer, fixtures: url + paths.fixtures },
  };
  return (await reachTarget(chooseTarget({ profile }, emulator))).target;
}

async function generate(profile: string, id: string, runs: number) {
  const target = await targetOf(profile);
  const catalogue = openCatalogue(target);
  const { cases } = planFor(catalogue, target, { cases: [id] });
  const probe = catalogue.cases.find((one) => one.id === id);
  const [planned] = cases;
  if (!probe || !planned) throw new Error(`there is no case ${id}`);
  const opening = performance.now();
  const fixtures = await openFixtures(target);
  let calls = 0;
  const counted: FixtureProvider = (verb, input) => {
    calls += 1;
    return fixtures(verb, input);
  };
  const job = { target, cases, seed: 1, strict: false, budget: { runs } };
  const runner = await openRunner(job, counted);
  const begin = performance.now();
  const { verdict, reason, requests } = await runner.run(probe, planned);
  const seconds = (performance.now() - begin) / 1_000;
  await runner.close();
  if (verdict !== 'pass') throw new Error(`${id}: ${verdict}, ${reason}`);
  return { openingSeconds: (begin - opening) / 1_000, seconds, requests: requests + calls };
}

interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: string;
  /** The status that it was answered with. */
  status: number;
}

/** What undici tells of a request: its own class, which has no public type. */
interface Told {
  readonly method: string;
  readonly path: string;
  readonly headers: string[];
  readonly body: string | Buffer | null;
}

async function record(profile: string, id: string, runs: number, file: string) {
  const recorded: Recorded[] = [];
  const known = new WeakMap<object, Recorded>();
  subscribe('undici:request:create', (message) => {
    const { request: told } = message as { readonly request: Told };
    const body = Buffer.from(told.body ?? '').toString('base64');
    const one = { method: told.method, path: told.path, headers: told.headers, body, status: 0 };
    known.set(told, one);
    recorded.push(one);
  });
  subscribe('undici:request:headers', (message) => {
    const { request: told, response } = message as { request: Told; response: { statusCode: number } };
    const one = known.get(told);
    if (one) one.status = response.statusCode;
  });
  await generate(profile, id, runs);
  writeFileSync(file, JSON.stringify(recorded));
  return { requests: recorded.length };
}

async function raw(file: string) {
  const all = (JSON.parse(readFileSync(file, 'utf8')) as Recorded[]).map((one) => ({
    ...one,
    body: Buffer.from(one.body, 'base64'),
  }));
  const dispatcher = new Agent({ connections: valuesAtOnce });
  const queue = all.values();
  let answeredOtherwise = 0;
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: valuesAtOnce }, async () => {
      for (const { method, path, headers, body, status } of queue) {
        const response = await request(url + path, { dispatcher, method: method as 'POST', headers, body });
        await response.body.arrayBuffer();
        if (response.statusCode !== status) answeredOtherwise += 1;
      }
    }),
  );
  const seconds = (performance.now() - begin) / 1_000;
  await dispatcher.close();
  return { seconds, requests: all.length, answeredOtherwise };
}

async function certify(chosen: readonly string[]) {
  const begin = performance.now();
  const { verdicts, requests } = await certifyHere(await targetOf('aws-sso-oidc'), {
    budget: budgets.standard,
    selection: { cases: chosen },
  });
  const seconds = (performance.now() - begin) / 1_000;
  const cases = verdicts.map(({ case: id, durationMs }) => ({ id, seconds: durationMs / 1_000 }));
  return { seconds, requests, cases };
}

const modes: Readonly<Record<string, () => Promise<object>>> = {
  generate: () => generate(rest[0] ?? '', rest[1] ?? '', Number(rest[2])),
  record: () => record(rest[0] ?? '', rest[1] ?? '', Number(rest[2]), rest[3] ?? ''),
  raw: () => raw(rest[0] ?? ''),
  certify: () => certify(rest),
};
const result = await modes[mode]?.();
process.stdout.write(
  JSON.stringify({ ...result, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1_024) }),
);
