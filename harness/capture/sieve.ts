import { hash } from 'node:crypto';
import { viewsOf } from './views.ts';

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
const factor = 131;
/** What the character that leaves the window counts in its hash. */
const leaving = Array.from({ length: beginning - 1 }).reduce((power: number) => Math.imul(power, factor), 1);

/** @param key keys the fingerprints: only who has it can look for a value */
export function createSieve(key: string): Sieve {
  /** By beginning: the lengths that secrets with it have, longest first, with their ends. */
  const shapes = new Map<number, { readonly length: number; readonly ends: Set<number> }[]>();
  /** Whether there may be such a beginning: a cheap test before the exact one. */
  const may = new Uint8Array(1 << 16);
  const marks = new Map<string, string>();
  const fingerprint = (text: string) => hash('sha256', key + text, 'base64url').slice(0, 16);

  function tracesOf(value: string, mark: string): Trace[] {
    const forms = new Set([value, value.toWellFormed()]);
    if (/[^\0-\x7f]/.test(value)) forms.add(Buffer.from(value, 'utf8').toString('latin1'));
    for (const form of [...forms]) forms.add([...form].reverse().join(''));
    return [...forms].map((form) => [
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
    if (text.length < beginning || marks.size === 0) return [];
    const found: Found[] = [];
    let tried = 0;
    for (const view of viewsOf(text)) {
      let start = hashAt(view.text, 0);
      const last = view.text.length - beginning;
      for (let at = 0; at <= last; at++) {
        if (at > 0)
          start = rolled(start, view.text.charCodeAt(at - 1), view.text.charCodeAt(at + beginning - 1));
        if (may[start & 0xffff] === 0) continue;
        for (const { length, ends } of shapes.get(start) ?? []) {
          const end = at + length;
          if (end > view.text.length || !ends.has(hashAt(view.text, end - beginning))) continue;
          if (++tried > mostTried) return [{ start: 0, end: text.length, mark: unreadable(text) }];
          const mark = marks.get(fingerprint(view.text.slice(at, end)));
          if (mark === undefined) continue;
          found.push({ start: view.start(at), end: view.end(end - 1), mark });
          break;
        }
      }
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
