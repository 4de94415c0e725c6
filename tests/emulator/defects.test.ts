import { expect, test } from 'vitest';
import { defects } from '../../emulator/defects/all.ts';
import { readRequirements } from '../../specs/read.ts';
import { variants } from '../kill/variants.ts';

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
  for (const { name, behaviours, middleware } of defects)
    expect(Object.keys(behaviours?.() ?? {}).length + (middleware ? 1 : 0), name).toBeGreaterThan(0);
  for (const { name, behaviours, middleware, target } of variants)
    expect(Object.keys({ ...behaviours?.(), ...target }).length + (middleware ? 1 : 0), name).toBeGreaterThan(
      0,
    );
});

test('every variant has a name of its own and one sentence', () => {
  expect(repeated(variants.map(({ name }) => name))).toEqual([]);
  for (const { name, differs } of variants) expect(differs, name).toMatch(/^[A-Za-z][^\n]*\.$/);
});
