import type { Dialect } from '../../targets/dialect.ts';
import type { Exchange } from '../exchange.ts';
import { type Judgement, summary, unsteady } from './judge.ts';
import { observe } from './observe.ts';

/** Whether a requirement was seen broken. */
export function isRed({ verdict }: Pick<Judgement, 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'warn';
}

/**
 * What several tries of a case come to, of which the first was broken and the last was not: nothing is proven.
 *
 * @param expected of the case
 * @param tries the exchanges of each, given ones included: it may have been one of them
 */
export function unsteadyJudgement(
  expected: readonly string[],
  tries: readonly (readonly Exchange[])[],
  dialect: Dialect,
): Judgement {
  const actual = tries.flatMap((exchanges, at) =>
    exchanges.map((one) => `try ${at + 1}, ${one.step}: ${summary(observe(dialect, one))}`),
  );
  return { verdict: 'inconclusive', reason: unsteady, expected, actual };
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
