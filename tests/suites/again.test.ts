import { expect, onTestFinished, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { certifyHere } from '../support/certify.ts';

test('an emulator that was certified before is certified again, with the same seed', async () => {
  const { url: endpoint, fixtures, jwks, close } = await startEmulator();
  onTestFinished(close);
  const target = { endpoint, fixtures, jwks, profile: 'aws-sso-oidc' };
  const reports = [await certifyHere(target), await certifyHere(target)];
  expect(reports.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  const [first, second] = reports.map(({ verdicts }) => verdicts.map((one) => [one.case, one.verdict]));
  expect(second).toEqual(first);
});
