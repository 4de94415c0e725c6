import { describe, expect, test } from 'vitest';
import { defaultProfile, openCatalogue } from '../../cli/catalogue.ts';
import type { Accepted } from '../../harness/expectation.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { kebab } from '../../schemas/read.ts';
import {
  isRuleOf,
  type OperationSpec,
  profileNames,
  readProfile,
  readRequirements,
} from '../../specs/read.ts';
import type { Dialect } from '../../targets/dialect.ts';
import { type Target, targetAt } from '../../targets/target/target.ts';

/** Every profile that is no draft has a case for each of its rules, or a reason for none. */
const widest = (Object.keys(defaultProfile) as Target['dialect'][]).flatMap((dialect) =>
  profileNames(dialect)
    .map(readProfile)
    .filter(({ draft }) => draft !== true)
    .toSorted((one, other) => other.operations.length - one.operations.length)
    .slice(0, 1),
);

const target = { ...targetAt('http://127.0.0.1'), profile: 'aws-sso-oidc' };
const catalogue = openCatalogue(target);
const { dialect } = catalogue;
const plan = planFor(catalogue, target);

test('each dialect has a profile that stands for all of it, and none is a draft', () => {
  expect(widest.map(({ name, dialect }) => [dialect, name])).toEqual([
    ['aws-json', 'aws-sso-oidc'],
    ['oauth-form', 'oidc'],
  ]);
  expect(profileNames().filter((name) => readProfile(name).draft)).toEqual([]);
});

test('a draft tells how many of its rules have no case', () => {
  const { profile } = catalogue;
  const [, ...others] = Object.entries(profile.excluded);
  const draft = { ...profile, draft: true as const, excluded: Object.fromEntries(others) };
  expect(planFor({ ...catalogue, profile: draft }, target).profile.open).toBe(1);
  expect(plan.profile.open).toBeUndefined();
});

describe.each([...widest, readProfile('mcp')])(
  'every requirement that counts for $name',
  ({ name, dialect }) => {
    const catalogue = openCatalogue({ dialect: dialect as Target['dialect'], profile: name });
    const { profile } = catalogue;
    const applying = readRequirements().filter(isRuleOf(profile));
    const planned = planFor(catalogue, { ...target, profile: name }).cases;
    const covered = new Set(planned.map(({ requirement }) => requirement));

    test.each(applying.map(({ id }) => id))('%s is covered by a case or excluded with a reason', (id) => {
      const excluded = profile.excluded[id];
      if (covered.has(id)) expect(excluded, 'it is both covered and excluded').toBeUndefined();
      else expect(excluded?.length, 'it is neither covered nor excluded').toBeGreaterThan(20);
    });

    test('exclusions and levels name requirements of the catalogue', () => {
      const known = new Set(catalogue.requirements.map(({ id }) => id));
      expect(
        [...Object.keys(profile.excluded), ...Object.keys(profile.levels)].filter((id) => !known.has(id)),
      ).toEqual([]);
    });

    test('a level is only ever lowered', () => {
      const rank = { MUST: 0, 'MUST NOT': 0, SHOULD: 1, 'SHOULD NOT': 1, MAY: 2 };
      const raised = Object.entries(profile.levels).filter(([id, { level }]) => {
        const requirement = catalogue.requirements.find((one) => one.id === id);
        return requirement !== undefined && rank[level] <= rank[requirement.level];
      });
      expect(raised).toEqual([]);
    });
  },
);

describe('the cells of the contract', () => {
  test('there are 33 + 48 of the token operations and 7 + 5 of the supporting ones', () => {
    const sizes = Object.groupBy(plan.cells, ({ operation }) => operation);
    expect(Object.entries(sizes).map(([operation, some]) => [operation, some?.length])).toEqual([
      ['CreateToken', 33],
      ['RegisterClient', 7],
      ['StartDeviceAuthorization', 5],
      ['CreateTokenWithIAM', 48],
    ]);
  });

  test('at least 18 of the 33 are provoked by a circumstance', () => {
    const provoked = plan.cells.filter(
      ({ operation, provokedBy }) => operation === 'CreateToken' && provokedBy.startsWith('circumstance'),
    );
    expect(provoked.length).toBeGreaterThanOrEqual(18);
  });

  test.each(plan.cells)('$operation $grant $exception is provoked by a case', ({ provokedBy, cases }) => {
    expect(provokedBy).not.toBe('none');
    expect(cases.length).toBeGreaterThan(0);
  });

  test('are those of the errors that a grant itself may have', () => {
    const { operations } = dialect.spec;
    const spec = operations.CreateToken as OperationSpec;
    const grants = { ...spec.grants, refresh_token: { exceptions: ['InvalidGrantException'] } };
    const other: Dialect = {
      ...dialect,
      spec: { ...dialect.spec, operations: { ...operations, CreateToken: { ...spec, grants } } },
    };
    const cells = planFor({ ...catalogue, dialect: other }, target).cells;
    const ofRefresh = cells.filter(
      ({ operation, grant }) => operation === 'CreateToken' && grant === 'refresh_token',
    );
    expect(ofRefresh.map(({ exception }) => exception)).toEqual(['InvalidGrantException']);
    expect(cells.length).toBe(plan.cells.length - 10);
  });
});

describe('cases', () => {
  test('accept what only AWS has a reason for in its dialect alone', () => {
    const accepted = catalogue.cases
      .flatMap(({ expect: steps }) => Object.values(steps))
      .flatMap((one) => (one.kind === 'granted' && one.losers ? [one, one.losers] : [one]))
      .flatMap((one) => (one.kind === 'rejected' ? one.accept : []));
    const isOfAws = ({ basis, source = '' }: Accepted) =>
      basis === 'observed' || /AWS|live (?:answer|service)|\bARN\b/.test(source);
    expect(accepted.filter(isOfAws).length).toBeGreaterThan(20);
    expect(accepted.filter((one) => isOfAws(one) !== (String(one.dialects) === 'aws-json'))).toEqual([]);
  });

  test('have unique ids made of a folder and a name', () => {
    const ids = plan.cases.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z0-9-]+\/[A-Za-z0-9-]+(\/[A-Za-z0-9-]+)?$/.test(id))).toEqual([]);
  });

  test('expect something of at least one step, or state a property', () => {
    expect(
      catalogue.cases
        .filter(({ expect: steps, property }) => Object.keys(steps).length === 0 && property === undefined)
        .map(({ id }) => id),
    ).toEqual([]);
  });

  test('that expect a rejection send a control, or provoke an answer that only a live artefact gets', () => {
    const live = new Set(['authorization_pending', 'slow_down']);
    const bare = catalogue.cases.filter(({ expect: steps }) => {
      const [, probe] = Object.entries(steps).find(([step]) => !step.startsWith('control')) ?? [];
      const refuses =
        probe?.kind === 'refused' ||
        probe?.kind === 'no-token' ||
        (probe?.kind === 'rejected' &&
          probe.orGranted === undefined &&
          !live.has(probe.accept[0]?.error ?? ''));
      const proven = Object.entries(steps).some(
        ([step, { kind }]) => step.startsWith('control') || kind === 'granted',
      );
      return refuses && !proven;
    });
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  test('of every exception have a schema of its own', async () => {
    const { schemaNames } = await import('../../schemas/read.ts');
    const names = schemaNames('aws-json/errors');
    expect(
      Object.keys(dialect.spec.exceptions)
        .map((name) => `aws-json/errors/${kebab(name)}`)
        .sort(),
    ).toEqual(names.sort());
  });
});
