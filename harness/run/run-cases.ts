import pLimit from 'p-limit';
import type { Case } from '../case.ts';
import type { PlannedCase } from '../plan/plan.ts';
import type { CaseResult } from './run-case.ts';
import type { Runner } from './runner.ts';

/** Cases that run at the same time, or else one by one. */
export interface Group {
  readonly name: string;
  readonly concurrent: boolean;
  readonly cases: readonly Case[];
}

/** The groups of a run follow one another, so that no case disturbs another. */
export function groupsOf(
  cases: readonly Case[],
  { declaresClients }: Pick<Runner, 'declaresClients'>,
): readonly Group[] {
  // A fault that is set for a client meets all who use it.
  const isAlone = ({ alone, needs }: Case) => alone === true || (declaresClients && needs.includes('fault'));
  const group = (name: string, concurrent: boolean, isOne: (probe: Case) => boolean): Group => ({
    name,
    concurrent,
    cases: longestFirst(cases.filter(isOne)),
  });
  return [
    group('together', true, (probe) => !probe.overTime && !isAlone(probe)),
    group('over time', true, ({ overTime }) => overTime === true),
    group('alone', false, isAlone),
  ];
}

/** What takes long begins first, so that nothing long is left at the end. */
function longestFirst(cases: readonly Case[]): Case[] {
  const isLong = ({ property }: Case) => Number(property !== undefined);
  return cases.toSorted((one, other) => isLong(other) - isLong(one));
}

/** Runs planned cases within this process. */
export async function runCases(
  cases: readonly Case[],
  planned: readonly PlannedCase[],
  runner: Runner,
): Promise<CaseResult[]> {
  const plans = new Map(planned.map((one) => [one.id, one]));
  const results: CaseResult[] = [];
  for (const group of groupsOf(cases, runner)) {
    const limit = pLimit(group.concurrent ? runner.concurrency : 1);
    await limit.map(group.cases, async (probe) => {
      const plan = plans.get(probe.id);
      if (plan !== undefined) results.push(await runner.run(probe, plan));
    });
  }
  return results;
}
