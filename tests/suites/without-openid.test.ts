import { expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { absences } from '../../harness/absences.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { certifyHere } from '../support/certify.ts';
import { endpointsOf, fixturesOf, startEmulator } from '../support/emulator.ts';

/** Issues codes for OpenID Connect alone. */
const wantingOpenid =
  (provider: FixtureProvider): FixtureProvider =>
  async (verb, input) =>
    verb === 'authorization-code' && Array.isArray(input.scope) && !input.scope.includes('openid')
      ? { kind: 'refused', message: 'the authorization endpoint answered invalid_scope' }
      : provider(verb, input);

const cases = [
  'authorization-code/id-token-by-scope',
  'refresh-token/scope-beyond-the-grant*',
  'refresh-token/beyond-consent*',
  'refresh-token/consent-without-scope',
];

// OpenID Connect Core §3.1.2.1 leaves it to the server.
test('a server that gives no code without openid lacks what the cases of fewer scopes take', async () => {
  const emulator = await startEmulator();
  const { issuer } = emulator.oauth;
  try {
    const report = await certifyHere(
      {
        dialect: 'oauth-form',
        profile: 'oidc',
        endpoint: endpointsOf(issuer),
        scopes: ['openid', 'offline_access'],
      },
      { provider: wantingOpenid(fixturesOf(emulator.oauth)), selection: { cases } },
    );
    expect(report.verdicts.map((one) => [one.verdict, one.reason])).toEqual(
      Array.from({ length: 6 }, () => ['not-applicable', absences.codeWithoutOpenid]),
    );
    const again = rejudge([report], openCatalogue({ ...targetOf(report), profile: 'oidc' }));
    expect(again.verdicts.map(({ verdict }) => verdict)).toEqual(
      report.verdicts.map(({ verdict }) => verdict),
    );
  } finally {
    await emulator.close();
  }
});
