import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { longestRun, planFor } from '../../harness/plan/plan.ts';
import { openRunner } from '../../harness/run/runner.ts';
import { budgets } from '../../harness/trial.ts';
import { targetAt } from '../../targets/target/target.ts';
import { eachRequest, netServer } from '../targets/support.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test('the longest time of a run follows from its plan', () => {
  const target = targetAt('http://127.0.0.1:9');
  const { cases } = planFor(openCatalogue(target), target);
  const of = (
    some: typeof cases,
    budget: Parameters<typeof longestRun>[1],
    timeoutSeconds: number,
    rate?: number,
  ) => longestRun(some, budget, { timeoutSeconds, ...(rate !== undefined && { rate }) });
  const whole = of(cases, budgets.quick, 10);
  expect(of(cases.slice(0, 10), budgets.quick, 10)).toBeLessThan(whole);
  expect(of(cases, budgets.quick, 1)).toBeLessThan(whole);
  expect(of(cases, budgets.quick, 10, 5)).toBeGreaterThan(whole);
  expect(of(cases, budgets.standard, 10)).toBeGreaterThan(whole);
  expect(of(cases, { milliseconds: 300_000 }, 10)).toBeGreaterThanOrEqual(whole + 600);
});

test('a run whose time is up ends what is under way, and says why', async () => {
  const arrived = Promise.withResolvers<void>();
  const endpoint = await netServer((socket) => eachRequest(socket, () => arrived.resolve()));
  const target = { ...targetAt(endpoint), timeoutSeconds: 1_000 };
  const catalogue = openCatalogue(target);
  const { cases } = planFor(catalogue, target, { cases: ['start-device-authorization/valid'] });
  const job = { target, cases, seed: 1, strict: false, budget: budgets.quick };
  const runner = await openRunner(job);
  onTestFinished(() => runner.close());
  const [planned] = cases;
  const probe = catalogue.cases.find(({ id }) => id === planned?.id);
  if (planned === undefined || probe === undefined) throw new Error('there is no such case');
  const running = runner.run(probe, planned);
  await arrived.promise;
  vi.advanceTimersByTime(longestRun(cases, budgets.quick, target) * 1_000);
  const { verdict, reason } = await running;
  expect([verdict, reason]).toEqual([
    'inconclusive',
    expect.stringContaining('the longest that its plan may take: the target answers too slowly'),
  ]);
});
