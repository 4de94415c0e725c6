import { Arbitrary, type Random, Stream, Value } from 'fast-check';

/**
 * So many values of one kind that hardly depend on each other. Of a list that breaks a property each value is tried
 * alone before anything else: fast-check's own list would make the first one smaller with all others beside it.
 */
export class SideBySide<T> extends Arbitrary<T[]> {
  readonly #one: Arbitrary<T>;
  readonly #many: number;

  constructor(one: Arbitrary<T>, many: number) {
    super();
    this.#one = one;
    this.#many = many;
  }

  override generate(random: Random, bias: number | undefined): Value<T[]> {
    return listed(Array.from({ length: this.#many }, () => this.#one.generate(random, bias)));
  }

  override canShrinkWithoutContext(_: unknown): _ is T[] {
    return false;
  }

  override shrink(_: T[], context: unknown): Stream<Value<T[]>> {
    const values = (context ?? []) as Value<T>[];
    const fewer =
      values.length > 1
        ? [...values.map((value) => [value]), ...values.map((_, at) => values.toSpliced(at, 1))]
        : [];
    const smaller = values.map((value, at) =>
      this.#one.shrink(value.value_, value.context).map((next) => listed(values.with(at, next))),
    );
    return Stream.of(...fewer.map(listed)).join(...smaller);
  }
}

const listed = <T>(values: Value<T>[]) =>
  new Value(
    values.map(({ value_ }) => value_),
    values,
  );
