import { startEmulator } from '../emulator/server.ts';
import { UserError } from '../targets/problem.ts';

/**
 * Serves the reference emulator until it is interrupted.
 *
 * @throws {UserError} when the port cannot be had
 */
export async function serve({ port }: { readonly port: number }): Promise<void> {
  if (port > 65_535) throw new UserError(`${port} is no port: ports go up to 65535.`);
  const emulator = await startEmulator({ port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE')
      throw new UserError(`Port ${port} is in use. Choose another one with --port, or 0 for a free one.`);
    if (error.code === 'EACCES')
      throw new UserError(`Port ${port} needs more rights. Choose one above 1023 with --port.`);
    throw error;
  });
  process.stdout.write(`reference emulator: ${emulator.url}\nfixture service:    ${emulator.fixtures}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void emulator.close());
}
