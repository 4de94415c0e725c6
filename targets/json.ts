import { type Node, parseTree } from 'jsonc-parser';

/** A captured body read as strict JSON (RFC 8259). */
export interface JsonText {
  /** The value, or undefined when the text is not JSON. */
  readonly value?: unknown;
  /** The top-level members, when the value is an object. */
  readonly object?: Readonly<Record<string, unknown>>;
  /** Why the text is not JSON. */
  readonly error?: string;
  /** Names that occur twice in one object. */
  readonly repeated: readonly string[];
  /** Numbers of top-level members exactly as they are spelt. */
  readonly numbers: Readonly<Record<string, string>>;
}

/** What is read where there is no body. */
export const noJson: JsonText = { error: 'there is no body', repeated: [], numbers: {} };

/** Reads a body strictly. Never throws. */
export function readJson(text: string): JsonText {
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

/** What `JSON.parse` forgets; nothing where the text is nested deeper than the stack. */
function spellingOf(text: string, value: unknown): Pick<JsonText, 'repeated' | 'numbers'> {
  try {
    if (JSON.stringify(value) === text) return plainSpelling(value);
    const tree = parseTree(text, [], { disallowComments: true });
    return tree === undefined
      ? { repeated: [], numbers: {} }
      : { repeated: repeatedIn(tree), numbers: numbersIn(tree, text) };
  } catch (error) {
    if (error instanceof RangeError) return { repeated: [], numbers: {} };
    throw error;
  }
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
