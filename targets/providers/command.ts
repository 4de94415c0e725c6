import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { FixtureProvider } from '../fixtures/provider.ts';
import { readJson } from '../json.ts';
import { afterListeningFor } from '../transport/patience.ts';

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
    const failed = (how: string) => ({ kind: 'failed', message: `the command ${program} ${how}` }) as const;
    try {
      const child = spawn(program, [...args, verb], { ...(cwd && { cwd }), stdio: 'pipe' });
      let late = false;
      const stopWaiting = afterListeningFor(timeoutMs, () => {
        late = true;
        child.kill('SIGKILL');
        // What the command itself started may still hold the other end of these.
        child.stdout.destroy();
        child.stderr.destroy();
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(JSON.stringify(input));
      const closed = new Promise<number | string>((resolve) => {
        child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
        child.on('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
      });
      const [out, err, end] = await Promise.all([
        text(child.stdout).catch(() => ''),
        text(child.stderr).catch(() => ''),
        closed,
      ]).finally(stopWaiting);
      if (late) return failed(`did not end within ${timeoutMs / 1_000} s`);
      if (end === notOfferedExitCode) return { kind: 'not-offered' };
      if (typeof end === 'string') return failed(`ended with ${end}`);
      if (end !== 0)
        return { kind: 'refused', message: err.trim() || `the command ${program} ended with ${end}` };
      const { object } = readJson(out.trim() || '{}');
      return object === undefined
        ? failed('printed something that is not a JSON object')
        : { kind: 'given', output: object };
    } catch (error) {
      return failed(`cannot be started (${(error as NodeJS.ErrnoException).code})`);
    }
  };
}
