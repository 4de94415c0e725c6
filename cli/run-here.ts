import { runCases } from '../harness/run/run-cases.ts';
import { type MoveTime, openRunner } from '../harness/run/runner.ts';
import type { FixtureProvider } from '../targets/fixtures/provider.ts';
import type { RunJob } from './certify.ts';

/** Runs the cases in this process, without vitest around them. */
export function runHere(provider?: FixtureProvider, moveTime?: MoveTime): RunJob {
  return async (job, catalogue, finished) => {
    const runner = await openRunner(job, provider, moveTime);
    let done = 0;
    try {
      const results = await runCases(catalogue.cases, job.cases, {
        ...runner,
        async run(probe, planned) {
          const result = await runner.run(probe, planned);
          finished(++done, probe.id);
          return result;
        },
      });
      return { results, traces: runner.learned(), errors: [] };
    } finally {
      await runner.close();
    }
  };
}
