import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import type { Case, Rule } from '../../harness/case.ts';
import { planFor } from '../../harness/plan/plan.ts';
import type { Dialect } from '../../targets/dialect.ts';
import type { Need } from '../../targets/target/limits.ts';
import { targetAt } from '../../targets/target/target.ts';

const target = { ...targetAt('http://127.0.0.1'), profile: 'aws-sso-oidc' };
const catalogue = openCatalogue(target);
/** The same operations, spoken of as those of the other dialect. */
const other: Dialect = {
  ...catalogue.dialect,
  spec: { ...catalogue.dialect.spec, dialect: 'oauth-form' },
  capabilities: { ...catalogue.dialect.capabilities, 'feature:pkce': 'maybe' },
};

const one: Case = {
  id: 'made-up/case',
  title: 'a made-up case',
  requirement: 'RFC6749-4.1.3-unknown-code',
  operation: 'token',
  needs: [],
  expect: {},
  run: async () => undefined,
};
const rule: Rule = {
  id: 'wire/made-up',
  title: 'a made-up rule',
  requirement: 'RFC6749-5.1-json-object',
  concerns: 'any',
  applies: () => true,
  problem: () => undefined,
  expected: 'something',
};

const planOf = (row: Partial<Case>, dialect = catalogue.dialect) =>
  planFor({ ...catalogue, dialect, cases: [{ ...one, ...row }], rules: [] }, target).cases;

describe('a plan leaves out', () => {
  test('what is of another dialect', () => {
    const of = (dialects: Case['dialects'], dialect: Dialect) =>
      planFor(
        {
          ...catalogue,
          dialect,
          cases: [{ ...one, ...(dialects && { dialects }) }],
          rules: [{ ...rule, ...(dialects && { dialects }) }],
        },
        target,
      ).cases.map(({ id }) => id);
    const both = [one.id, rule.id];
    expect(of(undefined, catalogue.dialect)).toEqual(both);
    expect(of(undefined, other)).toEqual(both);
    expect(of(['aws-json'], catalogue.dialect)).toEqual(both);
    expect(of(['aws-json'], other)).toEqual([]);
    expect(of(['oauth-form'], catalogue.dialect)).toEqual([]);
  });

  test('cases and rules of requirements that count for another dialect', () => {
    const isUnsaid = ({ dialects }: { readonly dialects?: unknown }) => dialects === undefined;
    const unsaid = {
      ...catalogue,
      cases: catalogue.cases.filter(isUnsaid),
      rules: catalogue.rules.filter(isUnsaid),
    };
    const ids = planFor({ ...unsaid, dialect: other }, target).cases.map(({ requirement }) => requirement);
    const all = planFor(unsaid, target).cases.map(({ requirement }) => requirement);
    const ofBoth = new Set(catalogue.requirements.filter(isUnsaid).map(({ id }) => id));
    expect(ids.filter((id) => ofBoth.has(id))).toEqual(all.filter((id) => ofBoth.has(id)));
    expect(ids.filter((id) => id.startsWith('AWS-'))).toEqual([]);
    expect(ids.length).toBeGreaterThan(400);
  });

  test('a requirement that nobody knows is a mistake, and nothing to be left out', () => {
    expect(() => planOf({ requirement: 'RFC0-none' })).toThrow('the catalogue has no requirement RFC0-none');
  });

  test.each<[Need, 'planned' | 'left out', Dialect]>([
    ['feature:pkce', 'planned', catalogue.dialect],
    ['feature:public-clients', 'left out', catalogue.dialect],
    [['feature:public-clients', 'refresh-token'], 'planned', catalogue.dialect],
    [['feature:public-clients', 'feature:metadata'], 'left out', catalogue.dialect],
    ['auth:sigv4', 'planned', catalogue.dialect],
    ['feature:pkce', 'planned', other],
    ['feature:metadata', 'left out', other],
  ])('a case that no target can give what it needs: %j is %s', (need, outcome, dialect) => {
    expect(planOf({ needs: [need] }, dialect)).toHaveLength(outcome === 'planned' ? 1 : 0);
  });
});

test('a plan names the needs that a target may lack, and not those that each one of the dialect meets', () => {
  const needs: Need[] = ['feature:pkce', 'feature:rotation', ['auth:sigv4', 'credentials'], 'clock'];
  expect(planOf({ needs })[0]?.needs).toEqual(['feature:rotation', 'clock']);
  expect(planOf({ needs }, other)[0]?.needs).toEqual(['feature:pkce', 'feature:rotation', 'clock']);
});
