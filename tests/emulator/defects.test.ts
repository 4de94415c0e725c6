import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Asked } from '../../emulator/core/asked.ts';
import { coreBehaviours } from '../../emulator/core/behaviours.ts';
import { defects } from '../../emulator/defects/all.ts';
import type { Defect } from '../../emulator/defects/defect.ts';
import { readRequirements } from '../../specs/read.ts';
import { planned } from '../kill/certify-changed.ts';
import { variants } from '../kill/variants.ts';

const allVariants = [...new Set(Object.values(variants).flat())];

const repeated = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) !== at);

test('every defect has a name of its own, one sentence, and requirements that exist', () => {
  const known = new Set(readRequirements().map(({ id }) => id));
  expect(repeated(defects.map(({ name }) => name))).toEqual([]);
  for (const { name, changes, breaks, at } of defects) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(changes, name).toMatch(/^[A-Za-z][^\n]*\.$/);
    expect(
      breaks.filter((id) => !known.has(id)),
      name,
    ).toEqual([]);
    expect(at.length, name).toBeGreaterThan(0);
  }
});

test('every defect and every variant changes something', () => {
  for (const { name, ...change } of [...defects, ...allVariants]) {
    const { behaviours, middleware, oauth } = change;
    const own = 'target' in change ? change.target : {};
    const replaced = Object.keys({ ...behaviours?.(), ...oauth?.behaviours?.(), ...own });
    const lacking = 'lacks' in change ? (change.lacks?.length ?? 0) : 0;
    expect(lacking + replaced.length + (middleware || oauth?.middleware ? 1 : 0), name).toBeGreaterThan(0);
  }
});

test('what a defect breaks has a case in a dialect of its', () => {
  for (const { name, dialects, breaks } of defects) {
    const probed = new Set(dialects.flatMap((one) => planned[one]).map(({ requirement }) => requirement));
    expect(
      breaks.filter((id) => !probed.has(id)),
      name,
    ).toEqual([]);
  }
});

test('every variant has a name of its own and one sentence', () => {
  expect(repeated(allVariants.map(({ name }) => name))).toEqual([]);
  for (const { name, differs } of allVariants) expect(differs, name).toMatch(/^[A-Za-z][^\n]*\.$/);
});

/** What the core leaves to its front to decide. */
const asked: readonly (keyof Asked)[] = [
  'order-of-checks',
  'grant-types',
  'new-client-id',
  'new-client-secret',
  'own-claims',
];

test('a defect of the core replaces decisions that every front has', async () => {
  const folder = new URL('../../emulator/defects/core/', import.meta.url);
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(new URL(file, folder).href) as Promise<Record<string, unknown>>),
  );
  const ofTheCore = modules
    .flatMap((exported) => Object.values(exported))
    .filter((value): value is readonly Defect[] => Array.isArray(value))
    .flat();
  expect(ofTheCore.length).toBeGreaterThan(300);
  const known: readonly string[] = [...Object.keys(coreBehaviours), ...asked];
  for (const { name, behaviours } of ofTheCore) {
    const replaced = Object.keys(behaviours?.() ?? {});
    expect(replaced, name).not.toEqual([]);
    expect(
      replaced.filter((one) => !known.includes(one)),
      name,
    ).toEqual([]);
  }
});
