import { beforeAll, describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { planFor } from '../../harness/plan/plan.ts';
import type { Report } from '../../harness/report/report.ts';
import { whyNoCertificate } from '../../reporters/certificate.ts';
import { fixtureParts } from '../../targets/target/limits.ts';
import { type Limit, targetAt } from '../../targets/target/target.ts';
import { certifyHere, few } from '../support/certify.ts';
import { fixturesOf, startEmulator, timeOf } from '../support/emulator.ts';

const reason = 'it cannot be had';
const limitsOn = (...fixtures: NonNullable<Limit['fixture']>[]): Limit[] =>
  fixtures.map((fixture) => ({ fixture, reason }));
const everything = limitsOn(
  'authorization-code',
  'device-decision',
  'refresh-token',
  'expire',
  'fault',
  'clock',
  'jwks',
);

/** Certifies an emulator with this target file. Who has to wait for real time there, waits for that of the emulator. */
async function certify(limits: readonly Limit[], profile = 'aws-create-token'): Promise<Report> {
  const emulator = await startEmulator();
  const { url: endpoint, jwks } = emulator;
  const isLimited = limits.some((limit) => limit.fixture === 'jwks');
  try {
    return await certifyHere(
      { endpoint, profile, limits, ...(!isLimited && { jwks }) },
      { budget: few, provider: fixturesOf(emulator), moveTime: timeOf(emulator) },
    );
  } finally {
    await emulator.close();
  }
}

/** The cases that a plan leaves out, by the reason. */
function leftOut(
  limits: readonly Limit[],
  profile = 'aws-sso-oidc',
): (readonly [id: string, reason: string])[] {
  const target = { ...targetAt('http://127.0.0.1'), profile, limits };
  return planFor(openCatalogue(target), target).cases.flatMap(({ id, notApplicable }) =>
    notApplicable === undefined ? [] : [[id, notApplicable] as const],
  );
}

const oneGrant = limitsOn('authorization-code', 'refresh-token', 'fault', 'clock', 'expire', 'jwks');
let nothing: Report;
let undeclared: Report;
let declared: Report;
beforeAll(async () => {
  [nothing, undeclared, declared] = await Promise.all([
    certify(everything),
    certify(oneGrant),
    certify([...oneGrant, { grant: 'authorization_code', reason }]),
  ]);
});

describe('limits on everything but clients', () => {
  test('leave no token to be seen, and so no green', () => {
    expect({ ...nothing.counts, pass: 0, 'not-applicable': 0 }).toEqual({
      pass: 0,
      warn: 0,
      'not-applicable': 0,
      'not-tested': 0,
      inconclusive: 0,
      'harness-error': 0,
      fail: 0,
    });
    expect(nothing.exitCode).toBe(2);
    expect(nothing.grants.filter(({ granted }) => granted).map(({ operation }) => operation)).toEqual([
      'RegisterClient',
      'StartDeviceAuthorization',
    ]);
    expect(whyNoCertificate(nothing)).toContain('no token was granted in the whole run');
  });

  test('do what the plan says that they do', () => {
    const planned = new Set(leftOut(everything, 'aws-create-token').map(([id]) => id));
    const found = nothing.verdicts.filter((one) => one.reason === reason && !one.case.startsWith('wire/'));
    expect(found.map((one) => one.case).filter((id) => !planned.has(id))).toEqual([]);
    expect(found).toHaveLength([...planned].filter((id) => !id.startsWith('wire/')).length);
  });
});

test('one grant seen is no certificate for three, until the others are limited as a whole', () => {
  expect(undeclared.exitCode).toBe(0);
  expect(whyNoCertificate(undeclared)).toMatch(
    /^nothing failed, but nobody saw a request of CreateToken with authorization_code granted, .* of 33 cells/,
  );
  expect(whyNoCertificate(declared)).toBeUndefined();
});

describe('a missing part of a fixture', () => {
  const parts: Limit[] = Object.entries(fixtureParts).flatMap(([fixture, names]) =>
    names.map((without) => ({
      fixture: fixture as NonNullable<Limit['fixture']>,
      without,
      reason: `no ${without} of ${fixture}`,
    })),
  );

  test.each([
    [
      'device-decision',
      'deny',
      ['device-code/denied', 'device-code/other-device-denied', 'device-code/polled-on-after-denied'],
    ],
    [
      'credentials',
      'not-allowed',
      [
        'iam-authorization-code/principal-not-allowed',
        'iam-refresh-token/principal-not-allowed',
        'jwt-bearer/principal-not-allowed',
        'token-exchange/principal-not-allowed',
      ],
    ],
    ['refresh-token', 'region', ['iam-refresh-token/other-region']],
    ['assertion', 'nobody', ['jwt-bearer/alg-none']],
  ] as const)('%s without %s: only the cases that need it do not apply', (fixture, without, expected) => {
    const ids = leftOut([{ fixture, without, reason }]).map(([id]) => id);
    expect(ids.toSorted()).toEqual(expected);
  });

  test('of faults is an exception', () => {
    const ids = leftOut([{ fixture: 'fault', without: 'SlowDownException', reason }]).map(([id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !id.endsWith('/fault-slow-down'))).toEqual([]);
  });

  test('is what a case says that it needs: nobody finds out only when it is asked for', async () => {
    const report = await certify(parts, 'aws-sso-oidc');
    const planned = new Map(leftOut(parts));
    const reasons = new Set(parts.map((one) => one.reason));
    const surprising = report.verdicts.filter(
      (one) => !planned.has(one.case) && !one.case.startsWith('wire/') && reasons.has(one.reason ?? ''),
    );
    expect(surprising.map((one) => [one.case, one.reason])).toEqual([]);
    expect(
      report.verdicts
        .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')
        .map((one) => [one.case, one.verdict, one.reason]),
    ).toEqual([]);
    expect(report.exitCode).toBe(0);
  });
});
