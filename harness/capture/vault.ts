import { hash, randomBytes } from 'node:crypto';
import { markPattern } from '../../schemas/mark.ts';
import { isConstant, type SecretKind, secretKinds } from './names.ts';
import { createSieve, type Sieve, shortestSearched, type Trace } from './sieve.ts';

/** A secret as a report may show it: kind, JSON type, length in characters, alphabet, fingerprint. */
export interface Mark {
  readonly kind: SecretKind;
  readonly length: number;
  /**
   * `vschar`: printable ASCII only, as RFC 6749 appendix A asks of tokens. `quoted`: that with `"` or `\` among it,
   * which it allows in a token and not in an error.
   */
  readonly alphabet: 'vschar' | 'quoted' | 'other';
  /** 48 bits keyed per run: equal values have equal fingerprints within a run, and only there. */
  readonly fingerprint: string;
}

/** Of a JWT in compact form it is the signature alone that nobody else can make (RFC 7515 §7.1); its claims are no secret. */
export const jwtSignature = /^eyJ[\w-]+\.[\w-]*\.([\w-]{16,})$/;

/** Replaces secrets by marks. It knows every secret that was sent, received or given by a fixture. */
export interface Vault extends Pick<Sieve, 'find' | 'scrub'> {
  /** The mark of a value. One of a secret kind is remembered. */
  mark(kind: SecretKind, value: string): string;
  /** Remembers a secret; when exactly is left open. */
  remember(kind: SecretKind, value: string): void;
  /** Declares a text that is no secret wherever it is sent: one that we made up, or a client's id. */
  publish(text: string): void;
  isPublic(text: string): boolean;
  /** Whether a secret has signs of JSON in it, so that one may reach over several of its pieces. */
  readonly mayCross: boolean;
  /** What was remembered since this was last asked, for whoever has the same key and looks for the same secrets. */
  learned(): readonly Trace[];
}

export interface VaultOptions {
  /** Keys the fingerprints; drawn when it is not given. */
  readonly key?: string | undefined;
  /** What everybody knows: a value that stands in it is looked for nowhere else. */
  readonly words?: string;
}

export const newKey = (): string => randomBytes(32).toString('base64');

export function createVault({ key = newKey(), words = '' }: VaultOptions = {}): Vault {
  const sieve = createSieve(key);
  /** The marks of values, by their kind. */
  const made = new Map<SecretKind, Map<string, string>>();
  const published = new Set<string>();
  const everyCase = words.toLowerCase();
  const quoted = new Set(everyCase.match(/(?<=")[\w.:-]{3,63}(?=")/g));
  let news: Trace[] = [];
  let mayCross = false;

  function mark(kind: SecretKind, value: string): string {
    if (!secretKinds.has(kind)) return markOf(kind, value, key);
    const ofKind = made.get(kind) ?? new Map<string, string>();
    made.set(kind, ofKind);
    const before = ofKind.get(value);
    if (before !== undefined) return before;
    const text = markOf(kind, value, key);
    ofKind.set(value, text);
    if (isSearched(value)) {
      mayCross ||= value.includes('"') || /^[-\d,.\s[\]{}]+$/.test(value);
      const signature = jwtSignature.exec(value)?.[1] ?? '';
      const parts = isSearched(signature) ? [value, signature] : [value];
      const traces = parts.flatMap((part) => sieve.tracesOf(part, text));
      sieve.add(traces);
      news.push(...traces);
    }
    return text;
  }

  const isSearched = (value: string): boolean =>
    value.length >= shortestSearched &&
    !markPattern.test(value) &&
    !isPublic(value) &&
    !(value.length < longestWord && everyCase.includes(value.toLowerCase()));

  /** A word of the contract is none of its letters' case. */
  const isPublic = (text: string): boolean =>
    published.has(text) || isConstant(text) || (text.length < longestWord && quoted.has(text.toLowerCase()));

  return {
    mark,
    remember: mark,
    find: sieve.find,
    scrub: sieve.scrub,
    publish: (text) => void published.add(text),
    isPublic,
    get mayCross() {
      return mayCross;
    },
    learned: () => {
      const before = news;
      news = [];
      return before;
    },
  };
}

/**
 * A vault that remembers nothing until something is captured: remembering a secret takes longer than sending it. The
 * texts of the value were made before any secret was, and hold none.
 */
export function patientVault(vault: Vault, texts: () => readonly string[]): Vault {
  let secrets: (readonly [kind: string, value: string])[] = [];
  let published = false;
  const caughtUp = (): Vault => {
    if (!published) for (const text of texts()) vault.publish(text);
    published = true;
    for (const [kind, secret] of secrets) vault.mark(kind, secret);
    secrets = [];
    return vault;
  };
  return {
    ...vault,
    get mayCross() {
      return vault.mayCross;
    },
    remember: (kind, secret) => void secrets.push([kind, secret]),
    mark: (kind, secret) => caughtUp().mark(kind, secret),
    find: (text) => caughtUp().find(text),
    scrub: (text) => caughtUp().scrub(text),
  };
}

/** Nothing that everybody knows is longer, and a longer value is not searched for in it. */
const longestWord = 64;

function markOf(kind: SecretKind, value: string, key: string): string {
  // Cut to 48 bits, a hash over key and value can neither be extended nor be searched without the key.
  const fingerprint = hash('sha256', key + value, 'hex').slice(0, 12);
  const isAscii = /^[\x20-\x7e]*$/.test(value);
  const length = isAscii ? value.length : [...value].length;
  const alphabet = !isAscii ? 'other' : /["\\]/.test(value) ? 'quoted' : 'vschar';
  return `[${kind} ${length} chars ${alphabet} #${fingerprint}]`;
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

const stickyMark = new RegExp(markPattern, 'y');

/** Whether a mark begins at a place of a text. */
export function beginsWithMark(text: string, at: number): boolean {
  stickyMark.lastIndex = at;
  return stickyMark.test(text);
}

/** A text with every mark replaced by as many of a character that has no meaning in it, so that it can be taken apart. */
export const blindedMarks = (text: string): string =>
  text.replace(everyMark, (mark) => 'x'.repeat(mark.length));

/** A text in pieces, of which every second one is a mark. */
export function splitAtMarks(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: mark, index } of text.matchAll(everyMark)) {
    pieces.push(text.slice(from, index), mark);
    from = index + mark.length;
  }
  return [...pieces, text.slice(from)];
}

/** A text without its marks. */
export const withoutMarks = (text: string): string => text.replace(everyMark, '');
