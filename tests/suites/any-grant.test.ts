import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { defaultBehaviours as usual } from '../../emulator/behaviours.ts';
import { refusalFor } from '../../emulator/core/refusal.ts';
import { defects } from '../../emulator/defects/all.ts';
import type { Change } from '../../emulator/defects/defect.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { type Limit, targetAt } from '../../targets/target/target.ts';
import { certifyHere, few } from '../support/certify.ts';
import { fixturesOf, startEmulator } from '../support/emulator.ts';

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const reason = 'there is nothing of the kind here';

/** An emulator of the commonest kind: whoever registers may start devices, and of codes it knows nothing. */
const devicesOnly: Change = {
  behaviours: () => ({
    'grant-types-supported': (attempt) =>
      attempt.members.grant_types?.includes('authorization_code')
        ? refusalFor('unsupported_grant_type')
        : usual['grant-types-supported'](attempt),
    'find-grant': (members, known) =>
      members.grant_type === 'authorization_code' ? undefined : usual['find-grant'](members, known),
  }),
};

async function certified(
  limits: readonly Limit[],
  {
    change = {},
    missing = [],
    cases,
    profile = 'aws-create-token',
  }: {
    change?: Change;
    missing?: readonly string[];
    cases?: readonly string[];
    profile?: string;
  },
): Promise<Report> {
  const emulator = await startEmulator({
    behaviours: change.behaviours?.() ?? {},
    middleware: change.middleware?.(),
  });
  const all = fixturesOf(emulator);
  const provider: FixtureProvider = async (verb, input) =>
    missing.includes(verb) ? { kind: 'not-offered' } : all(verb, input);
  try {
    const { url: endpoint, jwks } = emulator;
    return await certifyHere(
      { endpoint, jwks, profile, limits },
      { provider, ...(cases ? { selection: { cases } } : { budget: few }) },
    );
  } finally {
    await emulator.close();
  }
}

const others = ({ verdicts }: Report) =>
  verdicts
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')
    .map((one) => [one.case, one.verdict, one.reason]);

const devicesLimits: readonly Limit[] = [{ grant: 'authorization_code', reason }];
const withoutCodes = ['client', 'authorization-code', 'refresh-token'];

test('an emulator that knows devices only is judged whole', async () => {
  const report = await certified(devicesLimits, { change: devicesOnly, missing: withoutCodes });
  expect(others(report)).toEqual([]);
  expect(report.exitCode).toBe(0);
  const left = report.verdicts
    .filter(({ verdict, reason: why }) => verdict === 'not-applicable' && why === reason)
    .map((one) => one.case);
  expect(left.filter((id) => !/(^|\/)authorization-code\//.test(id)).sort()).toEqual([
    'device-code/pending-with-a-code',
    'refresh-token/code-instead',
    'refresh-token/generations-of-a-code/beside-another',
    'refresh-token/generations-of-a-code/expired',
    'refresh-token/generations-of-a-code/in-a-row',
    'refresh-token/generations-of-a-code/other-client',
    'refresh-token/rotated-away-long-ago-after-a-code',
    'register-client/for-codes',
    'register-client/redirect-uri-with-fragment',
    'register-client/relative-redirect-uri',
    'register-client/same-name-other-grants',
    'register-client/script-redirect-uri',
    'register-client/script-redirect-uri-among-others',
    'register-client/token-endpoint',
    'start-device-authorization/granted-before',
    'unpredictability/code-128',
    'unpredictability/code-160',
  ]);
  const again = rejudge([report], openCatalogue({ ...targetOf(report), profile: 'aws-create-token' }));
  expect(again.verdicts.map((one) => [one.case, one.verdict])).toEqual(
    report.verdicts.map((one) => [one.case, one.verdict]),
  );
});

describe.each<[string, readonly Limit['fixture'][], string, string]>([
  ['no codes', ['authorization-code'], deviceCodeGrant, 'aws-create-token'],
  [
    'neither codes nor decisions',
    ['authorization-code', 'device-decision'],
    'refresh_token',
    'aws-create-token',
  ],
  [
    'no codes',
    ['authorization-code'],
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'aws-create-token-with-iam',
  ],
  [
    'neither codes nor assertions',
    ['authorization-code', 'assertion'],
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'aws-create-token-with-iam',
  ],
])('a target with %s', (_, fixtures, grant, profile) => {
  const shown = ['request/*', 'unpredictability/*-token-*', 'generated/*/tokens', 'iam-signature/*'];

  test(`shows on ${grant} what any grant can show`, async () => {
    const limits = fixtures.map((fixture) => ({ fixture, reason })) as readonly Limit[];
    const report = await certified(limits, { cases: shown, profile });
    expect(others(report)).toEqual([]);
    // Token exchange brings no refresh token unasked.
    const seen = report.verdicts.filter(
      (one) =>
        !one.case.startsWith('unpredictability/iam-refresh-') &&
        // It has to be something that can be presented twice.
        one.case !== 'iam-signature/sent-again-later',
    );
    expect(new Set(seen.map((one) => one.grant))).toEqual(new Set([grant]));
    expect(report.verdicts.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(20);
  });
});

test('who registers clients itself does so too where the provider gives none, by a limit', async () => {
  const limits: readonly Limit[] = [{ fixture: 'client', reason }];
  const report = await certified(limits, { missing: ['client'] });
  expect(others(report)).toEqual([]);
  expect(report.exitCode).toBe(0);
  expect(report.verdicts.filter((one) => one.reason === reason)).toEqual([]);
});

test('a limit on everything that brings tokens takes away what is shown on any grant, and says why', () => {
  const target = {
    ...targetAt('http://127.0.0.1'),
    limits: (['authorization-code', 'device-decision', 'refresh-token'] as const).map((fixture) => ({
      fixture,
      reason: `no ${fixture}`,
    })),
  };
  const { cases } = planFor(openCatalogue(target), target, { cases: ['request/*'] });
  expect(new Set(cases.map(({ notApplicable }) => notApplicable))).toEqual(
    new Set(['no authorization-code']),
  );
});

describe('where there are only devices', () => {
  const names = [
    'get-served',
    'access-token-counts',
    'access-token-of-64-bits',
    'refresh-token-of-64-bits',
    'refresh-token-of-everybody',
    'form-served',
  ];
  test.each(names)('%s is found', async (name) => {
    const defect = defects.find((one) => one.name === name);
    expect(defect).toBeDefined();
    const report = await certified(devicesLimits, {
      change: {
        behaviours: () => ({ ...devicesOnly.behaviours?.(), ...defect?.behaviours?.() }),
        ...(defect?.middleware && { middleware: defect.middleware }),
      },
      missing: withoutCodes,
      cases: ['request/*', 'unpredictability/*', 'generated/*/tokens', 'device-code/approved', 'wire/*'],
    });
    const failed = report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    expect(failed.map(({ requirement }) => requirement)).toContain(defect?.breaks[0]);
  });
});
