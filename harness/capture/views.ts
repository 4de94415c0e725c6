/** A text as it reads when something in it is decoded, and where each of its characters stands in the original. */
export interface View {
  readonly text: string;
  /** Where a character of the view begins in the original. */
  start(at: number): number;
  /** Where a character of the view ends in the original. */
  end(at: number): number;
}

/** How many times one thing may be wrapped in another. */
const deepest = 3;
/** Characters of all readings together, for each character of the text: what somebody nests has an end. */
const mostCharacters = 24;

/**
 * The readings of a text in which a secret may be found that somebody wrote otherwise: with JSON's escapes, percent or
 * form encoding, entities, in base64 (of any alignment) or in hexadecimal, also one within another. The text itself
 * comes first. Bytes are read as Latin-1, one character each.
 *
 * @param isClean whether a run that may be base64 was looked at before
 */
export function* viewsOf(text: string, isClean: (run: string) => boolean = () => false): Generator<View> {
  const plain: View = { text, start: (at) => at, end: (at) => at + 1 };
  yield plain;
  if (!mayHide(text)) return;
  const seen = new Set([`0 ${text}`]);
  let left = mostCharacters * text.length;
  let level = [plain];
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: View[] = [];
    for (const view of level)
      for (const inner of decodings(view.text, isClean)) {
        // The same text may stand in several places: only what is read as a whole can have been read before.
        const id = `${view.start(inner.start(0))} ${inner.text}`;
        if (seen.has(id) || inner.text.length > left) continue;
        left -= inner.text.length;
        seen.add(id);
        const found = within(view, inner);
        yield found;
        next.push(found);
      }
    level = next;
  }
}

/** Whether there is anything to decode: a sign that begins an escape, or a run that may be base64 or hexadecimal. */
function mayHide(text: string): boolean {
  let run = 0;
  let capitals = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? kinds[code] : 0;
    if (kind === sign) return true;
    if (kind === 0) {
      run = 0;
      capitals = 0;
      continue;
    }
    run += 1;
    if (kind === capital) capitals += 1;
    if (run >= shortestBase64 && capitals > 0) return true;
    if (run >= shortestHex) return true;
  }
  return false;
}

const sign = 1;
const capital = 2;
const other = 3;
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if ('\\%+&'.includes(character)) return sign;
  if (/[A-Z]/.test(character)) return capital;
  return /[\w/-]/.test(character) ? other : 0;
});

/** A view of a view, as one of the original. */
function within(outer: View, inner: View): View {
  return {
    text: inner.text,
    start: (at) => outer.start(inner.start(at)),
    end: (at) => outer.end(inner.end(at) - 1),
  };
}

function* decodings(text: string, isClean: (run: string) => boolean): Generator<View> {
  for (const [sign, pattern, decode] of rules)
    if (text.includes(sign)) {
      const view = replaced(text, pattern, decode);
      if (view !== undefined) yield view;
    }
  yield* inBase64(text, isClean);
  yield* inHex(text);
}

type Decode = (found: RegExpExecArray) => string;

const short: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const character = (code: string, base: number): string => {
  const point = Number.parseInt(code, base);
  return point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
};

/** JSON's escapes and JavaScript's; Markdown writes a backslash before any punctuation. */
const backslash: Decode = ([, braced, four, two, letter, punctuation]) =>
  punctuation ?? (letter === undefined ? character(braced ?? four ?? two ?? '', 16) : (short[letter] ?? ''));
const percent: Decode = ([all, hex]) => (hex === undefined ? (all === '+' ? ' ' : all) : character(hex, 16));
const entity: Decode = ([all, decimal, hex, name]) =>
  decimal !== undefined
    ? character(decimal, 10)
    : hex !== undefined
      ? character(hex, 16)
      : (named[name?.toLowerCase() ?? ''] ?? all);

const rules: readonly (readonly [sign: string, pattern: RegExp, decode: Decode])[] = [
  [
    '\\',
    /\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([bfnrt])|([!-/:-@[-`{-~]))/g,
    backslash,
  ],
  // A stray backslash before a secret must not take its first letter, or its first escape, with it.
  ['\\', /\\u([0-9a-fA-F]{4})/g, ([, hex = '']) => character(hex, 16)],
  ['\\', /\\(["\\/])/g, ([, quoted = '']) => quoted],
  ['%', /%([0-9a-fA-F]{2})/g, percent],
  ['+', /%([0-9a-fA-F]{2})|\+/g, percent],
  ['&', /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, entity],
];

/** A view in which every match of a pattern stands decoded; undefined when there is none. */
function replaced(text: string, pattern: RegExp, decode: Decode): View | undefined {
  const matcher = new RegExp(pattern);
  let out = '';
  let from = 0;
  /** By how much a character of the view is moved: where a piece begins in the view, in the original, and its length there. */
  const pieces: [viewed: number, original: number, length: number][] = [];
  for (let found = matcher.exec(text); found !== null; found = matcher.exec(text)) {
    out += text.slice(from, found.index);
    const decoded = decode(found);
    pieces.push([out.length, found.index, found[0].length]);
    out += decoded;
    from = found.index + found[0].length;
    pieces.push([out.length, from, 1]);
  }
  if (pieces.length === 0) return undefined;
  out += text.slice(from);
  const place = (at: number) => {
    let [low, high] = [0, pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pieces[middle]?.[0] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return pieces[low - 1];
  };
  return {
    text: out,
    start: (at) => {
      const [viewed = 0, original = 0, length = 1] = place(at) ?? [];
      return length === 1 ? original + at - viewed : original;
    },
    end: (at) => {
      const [viewed = 0, original = 0, length = 1] = place(at) ?? [];
      return length === 1 ? original + at - viewed + 1 : original + length;
    },
  };
}

/** Base64 of eight bytes has eleven characters, and hardly ever small letters alone. */
const shortestBase64 = 11;
const shortestHex = 16;
const base64Run = /[\w+/-]{11,}/g;
const mixed = /[A-Z]/;

/** Where a text begins within a run is not known: it is read at each of the four places. */
const phases = [0, 1, 2, 3] as const;
/** The same few names and ids come again and again. */
const known = new Map<string, readonly string[]>();

function decodedRun(run: string): readonly string[] {
  const before = known.get(run);
  if (before !== undefined) return before;
  const decoded = phases.map((phase) => Buffer.from(run.slice(phase), 'base64').toString('latin1'));
  if (run.length < 100 && known.size < 500) known.set(run, decoded);
  return decoded;
}

function* inBase64(text: string, isClean: (run: string) => boolean): Generator<View> {
  for (const { 0: run, index } of text.matchAll(base64Run)) {
    if (!mixed.test(run) || isClean(run)) continue;
    for (const [phase, decoded] of decodedRun(run).entries()) {
      const begin = index + phase;
      yield {
        text: decoded,
        start: (at) => begin + Math.floor((at * 4) / 3),
        end: (at) => Math.min(begin + Math.ceil(((at + 1) * 4) / 3), index + run.length),
      };
    }
  }
}

const hexRun = /[0-9a-fA-F]{16,}/g;

function* inHex(text: string): Generator<View> {
  for (const { 0: run, index } of text.matchAll(hexRun))
    for (let phase = 0; phase < 2; phase++)
      yield {
        text: Buffer.from(run.slice(phase), 'hex').toString('latin1'),
        start: (at) => index + phase + at * 2,
        end: (at) => index + phase + (at + 1) * 2,
      };
}
