import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The folder of the project. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

const compiled = mkdtempSync(join(realpathSync(tmpdir()), 'token-conformance-compiled-'));
afterAll(() => rmSync(compiled, { recursive: true, force: true }));

/** Nothing of the vitest around it and no terminal; a cache makes every start but the first twice as fast. */
export const environment = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TMPDIR: process.env.TMPDIR,
  NODE_COMPILE_CACHE: compiled,
};

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `token-conformance …` in a process of its own until it ends. */
export function cli(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...nodeOptions, 'cli/main.ts', ...args],
      { cwd: root, env: environment, maxBuffer: 64 * 1024 * 1024 },
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
