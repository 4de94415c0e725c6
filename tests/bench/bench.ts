import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { latency, memory, speed } from './generated.ts';
import { rendering } from './rendering.ts';

/**
 * Measures whole commands as a user starts them and writes `report/bench.json`. Asserts nothing: figures
 * belong to the machine that they were taken on.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const runs = 5;

interface Figure {
  readonly command: string;
  /** Seconds, wall clock, of each run. */
  readonly seconds: readonly number[];
  readonly medianSeconds: number;
  /** Highest resident memory of any one process, in MB, over all runs. */
  readonly peakMegabytes: number;
}

function measure(command: string, args: readonly string[]): Figure {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const memory = join(folder, 'memory');
  const hook = new URL('peak-memory.ts', import.meta.url).href;
  try {
    const seconds = Array.from({ length: runs + 1 }, () => {
      const begin = performance.now();
      const { status, stderr } = spawnSync(command, args, {
        cwd: root,
        encoding: 'utf8',
        env: { ...process.env, CI: 'true', BENCH_MEMORY_FILE: memory },
      });
      if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}:\n${stderr}`);
      return Math.round(performance.now() - begin) / 1_000;
    }).slice(1);
    // Peak memory is taken in runs of its own, so that the hook does not count as time.
    spawnSync(process.execPath, nodeArguments(args), {
      cwd: root,
      // The process of the suites inherits the environment, but no flags.
      env: { ...process.env, CI: 'true', BENCH_MEMORY_FILE: memory, NODE_OPTIONS: `--import ${hook}` },
    });
    const peak = Math.max(...readFileSync(memory, 'utf8').trim().split('\n').map(Number));
    return {
      command: [command, ...args].join(' '),
      seconds,
      medianSeconds: [...seconds].sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0,
      peakMegabytes: Math.round(peak / 1024),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What npm would have started. */
function nodeArguments([first = '', ...others]: readonly string[]): string[] {
  return first === 'start' ? ['cli/main.ts', 'run', ...others.slice(1)] : [first, ...others];
}

const figures = [
  measure('npm', ['start']),
  measure('npm', ['start', '--', '--profile', 'oidc']),
  measure(process.execPath, ['cli/main.ts', 'list']),
];
const generated = {
  // Each takes more than ten seconds, so that what V8 compiles at first counts little.
  withoutFixtures: await speed('aws-sso-oidc', 'generated/register-client/noise', 40_000),
  withFixtures: await speed('aws-sso-oidc', 'generated/refresh-token/unknown-grant-type', 80_000),
  form: await speed('oidc', 'generated/refresh-token/unknown-grant-type', 80_000),
  memory: await memory('aws-sso-oidc', 'generated/register-client/noise', 20_000, 200_000),
  memoryOfForms: await memory('oidc', 'generated/register-client/noise', 20_000, 200_000),
  latency: await latency(50),
};
const result = {
  takenAt: new Date().toISOString(),
  node: process.version,
  processors: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  figures,
  generated,
  /** Milliseconds for 5,000 verdicts. */
  rendering: await rendering(5_000),
};
mkdirSync(join(root, 'report'), { recursive: true });
writeFileSync(join(root, 'report', 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
for (const { command, medianSeconds, peakMegabytes } of figures)
  process.stdout.write(`${command}: ${medianSeconds} s (median of ${runs}), peak ${peakMegabytes} MB\n`);
process.stdout.write(`${JSON.stringify({ generated, rendering: result.rendering }, null, 2)}\n`);
