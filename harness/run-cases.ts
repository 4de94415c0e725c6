import type { Case } from './case.ts';
import type { PlannedCase } from './plan.ts';
import type { CaseResult } from './run-case.ts';
import type { Runner } from './runner.ts';

/** Cases under way at once: enough to hide latency, few enough for an emulator on a laptop. */
export const concurrency = 64;

/** What takes long begins first, so that nothing long is left at the end. */
export function longestFirst(cases: readonly Case[]): Case[] {
  const isLong = ({ property }: Case) => Number(property !== undefined);
  return cases.toSorted((one, other) => isLong(other) - isLong(one));
}

/** Runs planned cases within this process: together first, then those that must be alone. */
export async function runCases(
  cases: readonly Case[],
  planned: readonly PlannedCase[],
  runner: Runner,
): Promise<CaseResult[]> {
  const work = longestFirst(cases).flatMap((probe) => {
    const plan = planned.find(({ id }) => id === probe.id);
    return plan === undefined ? [] : [{ probe, plan }];
  });
  const results: CaseResult[] = [];
  const together = work.filter(({ probe }) => !probe.alone).values();
  const alone = work.filter(({ probe }) => probe.alone).values();
  const drain = async (queue: Iterable<(typeof work)[number]>) => {
    for (const { probe, plan } of queue) results.push(await runner.run(probe, plan));
  };
  await Promise.all(Array.from({ length: concurrency }, () => drain(together)));
  await drain(alone);
  return results;
}
