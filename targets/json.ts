import { type Node, parseTree } from 'jsonc-parser';

/** A captured body read as strict JSON (RFC 8259). */
export interface JsonText {
  /** The value, or undefined when the text is not JSON. */
  readonly value?: unknown;
  /** The top-level members, when the value is an object. */
  readonly object?: Readonly<Record<string, unknown>>;
  /** Why the text is not JSON. */
  readonly error?: string;
  /** Why it was not read: it may be JSON. */
  readonly unread?: string;
  /** Names that occur twice in one object. */
  readonly repeated: readonly string[];
  /** Numbers of top-level members exactly as they are spelt. */
  readonly numbers: Readonly<Record<string, string>>;
}

/** What is read where there is no body. */
export const noJson: JsonText = { error: 'there is no body', repeated: [], numbers: {} };

/** Far above what anybody sends, and far below what takes long to read. */
const deepest = 100;
const mostValues = 2_000;

/** Why a JSON text is not read, as RFC 8259 §9 allows: it is nested too deeply, or has too many values. */
export function tooMuchToRead(text: string): string | undefined {
  if (text.length < deepest || !/^[\s\ufeff]{0,1000}[{[]/.test(text)) return undefined;
  let depth = 0;
  let values = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === 0x5c) at += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x5b || character === 0x7b) {
      if (++depth > deepest) return `too deep to read: more than ${deepest} levels`;
    } else if (character === 0x5d || character === 0x7d) depth -= 1;
    else if (character === 0x2c && ++values > mostValues)
      return `too much to read: more than ${mostValues} values`;
  }
  return undefined;
}

/** Reads a body strictly. Never throws. */
export function readJson(text: string): JsonText {
  const tooMuch = tooMuchToRead(text);
  if (tooMuch !== undefined) return { error: `it is ${tooMuch}`, unread: tooMuch, repeated: [], numbers: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: text.trim() === '' ? 'the body is empty' : reasonOf(error), repeated: [], numbers: {} };
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    value,
    ...(isObject && { object: value as Record<string, unknown> }),
    ...spellingOf(text, value),
  };
}

/** Of a text that is just what would be written for its value: it has no name twice, and its numbers are plain. */
function plainSpelling(value: unknown): Pick<JsonText, 'repeated' | 'numbers'> {
  const isList = typeof value !== 'object' || value === null || Array.isArray(value);
  const numbers = Object.entries(isList ? {} : value).filter(([, one]) => typeof one === 'number');
  return {
    repeated: [],
    numbers: Object.fromEntries(numbers.map(([name, number]) => [name, String(number)])),
  };
}

/** What `JSON.parse` forgets. */
function spellingOf(text: string, value: unknown): Pick<JsonText, 'repeated' | 'numbers'> {
  if (JSON.stringify(value) === text) return plainSpelling(value);
  const tree = parseTree(text, [], { disallowComments: true });
  return tree === undefined
    ? { repeated: [], numbers: {} }
    : { repeated: repeatedIn(tree), numbers: numbersIn(tree, text) };
}

/** Why, without the piece of the body that V8 quotes: it may be part of a secret. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, (\.\.\.)?".*$/s, '') : 'not JSON';
}

function repeatedIn(node: Node): string[] {
  const names =
    node.type === 'object' ? (node.children ?? []).map((child) => String(child.children?.[0]?.value)) : [];
  const seen = new Set<string>();
  const twice: string[] = [];
  for (const name of names) {
    if (seen.has(name)) twice.push(name);
    seen.add(name);
  }
  return [...twice, ...(node.children ?? []).flatMap(repeatedIn)];
}

function numbersIn(tree: Node, text: string): Record<string, string> {
  if (tree.type !== 'object') return {};
  return Object.fromEntries(
    (tree.children ?? []).flatMap((property) => {
      const [key, value] = property.children ?? [];
      if (value?.type !== 'number') return [];
      return [[String(key?.value), text.slice(value.offset, value.offset + value.length)]];
    }),
  );
}
