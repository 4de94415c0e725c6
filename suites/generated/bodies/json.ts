import fc, { type Arbitrary } from 'fast-check';
import { rejected } from '../../../harness/expectation.ts';
import type { Member } from '../../../harness/generate/contract.ts';
import { type Mutation, mostlyValued, valuedOrLeftOut } from '../mutation.ts';
import { hostileText, longText } from '../text.ts';
import { type GeneratedBody, type Noise, namesIn, shuffled } from './body.ts';

export interface JsonNoise extends Noise {
  /** Stands around every member. */
  readonly space: string;
  /** Whether every letter is written as its code point. */
  readonly escaped: boolean;
}

export const quiet: JsonNoise = { unknown: [], nulls: [], order: 0, space: '', escaped: false };

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

function noiseFor(members: readonly Member[]): Arbitrary<JsonNoise> {
  const { known, optional } = namesIn(members);
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

function restyled(json: string, { unknown, nulls, order, space, escaped }: JsonNoise): string {
  const body = JSON.parse(json) as Record<string, unknown>;
  // Noise over another spelling (a name twice, say) would take a mistake of it away.
  if (JSON.stringify(body) !== json)
    throw new Error('There can be no noise over JSON that was spelt otherwise.');
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

/** A JSON value of another type than a text. */
export const noText = (maxDepth: number): Arbitrary<unknown> =>
  fc.jsonValue({ maxDepth }).filter((value) => typeof value !== 'string');

function anyMistake(members: readonly string[]): Arbitrary<Mutation> {
  const member = fc.constantFrom(...members);
  return fc.oneof(
    {
      weight: 10,
      arbitrary: valuedOrLeftOut(member, hostileText, fc.constant(''), fc.constant(null), noText(3)),
    },
    { weight: 2, arbitrary: fc.record({ member, nested: fc.constantFrom(10, 3_000, 3_000, 3_000) }) },
  );
}

const longList = fc
  .constantFrom(120, 500)
  .map((length) => Array.from({ length }, (_, at) => `https://client.example/${at}`));
const sameTwice = fc
  .constantFrom('openid', 'refresh_token', 'https://client.example/')
  .map((text) => [text, text]);

/** Mostly of its type, too long, mixed or repeated. */
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

/** One way to break a JSON text. */
export interface Breakage {
  readonly kind: 'cut' | 'stray' | 'behind' | 'other' | 'bytes';
  /** Where, as a part of the length. */
  readonly at: number;
  /** Which one, of those of its kind. */
  readonly what: number;
}

const breakages: Arbitrary<Breakage> = fc.record({
  kind: fc.constantFrom('cut', 'stray', 'behind', 'other', 'bytes'),
  at: fc.integer({ min: 1, max: 97 }).map((part) => part / 100),
  what: fc.nat(5),
});

function broken(json: string, { kind, at: part, what }: Breakage): string | Buffer {
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

export const generatedJson: GeneratedBody<JsonNoise, Breakage> = {
  type: 'json',
  noiseFor,
  restyled,
  renamed: (json, name, other) => json.replace(`"${name}":`, `"${other}":`),
  anyMistake,
  oddMember: ({ name, type }) => mostlyValued(name, oddValue(type)),
  breakages,
  broken,
  unreadable: rejected('invalid_request'),
};
