import { expect, test } from 'vitest';
import type { Seeded } from '../../emulator/defects/all.ts';
import type { PlannedCase } from '../../harness/plan/plan.ts';
import { type Evidence, matrixOf } from './matrix.ts';
import { renderMatrices, renderSummary } from './render.ts';
import type { Done } from './worker.ts';

const planned = (id: string, requirement: string, level: PlannedCase['level'] = 'MUST'): PlannedCase => ({
  id,
  title: id,
  requirement,
  level,
  operation: 'CreateToken',
  grant: null,
  exception: null,
  provokedBy: null,
  needs: [],
  generated: false,
});

const defect: Seeded = {
  name: 'code-reusable',
  class: 'state',
  changes: 'A code can be redeemed again.',
  breaks: ['single-use'],
  at: ['token'],
  dialects: ['aws-json'],
};

const done = (kind: Done['kind'], name: string, ...others: Done['others']): Done => ({
  kind,
  dialect: 'aws-json',
  name,
  seed: 1,
  profile: 'p',
  exitCode: 0,
  others,
});

const evidence = (results: readonly Done[], more: Partial<Evidence> = {}): Evidence => ({
  dialect: 'aws-json',
  suite: { name: 'token-conformance', version: '0' },
  seed: 1,
  cases: [planned('code/redeemed', 'single-use'), planned('code/expired', 'expiry', 'SHOULD')],
  defects: [defect],
  variants: [],
  done: [done('baseline', 'p'), ...results],
  whole: true,
  ...more,
});

const problemsOf = (...results: readonly Done[]) => matrixOf(evidence(results)).problems;

test('a defect that a case of its requirement fails is killed', () => {
  const matrix = matrixOf(evidence([done('defect', 'code-reusable', ['code/redeemed', 'fail', 'granted'])]));
  expect(matrix.problems).toEqual([]);
  expect(matrix.classes).toEqual({ state: { seeded: 1, killed: 1 } });
  expect(matrix.defects[0]?.killedBy).toEqual([
    { case: 'code/redeemed', requirement: 'single-use', verdict: 'fail' },
  ]);
});

test('a defect that nothing notices survives, and so does one that is only inconclusive', () => {
  const survives = 'code-reusable survives (it breaks single-use)';
  const kills = 'code/redeemed (single-use) kills no defect of its requirement';
  expect(problemsOf(done('defect', 'code-reusable'))).toEqual([survives, kills]);
  expect(
    problemsOf(done('defect', 'code-reusable', ['code/redeemed', 'inconclusive', 'the control failed'])),
  ).toEqual([survives, kills]);
});

test('a defect that only another requirement notices is killed by accident', () => {
  expect(problemsOf(done('defect', 'code-reusable', ['code/expired', 'warn', null]))).toEqual([
    'code-reusable is killed only by accident: by code/expired (expiry), not for single-use',
    'code/redeemed (single-use) kills no defect of its requirement',
  ]);
});

test('a case that kills nothing is a problem when it is a MUST, and when everything was tried', () => {
  const cases = [planned('code/redeemed', 'single-use'), planned('code/idle', 'idle')];
  const results = [done('defect', 'code-reusable', ['code/redeemed', 'fail', null])];
  expect(matrixOf(evidence(results, { cases })).problems).toEqual([
    'code/idle (idle) kills no defect of its requirement',
  ]);
  expect(matrixOf(evidence(results, { cases, whole: false })).problems).toEqual([]);
});

test('what the unchanged emulator shows too is no kill', () => {
  const warned = ['code/redeemed', 'warn', null] as const;
  const results = [
    { ...done('baseline', 'q', warned), profile: 'q' },
    { ...done('defect', 'code-reusable', warned), profile: 'q' },
  ];
  expect(matrixOf(evidence(results)).problems).toContain('code-reusable survives (it breaks single-use)');
});

test('an emulator that is not certified, and a variant that fails, are problems', () => {
  const problems = matrixOf(
    evidence(
      [
        { ...done('baseline', 'q'), exitCode: 1 },
        done('defect', 'code-reusable', ['code/redeemed', 'fail', null]),
        done('variant', 'pretty', ['code/redeemed', 'fail', 'no token'], ['code/expired', 'warn', 'late']),
      ],
      { variants: [{ name: 'pretty', differs: 'JSON is indented.' }] },
    ),
  ).problems;
  expect(problems).toEqual([
    'the unchanged emulator is not certified for q',
    'the conformant variant pretty fails code/redeemed: no token',
  ]);
});

test('what was seen in another dialect proves nothing in this one', () => {
  const elsewhere = {
    ...done('defect', 'code-reusable', ['code/redeemed', 'fail', null]),
    dialect: 'oauth-form',
  };
  expect(problemsOf(elsewhere as Done)).toEqual([
    'code/redeemed (single-use) kills no defect of its requirement',
  ]);
});

test('variants that are quiet at once are so each, and what one shows alone counts before', () => {
  const variants = ['pretty', 'small'].map((name) => ({ name, differs: 'It differs.' }));
  const atOnce = { ...done('variant', 'pretty'), beside: ['small'] };
  const rows = (...results: readonly Done[]) =>
    matrixOf(evidence(results, { variants })).variants.map(({ name, beside, fails }) => [
      name,
      beside,
      fails.length,
    ]);
  expect(rows(atOnce)).toEqual([
    ['pretty', ['small'], 0],
    ['small', ['pretty'], 0],
  ]);
  const loud = { ...atOnce, others: [['code/redeemed', 'fail', null]] } as const;
  expect(rows(loud, done('variant', 'pretty'), done('variant', 'small', ...loud.others))).toEqual([
    ['pretty', [], 0],
    ['small', [], 1],
  ]);
});

test('the tables say what was killed by what', () => {
  const matrix = matrixOf(
    evidence(
      [
        done('defect', 'code-reusable', ['code/redeemed', 'fail', null]),
        done('variant', 'pretty', ['code/expired', 'warn', 'late']),
      ],
      { variants: [{ name: 'pretty', differs: 'JSON is indented | twice.' }] },
    ),
  );
  expect(renderSummary([matrix])).toMatchInlineSnapshot(`
    "| class | aws-json: seeded | killed |
    | --- | --- | --- |
    | state | 1 | 1 |
    | all | 1 | 1 |

    \`aws-json\`: 1 of 1 MUST cases kill a defect of their own requirement. 1 of 1 conformant variants cause no fail."
  `);
  expect(renderMatrices([matrix])).toContain(
    '| code-reusable | state | A code can be redeemed again. | single-use | code/redeemed |',
  );
  expect(renderMatrices([matrix])).toContain(
    '| pretty | JSON is indented \\| twice. | none | none | code/expired |',
  );
});
