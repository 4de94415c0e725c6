import fc, { type Arbitrary } from 'fast-check';
import type { Member } from '../../harness/generate/contract.ts';
import type { Call } from '../../harness/world/world.ts';
import { withMember } from '../kit/member.ts';

/** Changes one member of a request. Like every generated value it survives JSON: what is undefined is not there. */
export interface Mutation {
  readonly member: string;
  /** Absent: the member is left out. */
  readonly value?: unknown;
  /** So many lists inside each other, in place of the value, which only JSON can say. */
  readonly nested?: number;
}

/** A member with one of these values, or left out. */
export const valuedOrLeftOut = (
  member: Arbitrary<string>,
  ...values: readonly Arbitrary<unknown>[]
): Arbitrary<Mutation> =>
  fc.oneof(...values.map((value) => ({ weight: 1, arbitrary: fc.record({ member, value }) })), {
    weight: 1,
    arbitrary: fc.record({ member }),
  });

/** A member with a value, and seldom left out. */
export const mostlyValued = (name: string, value: Arbitrary<unknown>): Arbitrary<Mutation> => {
  const member = fc.constant(name);
  return fc.oneof(
    { weight: 11, arbitrary: fc.record({ member, value }) },
    { weight: 1, arbitrary: fc.record({ member }) },
  );
};

export const mutated = (request: Call, { member, value, nested }: Mutation): Call => {
  if (nested === undefined) return withMember(request, member, value);
  // No letters: noise before it would write them otherwise.
  const marker = `[[[${nested}]]]`;
  const lists = '['.repeat(nested) + ']'.repeat(nested);
  const { body: before = (json: string) => json } = request.raw ?? {};
  const body = (json: string) => String(before(json)).replace(JSON.stringify(marker), lists);
  return { ...withMember(request, member, marker), raw: { ...request.raw, bodyType: 'json', body } };
};

/** The members that a request cannot do without, of those whose values are texts. */
export const requiredTexts = (members: readonly Member[]) =>
  members.filter(({ required, type }) => required && type === 'string').map(({ name }) => name);
