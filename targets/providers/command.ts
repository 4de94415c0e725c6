import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { FixtureProvider } from '../fixtures.ts';

/** Exit code with which a command says that it does not offer a verb. */
export const notOfferedExitCode = 3;

/**
 * Runs `command … verb` without a shell, the input as JSON on standard input, the output as JSON on
 * standard output. Exit code 0: given; 3: not offered; any other: refused, standard error says why.
 */
export function callCommand(
  { command, cwd }: { readonly command: readonly string[]; readonly cwd?: string },
  timeoutMs: number,
): FixtureProvider {
  const [program = '', ...args] = command;
  return async (verb, input) => {
    const child = spawn(program, [...args, verb], { ...(cwd && { cwd }), stdio: 'pipe', timeout: timeoutMs });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(input));
    const closed = new Promise<number | string>((resolve) => {
      child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      child.on('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
    });
    const [out, err, end] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    if (end === notOfferedExitCode) return { kind: 'not-offered' };
    if (typeof end === 'string')
      return { kind: 'failed', message: `the command ${program} ended with ${end}` };
    if (end !== 0)
      return { kind: 'refused', message: err.trim() || `the command ${program} ended with ${end}` };
    try {
      return { kind: 'given', output: JSON.parse(out.trim() || '{}') };
    } catch {
      return { kind: 'failed', message: `the command ${program} printed something that is not JSON` };
    }
  };
}
