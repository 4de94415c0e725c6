import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Answer, Self, Task } from '../words.ts';

/** Says who this program is, and then what became of each task. */
export async function answerLines<T extends Task>(
  self: Self,
  answer: (task: T) => Promise<Omit<Answer, 'id'>>,
): Promise<void> {
  const print = (line: Self | Answer) => process.stdout.write(`${JSON.stringify(line)}\n`);
  print(self);
  for await (const line of createInterface({ input: process.stdin })) {
    const task = JSON.parse(line) as T;
    print({ id: task.id, ...(await answer(task)) });
  }
}

/** A package that is installed here. */
export function packageNamed(client: string): Self {
  const file = new URL(`../../../node_modules/${client}/package.json`, import.meta.url);
  return { client, version: JSON.parse(readFileSync(file, 'utf8')).version };
}

/** As a browser goes: to the authorization endpoint and back. */
export async function browse(url: URL): Promise<URL> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  return new URL(headers.get('location') ?? '');
}

/** What a client threw, by its class and no name that a message may bring; `error` where it holds one. */
export function thrownAs(thrown: unknown, error?: string): Omit<Answer, 'id'> {
  const problem = thrown as Error;
  return { seen: error ?? problem.constructor.name, said: problem.message };
}
