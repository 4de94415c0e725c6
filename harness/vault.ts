import { hash, randomBytes } from 'node:crypto';

/** What kind of secret a value is; the name under which it travels, in one spelling. */
export type SecretKind = string;

/** A secret as a report may show it: kind, JSON type, length in characters, alphabet, fingerprint. */
export interface Mark {
  readonly kind: SecretKind;
  readonly length: number;
  /** `vschar`: printable ASCII only, as RFC 6749 appendix A asks of tokens. */
  readonly alphabet: 'vschar' | 'other';
  /** 48 bits keyed per run: equal values have equal fingerprints within a run, and only there. */
  readonly fingerprint: string;
}

const markPattern = /\[([A-Za-z][\w-]*) (\d+) chars (vschar|other) #([0-9a-f]{12})\]/;
/** Below this length a value is too common a word to be looked for in the middle of a text. */
const shortestSearched = (kind: SecretKind) => (kind === 'userCode' ? prefixLength : 8);
const prefixLength = 4;

/** Kinds whose values are secrets by contract: they are looked for wherever else they may turn up. */
export const secretKinds: ReadonlySet<SecretKind> = new Set(
  [
    'clientSecret code deviceCode userCode refreshToken accessToken idToken codeVerifier assertion subjectToken',
    'actorToken clientAssertion password authorization secretAccessKey sessionToken jwt',
  ]
    .join(' ')
    .split(' '),
);

/** Replaces secrets by marks. It knows every secret that was sent, received or given by a fixture. */
export interface Vault {
  /** The mark of a value. One of a secret kind is remembered. */
  mark(kind: SecretKind, value: string): string;
  /** Declares a text that we made up ourselves, and that is no secret wherever it is sent. */
  publish(text: string): void;
  isPublic(text: string): boolean;
  /** Replaces every remembered secret in a text, also when JSON-escaped or percent-encoded. */
  scrub(text: string): string;
}

export function createVault(key: Buffer = randomBytes(32)): Vault {
  /** The marks of values, by their kind. */
  const made = new Map<SecretKind, Map<string, string>>();
  /** The mark of each spelling of a value. */
  const marks = new Map<string, string>();
  /** These spellings by their first characters: a cheap test before the exact one. */
  const known = new Map<number, string[]>();
  const published = new Set<string>();
  const prefix = key.toString('base64');

  function mark(kind: SecretKind, value: string): string {
    if (!secretKinds.has(kind)) return newMark(kind, value);
    const ofKind = made.get(kind) ?? new Map<string, string>();
    made.set(kind, ofKind);
    const before = ofKind.get(value);
    if (before !== undefined) return before;
    const text = newMark(kind, value);
    ofKind.set(value, text);
    if (value.length >= shortestSearched(kind) && !markPattern.test(value))
      for (const form of spellings(value)) remember(form, text);
    return text;
  }

  function remember(form: string, text: string): void {
    if (marks.has(form)) return;
    marks.set(form, text);
    const start = startOf(form, 0);
    const alike = known.get(start);
    if (alike === undefined) known.set(start, [form]);
    else alike.push(form);
  }

  function newMark(kind: SecretKind, value: string): string {
    // Cut to 48 bits, a hash over key and value can neither be extended nor be searched without the key.
    const fingerprint = hash('sha256', prefix + value, 'hex').slice(0, 12);
    const isAscii = /^[\x20-\x7e]*$/.test(value);
    const length = isAscii ? value.length : [...value].length;
    return `[${kind} ${length} chars ${isAscii ? 'vschar' : 'other'} #${fingerprint}]`;
  }

  function scrub(text: string): string {
    let out = '';
    let kept = 0;
    for (let at = 0; at + prefixLength <= text.length; at++) {
      const candidates = known.get(startOf(text, at));
      if (candidates === undefined) continue;
      const found = longest(candidates.filter((value) => text.startsWith(value, at)));
      if (found === undefined) continue;
      out += text.slice(kept, at) + marks.get(found);
      at += found.length - 1;
      kept = at + 1;
    }
    return out + text.slice(kept);
  }

  return {
    mark,
    scrub,
    publish: (text) => void published.add(text),
    isPublic: (text) => published.has(text),
  };
}

/** The mark that a text is, or undefined. */
export function readMark(text: unknown): Mark | undefined {
  const found = typeof text === 'string' ? markPattern.exec(text) : null;
  if (found === null || found[0] !== text) return undefined;
  const [, kind = '', length, alphabet, fingerprint = ''] = found;
  return { kind, length: Number(length), alphabet: alphabet as Mark['alphabet'], fingerprint };
}

const everyMark = new RegExp(markPattern, 'g');

/** All marks within a text. */
export function marksIn(text: string): Mark[] {
  return [...text.matchAll(everyMark)].flatMap(([mark]) => readMark(mark) ?? []);
}

/** The first four characters as a number; different ones may share it. */
function startOf(text: string, at: number): number {
  let start = 0;
  for (let place = at; place < at + prefixLength; place++)
    start = (Math.imul(start, 131) + text.charCodeAt(place)) | 0;
  return start;
}

function longest(values: readonly string[]): string | undefined {
  return values.reduce<string | undefined>(
    (a, b) => (a === undefined || b.length > a.length ? b : a),
    undefined,
  );
}

/** Written the same in JSON and in URLs. */
const plain = /^[\w.~-]*$/;

function spellings(value: string): Set<string> {
  const bytes = Buffer.from(value, 'utf8');
  const encoded = [
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  if (plain.test(value)) return new Set([value, ...encoded]);
  const json = JSON.stringify(value).slice(1, -1);
  // A target may make us send half a character back.
  const percent = encodeURIComponent(value.toWellFormed());
  return new Set([
    value,
    json,
    percent,
    percent.replaceAll('%20', '+'),
    json.replaceAll('/', '\\/'),
    ...encoded,
  ]);
}
