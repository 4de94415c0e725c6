import { afterAll, describe, inject, test } from 'vitest';
import type { CaseResult } from '../harness/run-case.ts';
import { longestFirst } from '../harness/run-cases.ts';
import { type Job, openRunner } from '../harness/runner.ts';
import { cases } from './all.ts';

declare module 'vitest' {
  interface ProvidedContext {
    job: Job;
  }
  interface TaskMeta {
    result?: CaseResult;
  }
}

const job = inject('job');
const runner = await openRunner(job);
const planned = new Map(job.cases.map((one) => [one.id, one]));
const chosen = longestFirst(cases).filter(({ id }) => planned.has(id));

afterAll(() => runner.close());

// A vitest test only carries its case: the verdict travels in its meta, never in vitest's own states.
for (const [group, concurrent] of [
  ['together', true],
  ['alone', false],
] as const)
  describe(group, { concurrent }, () => {
    for (const probe of chosen.filter(({ alone = false }) => alone !== concurrent))
      test(probe.id, async ({ task }) => {
        const plan = planned.get(probe.id);
        if (plan !== undefined) task.meta.result = await runner.run(probe, plan);
      });
  });
