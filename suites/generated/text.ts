import fc, { type Arbitrary } from 'fast-check';

/** One edit of a text, described apart from the text: it can be applied to a value that is made later. */
export interface Edit {
  readonly kind: 'replace' | 'insert' | 'cut' | 'extend' | 'double' | 'swap-case';
  /** Where, as a part of the length. */
  readonly at: number;
  readonly character: string;
}

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
const letters = unreserved.slice(0, 62);

export const unreservedText = (minLength: number, maxLength: number): Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...unreserved), minLength, maxLength });

export const edits = (...kinds: readonly Edit['kind'][]): Arbitrary<Edit> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.integer({ min: 0, max: 95 }).map((part) => part / 100),
    character: fc.constantFrom(...letters),
  });

/** Every kind of edit that makes another text of an opaque one. */
export const anyEdit = edits('replace', 'insert', 'cut', 'extend', 'double', 'swap-case');

/**
 * The text after an edit; always another text. The last characters before a separator stay: in base64 they may
 * have bits that mean nothing, and a server that decodes would rightly take the value for the same.
 */
export function edited(text: string, { kind, at, character }: Edit): string {
  const place = Math.floor(text.length * at);
  const other = (before: string | undefined) =>
    before === character ? (character === 'A' ? 'B' : 'A') : character;
  const changed = {
    replace: () => {
      const safe = safePlace(text, place);
      return text.slice(0, safe) + other(text[safe]) + text.slice(safe + 1);
    },
    insert: () => text.slice(0, place) + character + text.slice(place),
    cut: () => text.slice(0, place),
    extend: () => text + character.repeat(4),
    double: () => text + text,
    'swap-case': () =>
      text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase())),
  }[kind]();
  return changed === text || changed === '' ? `${text}${character}${character}` : changed;
}

function safePlace(text: string, place: number): number {
  for (let at = place; at > 0; at--) if (/^[\w-]{3}/.test(text.slice(at))) return at;
  return 0;
}

const nasty = [
  `'`,
  `"`,
  `' OR 1=1 --`,
  `'";--`,
  '"><script>alert(1)</script>',
  `{{7*7}}\${7*7}<%= 7*7 %>`,
  'x\r\nX-Injected: yes',
  '\u0000',
  '\u001b[31m',
  '\u202egnp.exe',
  '%00%0a%s%n%x',
  '../../../../etc/passwd',
  '__proto__',
  'null',
  '\\u0041\\',
  '😀',
  '中文',
  'é',
  ' ',
  '\t\n',
];

const fragments: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  {
    weight: 1,
    // fast-check's own unit for all of Unicode takes half a second to build.
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0x10ffff }), { minLength: 1, maxLength: 12 })
      .map((points) => String.fromCodePoint(...points).toWellFormed()),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }) },
);

/** Text that is longer than most have room for. */
export const longText: Arbitrary<string> = fc
  .constantFrom(130, 300, 3_000)
  .map((length) => 'n'.repeat(length));

/** Text that few clients send, and that must neither break a service nor come back. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.array(fragments, { minLength: 1, maxLength: 4 }).map((some) => some.join('')) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.constantFrom(200, 1_100, 4_200, 8_300, 66_000).map((length) => 'A'.repeat(length)),
      fc.constantFrom('é'.repeat(300), '🔑'.repeat(1_100)),
    ),
  },
);
