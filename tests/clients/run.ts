import { spawn } from 'node:child_process';
import type { Client } from './all.ts';
import { type Cell, cellsOf } from './cells.ts';
import { type Given, given } from './given.ts';
import { type Command, environment } from './toolchains.ts';
import type { Answer, Self, Task } from './words.ts';

/** What a client made of a cell. */
export type Mark =
  /** `as` where it is not shown as the error: by a name of the client's own, or not at all. */
  | { readonly kind: 'right'; readonly as?: string }
  | { readonly kind: 'wrong'; readonly instead: string; readonly said?: string }
  | { readonly kind: 'not-offered' };

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
    const { self, answers, problem } = await ask(
      client.program(home),
      waiting.map(({ task }) => task),
      home,
    );
    const marks = new Map<string, Mark>(cells.map(({ id }) => [id, { kind: 'not-offered' }]));
    for (const { cell, sent } of waiting)
      marks.set(
        cell.id,
        markOf(client, cell, answers.get(cell.id) ?? { seen: 'no answer', said: problem }, sent),
      );
    return { self, marks };
  } finally {
    await Promise.all(waiting.map(({ close }) => close()));
  }
}

/** Whether the client shows what was really sent: one that saw an error that nobody sent is as wrong. */
export function markOf(
  client: Pick<Client, 'polls' | 'own'>,
  cell: Cell,
  { seen, said }: Omit<Answer, 'id'>,
  sent: ReadonlySet<string>,
): Mark {
  const wrong = (instead: string): Mark => ({ kind: 'wrong', instead, ...(said && { said }) });
  const { exception } = cell;
  if (exception !== undefined && !sent.has(exception)) return wrong(`${seen}, and the error was never sent`);
  if (exception === undefined && sent.size > 0) return wrong(`${seen}, after ${[...sent].join(', ')}`);
  if (seen === (exception ?? 'granted')) return { kind: 'right' };
  if (client.polls && isPolledOn(cell) && seen === 'granted') return { kind: 'right', as: 'asks again' };
  return exception !== undefined && seen === client.own?.[exception]
    ? { kind: 'right', as: seen }
    : wrong(seen);
}

const isPolledOn = ({ grant = '', exception = '' }: Cell): boolean =>
  grant.endsWith(':device_code') &&
  ['AuthorizationPendingException', 'SlowDownException', 'authorization_pending', 'slow_down'].includes(
    exception,
  );

interface Told {
  readonly self: Self | undefined;
  readonly answers: ReadonlyMap<string, Answer>;
  /** How the program ended. */
  readonly problem: string;
}

function ask([program, ...args]: Command, tasks: readonly Task[], home: string): Promise<Told> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment(home), timeout: patience, killSignal: 'SIGKILL' });
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

function read(out: string): Omit<Told, 'problem'> {
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const [self, ...answers] = lines.map((line) => JSON.parse(line));
  return { self, answers: new Map((answers as Answer[]).map((answer) => [answer.id, answer])) };
}
