import { openCatalogue } from '../../cli/catalogue.ts';
import { type Catalogue, planFor, type Selection } from '../../harness/plan/plan.ts';
import { makeReport, type Report } from '../../harness/report/report.ts';
import { requestsOf } from '../../harness/run/run-case.ts';
import { runCases } from '../../harness/run/run-cases.ts';
import { type MoveTime, openRunner } from '../../harness/run/runner.ts';
import { type Budget, budgets } from '../../harness/trial.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { limitsOf, type Target, targetAt } from '../../targets/target/target.ts';

/** For whole runs whose subject is not what is generated: two values of each property. */
export const few: Budget = { runs: 2 };

/** Certifies a target within this process: what `run` does, without vitest around the cases. */
export async function certifyHere(
  given: Partial<Target> & Pick<Target, 'endpoint'>,
  {
    selection = {},
    strict = false,
    seed = 1,
    budget = budgets.quick,
    retryDelaysMs,
    provider,
    moveTime,
  }: {
    selection?: Selection;
    strict?: boolean;
    seed?: number;
    budget?: Budget;
    retryDelaysMs?: readonly number[];
    provider?: FixtureProvider;
    moveTime?: MoveTime;
  } = {},
): Promise<Report> {
  // A busy machine makes no emulator silent.
  const named: Target = { ...targetAt('http://127.0.0.1'), timeoutSeconds: 60, ...given };
  const target = { ...named, limits: limitsOf(named) };
  const catalogue = catalogueOf(target);
  const plan = planFor(catalogue, target, selection);
  const job = { target, cases: plan.cases, seed, strict, budget, ...(retryDelaysMs && { retryDelaysMs }) };
  const runner = await openRunner(job, provider, moveTime);
  const startedAt = new Date();
  try {
    const results = await runCases(catalogue.cases, plan.cases, runner);
    return makeReport({
      suite: { name: 'token-conformance', version: 'test' },
      target,
      endpoints: typeof given.endpoint === 'string' ? { CreateToken: given.endpoint } : given.endpoint,
      plan,
      catalogue,
      results,
      seed,
      strict,
      startedAt,
      durationMs: 0,
      requests: requestsOf(results),
      commandFor: (id) => `run ${id}`,
    });
  } finally {
    await runner.close();
  }
}

const catalogues = new Map<string, Catalogue>();

/** Reading it takes longer than most runs of a few cases. */
function catalogueOf(target: Target): Catalogue {
  const name = target.profile ?? '';
  const catalogue = catalogues.get(name) ?? openCatalogue(target);
  catalogues.set(name, catalogue);
  return catalogue;
}

/** The verdict of one case. */
export function verdictOf(report: Report, id: string): string | undefined {
  return report.verdicts.find((one) => one.case === id)?.verdict;
}
