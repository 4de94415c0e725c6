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
    at: fc.integer({ min: 0, max: 70 }).map((part) => part / 100),
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

/** Text that few clients send, and that must neither break a service nor come back. */
export const hostileText: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).map((text) => text.toWellFormed()),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    `'";--`,
    '"><script>alert(1)</script>',
    `{{7*7}}\${7*7}<%= 7*7 %>`,
    'x\r\nX-Injected: yes',
    '\u0000',
    '\u202egnp.exe',
    '%00%0a%s%n%x',
    '../../../../etc/passwd',
    '__proto__',
    'constructor',
    'null',
    '\\u0041\\',
    '😀'.repeat(20),
    ' ',
    '\t\n',
  ),
  fc.integer({ min: 200, max: 9_000 }).map((length) => 'A'.repeat(length)),
  fc
    .tuple(fc.constantFrom('é', '中', '🔑', 'ß'), fc.integer({ min: 50, max: 700 }))
    .map(([character, times]) => character.repeat(times)),
);
