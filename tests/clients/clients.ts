import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dialectNames } from '../../specs/read.ts';
import { type Client, clients } from './all.ts';
import { cellsOf } from './cells.ts';
import { type Column, renderClients } from './render.ts';
import { run } from './run.ts';
import { build, homeOf, type ToolchainName, toolchains, versionOf } from './toolchains.ts';

/*
 * Lets the clients that people use go through the reference emulator, in each language whose tools are here.
 *
 *   npm run clients                      all of them
 *   npm run clients -- python go         those of a language
 *   npm run clients -- --write           and writes docs/clients.md
 *   npm run clients -- --cache DIR       where the languages keep what they fetch and make, outside the repository
 *
 * Exit code 0: all that was tried arrived right. 1: something did not. 2: nothing could be tried, or something could not be
 * built. 3: the command is wrong. What is not found here is said, and is no mistake.
 */

const written = fileURLToPath(new URL('../../docs/clients.md', import.meta.url));

interface Options {
  readonly languages: readonly ToolchainName[];
  readonly cache: string;
  readonly write: boolean;
}

function main({ languages, cache, write }: Options): Promise<number> {
  mkdirSync(cache, { recursive: true });
  return certify(languages, cache).then((columns) => {
    const cells = dialectNames.flatMap(cellsOf);
    const text = renderClients({ date: new Date().toISOString().slice(0, 10), columns, cells });
    process.stdout.write(`${text}\n${problemsOf(columns)}`);
    if (write) writeFileSync(written, text);
    return exitCodeOf(columns);
  });
}

async function certify(languages: readonly ToolchainName[], cache: string): Promise<Column[]> {
  const made = new Map<ToolchainName, Column['outcome'] | string>();
  const columns: Column[] = [];
  for (const client of clients.filter(({ language }) => languages.includes(language))) {
    const { title, dialect, language } = client;
    process.stderr.write(`${title.replaceAll('`', '')} …\n`);
    const prepared = made.get(language) ?? prepare(language, cache);
    made.set(language, prepared);
    columns.push(
      typeof prepared === 'string'
        ? { title, dialect, language: `${language} ${prepared}`, outcome: await ranBy(client, cache) }
        : { title, dialect, language, outcome: prepared },
    );
  }
  return columns;
}

/** The version of the language, or why there is none. */
function prepare(language: ToolchainName, cache: string): Column['outcome'] | string {
  const version = versionOf(language);
  if (version === undefined) return { kind: 'not-found' };
  try {
    build(language, cache);
    return version;
  } catch (thrown) {
    return { kind: 'not-built', problem: (thrown as Error).message };
  }
}

async function ranBy(client: Client, cache: string): Promise<Column['outcome']> {
  const { self, marks } = await run(client, homeOf(client.language, cache));
  return { kind: 'ran', version: self?.version ?? 'unknown', marks };
}

/** What clients said where something else arrived, and what tools said that built nothing. */
function problemsOf(columns: readonly Column[]): string {
  return columns
    .flatMap(({ title, outcome }) => {
      if (outcome.kind === 'not-built') return [`${title}: ${outcome.problem}\n`];
      if (outcome.kind !== 'ran') return [];
      return [...outcome.marks].flatMap(([id, mark]) =>
        mark.kind === 'wrong' ? [`${title}: ${id}: ${mark.instead}: ${mark.said ?? ''}\n`] : [],
      );
    })
    .join('');
}

function exitCodeOf(columns: readonly Column[]): number {
  const ran = columns.flatMap(({ outcome }) => (outcome.kind === 'ran' ? [outcome] : []));
  if (ran.some(({ marks }) => [...marks.values()].some(({ kind }) => kind === 'wrong'))) return 1;
  return ran.length === 0 || columns.some(({ outcome }) => outcome.kind === 'not-built') ? 2 : 0;
}

/** @throws {Error} that says what is wrong with them */
function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { write: { type: 'boolean', default: false }, cache: { type: 'string' } },
  });
  const all = Object.keys(toolchains) as ToolchainName[];
  const unknown = positionals.filter((name) => !Object.hasOwn(toolchains, name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}: choose of ${all.join(', ')}.`);
  const { write, cache = join(tmpdir(), 'token-conformance-clients') } = values;
  if (write && positionals.length > 0) throw new Error('--write needs all languages: name none.');
  const languages = positionals.length === 0 ? all : all.filter((name) => positionals.includes(name));
  return { languages, cache: resolve(cache), write };
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (thrown) {
  process.stderr.write(`${(thrown as Error).message}\n`);
  process.exitCode = 3;
}
