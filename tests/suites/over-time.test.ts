import { expect, onTestFinished, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { budgets } from '../../harness/trial.ts';
import { cases } from '../../suites/all.ts';
import { openFixtures } from '../../targets/fixtures/open.ts';
import { targetAt } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

const hour = 3_600;

test('time passes for all cases at once', async () => {
  const { url: endpoint, fixtures, close } = await startEmulator();
  onTestFinished(close);
  const asked = await openFixtures({ ...targetAt(endpoint), fixtures });
  const moves: number[] = [];
  const target = { ...targetAt(endpoint), profile: 'aws-sso-oidc' };
  const passing = new Set(cases.filter((one) => one.overTime).map(({ id }) => id));
  const overTime = planFor(openCatalogue(target), target)
    .cases.map(({ id }) => id)
    .filter((id) => passing.has(id));
  const report = await certifyHere(
    { endpoint, fixtures, profile: 'aws-sso-oidc' },
    {
      seed: 5,
      budget: budgets.standard,
      selection: { cases: overTime },
      provider: (verb, input) => {
        if (verb === 'clock') moves.push(Number(input.advanceSeconds));
        return asked(verb, input);
      },
    },
  );
  // A refresh brings no ID token, of which one of them speaks.
  expect(
    report.verdicts.filter(({ verdict }) => verdict !== 'pass').map((one) => [one.case, one.verdict]),
  ).toEqual([['iam-refresh-token/generations/time-of-sign-in', 'not-applicable']]);
  expect(report.verdicts).toHaveLength(overTime.length);
  const passed = moves.reduce((sum, seconds) => sum + seconds, 0);
  // The longest wait of any, until the secret of a client ends, where one after another would take twice as long.
  expect(passed).toBeGreaterThan(89 * 24 * hour);
  expect(passed).toBeLessThan(91 * 24 * hour);
  expect(moves.length).toBeLessThan(90);
});
