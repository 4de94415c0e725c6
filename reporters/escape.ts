/**
 * Text from a target, made harmless for a terminal: control characters (so no ANSI sequence survives) and
 * characters that reorder text are shown as `\u{…}`; line breaks stay only where asked for.
 */
export function forTerminal(text: string, { lines = false } = {}): string {
  return text.replace(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (character) =>
    lines && character === '\n' ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
