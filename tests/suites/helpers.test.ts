import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { rejudge } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import { budgets } from '../../harness/trial.ts';
import { certifyChanged } from '../kill/certify-changed.ts';
import { reading } from '../kill/oauth-variants/reading.ts';
import { verdictOf } from '../support/certify.ts';

const profile = 'oidc';

const certified = (name: string | undefined, cases: readonly string[]): Promise<Report> => {
  const variant = reading.find((one) => one.name === name);
  return certifyChanged(variant ?? {}, { ...variant, profile, seed: 1, budget: budgets.quick, cases });
};

const verdictsOf = ({ verdicts }: Report) =>
  verdicts.map(({ case: id, verdict, reason }) => [id, verdict, reason]);

const replay = (helper: string) => `authorization-code/replay-ends-access-token-at-${helper}`;
const outlived = (helper: string) => `authorization-code/outlived-access-token-at-${helper}`;
const again = 'client-credentials/access-token-given-again';

describe('what a server without a helper, or with a taciturn one, comes to', () => {
  test.each([
    [undefined, [replay('userinfo'), outlived('introspection'), 'refresh-token/revoked'], 'pass'],
    [undefined, [again], 'not-applicable'],
    ['no-userinfo', [replay('userinfo'), outlived('userinfo')], 'not-applicable'],
    ['no-userinfo', [replay('introspection')], 'pass'],
    ['no-introspection', [replay('introspection'), 'token-exchange/actor-in-token'], 'not-applicable'],
    ['no-introspection', ['refresh-token/beyond-consent', 'refresh-token/resource-beyond-consent'], 'pass'],
    ['no-revocation', ['refresh-token/revoked'], 'not-applicable'],
    ['introspection-of-nothing', [replay('introspection')], 'not-applicable'],
    ['introspection-tells-active-alone', ['token-exchange/actor-in-token'], 'not-applicable'],
    ['introspection-tells-active-alone', [replay('introspection')], 'pass'],
    ['jwt-access-tokens-alone', ['token-exchange/actor-in-token'], 'pass'],
    ['subjects-of-clients-untold', ['client-credentials/subject-beside-a-user'], 'not-applicable'],
    ['access-tokens-of-thirty-days', [outlived('introspection'), again], 'not-applicable'],
    ['access-token-given-again-and-prolonged', [again], 'pass'],
    ['resource-passed-over', ['refresh-token/resource-beyond-consent'], 'not-applicable'],
  ] as const)('%s: %s is %s, also when it is judged again', async (name, cases, verdict) => {
    const report = await certified(name, cases);
    expect(verdictsOf(report).map(([id, one]) => [id, one])).toEqual(cases.map((id) => [id, verdict]));
    expect(verdictsOf(rejudge([report], openCatalogue({ dialect: 'oauth-form', profile })))).toEqual(
      verdictsOf(report),
    );
  });
});

test('no token that is shown to a helper stands in a report', async () => {
  const report = await certified(undefined, [replay('*'), 'refresh-token/revoked', '*/actor-in-token']);
  expect(report.verdicts.length).toBe(4);
  const text = JSON.stringify(report);
  expect(text).toContain('Bearer [authorization');
  expect(text).toContain('token=[token');
  expect(text).not.toMatch(/\b[ars]t-[\w-]{20}/);
});

test('what a helper answers is judged by no rule over all responses', async () => {
  const rules = ['wire/error-status', 'wire/error-registered', 'wire/no-store-on-error', 'wire/content-type'];
  const report = await certified('userinfo-refuses-without-challenge', [...rules, replay('userinfo')]);
  expect(verdictOf(report, replay('userinfo'))).toBe('pass');
  const told = report.verdicts.filter(({ case: id }) => id.startsWith('wire/'));
  expect(told.length).toBeGreaterThan(0);
  expect(JSON.stringify(told)).not.toContain('/userinfo');
  expect(told.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
});
