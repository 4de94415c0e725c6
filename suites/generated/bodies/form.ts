import fc, { type Arbitrary } from 'fast-check';
import { decoded, encoded, form, json, pairsIn } from '../../../harness/body.ts';
import { documented, inferred, rejected } from '../../../harness/expectation.ts';
import type { Member } from '../../../harness/generate/contract.ts';
import { formOf, multipart, noPercentEncoding, noUtf8, percent, presenting } from '../../kit/form.ts';
import { type Mutation, mostlyValued, valuedOrLeftOut } from '../mutation.ts';
import { hostileText, longText } from '../text.ts';
import { type GeneratedBody, type Noise, namesIn, shuffled } from './body.ts';

export interface FormNoise extends Noise {
  readonly unknown: readonly (readonly [name: string, value: string])[];
  /** How a blank is written. */
  readonly blank: '+' | '%20';
  /** Whether every letter is percent-encoded. */
  readonly escaped: boolean;
  /** Whether hex digits are small letters. */
  readonly small: boolean;
}

/** RFC 6749 §8.2: what a parameter may be called. */
const nameCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._';

function noiseFor(members: readonly Member[]): Arbitrary<FormNoise> {
  const { known, optional } = namesIn(members);
  const name = fc
    .oneof(
      fc.string({ unit: fc.constantFrom(...nameCharacters), minLength: 1, maxLength: 60 }),
      // None that is registered for another endpoint: servers may know it here too.
      fc.constantFrom('x', 'hello', 'toString', 'constructor', '__proto__'),
    )
    .filter((text) => !known.has(text.toLowerCase()));
  const value = fc.oneof(
    fc.constantFrom('', 'x', 'a b', 'a&b=c', '100%', '+', 'é', '🔑', 'null', '{}', '[]'),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
  );
  // What is simple comes first, since it is made smaller first.
  return fc.record({
    nulls: fc.subarray(optional),
    order: fc.nat(1_000_000),
    blank: fc.constantFrom('+', '%20'),
    escaped: fc.boolean(),
    small: fc.boolean(),
    unknown: fc.uniqueArray(fc.tuple(name, value), { maxLength: 6, selector: ([one]) => one }),
  });
}

function restyled(text: string, { unknown, nulls, order, ...spelling }: FormNoise): string {
  const pairs = pairsIn(text).map(([name, value]) => [said(name), said(value)] as const);
  const names = new Set(pairs.map(([name]) => name));
  const entries = [
    ...pairs,
    ...nulls.filter((name) => !names.has(name)).map((name) => [name, ''] as const),
    ...unknown,
  ];
  return formOf(
    shuffled(entries, order).map(([name, value]) => [respelt(name, spelling), respelt(value, spelling)]),
  );
}

/** What is spelt in the usual way. Noise over another spelling would take a mistake of it away. */
function said(spelt: string): string {
  const text = decoded(spelt);
  if (encoded(text) !== spelt) throw new Error('There can be no noise over a form that was spelt otherwise.');
  return text;
}

function respelt(
  text: string,
  { blank, escaped, small }: Pick<FormNoise, 'blank' | 'escaped' | 'small'>,
): string {
  const digits = (hex: string) => (small ? hex.toLowerCase() : hex.toUpperCase());
  return encoded(text).replace(/%..|\+|[A-Za-z]/g, (piece) => {
    if (piece === '+') return blank;
    if (piece.length > 1) return digits(piece);
    return escaped && text.length < 200 ? percent(piece, digits) : piece;
  });
}

/** Texts alone: a form has no other types, and what only JSON can say throws. */
const anyMistake = (members: readonly string[]): Arbitrary<Mutation> =>
  valuedOrLeftOut(fc.constantFrom(...members), hostileText, fc.constant(''));

const manyTexts = fc
  .constantFrom(120, 500)
  .map((length) => Array.from({ length }, (_, at) => `a${at}`).join(' '));

const oddTexts = fc.oneof(
  { weight: 3, arbitrary: hostileText },
  {
    weight: 2,
    arbitrary: fc.constantFrom('', ' ', 'null', 'true', '0', '-1', '[]', '{}', '["a"]', 'a a', 'a,a'),
  },
  { weight: 1, arbitrary: longText },
  { weight: 1, arbitrary: manyTexts },
);

/** One way to break a form: in its code or token, or as a whole. */
export interface FormBreakage {
  readonly kind: 'percent' | 'utf-8' | 'bytes' | 'other';
  /** Where in the code or token, as a part of its length. */
  readonly at: number;
  /** Which one, of those of its kind. */
  readonly what: number;
}

const breakages: Arbitrary<FormBreakage> = fc.record({
  kind: fc.constantFrom('percent', 'utf-8', 'bytes', 'other'),
  at: fc.integer({ min: 1, max: 100 }).map((part) => part / 100),
  what: fc.nat(5),
});

const noUtf8Bytes = noUtf8.map((spelt) => Buffer.from(spelt.replaceAll('%', ''), 'hex').toString('latin1'));

function broken(text: string, { kind, at, what }: FormBreakage): string | Buffer {
  if (kind === 'other')
    return (
      [
        json.write(form.read(text) ?? {}),
        JSON.stringify(text),
        multipart(text, 'token-conformance'),
        `<request>${encoded(text)}</request>`,
        Buffer.from(text).toString('base64'),
        'null',
      ][what] ?? ''
    );
  const piece = { percent: noPercentEncoding, 'utf-8': noUtf8, bytes: noUtf8Bytes }[kind][what] ?? '';
  const made = presenting(text, (spelt) => {
    const place = Math.floor(spelt.length * at);
    // Digits behind it could make it whole.
    const safe = /^[0-9a-f]/i.test(spelt.slice(place)) ? spelt.length : place;
    return spelt.slice(0, safe) + piece + spelt.slice(safe);
  });
  return kind === 'bytes' ? Buffer.from(made, 'latin1') : made;
}

export const generatedForm: GeneratedBody<FormNoise, FormBreakage> = {
  type: 'form',
  noiseFor,
  restyled,
  renamed: (text, name, other) =>
    formOf(pairsIn(text).map(([one, value]) => [one === name ? other : one, value])),
  anyMistake,
  oddMember: ({ name }) => mostlyValued(name, oddTexts),
  breakages,
  broken,
  unreadable: rejected(
    'invalid_request',
    documented('invalid_client', 'RFC 6749 §5.2: no client authentication included'),
    inferred('invalid_grant', 'URL Standard §5.1: what cannot be decoded stays, or is replaced'),
  ),
};
