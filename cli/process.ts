import { main } from './commands.ts';
import { interruptedCode, wrongUse } from './words.ts';

// A reader such as `head` may leave before the end; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`Standard output cannot be written: ${error.message}\n`);
  process.exit(wrongUse);
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: () => process.stdin,
  whenInterrupted(stop) {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  },
});

// What was under way when somebody ended a run may take its time to end, and nobody waits for it.
if (process.exitCode === interruptedCode) process.stdout.write('', () => process.exit(interruptedCode));
