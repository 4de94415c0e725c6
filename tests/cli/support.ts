import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { RunJob } from '../../cli/certify.ts';
import { main } from '../../cli/commands.ts';
import { runHere } from '../../cli/run-here.ts';
import { few } from '../support/certify.ts';
import { timeOf } from '../support/emulator.ts';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Nothing of the vitest around it and no terminal; the cache halves the time of a start. */
export const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR,
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/token-conformance'),
};

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs `token-conformance …` within this process until it ends: its messages, files and exit code, but nothing that
 * only a process shows.
 */
export async function cli(args: readonly string[], runJob = runHere()): Promise<Ended> {
  const { code, out, err, stop } = await begun(args, runJob);
  await stop();
  return { code, out, err };
}

/** The same for a command that goes on until it is interrupted: `stop` does what an interruption does. */
export async function begun(
  args: readonly string[],
  runJob = runHere(),
): Promise<Ended & { readonly stop: () => Promise<void> }> {
  const [out, err]: [string[], string[]] = [[], []];
  let stop = async () => {};
  const code = await main(args, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    whenInterrupted: (given) => {
      stop = given;
    },
    runJob,
  });
  return { code, out: out.join(''), err: err.join(''), stop };
}

/**
 * Runs all cases of a command in this process, each property with few values; against an emulator that is given, nothing
 * waits for real.
 */
export function fewHere(emulator?: Parameters<typeof timeOf>[0]): RunJob {
  const run = runHere(undefined, emulator && timeOf(emulator));
  return (job, ...others) => run({ ...job, budget: few }, ...others);
}

/** Runs `token-conformance …` in a process of its own until it ends; one that hangs is killed, its code null. */
export function cliProcess(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...nodeOptions, 'cli/main.ts', ...args],
      { cwd: root, env: environment, maxBuffer: 64 * 1024 * 1024, timeout: 100_000, killSignal: 'SIGKILL' },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

/** A folder for one test file, removed after it. */
export function folderForThisFile() {
  const path = mkdtempSync(join(realpathSync(tmpdir()), 'token-conformance-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    file: (name: string) => join(path, name),
    write(name: string, content: string): string {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
  };
}
