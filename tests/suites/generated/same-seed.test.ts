import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Emulator } from '../../../emulator/server.ts';
import type { Report } from '../../../harness/report/report.ts';
import { certifyHere } from '../../support/certify.ts';
import { fixturesOf, startEmulator } from '../../support/emulator.ts';

let emulator: Emulator;
let first: Report;

const certified = (): Promise<Report> => {
  const { url: endpoint, fixtures, jwks } = emulator;
  const target = { endpoint, fixtures, jwks, profile: 'aws-sso-oidc' };
  return certifyHere(target, { seed: 7, budget: { runs: 4 }, provider: fixturesOf(emulator) });
};

beforeAll(async () => {
  emulator = await startEmulator({
    // Whether a poll is too fast depends on how busy the machine is.
    behaviours: { 'poll-not-too-fast': () => undefined },
  });
  first = await certified();
});
afterAll(() => emulator.close());

/** The report without what differs from run to run by nature: clock, ports, generated ids, and what is derived from them. */
function normalised(report: Report): string {
  const { startedAt: _, durationMs: __, ...rest } = report;
  const plain = JSON.stringify(rest, (name, value) => {
    if (['startedAt', 'durationMs', 'bits', 'bytes', 'clockAdvanced', 'jwts'].includes(name))
      return undefined;
    if (name === 'actual') return (value as string[]).toSorted();
    if (name === 'headers') return undefined;
    if (typeof value !== 'string') return value;
    return value
      .replace(/127\.0\.0\.1:\d+/g, 'HOST')
      .replace(/\d+ chars (\w+) #[0-9a-f]{12}/g, 'CHARS $1')
      .replace(/[\w-]{22}(?:VzLWVhc3QtMQ|vZlwvHC3qTmq)/g, 'CLIENT')
      .replace(/(x-amz-date|x-amz-content-sha256): \w+/g, '$1')
      .replace(/ssoins-[0-9a-f]+\/apl-[0-9a-f]+/g, 'APPLICATION')
      .replace(/("(?:clientIdIssuedAt|clientSecretExpiresAt)":)\d+/g, '$1TIME')
      .replace(/\$([A-Z_]+?)(_\d+)?\b/g, '$$$1');
  });
  // What was sent at the same time comes back in any order.
  return JSON.stringify(
    JSON.parse(plain, (name, value) => (name === 'exchanges' ? value.toSorted(byText) : value)),
    undefined,
    1,
  );
}

const byText = (one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);

test('a second run of the same emulator with the same seed is the same, byte for byte, but for clock, ports and generated ids', async () => {
  const second = await certified();
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(second.requests).toBe(first.requests);
  expect(normalised(second)).toBe(normalised(first));
});
