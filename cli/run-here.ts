import type { CaseResult } from '../harness/run/run-case.ts';
import { runCases } from '../harness/run/run-cases.ts';
import { type MoveTime, openRunner } from '../harness/run/runner.ts';
import type { FixtureProvider } from '../targets/fixtures/provider.ts';
import type { RunJob } from './certify.ts';

/** Runs the cases in this process, without vitest around them. */
export function runHere(provider?: FixtureProvider, moveTime?: MoveTime): RunJob {
  return async (job, catalogue, finished, interrupted) => {
    const runner = await openRunner(job, provider, moveTime, interrupted);
    const results: CaseResult[] = [];
    const outcome = () => ({ results, traces: runner.learned(), errors: [], ended: runner.ended() });
    const running = runCases(catalogue.cases, job.cases, {
      ...runner,
      async run(probe, planned) {
        const result = await runner.run(probe, planned);
        if (interrupted?.aborted) return result;
        results.push(result);
        finished(results.length, probe.id);
        return result;
      },
    });
    try {
      await untilInterrupted(running, interrupted);
      return outcome();
    } finally {
      await runner.close();
    }
  };
}

/** Waits for the cases, or for somebody who ends the run: then nobody waits for those under way. */
async function untilInterrupted(running: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    await Promise.race([promise, running]);
  } finally {
    signal?.removeEventListener('abort', end);
  }
}
