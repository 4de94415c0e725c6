import { type ChildProcess, fork } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { progressOn } from '../../cli/progress.ts';
import { suite } from '../../cli/suite.ts';
import { defects, type Seeded } from '../../emulator/defects/all.ts';
import { type DialectName, dialectNames } from '../../specs/read.ts';
import { planned, profileFor, widest } from './certify-changed.ts';
import { groupsOf, type VariantGroup } from './groups.ts';
import { isBroken, type KillMatrix, matrixOf, unprovenIn } from './matrix.ts';
import { renderMatrices, renderSummary } from './render.ts';
import { variants } from './variants.ts';
import type { Done, Work } from './worker.ts';

/**
 * Runs the suites against every seeded defect and every conformant variant, and writes the kill matrix.
 * Names (with `*`), `--class` and `--dialect` select; `--generated` leaves only generated requests to notice them. Without these,
 * the README gets the figures too, or, with `--check`, must have them. `--first N` runs everything against N of the
 * chosen defects, drawn by the seed, as many of each dialect, to see whether the first cause names what they break:
 * 20 of all of them. `--part N` tries one of N of all, drawn by the seed.
 */
const { seed, check, names, classes, dialects, generated, first, part } = options();
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = names.map((text) => new RegExp(`^${text.replaceAll('*', '.*')}$`));
const isWanted = (name: string) => wanted.length === 0 || wanted.some((pattern) => pattern.test(name));
const isUnchosen = names.length === 0 && classes.length === 0 && !generated;
const whole = isUnchosen && part === 1;
const everything = whole && dialects.length === dialectNames.length;
const chosen = dialects.map((dialect) => {
  const probed = new Set(planned[dialect].map(({ requirement }) => requirement));
  return {
    dialect,
    cases: planned[dialect],
    // What a defect of both dialects breaks in the words of the other one is not looked for in this one.
    defects: defects
      .filter((one) => one.dialects.includes(dialect))
      .filter((one) => isWanted(one.name) && (classes.length === 0 || classes.includes(one.class)))
      .flatMap((one): Seeded[] => {
        const [closest, ...others] = one.breaks.filter((id) => probed.has(id));
        return closest === undefined ? [] : [{ ...one, breaks: [closest, ...others] }];
      })
      .filter(isDrawn),
    variants:
      classes.length > 0 || generated
        ? []
        : variants[dialect].filter(({ name }) => isWanted(name)).filter(isDrawn),
  };
});
if (chosen.every((one) => one.defects.length + one.variants.length === 0))
  misused('No defect and no variant is called so.');

const work = chosen.flatMap(({ dialect, ...them }): Work[] => {
  const named = (kind: Work['kind'], all: readonly { readonly name: string }[]): Work[] =>
    all.map(({ name }) => ({ kind, dialect, name, seed }));
  const onlyGenerated = planned[dialect].filter((one) => one.generated).map(({ id }) => id);
  const profiles = new Set([...them.defects.map((one) => profileFor(one, dialect)), widest[dialect]]);
  return [
    ...named(
      'baseline',
      [...profiles].map((name) => ({ name })),
    ),
    ...(isUnchosen ? groupsOf(drawn(them.variants)) : them.variants.map((one): VariantGroup => [one])).map(
      (group) => variantWork(dialect, group),
    ),
    ...named('defect', them.defects).map((one) => ({ ...one, ...(generated && { cases: onlyGenerated }) })),
    ...named(
      'first',
      drawn(them.defects, Math.ceil((first ?? (isUnchosen ? 20 / part : 0)) / dialects.length)),
    ),
  ];
});

const begin = performance.now();
const progress = progressOn(process.stderr);
const workers = startWorkers();
const done = await runAll(work);
// Several that are quiet at once are so alone; where something fails, each is tried by itself.
done.push(...(await runAll(done.filter(isLoud).flatMap(oneByOne))));
const matrices = () => chosen.map((one) => matrixOf({ ...one, suite, seed, done, whole }));
// Cases that no defect needed so far still have to show that they can fail: each tries the next one of its own.
for (let round = 0; whole; round++) {
  const next = matrices().flatMap((matrix, at) => nextOf(matrix, at, round));
  if (next.length === 0) break;
  done.push(...(await runAll(next)));
}
for (const worker of workers) worker.disconnect();
progress.clear();

const seen = matrices();
const problems = seen.flatMap((matrix) => matrix.problems.map((one) => `${matrix.dialect}: ${one}`));
mkdirSync('report', { recursive: true });
writeFileSync('report/kill-matrix.json', `${JSON.stringify(seen, null, 2)}\n`);
writeFileSync('report/kill-matrix.md', renderMatrices(seen));
const stale = everything && updateReadme(renderSummary(seen));
process.stdout.write(`${renderSummary(seen)}\n\n`);
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${problems.length} problems · ${Math.round((performance.now() - begin) / 100) / 10} s · report/kill-matrix.md\n`,
);
if (stale) process.stdout.write(`README.md states other figures${check ? '' : '; it is updated'}\n`);
process.exitCode = problems.length === 0 && !(stale && check) ? 0 : 1;

function variantWork(dialect: DialectName, [{ name }, ...others]: VariantGroup): Work {
  const beside = others.map((one) => one.name);
  return { kind: 'variant', dialect, name, seed, ...(beside.length > 0 && { beside }) };
}

function isLoud({ others, beside = [] }: Done): boolean {
  return beside.length > 0 && others.some(([, verdict]) => isBroken(verdict));
}

function oneByOne({ name, beside = [], dialect }: Done): Work[] {
  return [name, ...beside].map((one) => ({ kind: 'variant', dialect, name: one, seed }));
}

function nextOf(matrix: KillMatrix, at: number, round: number): Work[] {
  const next = new Map<string, string[]>();
  for (const { case: id, candidates } of unprovenIn(matrix, chosen[at]?.defects ?? [])) {
    const name = candidates[round];
    if (name !== undefined) next.set(name, [...(next.get(name) ?? []), id]);
  }
  return [...next].map(([name, cases]) => ({
    kind: 'defect',
    dialect: matrix.dialect,
    name,
    seed,
    cases,
  }));
}

/** Whether the seed puts it into the part that is tried. */
function isDrawn({ name }: { readonly name: string }): boolean {
  return Number.parseInt(hash('sha256', `${seed} ${name}`).slice(0, 8), 16) % part === 0;
}

/** In an order that follows from the seed: all of them, or so many. */
function drawn<T extends { readonly name: string }>(all: readonly T[], amount = all.length): T[] {
  const places = new Map(all.map((one) => [one, hash('sha256', `${seed} ${one.name}`)]));
  const order = all.toSorted((one, other) => ((places.get(one) ?? '') < (places.get(other) ?? '') ? -1 : 1));
  return order.slice(0, amount);
}

/** As many processes as there are processors. */
function startWorkers(): ChildProcess[] {
  return Array.from({ length: availableParallelism() }, () => fork(new URL('worker.ts', import.meta.url)));
}

async function runAll(all: readonly Work[]): Promise<Done[]> {
  const results: Done[] = [];
  const queue = all.values();
  await Promise.all(
    workers.map(async (worker) => {
      for (const one of queue) {
        results.push(await ask(worker, one));
        progress.show(results.length, all.length, one.name);
      }
    }),
  );
  return results;
}

function ask(worker: ChildProcess, one: Work): Promise<Done> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the process that tried ${one.kind} ${one.name} ended`));
    worker.once('exit', ended);
    worker.once('message', (message) => {
      worker.off('exit', ended);
      resolve(message as Done);
    });
    worker.send(one);
  });
}

/** The README states what was measured, between two marks. True when it stated something else. */
function updateReadme(figures: string): boolean {
  const file = `${root}README.md`;
  const text = readFileSync(file, 'utf8');
  const marked = /(<!-- figures of npm run kill -->\n)[\s\S]*?(\n<!-- end of figures -->)/;
  if (!marked.test(text)) throw new Error('README.md has no marks for the figures of npm run kill');
  const updated = text.replace(marked, (_, start, end) => `${start}\n${figures}\n${end}`);
  if (updated !== text && !check) writeFileSync(file, updated);
  return updated !== text;
}

function options(): {
  seed: number;
  check: boolean;
  names: string[];
  classes: string[];
  dialects: readonly DialectName[];
  generated: boolean;
  first: number | undefined;
  part: number;
} {
  try {
    const { values, positionals } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        check: { type: 'boolean', default: false },
        class: { type: 'string', multiple: true, default: [] },
        dialect: { type: 'string' },
        generated: { type: 'boolean', default: false },
        first: { type: 'string' },
        part: { type: 'string', default: '1' },
      },
      allowPositionals: true,
    });
    if (!/^\d{1,10}$/.test(values.seed)) misused('--seed must be a whole number.');
    if (!/^\d{0,4}$/.test(values.first ?? '')) misused('--first must be a whole number.');
    if (!/^[1-9]\d{0,2}$/.test(values.part)) misused('--part must be a whole number from 1.');
    const first = values.first === undefined ? undefined : Number(values.first);
    const dialects = dialectNames.filter((one) => one === (values.dialect ?? one));
    if (dialects.length === 0) misused(`--dialect must be one of ${dialectNames.join(', ')}.`);
    return {
      ...values,
      first,
      dialects,
      part: Number(values.part),
      seed: Number(values.seed),
      classes: values.class,
      names: positionals,
    };
  } catch (error) {
    misused((error as Error).message);
  }
}

function misused(message: string): never {
  process.stderr.write(
    `${message}\nnpm run kill -- [--seed NUMBER] [--check] [--class NAME] [--dialect NAME] [--generated] [--first NUMBER] [--part NUMBER] [NAME of a defect or variant, with *] …\n`,
  );
  process.exit(3);
}
