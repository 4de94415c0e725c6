import { expect, onTestFinished, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { certifyTarget } from '../../cli/certify.ts';
import { runHere } from '../../cli/run-here.ts';
import { planFor } from '../../harness/plan/plan.ts';
import { budgets } from '../../harness/trial.ts';
import { outcomeOf } from '../../reporters/outcome.ts';
import { readTarget } from '../../targets/target/read.ts';
import { isTried, isWhole } from '../support/whole.ts';
import { fileOf, serverNames, startServer } from './servers.ts';

test.each(serverNames)('%s is what its baseline says', async (name) => {
  const { close } = await startServer(name);
  onTestFinished(close);
  const { target } = readTarget(fileOf(name, 'target.yaml'), process.env);
  const planned = planFor(openCatalogue(target), target).cases;
  // In part examples alone: what is generated takes longest.
  const examples = planned.filter(
    ({ generated, notApplicable }) => !generated && notApplicable === undefined,
  );
  const { report } = await certifyTarget(target, {
    seed: 1,
    budget: budgets.quick,
    baseline: fileOf(name, 'baseline.yaml'),
    ...(!isWhole && { case: examples.map(({ id }) => id).filter(isTried) }),
    commandFor: (id) => id,
    runJob: runHere(),
  });
  const { known = [], flaky = [] } = report.baseline ?? {};
  const listed = new Set([...known, ...flaky].flatMap(({ cases }) => cases));
  const wrong = report.verdicts.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable');
  const news = wrong.filter((one) => !listed.has(one.case));
  expect(news.map((one) => `${one.verdict} ${one.case}: ${one.reason}`)).toEqual([]);
  expect(report.baseline?.stale).toEqual([]);
  expect(outcomeOf(report).word).not.toBe('failed');
});
