import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
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

async function main({ languages, cache, write }: Options): Promise<number> {
  mkdirSync(cache, { recursive: true });
  const columns = await columnsOf(languages, cache);
  const date = new Date().toISOString().slice(0, 10);
  const text = renderClients({ date, columns, cells: dialectNames.flatMap(cellsOf) });
  process.stdout.write(`${text}\n${problemsOf(columns)}`);
  if (write) writeFileSync(written, text);
  return exitCodeOf(columns);
}

/** Side by side: most wait between two attempts. */
const atOnce = pLimit(6);

/** All languages are made before the first client runs: that stops this process, in which their emulators are. */
function columnsOf(languages: readonly ToolchainName[], cache: string): Promise<Column[]> {
  const made = new Map(languages.map((language) => [language, prepare(language, cache)]));
  return Promise.all(
    clients.flatMap((client) => {
      const prepared = made.get(client.language);
      return prepared ? [atOnce(() => columnOf(client, prepared, cache))] : [];
    }),
  );
}

/** The version of the language, or why its clients cannot run. */
type Prepared = { readonly version: string } | Exclude<Column['outcome'], { kind: 'ran' }>;

function prepare(language: ToolchainName, cache: string): Prepared {
  const version = versionOf(language);
  if (version === undefined) return { kind: 'not-found' };
  process.stderr.write(`making what is of ${language} ${version}\n`);
  try {
    build(language, cache);
    return { version };
  } catch (thrown) {
    return { kind: 'not-built', problem: (thrown as Error).message };
  }
}

async function columnOf(client: Client, prepared: Prepared, cache: string): Promise<Column> {
  const { title, dialect } = client;
  const language = toolchains[client.language].title;
  if ('kind' in prepared) return { title, dialect, language, outcome: prepared };
  process.stderr.write(`${title} …\n`);
  const outcome = await ranBy(client, cache);
  process.stderr.write(`${title} is through\n`);
  return { title, dialect, language: language && `${language} ${prepared.version}`, outcome };
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
        mark.kind === 'wrong' ? [`${title}: ${id}: ${mark.instead} ${oneLine(mark.said ?? '')}\n`] : [],
      );
    })
    .join('');
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

function exitCodeOf(columns: readonly Column[]): number {
  const ran = columns.flatMap(({ outcome }) => (outcome.kind === 'ran' ? [outcome] : []));
  if (ran.some(({ marks }) => [...marks.values()].some(({ kind }) => kind === 'wrong'))) return 1;
  return ran.length === 0 || columns.some(({ outcome }) => outcome.kind === 'not-built') ? 2 : 0;
}

/** Undefined, and said, where the command is wrong. */
function readOptions(args: string[]): Options | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { write: { type: 'boolean', default: false }, cache: { type: 'string' } },
    });
    const all = Object.keys(toolchains) as ToolchainName[];
    const unknown = positionals.filter((name) => !Object.hasOwn(toolchains, name));
    if (unknown.length > 0)
      throw new Error(`There is no ${unknown.join(', ')}: choose of ${all.join(', ')}.`);
    const { write, cache = join(tmpdir(), 'token-conformance-clients') } = values;
    if (write && positionals.length > 0) throw new Error('--write needs all languages: name none.');
    const languages = positionals.length === 0 ? all : all.filter((name) => positionals.includes(name));
    return { languages, cache: resolve(cache), write };
  } catch (wrong) {
    process.stderr.write(`${(wrong as Error).message}\n`);
    return undefined;
  }
}

const options = readOptions(process.argv.slice(2));
process.exitCode = options ? await main(options) : 3;
