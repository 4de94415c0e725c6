import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openCatalogue } from '../../cli/catalogue.ts';
import { progressOn } from '../../cli/progress.ts';
import { suite } from '../../cli/suite.ts';
import { defects } from '../../emulator/defects/all.ts';
import { planFor } from '../../harness/plan.ts';
import { targetAt } from '../../targets/target.ts';
import { profileFor } from './certify-changed.ts';
import { matrixOf } from './matrix.ts';
import { renderMatrix, renderSummary } from './render.ts';
import { variants } from './variants.ts';
import type { Done, Work } from './worker.ts';

/**
 * Runs the suites against every seeded defect and every conformant variant, and writes the kill matrix.
 * Names of defects or variants (with `*`) select; without any, the README gets the figures too, or, with
 * `--check`, must have them.
 */
const { seed, check, names } = options();
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = names.map((text) => new RegExp(`^${text.replaceAll('*', '.*')}$`));
const isWanted = ({ name }: { readonly name: string }) =>
  wanted.length === 0 || wanted.some((pattern) => pattern.test(name));
const whole = wanted.length === 0;
const chosen = { defects: defects.filter(isWanted), variants: variants.filter(isWanted) };
if (chosen.defects.length + chosen.variants.length === 0)
  misused(`No defect and no variant is called ${names.join(' or ')}.`);
const profiles = [...new Set([...chosen.defects.map(profileFor), 'aws-sso-oidc'])];
const work: Work[] = [
  ...profiles.map((name) => ({ kind: 'baseline' as const, name, seed })),
  ...chosen.variants.map(({ name }) => ({ kind: 'variant' as const, name, seed })),
  ...chosen.defects.map(({ name }) => ({ kind: 'defect' as const, name, seed })),
];

const begin = performance.now();
const progress = progressOn(process.stderr);
const done = await runAll(work);
progress.clear();

const target = { ...targetAt('http://127.0.0.1'), profile: 'aws-sso-oidc' };
const { cases } = planFor(openCatalogue(target), target);
const matrix = matrixOf({ suite, seed, cases, ...chosen, done, whole });
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

/** Gives the work to as many processes as there are processors. */
async function runAll(all: readonly Work[]): Promise<Done[]> {
  const results: Done[] = [];
  const queue = all.values();
  const workers = Array.from({ length: Math.min(availableParallelism(), all.length) }, () =>
    fork(new URL('worker.ts', import.meta.url)),
  );
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (const one of queue) {
          results.push(await ask(worker, one));
          progress.show(results.length, all.length, one.name);
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.disconnect();
  }
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

function options(): { seed: number; check: boolean; names: string[] } {
  try {
    const { values, positionals } = parseArgs({
      options: { seed: { type: 'string', default: '1' }, check: { type: 'boolean', default: false } },
      allowPositionals: true,
    });
    if (!/^\d{1,10}$/.test(values.seed)) misused('--seed must be a whole number.');
    return { seed: Number(values.seed), check: values.check, names: positionals };
  } catch (error) {
    misused((error as Error).message);
  }
}

function misused(message: string): never {
  process.stderr.write(
    `${message}\nnpm run kill -- [--seed NUMBER] [--check] [NAME of a defect or variant, with *] …\n`,
  );
  process.exit(3);
}
