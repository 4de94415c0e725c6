import fc, { type Arbitrary } from 'fast-check';
import type { Member } from '../../harness/generate/contract.ts';
import type { Call } from '../../harness/world/world.ts';
import { withMember } from '../kit/member.ts';
import { hostileText } from './text.ts';

/** Changes one member of a request. Like every generated value it survives JSON: what is undefined is not there. */
export interface Mutation {
  readonly member: string;
  /** Absent: the member is left out. */
  readonly value?: unknown;
  /** So many lists inside each other, in place of the value. */
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

export const mutated = (request: Call, { member, value, nested }: Mutation): Call => {
  if (nested === undefined) return withMember(request, member, value);
  // No letters: noise before it would write them otherwise.
  const marker = `[[[${nested}]]]`;
  const lists = '['.repeat(nested) + ']'.repeat(nested);
  const { body: before = (json: string) => json } = request.raw ?? {};
  const body = (json: string) => String(before(json)).replace(JSON.stringify(marker), lists);
  return { ...withMember(request, member, marker), raw: { ...request.raw, body } };
};

/** The members that a request cannot do without, of those whose values are texts. */
export const requiredTexts = (members: readonly Member[]) =>
  members.filter(({ required, type }) => required && type === 'string').map(({ name }) => name);

/** A JSON value of another type than a text. */
export const noText = (maxDepth: number): Arbitrary<unknown> =>
  fc.jsonValue({ maxDepth }).filter((value) => typeof value !== 'string');

/** Some mistake of any kind, in one of these members. */
export function anyMistake(members: readonly string[]): Arbitrary<Mutation> {
  const member = fc.constantFrom(...members);
  return fc.oneof(
    {
      weight: 10,
      arbitrary: valuedOrLeftOut(member, hostileText, fc.constant(''), fc.constant(null), noText(3)),
    },
    { weight: 2, arbitrary: fc.record({ member, nested: fc.constantFrom(10, 3_000, 3_000, 3_000) }) },
  );
}

const longText = fc.constantFrom(130, 300, 3_000).map((length) => 'n'.repeat(length));
const longList = fc
  .constantFrom(120, 500)
  .map((length) => Array.from({ length }, (_, at) => `https://client.example/${at}`));
const sameTwice = fc
  .constantFrom('openid', 'refresh_token', 'https://client.example/')
  .map((text) => [text, text]);

/** A member with a value that few clients send: mostly of its type, too long, mixed or repeated; seldom left out. */
export function oddMember({ name, type }: Member): Arbitrary<Mutation> {
  const member = fc.constant(name);
  return fc.oneof(
    { weight: 11, arbitrary: fc.record({ member, value: oddValue(type) }) },
    { weight: 1, arbitrary: fc.record({ member }) },
  );
}

function oddValue(type: Member['type']): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<unknown>(null, 0, -1, 1.5, true, '', [], {}, [null], [1, 2]),
    },
    { weight: type === 'array' ? 1 : 3, arbitrary: fc.oneof(hostileText, longText) },
    {
      weight: type === 'array' ? 3 : 1,
      arbitrary: fc.oneof(
        longList,
        sameTwice,
        fc.array(hostileText, { maxLength: 30 }),
        fc.constantFrom([['a']], [''], [{}]),
      ),
    },
  );
}

/** One way to break the text of a body. */
export interface Breakage {
  readonly kind: 'cut' | 'stray' | 'behind' | 'other' | 'bytes';
  /** Where, as a part of the length. */
  readonly at: number;
  /** Which one, of those of its kind. */
  readonly what: number;
}

export const breakages: Arbitrary<Breakage> = fc.record({
  kind: fc.constantFrom('cut', 'stray', 'behind', 'other', 'bytes'),
  at: fc.integer({ min: 1, max: 97 }).map((part) => part / 100),
  what: fc.nat(5),
});

export function brokenBody(json: string, { kind, at: part, what }: Breakage): string | Buffer {
  if (kind === 'cut') return json.slice(0, Math.max(1, Math.floor(json.length * part)));
  if (kind === 'stray') {
    const at = Math.floor(json.length * part);
    return `${json.slice(0, at)}"\u0001${json.slice(at)}`;
  }
  if (kind === 'behind') return json + [',', '}', ' {}', ' null', '\u0000', '//'][what];
  if (kind === 'other')
    return [`[${json}]`, JSON.stringify(json), 'null', '42', 'true', `(${json})`][what] ?? '';
  const bytes = [[0xff], [0xc3, 0x28], [0xe2, 0x82], [0xf0, 0x28, 0x8c, 0xbc], [0xed, 0xa0, 0x80], [0x80]][
    what
  ];
  return Buffer.concat([
    Buffer.from(`${json.slice(0, -1)},"x":"`),
    Buffer.from(bytes ?? []),
    Buffer.from('"}'),
  ]);
}
