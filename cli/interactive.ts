import { createInterface } from 'node:readline';
import { forTerminal } from '../reporters/escape.ts';
import { beforeOther, declaredFixtures } from '../targets/fixtures/open.ts';
import { interactive, type Person } from '../targets/providers/interactive.ts';
import type { RunJob } from './certify.ts';
import type { Io } from './io.ts';
import { runHere } from './run-here.ts';

/** Runs the cases in this process, and has who sits in front of it go through the pages of the server. */
export function runWithPerson({ stderr, stdin }: Io): RunJob {
  return async (job, ...others) => {
    const person = personAt(stdin?.(), stderr);
    try {
      const declared = await declaredFixtures(job.target);
      const provider = beforeOther(declared, interactive(job.target, person));
      return await runHere(provider)(job, ...others);
    } finally {
      person.leave();
    }
  };
}

function personAt(
  stdin: NodeJS.ReadableStream | undefined,
  stderr: Io['stderr'],
): Person & { leave(): void } {
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const one of waiting.splice(0)) one();
  };
  const isTyped = stdin !== undefined && 'isTTY' in stdin && stdin.isTTY === true;
  let gone = stdin === undefined;
  const reader = stdin && createInterface({ input: stdin });
  reader?.on('line', (line) => {
    lines.push(line);
    wake();
  });
  reader?.on('close', () => {
    gone = true;
    wake();
  });
  const clear = stderr.isTTY ? '\r\u001b[K' : '';
  return {
    say: (text) => {
      // Who typed before they were asked answered something else.
      if (isTyped) lines.length = 0;
      stderr.write(
        `${clear}${text
          .split('\n')
          .map((line) => forTerminal(line))
          .join('\n')}\n`,
      );
    },
    async line(signal) {
      while (lines.length === 0 && !gone && !signal.aborted)
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      return signal.aborted ? undefined : lines.shift();
    },
    countdown: (seconds) => {
      if (stderr.isTTY && !process.env.CI)
        stderr.write(seconds === undefined ? clear : `${clear}waiting for the browser: ${seconds} s left`);
    },
    leave: () => reader?.close(),
  };
}
