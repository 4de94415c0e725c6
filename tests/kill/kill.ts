import { type ChildProcess, fork } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { progressOn } from '../../cli/progress.ts';
import { suite } from '../../cli/suite.ts';
import { defects } from '../../emulator/defects/all.ts';
import { planned, profileFor } from './certify-changed.ts';
import { matrixOf, unprovenIn } from './matrix.ts';
import { renderMatrix, renderSummary } from './render.ts';
import { variants } from './variants.ts';
import type { Done, Work } from './worker.ts';

/**
 * Runs the suites against every seeded defect and every conformant variant, and writes the kill matrix.
 * Names (with `*`) and `--class` select; `--generated` leaves only generated requests to notice them. Without these,
 * the README gets the figures too, or, with `--check`, must have them. `--first N` runs everything against N of the
 * chosen defects, drawn by the seed, to see whether the first cause names what they break: 20 of all of them.
 */
const { seed, check, names, classes, generated, first } = options();
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = names.map((text) => new RegExp(`^${text.replaceAll('*', '.*')}$`));
const isWanted = (name: string) => wanted.length === 0 || wanted.some((pattern) => pattern.test(name));
const whole = names.length === 0 && classes.length === 0 && !generated;
const chosen = {
  defects: defects.filter(
    (one) => isWanted(one.name) && (classes.length === 0 || classes.includes(one.class)),
  ),
  variants: classes.length > 0 || generated ? [] : variants.filter(({ name }) => isWanted(name)),
};
if (chosen.defects.length + chosen.variants.length === 0) misused('No defect and no variant is called so.');

const onlyGenerated = planned.filter((one) => one.generated).map(({ id }) => id);
const profiles = [...new Set([...chosen.defects.map(profileFor), 'aws-sso-oidc'])];
const work: Work[] = [
  ...profiles.map((name) => ({ kind: 'baseline' as const, name, seed })),
  ...chosen.variants.map(({ name }) => ({ kind: 'variant' as const, name, seed })),
  ...chosen.defects.map(({ name }) => ({
    kind: 'defect' as const,
    name,
    seed,
    ...(generated && { cases: onlyGenerated }),
  })),
  ...drawn(chosen.defects, first ?? (whole ? 20 : 0)).map(({ name }) => ({
    kind: 'first' as const,
    name,
    seed,
  })),
];

const begin = performance.now();
const progress = progressOn(process.stderr);
const workers = startWorkers();
const done = await runAll(work);
const evidence = () => matrixOf({ suite, seed, cases: planned, ...chosen, done, whole });
// Cases that no defect needed so far still have to show that they can fail: each tries the next one of its own.
for (let round = 0; whole; round++) {
  const next = new Map<string, string[]>();
  for (const { case: id, candidates } of unprovenIn(evidence(), defects)) {
    const name = candidates[round];
    if (name !== undefined) next.set(name, [...(next.get(name) ?? []), id]);
  }
  if (next.size === 0) break;
  done.push(
    ...(await runAll([...next].map(([name, ids]) => ({ kind: 'defect' as const, name, seed, cases: ids })))),
  );
}
for (const worker of workers) worker.disconnect();
progress.clear();

const matrix = evidence();
mkdirSync('report', { recursive: true });
writeFileSync('report/kill-matrix.json', `${JSON.stringify(matrix, null, 2)}\n`);
writeFileSync('report/kill-matrix.md', renderMatrix(matrix));
const stale = whole && updateReadme(renderSummary(matrix));
process.stdout.write(`${renderSummary(matrix)}\n\n`);
for (const problem of matrix.problems) process.stdout.write(`${problem}\n`);
process.stdout.write(
  `${matrix.problems.length} problems · ${Math.round((performance.now() - begin) / 100) / 10} s · report/kill-matrix.md\n`,
);
if (stale) process.stdout.write(`README.md states other figures${check ? '' : '; it is updated'}\n`);
process.exitCode = matrix.problems.length === 0 && !(stale && check) ? 0 : 1;

/** So many of the defects, by the seed. */
function drawn<T extends { readonly name: string }>(all: readonly T[], amount: number): T[] {
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
  generated: boolean;
  first: number | undefined;
} {
  try {
    const { values, positionals } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        check: { type: 'boolean', default: false },
        class: { type: 'string', multiple: true, default: [] },
        generated: { type: 'boolean', default: false },
        first: { type: 'string' },
      },
      allowPositionals: true,
    });
    if (!/^\d{1,10}$/.test(values.seed)) misused('--seed must be a whole number.');
    if (!/^\d{0,4}$/.test(values.first ?? '')) misused('--first must be a whole number.');
    const first = values.first === undefined ? undefined : Number(values.first);
    return { ...values, first, seed: Number(values.seed), classes: values.class, names: positionals };
  } catch (error) {
    misused((error as Error).message);
  }
}

function misused(message: string): never {
  process.stderr.write(
    `${message}\nnpm run kill -- [--seed NUMBER] [--check] [--class NAME] [--generated] [--first NUMBER] [NAME of a defect or variant, with *] …\n`,
  );
  process.exit(3);
}
