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

/** Reads a body strictly. Never throws. */
export function readJson(text: string): JsonText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { error: text.trim() === '' ? 'the body is empty' : reasonOf(error), repeated: [], numbers: {} };
  }
  const tree = treeOf(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    value,
    ...(isObject && { object: value as Record<string, unknown> }),
    repeated: tree === undefined ? [] : repeatedIn(tree),
    numbers: tree === undefined ? {} : numbersIn(tree, text),
  };
}

/** The syntax tree; undefined where the text is nested deeper than the stack. */
function treeOf(text: string): Node | undefined {
  try {
    return parseTree(text, [], { disallowComments: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, ".*$/s, '') : 'not JSON';
}

function repeatedIn(node: Node): string[] {
  const names =
    node.type === 'object' ? (node.children ?? []).map((child) => String(child.children?.[0]?.value)) : [];
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
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
