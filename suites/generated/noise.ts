import fc, { type Arbitrary } from 'fast-check';
import type { Member } from '../../harness/generate/contract.ts';
import type { Call } from '../../harness/world/world.ts';

/** Differences of a request that must not matter. */
export interface Noise {
  /** Members that nobody knows. */
  readonly unknown: readonly (readonly [name: string, value: unknown])[];
  /** Optional members, by their names on the wire, that are there with the value null. */
  readonly nulls: readonly string[];
  /** Decides the order of the members. */
  readonly order: number;
  /** Stands around every member. */
  readonly space: string;
  /** Whether every letter is written as its code point. */
  readonly escaped: boolean;
}

export const quiet: Noise = { unknown: [], nulls: [], order: 0, space: '', escaped: false };

const fewOfEveryType = [
  null,
  true,
  0,
  -1.5,
  1e300,
  '',
  'x',
  [],
  {},
  [null],
  [[1]],
  [{ x: [] }],
  { x: { x: null } },
];

/** Half of them few values of all types: random ones are mostly texts and numbers, and take long to make. */
const anyValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...fewOfEveryType),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Noise for an operation: what is unknown or optional follows from its contract. */
export function noiseFor(members: readonly Member[]): Arbitrary<Noise> {
  const known = new Set(members.flatMap(({ name, wire }) => [name.toLowerCase(), wire.toLowerCase()]));
  const optional = members.filter(({ required }) => !required).map(({ wire }) => wire);
  const name = fc
    .oneof(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60, size: 'max' }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20, size: 'max' }),
      fc.constantFrom('state', 'nonce', 'client_assertion', 'resource', 'x', 'toString', 'constructor'),
    )
    .filter((text) => !known.has(text.toLowerCase()) && text !== '__proto__');
  // What is simple comes first, since it is made smaller first.
  return fc.record({
    nulls: fc.subarray(optional),
    order: fc.nat(1_000_000),
    space: fc.constantFrom('', ' ', '\n', '\t', '\r\n  '),
    escaped: fc.boolean(),
    unknown: fc.uniqueArray(fc.tuple(name, anyValue), {
      maxLength: 6,
      selector: ([one]) => one,
    }),
  });
}

/** The same request, with differences that must not matter. */
export function withNoise(request: Call, noise: Noise): Call {
  const { body: before = (json: string) => json, ...raw } = request.raw ?? {};
  return { ...request, raw: { ...raw, body: (json) => restyled(String(before(json)), noise) } };
}

function restyled(json: string, { unknown, nulls, order, space, escaped }: Noise): string {
  const body = JSON.parse(json) as Record<string, unknown>;
  const entries = [
    ...Object.entries(body),
    ...nulls.filter((name) => !Object.hasOwn(body, name)).map((name) => [name, null] as const),
    ...unknown,
  ];
  const text = (value: unknown) => {
    const json = JSON.stringify(value);
    return escaped && json.length < 200 ? escapedJson(json) : json;
  };
  const pairs = shuffled(entries, order).map(
    ([name, value]) => `${space}${text(name)}:${space}${text(value)}`,
  );
  return `${space}{${pairs.join(`${space},`)}${space}}${space}`;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const escapes: Readonly<Record<string, string>> = Object.fromEntries([
  ['/', '\\/'],
  ...[...letters].map((letter) => [letter, `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`]),
]);

/** JSON in which every letter inside a string is written as its code point. */
function escapedJson(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replace(/\\.|[A-Za-z/]/g, (found) => escapes[found] ?? found),
  );
}

/** In an order that follows from a number; 0 leaves it. */
function shuffled<T>(items: readonly T[], order: number): T[] {
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
