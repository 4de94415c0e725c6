import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { budgets } from '../../harness/trial.ts';
import { cases } from '../../suites/all.ts';
import { certifyHere } from '../support/certify.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rounds = 5;

interface Measured {
  readonly seconds: number;
  readonly requests: number;
  readonly peakMegabytes: number;
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;

function worker(...args: readonly string[]): Measured {
  return JSON.parse(
    execFileSync(process.execPath, ['tests/bench/generated-worker.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
    }),
  );
}

/** The emulator in a process of its own. */
async function withEmulator<T>(
  use: (url: string) => Promise<T> | T,
  args: readonly string[] = ['cli/main.ts', 'serve', '--port', '0'],
): Promise<T> {
  const child = spawn(process.execPath, args, { cwd: root });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  try {
    return await use(/http:\S+/.exec(String(printed))?.[0] ?? '');
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

/** Generated requests a second, beside a plain undici loop over the same requests; the loops take turns. */
export async function speed(id: string, runs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'requests.json');
  try {
    await withEmulator((url) => worker('record', url, id, String(runs), file));
    const rate = ({ requests, seconds }: Measured) => Math.round(requests / seconds);
    const pairs: { generated: number; raw: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const generated = await withEmulator((url) => rate(worker('generate', url, id, String(runs))));
      const raw = await withEmulator((url) => rate(worker('raw', url, file)));
      pairs.push({ generated, raw });
    }
    return {
      case: id,
      runs,
      requestsPerSecond: median(pairs.map(({ generated }) => generated)),
      rawRequestsPerSecond: median(pairs.map(({ raw }) => raw)),
      ratios: pairs.map(({ generated, raw }) => Math.round((generated / raw) * 100) / 100),
      medianRatio: Math.round(median(pairs.map(({ generated, raw }) => generated / raw)) * 100) / 100,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Peak memory of the process that generates, for few and for many requests. */
export async function memory(id: string, few: number, many: number) {
  const peak = (runs: number) =>
    withEmulator((url) => worker('generate', url, id, String(runs)).peakMegabytes);
  const [fewMegabytes, manyMegabytes] = [await peak(few), await peak(many)];
  return {
    case: id,
    few,
    fewMegabytes,
    many,
    manyMegabytes,
    ratio: Math.round((manyMegabytes / fewMegabytes) * 100) / 100,
  };
}

/**
 * A run of the standard budget against an endpoint that takes its time, beside what nothing could hide of that: the
 * longest case of those that run together, alone on the endpoint, and the sum of those that must be alone.
 */
export function latency(milliseconds: number) {
  return withEmulator(
    (url) => slowRun(url, milliseconds),
    ['tests/bench/slow-emulator.ts', String(milliseconds)],
  );
}

async function slowRun(url: string, milliseconds: number) {
  const target = { endpoint: url, fixtures: `${url}/_fixtures`, profile: 'aws-sso-oidc' };
  const certified = async (selection: readonly string[], runs: number) => {
    const begin = performance.now();
    const report = await certifyHere(target, { budget: { runs }, selection: { cases: selection } });
    return { report, seconds: (performance.now() - begin) / 1_000 };
  };
  await certified(['*/valid'], 1);
  const whole = await certified([], budgets.standard.runs);
  const isAlone = new Set(cases.filter(({ alone }) => alone).map(({ id }) => id));
  const verdicts = whole.report.verdicts.toSorted((one, other) => other.durationMs - one.durationMs);
  const together = verdicts.filter(({ case: id }) => !isAlone.has(id)).slice(0, 8);
  const chains: { id: string; seconds: number }[] = [];
  for (const { case: id } of together) {
    const { report } = await certified([id], 8);
    chains.push({ id, seconds: (report.verdicts[0]?.durationMs ?? 0) / 1_000 });
  }
  const longest = chains.toSorted((one, other) => other.seconds - one.seconds)[0];
  const alone = verdicts
    .filter(({ case: id }) => isAlone.has(id))
    .reduce((sum, { durationMs }) => sum + durationMs / 1_000, 0);
  const unavoidable = alone + (longest?.seconds ?? 0);
  const round = (seconds: number) => Math.round(seconds * 100) / 100;
  return {
    milliseconds,
    requests: whole.report.requests,
    seconds: round(whole.seconds),
    longestTogether: { ...longest, seconds: round(longest?.seconds ?? 0) },
    aloneSeconds: round(alone),
    ratio: round(whole.seconds / unavoidable),
  };
}
