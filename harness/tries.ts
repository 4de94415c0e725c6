import type { Exchange } from './exchange.ts';
import type { Judgement } from './judge.ts';

/** What is told, once, of all cases that came out red and did not when they were tried again. */
export const unsteady = 'the same request did not always get the same answer';

/** Whether a requirement was seen broken. */
export function isRed({ verdict }: Pick<Judgement, 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

/** What several tries of a case come to, of which the first was broken and the last was not: nothing is proven. */
export function unsteadyJudgement(tries: readonly Judgement[]): Judgement {
  return {
    verdict: 'inconclusive',
    reason: unsteady,
    expected: tries[0]?.expected ?? [],
    actual: tries.flatMap(({ actual }, at) => actual.map((line) => `try ${at + 1}, ${line}`)),
  };
}

/** The exchanges of several tries, marked with the number of those before. */
export function inTurns(tries: readonly (readonly Exchange[])[]): Exchange[] {
  return tries.flatMap((exchanges, turn) =>
    turn === 0 ? exchanges : exchanges.map((exchange) => ({ ...exchange, turn })),
  );
}

/** The exchanges of each try. */
export function turnsOf(exchanges: readonly Exchange[]): Exchange[][] {
  const turns = [...new Set(exchanges.map(({ turn = 0 }) => turn))].sort((one, other) => one - other);
  return turns.map((turn) => exchanges.filter((exchange) => (exchange.turn ?? 0) === turn));
}
