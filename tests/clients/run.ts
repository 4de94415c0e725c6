import { spawn } from 'node:child_process';
import type { Client } from './all.ts';
import { type Cell, cellsOf } from './cells.ts';
import { type Given, given } from './given.ts';
import { isPolledOn, type Mark, marksOf } from './marks.ts';
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
/** In milliseconds, for all tasks of a client: some wait seconds between two attempts. */
const patience = 15 * 60_000;

/** Lets a client go through every cell of its dialect, or those that are named. */
export async function run(
  client: Client,
  home: string,
  cells: readonly Cell[] = cellsOf(client.dialect),
): Promise<Ran> {
  const offered = cells.filter((cell) => client.offers?.(cell) ?? true);
  const waiting: Given[] = [];
  try {
    for (const cell of offered)
      waiting.push(await given(cell, client.polls && isPolledOn(cell) ? 1 : attempts));
    const tasks = waiting.map(({ task }) => task);
    const { self, answers, problem } = await ask(client.program(home), tasks);
    const outcomes = waiting.map(({ cell, sent }) => {
      const answer = answers.get(cell.id) ?? { seen: 'no answer', said: problem };
      return { cell, answer, sent };
    });
    const notOffered = cells.map(({ id }) => [id, { kind: 'not-offered' }] as const);
    return { self, marks: new Map<string, Mark>([...notOffered, ...marksOf(client, outcomes)]) };
  } finally {
    await Promise.all(waiting.map(({ close }) => close()));
  }
}

interface Told {
  readonly self: Self | undefined;
  readonly answers: ReadonlyMap<string, Answer>;
  /** How the program ended. */
  readonly problem: string;
}

function ask([program, ...args]: Command, tasks: readonly Task[]): Promise<Told> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment(), timeout: patience, killSignal: 'SIGKILL' });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-2_000);
    });
    // A program that is gone is told by how it ended.
    child.stdin.on('error', () => {});
    child.stdin.end(tasks.map((task) => `${JSON.stringify(task)}\n`).join(''));
    const end = (how: string) => resolve({ ...read(out), problem: `${how}. ${err.trim()}` });
    child.on('error', ({ message }) => end(message));
    child.on('close', (status, signal) => end(`the program ended with ${signal ?? status}`));
  });
}

/** What else a program prints, or began to print when it ended, is none of ours. */
function read(out: string): Omit<Told, 'problem'> {
  const lines = out.split('\n').flatMap((line): (Self | Answer)[] => {
    try {
      return line.startsWith('{') ? [JSON.parse(line)] : [];
    } catch {
      return [];
    }
  });
  const answers = lines.filter((line) => 'id' in line);
  return {
    self: lines.find((line) => 'client' in line),
    answers: new Map(answers.map((answer) => [answer.id, answer])),
  };
}
