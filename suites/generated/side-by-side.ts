import { Arbitrary, type Random, Stream, Value } from 'fast-check';

/** A value, and what makes it smaller. */
interface Made<T> {
  readonly by: Arbitrary<T>;
  readonly value: Value<T>;
}

/**
 * Values that hardly depend on each other, one of each kind. Of a list that breaks a property each value is tried
 * alone before anything else: fast-check's own list would make the first one smaller with all others beside it.
 */
export class SideBySide<T> extends Arbitrary<T[]> {
  readonly #kinds: readonly Arbitrary<T>[];

  constructor(kinds: readonly Arbitrary<T>[]) {
    super();
    this.#kinds = kinds;
  }

  override generate(random: Random, bias: number | undefined): Value<T[]> {
    return listed(this.#kinds.map((by) => ({ by, value: by.generate(random, bias) })));
  }

  override canShrinkWithoutContext(_: unknown): _ is T[] {
    return false;
  }

  override shrink(_: T[], context: unknown): Stream<Value<T[]>> {
    const made = (context ?? []) as Made<T>[];
    const fewer =
      made.length > 1 ? [...made.map((one) => [one]), ...made.map((_, at) => made.toSpliced(at, 1))] : [];
    const smaller = made.map(({ by, value }, at) =>
      by.shrink(value.value_, value.context).map((next) => listed(made.with(at, { by, value: next }))),
    );
    return Stream.of(...fewer.map(listed)).join(...smaller);
  }
}

/** So many values of one kind. */
export const manyOf = <T>(kind: Arbitrary<T>, many: number) =>
  new SideBySide(Array.from({ length: many }, () => kind));

const listed = <T>(made: Made<T>[]) =>
  new Value(
    made.map(({ value }) => value.value_),
    made,
  );
