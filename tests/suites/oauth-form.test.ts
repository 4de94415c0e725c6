import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import type { Report } from '../../harness/report/report.ts';
import { whyNoCertificate } from '../../reporters/certificate.ts';
import { certifyHere, few } from '../support/certify.ts';
import { endpointsOf, startEmulator } from '../support/emulator.ts';

/** The cases that both dialects share, in front of the standard server of the emulator. */

let emulator: Emulator;
let report: Report;

beforeAll(async () => {
  emulator = await startEmulator();
  const { issuer, fixtures, jwks } = emulator.oauth;
  const endpoint = {
    ...endpointsOf(issuer),
    metadata: `${issuer}/.well-known/oauth-authorization-server`,
  };
  report = await certifyHere(
    {
      dialect: 'oauth-form',
      issuer,
      profile: 'oauth2',
      endpoint,
      fixtures,
      jwks,
      scopes: ['openid', 'offline_access'],
    },
    { budget: few },
  );
});
afterAll(() => emulator.close());

describe('the standard server of the emulator', () => {
  test('breaks no rule that has a case', () => {
    const broken = report.verdicts.filter(
      ({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable',
    );
    expect(broken.map(({ case: id, verdict, reason }) => [id, verdict, reason])).toEqual([]);
    expect(report.counts.pass).toBeGreaterThan(400);
  });

  test('is certified', () => {
    expect(report.profile.open).toBeUndefined();
    expect(report.exitCode).toBe(0);
    expect(whyNoCertificate(report)).toBeUndefined();
  });
});
