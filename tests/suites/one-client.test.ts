import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { iamGrantTypes } from '../../emulator/core/lookup.ts';
import { answering } from '../../emulator/defects/aws-json/kit.ts';
import type { EmulatorOptions } from '../../emulator/server.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import type { Limit } from '../../targets/target/target.ts';
import { certifyHere, few } from '../support/certify.ts';
import { fixturesOf, startEmulator } from '../support/emulator.ts';
import { isTried } from '../support/whole.ts';

/** A provider with one client for those who ask alike, whoever asks. */
const withOneClient =
  (asWished: (input: Wishes) => Wishes) =>
  (provider: FixtureProvider): FixtureProvider => {
    const known = new Map<string, ReturnType<FixtureProvider>>();
    return (verb, wishes) => {
      if (verb !== 'client') return provider(verb, wishes);
      const input = asWished(wishes);
      const key = JSON.stringify([input.auth, input.grantTypes]);
      const client = known.get(key) ?? provider(verb, input);
      known.set(key, client);
      return client;
    };
  };

type Wishes = Parameters<FixtureProvider>[1];

const codeAndDevice = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
/** One client of each operation, for every grant and every redirect URI. */
const ofEveryGrant = ({ auth, grantTypes }: Wishes): Wishes =>
  auth === 'iam'
    ? { auth, grantTypes: iamGrantTypes }
    : { auth, grantTypes: grantTypes && codeAndDevice, scopes: ['sso:account:access'] };

async function certified(
  options: EmulatorOptions,
  limits: readonly Limit[],
  wrapped: (provider: FixtureProvider) => FixtureProvider,
  profile: string,
): Promise<Report> {
  const emulator = await startEmulator(options);
  try {
    return await certifyHere(
      {
        endpoint: emulator.url,
        fixtures: emulator.fixtures,
        jwks: emulator.jwks,
        profile,
        limits,
      },
      { provider: wrapped(fixturesOf(emulator)), budget: few },
    );
  } finally {
    await emulator.close();
  }
}

const failed = ({ verdicts }: Report) =>
  verdicts.filter(({ verdict }) => verdict === 'fail').map((one) => [one.case, one.reason]);
const inconclusive = ({ verdicts }: Report) => verdicts.filter(({ verdict }) => verdict === 'inconclusive');

function expectRecomputable(report: Report): void {
  const again = rejudge([report], openCatalogue({ ...targetOf(report), profile: report.profile.name }));
  expect(again.verdicts.map((one) => [one.case, one.verdict])).toEqual(
    report.verdicts.map((one) => [one.case, one.verdict]),
  );
}

describe('a provider that gives the same client twice', () => {
  test.each(
    (
      [
        ['for each set of grants', (wishes: Wishes) => wishes],
        ['for all grants', ofEveryGrant],
      ] as const
    ).filter(isTried),
  )('%s is not blamed for what another client could not show, and is told', async (_, asWished) => {
    const report = await certified({}, [], withOneClient(asWished), 'aws-sso-oidc');
    expect(failed(report)).toEqual([]);
    const others = inconclusive(report).filter((one) => /\/other-clients-|lifecycle/.test(one.case));
    expect(others.length).toBeGreaterThan(12);
    expect(new Set(others.map(({ reason }) => reason))).toEqual(
      new Set(['this target gives the same client twice, and this case needs two that differ']),
    );
    expect(report.exitCode).toBe(2);
    expectRecomputable(report);
  });
});

describe('a registration that gives the same client twice', () => {
  test('is not blamed either', async () => {
    const known = new Map<string, Parameters<Parameters<typeof answering>[0]>[0]['response']>();
    const { middleware } = answering(({ operation, members, response, exception }) => {
      if (operation !== 'register' || exception !== undefined) return response;
      const key = JSON.stringify(members.grantTypes);
      const first = known.get(key) ?? response;
      known.set(key, first);
      return { ...response, body: first.body };
    });
    const limits = (['fault', 'expire'] as const).map((fixture) => ({
      fixture,
      reason: 'one client for all',
    }));
    const report = await certified(
      { middleware: middleware?.() },
      limits,
      (provider) => async (verb, input) =>
        verb === 'client' ? { kind: 'not-offered' } : provider(verb, input),
      'aws-create-token',
    );
    expect(failed(report)).toEqual([]);
    expect(inconclusive(report).map((one) => one.case)).toContain('unpredictability/client-secret-128');
  });
});

test('an emulator that approves every device code at once is failed for that alone', async () => {
  const report = await certified(
    { behaviours: { 'device-approved': () => undefined } },
    [],
    (provider) => provider,
    'aws-create-token',
  );
  const requirements = report.verdicts
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ requirement }) => requirement);
  expect([...new Set(requirements)]).toEqual(['RFC8628-3.5-authorization_pending']);
  const cases = inconclusive(report).map((one) => one.case);
  expect(cases).toEqual(
    expect.arrayContaining([
      'register-client/usable-at-once',
      'device-code/first-polls',
      'device-code/polled-too-fast',
      'device-code/polled-by-one-of-two',
    ]),
  );
  expectRecomputable(report);
});
