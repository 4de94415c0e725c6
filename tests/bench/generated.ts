import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupsOf } from '../../harness/run/run-cases.ts';
import { cases } from '../../suites/all.ts';

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

/**
 * Generated requests a second, beside a plain undici loop over the same requests, those to the fixture service included.
 * Both take turns at one emulator, which knows the clients and tokens of them all, and gives the loop the same answers.
 */
export function speed(profile: string, id: string, runs: number) {
  return withEmulator((url) => speedAt(url, profile, id, runs), ['tests/bench/lasting-emulator.ts']);
}

function speedAt(url: string, profile: string, id: string, runs: number) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'requests.json');
  try {
    worker('record', url, profile, id, String(runs), file);
    const rate = ({ requests, seconds }: Measured) => Math.round(requests / seconds);
    const loop = () => {
      const measured = worker('raw', url, file) as Measured & { readonly answeredOtherwise: number };
      if (measured.answeredOtherwise > 0)
        throw new Error(`${id}: the loop got ${measured.answeredOtherwise} answers of another status`);
      return measured;
    };
    const generate = () => rate(worker('generate', url, profile, id, String(runs)));
    const raw = () => rate(loop());
    // Who comes second finds an emulator that has more to remember, and is slower.
    const pairs = Array.from({ length: rounds }, (_, at) =>
      at % 2 === 0 ? { generated: generate(), raw: raw() } : { raw: raw(), generated: generate() },
    );
    const ratios = pairs.map(({ generated, raw }) => round(generated / raw));
    return {
      profile,
      case: id,
      runs,
      requestsPerSecond: median(pairs.map(({ generated }) => generated)),
      rawRequestsPerSecond: median(pairs.map(({ raw }) => raw)),
      ratios,
      medianRatio: median(ratios),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Peak memory of the process that generates, for few and for many requests. */
export async function memory(profile: string, id: string, few: number, many: number) {
  const peak = (runs: number) =>
    withEmulator((url) => worker('generate', url, profile, id, String(runs)).peakMegabytes);
  const [fewMegabytes, manyMegabytes] = [await peak(few), await peak(many)];
  return {
    profile,
    case: id,
    few,
    fewMegabytes,
    many,
    manyMegabytes,
    ratio: Math.round((manyMegabytes / fewMegabytes) * 100) / 100,
  };
}

/**
 * Runs of the standard budget against an endpoint that takes its time, beside what nothing could hide of that: the
 * requests before the first case, the longest case of those that run together, those that let time pass (they share
 * one clock), and those that must be alone. Each of these parts is measured in runs without any other cases, in which
 * all values of a case are tried at once. Every run has a process of its own.
 */
export function latency(milliseconds: number) {
  return withEmulator(
    (url) => slowRuns(url, milliseconds),
    ['tests/bench/slow-emulator.ts', String(milliseconds)],
  );
}

/** Cases that are tried as the one with the longest chain: those that took longest in a whole run. */
const candidates = 12;

interface Opened extends Measured {
  /** What a run does before its first case, a signed request among it. */
  readonly openingSeconds: number;
}

interface Certified extends Measured {
  readonly cases: readonly { readonly id: string; readonly seconds: number }[];
}

function slowRuns(url: string, milliseconds: number) {
  const certified = (chosen: readonly string[]) => worker('certify', url, ...chosen) as Certified;
  const longestOf = (some: readonly { readonly seconds: number }[]) =>
    Math.max(...some.map(({ seconds }) => seconds));
  const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0);
  const wholes = Array.from({ length: rounds }, () => certified([]));
  const [together = [], overTime = [], alone = []] = groupsOf(cases, { declaresClients: false }).map(
    (group) => group.cases.map(({ id }) => id),
  );
  const slowest = (wholes[0]?.cases ?? [])
    .filter(({ id }) => together.includes(id))
    .toSorted((one, other) => other.seconds - one.seconds)
    .slice(0, candidates);
  const chains = slowest.map(({ id }) => ({ id, seconds: longestOf(certified([id]).cases) }));
  const longest = chains.toSorted((one, other) => other.seconds - one.seconds)[0];
  const opening = worker('generate', url, 'aws-sso-oidc', 'generated/token-exchange/noise', '1') as Opened;
  const parts = {
    opening: opening.openingSeconds,
    longestTogether: longest?.seconds ?? 0,
    overTime: longestOf(certified(overTime).cases),
    alone: sum(certified(alone).cases.map(({ seconds }) => seconds)),
  };
  const unavoidable = sum(Object.values(parts));
  const ratios = wholes.map(({ seconds }) => round(seconds / unavoidable));
  return {
    milliseconds,
    requests: wholes[0]?.requests ?? 0,
    seconds: wholes.map(({ seconds }) => round(seconds)),
    longestCase: longest?.id ?? '',
    unavoidableSeconds: Object.fromEntries(
      Object.entries(parts).map(([name, seconds]) => [name, round(seconds)]),
    ),
    ratios,
    medianRatio: median(ratios),
  };
}

const round = (seconds: number) => Math.round(seconds * 100) / 100;
