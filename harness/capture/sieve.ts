import { hash } from 'node:crypto';
import { type View, viewsOf } from './views.ts';

/**
 * One way to write a secret: hashes of its beginning and its end, its length, a keyed hash of it, and the mark that
 * stands for the secret. It can be found by that and not be read from it, so it may leave the process that knows the
 * secret.
 */
export type Trace = readonly [
  beginning: number,
  end: number,
  length: number,
  fingerprint: string,
  mark: string,
];

/** A stretch of a text that is a secret, however it is written. */
export interface Found {
  readonly start: number;
  readonly end: number;
  readonly mark: string;
}

/** Finds secrets in texts by their traces. */
export interface Sieve {
  /** The traces of a value: as it is, as bytes, and backwards. */
  tracesOf(value: string, mark: string): Trace[];
  add(traces: readonly Trace[]): void;
  /** Every secret in a text, in any spelling; in order, none within another. */
  find(text: string): Found[];
  /** The text with every secret replaced by its mark. */
  scrub(text: string): string;
}

/** What is shorter is not searched for: it is too common a word. */
export const shortestSearched = 8;
const beginning = shortestSearched;
/** A text in which more places than this look like a secret is no text that anybody reads. */
const mostTried = 20_000;
const longestRemembered = 4_096;
const mostRemembered = 20_000;
const factor = 131;
/** What the character that leaves the window counts in its hash. */
const leaving = Array.from({ length: beginning - 1 }).reduce((power: number) => Math.imul(power, factor), 1);

/**
 * @param key keys the fingerprints: only who has it can look for a value
 * @param isWhole whether no secret will be added any more once something was looked for: then what is clean is kept in
 *   mind, since the same texts come again and again
 */
export function createSieve(key: string, { isWhole = false } = {}): Sieve {
  /** By beginning: the lengths that secrets with it have, longest first, with their ends. */
  const shapes = new Map<number, { readonly length: number; readonly ends: Set<number> }[]>();
  /** Whether there may be such a beginning: a cheap test before the exact one. */
  const may = new Uint8Array(1 << 16);
  const marks = new Map<string, string>();
  /** Texts, and runs of letters in them, in which nothing was found. */
  const clean = new Set<string>();
  const cleanRuns = new Set<string>();
  const fingerprint = (text: string) => hash('sha256', key + text, 'base64url').slice(0, 16);

  function tracesOf(value: string, mark: string): Trace[] {
    const forms = [value];
    if (/[^\0-\x7f]/.test(value))
      forms.push(value.toWellFormed(), Buffer.from(value, 'utf8').toString('latin1'));
    return forms
      .flatMap((form) => [form, backwards(form)])
      .map((form) => [
        hashAt(form, 0),
        hashAt(form, form.length - beginning),
        form.length,
        fingerprint(form),
        mark,
      ]);
  }

  function add(traces: readonly Trace[]): void {
    for (const [start, end, length, print, mark] of traces) {
      if (marks.has(print)) continue;
      marks.set(print, mark);
      may[start & 0xffff] = 1;
      const known = shapes.get(start) ?? [];
      const alike = known.find((one) => one.length === length);
      if (alike !== undefined) alike.ends.add(end);
      else
        shapes.set(
          start,
          [...known, { length, ends: new Set([end]) }].sort((one, other) => other.length - one.length),
        );
    }
  }

  function find(text: string): Found[] {
    if (text.length < beginning || marks.size === 0 || clean.has(text)) return [];
    const found: Found[] = [];
    let tried = 0;
    /** Finds in one reading of the text; false when it gives up. */
    const search = (view: View): boolean => {
      const read = view.text;
      let start = hashAt(read, 0);
      const last = read.length - beginning;
      for (let at = 0; at <= last; at++) {
        if (at > 0) start = rolled(start, read.charCodeAt(at - 1), read.charCodeAt(at + beginning - 1));
        if (may[start & 0xffff] === 0) continue;
        for (const { length, ends } of shapes.get(start) ?? []) {
          const end = at + length;
          if (end > read.length || !ends.has(hashAt(read, end - beginning))) continue;
          if (++tried > mostTried) return false;
          const mark = marks.get(fingerprint(read.slice(at, end)));
          if (mark === undefined) continue;
          found.push({ start: view.start(at), end: view.end(end - 1), mark });
          break;
        }
      }
      return true;
    };
    const runs: string[] = [];
    for (const view of viewsOf(text, (run) => cleanRuns.has(run) || runs.push(run) < 0))
      if (!search(view)) return [{ start: 0, end: text.length, mark: unreadable(text) }];
    if (isWhole && found.length === 0) {
      if (text.length < longestRemembered && clean.size < mostRemembered) clean.add(text);
      for (const run of runs) if (cleanRuns.size < mostRemembered) cleanRuns.add(run);
    }
    return apart(found);
  }

  /** The mark of a text that is replaced whole. */
  const unreadable = (text: string): string =>
    `[unreadable ${text.length} chars other #${hash('sha256', key + text, 'hex').slice(0, 12)}]`;

  function scrub(text: string): string {
    let out = '';
    let from = 0;
    for (const { start, end, mark } of find(text)) {
      out += text.slice(from, start) + mark;
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  }

  return { tracesOf, add, find, scrub };
}

function backwards(text: string): string {
  return /[^\0-\x7f]/.test(text)
    ? [...text].reverse().join('')
    : Buffer.from(text, 'latin1').reverse().toString('latin1');
}

function hashAt(text: string, at: number): number {
  let value = 0;
  for (let place = at; place < at + beginning; place++)
    value = (Math.imul(value, factor) + text.charCodeAt(place)) | 0;
  return value;
}

const rolled = (value: number, left: number, entered: number): number =>
  (Math.imul(value - Math.imul(left, leaving), factor) + entered) | 0;

/** What overlaps becomes one, under the mark of the longer. */
function apart(found: readonly Found[]): Found[] {
  const out: Found[] = [];
  for (const one of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const before = out.at(-1);
    if (before === undefined || one.start >= before.end) out.push(one);
    else if (one.end > before.end)
      out[out.length - 1] = {
        start: before.start,
        end: one.end,
        mark: one.end - one.start > before.end - before.start ? one.mark : before.mark,
      };
  }
  return out;
}
