import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Vitest } from 'vitest/node';
import { startEmulator } from '../emulator/server.ts';
import type { Shard } from '../harness/plan/plan.ts';
import type { Report } from '../harness/report/report.ts';
import type { Job } from '../harness/run/runner.ts';
import type { Budget } from '../harness/trial.ts';
import { Collector } from '../reporters/collect.ts';
import { forJsonFile } from '../reporters/escape.ts';
import { openFixtures } from '../targets/fixtures/open.ts';
import { UserError } from '../targets/problem.ts';
import { concurrencyOf } from '../targets/target/target.ts';
import { type Certified, certifyTarget, commandLine, type JobOutcome, type RunJob } from './certify.ts';
import { chooseTarget, knowsPasswordGrant, type TargetOptions } from './choose.ts';
import type { ReplayEntry } from './replay.ts';

export interface RunOptions extends TargetOptions {
  readonly strict?: boolean;
  readonly seed?: number;
  readonly budget?: Budget;
  /** The part of the certification that this machine runs. */
  readonly shard?: Shard;
  /** Path of the target's list of known failures. */
  readonly baseline?: string;
  /** Counterexamples: only these are tried, each at its place. */
  readonly replay?: readonly ReplayEntry[] | undefined;
  /** A person goes through the pages of the server. */
  readonly interactive?: boolean;
  /** Aborted when somebody ends the run. */
  readonly interrupted?: AbortSignal;
  /** Where the cases are run; in vitest, in a process of their own, when it is not given. */
  readonly runJob?: RunJob | undefined;
  /** Called with the number of finished cases, of all cases, and the id of the last one. */
  readonly progress?: (done: number, total: number, last: string) => void;
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** TypeScript in a clone, JavaScript in the package. */
const suiteFile = `suites/certify.suite${extname(import.meta.url)}`;

/**
 * Certifies one target: its report, and the gate for what is made of it. Starts the reference emulator when no target
 * is given.
 */
export async function certify(options: RunOptions): Promise<Certified> {
  const { target: file, endpoint, issuer, profile } = options;
  const passwordGrant = profile !== undefined && knowsPasswordGrant(profile);
  const isNamed = file !== undefined || endpoint !== undefined || issuer !== undefined;
  const emulator = isNamed ? undefined : await startEmulator({ oauth: { passwordGrant } });
  try {
    const target = { ...chooseTarget(options, emulator), ...gently(options) };
    const start =
      process.env.npm_lifecycle_event === 'start'
        ? ['npm', 'start', '--']
        : ['npx', 'token-conformance', 'run'];
    // In the process of the suites a module that cannot be loaded would not be the user's mistake.
    await openFixtures(target);
    return await certifyTarget(target, {
      ...options,
      commandFor: (id, seed) => commandLine(start, options, id, seed),
      runJob:
        options.runJob ?? ((job, _catalogue, finished, interrupted) => runSuites(job, finished, interrupted)),
    });
  } finally {
    await emulator?.close();
  }
}

/** What the command says of how fast it goes comes before what a file says: it changes no verdict. */
export const gently = ({ rate, concurrency }: Pick<RunOptions, 'rate' | 'concurrency'>) => ({
  ...(rate !== undefined && { rate }),
  ...(concurrency !== undefined && { concurrency }),
});

/** Makes the folder of a report, before a run whose report would have nowhere to go. */
export function makeFolder(folder: string): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }));
}

/** Writes `report.json` into a folder and returns its path. */
export function writeReport(report: Report, folder: string): string {
  const file = join(folder, 'report.json');
  writing(file, () => writeFileSync(file, forJsonFile(report)));
  return file;
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new UserError(
      `The report cannot be written to ${path} (${(error as Error).message}). Choose another folder with --out.`,
    );
  }
}

async function runSuites(
  job: Job,
  progress: (done: number, last: string) => void,
  interrupted: AbortSignal | undefined,
): Promise<JobOutcome> {
  const collector = new Collector(progress);
  const { results, traces, errors } = collector;
  try {
    await carry(job, collector, interrupted);
  } catch (error) {
    errors.push(error instanceof Error ? error.message : String(error));
  }
  return { results: [...results], traces: [...traces], errors: [...errors], ended: collector.ended };
}

/** Has vitest run the suites in a process of their own, until somebody ends the run. */
async function carry(job: Job, collector: Collector, interrupted: AbortSignal | undefined): Promise<void> {
  const before = process.exitCode;
  const listening = signals.map((signal) => [signal, new Set(process.listeners(signal))] as const);
  // Takes a while to load, and a run that ends at a closed door does not need it.
  const { startVitest } = await import('vitest/node');
  const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
  let begun: Pick<Vitest, 'cancelCurrentRun'> | undefined;
  if (interrupted?.aborted) return;
  interrupted?.addEventListener('abort', () => end(undefined), { once: true });
  const running = startVitest(
    'test',
    [],
    {
      root,
      config: false,
      watch: false,
      include: [suiteFile],
      exclude: [],
      reporters: [
        collector,
        {
          // It would end this process before there is a report.
          onInit(vitest) {
            begun = vitest;
            for (const [signal, known] of listening)
              for (const one of process.listeners(signal)) if (!known.has(one)) process.off(signal, one);
          },
        },
      ],
      provide: { job },
      pool: 'forks',
      maxWorkers: 1,
      isolate: false,
      fileParallelism: false,
      maxConcurrency: concurrencyOf(job.target),
      // Node runs TypeScript itself; going through Vite would only cost time.
      experimental: { viteModuleRunner: false },
      // Requests and fixtures have timeouts of their own.
      testTimeout: 0,
      hookTimeout: 60_000,
    },
    { logLevel: 'silent' },
  );
  const vitest = await Promise.race([running, ended]);
  if (vitest === undefined) {
    // To close it would wait for the cases under way. Its worker ends with this process.
    running.catch(() => undefined);
    begun?.cancelCurrentRun('keyboard-input').catch(() => undefined);
  } else await vitest.close();
  process.exitCode = before;
}

const signals = ['SIGINT', 'SIGTERM'] as const;
