import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../../emulator/server.ts';
import type { Report } from '../../../harness/report.ts';
import { budgets } from '../../../harness/trial.ts';
import { certifyHere } from '../../support/certify.ts';

async function certified(seed: number): Promise<Report> {
  const {
    url: endpoint,
    fixtures,
    jwks,
    close,
  } = await startEmulator({
    // Whether a poll is too fast depends on how busy the machine is.
    behaviours: { 'poll-not-too-fast': () => undefined },
  });
  onTestFinished(close);
  const target = { endpoint, fixtures, jwks, profile: 'aws-sso-oidc' };
  return certifyHere(target, { seed, budget: budgets.quick });
}

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

test('two runs with the same seed are the same, byte for byte, but for clock, ports and generated ids', async () => {
  const [one, other] = [await certified(7), await certified(7)];
  expect(other.requests).toBe(one.requests);
  expect(normalised(other)).toBe(normalised(one));
});
