import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Client } from './all.ts';
import { type Cell, cellsOf } from './cells.ts';
import { given } from './given.ts';
import { isPolledOn, type Mark, marksOf, type Outcome } from './marks.ts';
import { type Command, environment } from './toolchains.ts';
import type { Answer, Self, Task } from './words.ts';

export interface Ran {
  /** Undefined where the program did not come so far. */
  readonly self: Self | undefined;
  /** By the id of the cell. */
  readonly marks: ReadonlyMap<string, Mark>;
}

/** botocore asks that often; a client that asks less leaves the rest in its emulator. */
const attempts = 5;
/** In milliseconds, for one task: some clients wait seconds between two attempts. */
const patience = 180_000;

/** Lets a client go through every cell of its dialect, or those that are named. */
export async function run(
  client: Client,
  home: string,
  cells: readonly Cell[] = cellsOf(client.dialect),
): Promise<Ran> {
  const offered = cells.filter((cell) => client.offers?.(cell) ?? true);
  const program = start(client.program(home));
  try {
    const self = await program.self();
    const outcomes: Outcome[] = [];
    // One after another, so that nothing that was made for a task grows old before it.
    for (const cell of offered) outcomes.push(await outcomeOf(client, program, cell));
    const notOffered = cells.map(({ id }) => [id, { kind: 'not-offered' }] as const);
    return { self, marks: new Map<string, Mark>([...notOffered, ...marksOf(client, outcomes)]) };
  } finally {
    await program.end();
  }
}

async function outcomeOf(client: Client, program: Program, cell: Cell): Promise<Outcome> {
  const times = client.polls && isPolledOn(cell) ? 1 : attempts;
  const { task, sent, close } = await given(cell, times);
  try {
    return { cell, answer: await program.ask(task), sent };
  } finally {
    await close();
  }
}

type Program = ReturnType<typeof start>;

/** The program of a client. One that ended, or answers nothing in time, answers nothing more. */
function start([program, ...args]: Command) {
  const child = spawn(program, args, { env: environment() });
  const lines = createInterface({ input: child.stdout });
  const printed = lines[Symbol.asyncIterator]();
  let [how, err] = ['it answered nothing in time', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err = (err + text).slice(-2_000);
  });
  // A program that is gone is told by how it ended.
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    child.on('error', ({ message }) => {
      how = message;
      lines.close();
      resolve();
    });
    child.on('close', (status, signal) => {
      how = `it ended with ${signal ?? status}`;
      resolve();
    });
  });

  /** The next line that is wanted; what else a program prints is none of ours. */
  const next = async <T extends object>(isWanted: (line: object) => line is T): Promise<T | undefined> => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    try {
      for (let line = await printed.next(); !line.done; line = await printed.next()) {
        const read = objectIn(line.value);
        if (read && isWanted(read)) return read;
      }
      await ended;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    self: () => next((line): line is Self => 'client' in line),
    ask: async (task: Task): Promise<Omit<Answer, 'id'>> => {
      child.stdin.write(`${JSON.stringify(task)}\n`);
      const answer = await next((line): line is Answer => 'id' in line && line.id === task.id);
      return answer ?? { seen: 'no answer', said: `${how}. ${err.trim()}` };
    },
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

function objectIn(line: string): object | undefined {
  try {
    return line.startsWith('{') ? JSON.parse(line) : undefined;
  } catch {
    return undefined;
  }
}
