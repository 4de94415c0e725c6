import type { Dialect, Operation } from '../targets/dialect.ts';
import { limitOn } from '../targets/target/limits.ts';
import type { FixtureVerb, Limit } from '../targets/target/target.ts';

/** A grant that something can be shown on, where any will do. */
export interface Way {
  readonly grant: string;
  /** The fixtures that it takes. */
  readonly needs: readonly FixtureVerb[];
  /** The operation that begins it. */
  readonly through?: Operation;
}

/** Ways, the preferred one first. */
export type Ways<W extends Way = Way> = readonly [W, ...W[]];

/** The first way that no limit of a target takes away; the first of all where each is taken away. */
export function wayOf<W extends Way>(ways: Ways<W>, limits: readonly Limit[], dialect: Dialect): W {
  return ways.find((way) => limits.every((limit) => !takesAway(limit, way, dialect))) ?? ways[0];
}

/** Whether a limit names something that a way takes. */
export function takesAway(limit: Limit, { grant: own, needs, through }: Way, dialect: Dialect): boolean {
  const { grant, operation } = limit;
  return (
    (grant !== undefined && grant === own) ||
    needs.some((verb) => limitOn(verb, [limit]) !== undefined) ||
    (operation !== undefined && through !== undefined && dialect.nameOf(through) === operation)
  );
}
