import { expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import { budgets } from '../../harness/trial.ts';
import { certifyChanged } from '../kill/certify-changed.ts';
import { variants } from '../kill/variants.ts';
import { verdictOf } from '../support/certify.ts';

/** What a variant comes to where a fail is not all that would be wrong. */
test.each([
  ['scope-of-the-authorization-again', 'iam-refresh-token/scope-beyond-the-grant', 'pass'],
  ['identity-context-only-when-granted', 'wire/iam/id-token-aws-claims', 'pass'],
  ['identity-context-beside-the-id-token', 'wire/iam/identity-context', 'not-applicable'],
  ['scopes-of-its-own-only', 'register-client/many-scopes', 'not-applicable'],
  ['scopes-of-its-own-only', 'request/many-scopes', 'not-applicable'],
  ['slow-down-not-used', 'device-code/slow-down-ends', 'not-applicable'],
  ['slow-down-lengthens-the-interval', 'device-code/approved-after-many-slow-downs', 'pass'],
  ['slow-polling', 'device-code/polled-exactly-at-the-interval', 'not-applicable'],
  ['registered-two-minutes-ahead', 'wire/registration-issued-at', 'pass'],
  ['no-descriptions', 'wire/error-description', 'warn'],
])('%s: %s is %s', async (name, id, verdict) => {
  const variant = variants['aws-json'].find((one) => one.name === name);
  const report = await certifyChanged(variant ?? {}, {
    ...variant,
    profile: 'aws-sso-oidc',
    seed: 1,
    budget: budgets.quick,
    // A rule needs responses that it speaks of.
    cases: id.startsWith('wire/')
      ? [id, '*/valid', 'iam-authorization-code/*scope*', 'token-exchange/*scope*', '*/unknown-*']
      : [id],
  });
  expect(verdictOf(report, id)).toBe(verdict);
  const again = rejudge([report], openCatalogue({ ...targetOf(report), profile: 'aws-sso-oidc' }));
  expect(verdictOf(again, id)).toBe(verdict);
});
