import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRequirements } from '../../specs/read.ts';
import { otherSuites, renderCoverage } from './render.ts';

test('docs/coverage.md says what the catalogue, the profiles and the cases say: npm run coverage', () => {
  const written = readFileSync(new URL('../../docs/coverage.md', import.meta.url), 'utf8');
  expect(written === renderCoverage()).toBe(true);
});

test('what other suites test is told of rules that there are', () => {
  const known = new Set(readRequirements().map(({ id }) => id));
  const { tested, others } = otherSuites();
  expect(Object.keys(tested).filter((id) => !known.has(id))).toEqual([]);
  expect(others.map(({ id }) => id).filter((id) => known.has(id))).toEqual([]);
  expect(Object.keys(tested).length).toBeGreaterThan(100);
});
