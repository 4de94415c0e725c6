import { expect, test } from 'vitest';
import { budgets } from '../../harness/trial.ts';
import { certifyChanged } from '../kill/certify-changed.ts';
import { variants } from '../kill/variants.ts';
import { verdictOf } from '../support/certify.ts';

/** What a variant comes to where a fail is not all that would be wrong. */
test.each([
  ['scope-of-the-authorization-again', 'iam-refresh-token/scope-beyond-the-grant', 'pass'],
  ['identity-context-only-when-granted', 'wire/iam/id-token-aws-claims', 'pass'],
  ['identity-context-beside-the-id-token', 'wire/iam/identity-context', 'not-applicable'],
])('%s: %s is %s', async (name, id, verdict) => {
  const variant = variants.find((one) => one.name === name);
  const report = await certifyChanged(variant ?? {}, {
    ...variant,
    profile: 'aws-sso-oidc',
    seed: 1,
    budget: budgets.quick,
    cases: [id, 'iam-authorization-code/*', 'token-exchange/*'],
  });
  expect(verdictOf(report, id)).toBe(verdict);
});
