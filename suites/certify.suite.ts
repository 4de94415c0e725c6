import { afterAll, describe, inject, test } from 'vitest';
import type { Trace } from '../harness/capture/sieve.ts';
import { spokenIn } from '../harness/plan/applicability.ts';
import type { CaseResult } from '../harness/run/run-case.ts';
import { groupsOf } from '../harness/run/run-cases.ts';
import { dialectOf, type Job, openRunner } from '../harness/run/runner.ts';
import { cases } from './all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    job: Job;
  }
  interface TaskMeta {
    result?: CaseResult;
    /** Of the secrets that were met since the last test. */
    traces?: readonly Trace[];
    /** What is to be said first where the target has stopped answering. */
    ended?: string;
  }
}

// Who ends a run at a terminal ends every process of it, and the command still wants to hear what was seen.
process.on('SIGINT', () => undefined);

const job = inject('job');
const runner = await openRunner(job);
const planned = new Map(job.cases.map((one) => [one.id, one]));

afterAll(() => runner.close());

// A vitest test only carries its case: the verdict travels in its meta, never in vitest's own states.
for (const { name, concurrent, cases: chosen } of groupsOf(
  spokenIn(cases, dialectOf(job.target)).filter(({ id }) => planned.has(id)),
  runner,
))
  describe(name, () => {
    for (const probe of chosen)
      test(probe.id, { concurrent }, async ({ task }) => {
        const plan = planned.get(probe.id);
        if (plan !== undefined) task.meta.result = await runner.run(probe, plan);
        task.meta.traces = runner.learned();
        const ended = runner.ended();
        if (ended !== undefined) task.meta.ended = ended;
      });
  });
