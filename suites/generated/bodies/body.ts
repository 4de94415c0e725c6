import type { Arbitrary } from 'fast-check';
import type { BodyType } from '../../../harness/body.ts';
import type { Expectation } from '../../../harness/expectation.ts';
import type { Member } from '../../../harness/generate/contract.ts';
import type { Mutation } from '../mutation.ts';

/** Differences of a request that must not matter, in a body of any type. */
export interface Noise {
  /** Members that nobody knows. */
  readonly unknown: readonly (readonly [name: string, value: unknown])[];
  /** Optional members, by their names on the wire, that are there and say nothing: null, or empty in a form. */
  readonly nulls: readonly string[];
  /** Decides the order of the members. */
  readonly order: number;
}

/** What generated requests can do with one type of body. What is generated survives JSON. */
export interface GeneratedBody<N extends Noise = Noise, B = unknown> {
  readonly type: BodyType;
  /** Noise for an operation: what is unknown or optional follows from its contract. */
  noiseFor(members: readonly Member[]): Arbitrary<N>;
  /** The same members, with differences that must not matter. */
  restyled(text: string, noise: N): string;
  /** The text with another name in place of that of a member, as the wire spells both. */
  renamed(text: string, name: string, other: string): string;
  /** Some mistake of any kind that this body has words for, in one of these members. */
  anyMistake(members: readonly string[]): Arbitrary<Mutation>;
  /** A member with a value that few clients send; seldom left out. */
  oddMember(member: Member): Arbitrary<Mutation>;
  /** Ways to break the text of a body. */
  readonly breakages: Arbitrary<B>;
  broken(text: string, breakage: B): string | Buffer;
  /** What a broken text is answered with. */
  readonly unreadable: Expectation;
}

/** The names that a contract has, however they are spelt, in lower case, and those that may be missing on the wire. */
export const namesIn = (members: readonly Member[]) => ({
  known: new Set(members.flatMap(({ name, wire }) => [name.toLowerCase(), wire.toLowerCase()])),
  optional: members.filter(({ required }) => !required).map(({ wire }) => wire),
});

/** In an order that follows from a number; 0 leaves it. */
export function shuffled<T>(items: readonly T[], order: number): T[] {
  const rest = [...items];
  if (order === 0) return rest;
  let state = order;
  const out: T[] = [];
  while (rest.length > 0) {
    state = (Math.imul(state, 48_271) + 11) >>> 0;
    out.push(...rest.splice(state % rest.length, 1));
  }
  return out;
}
