import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parseDocument,
  type YAMLParseError,
} from 'yaml';
import { UserError } from './problem.ts';

/** A syntax tree, and what shows a place of it as `file:line:column`. */
export interface YamlSource {
  readonly document: Document.Parsed;
  readonly at: (offset: number) => string;
}

/**
 * The syntax tree of a YAML or JSON file, and what shows a place of it.
 *
 * @param what the file is, for messages: `target file`
 * @throws {UserError} that lists every mistake with its line and column
 */
export function readYaml(file: string, what: string): YamlSource {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`The ${what} ${file} cannot be read: ${readingProblem(error)}`);
  }
  return parseYaml(text, file);
}

/** The syntax tree of a text, which messages call by the name of its file. */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const lineOf = ({ pos }: YAMLParseError) => lines.linePos(pos[0]).line;
  // Errors behind the first one of a line are mostly its consequences.
  const errors = document.errors.filter(
    (error, index, all) => all.findIndex((other) => lineOf(other) === lineOf(error)) === index,
  );
  if (errors.length === 0) return { document, at };
  const source = text.split('\n');
  throw new UserError(
    errors
      .map(
        (error) =>
          `${at(error.pos[0])}: not valid YAML or JSON: ${syntaxProblem(error, source[lineOf(error) - 1] ?? '')}`,
      )
      .join('\n'),
  );
}

/** Why a file cannot be read, in words. */
export function readingProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  return String(code ?? error);
}

function syntaxProblem({ code, message }: YAMLParseError, line: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document starts here. Write one into a file.';
  if (code === 'DUPLICATE_KEY') return 'this key occurs twice';
  if (code === 'BAD_ALIAS') return `${message}. Put a text that starts with * in quotes.`;
  return line.includes('${') ? `${message}. Put "\${NAME}" in quotes.` : message;
}

/** What the document holds. */
export function contentOf(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new UserError(`${file}: not valid YAML: ${(error as Error).message}`);
  }
}

/** The place that a problem of a schema is about. */
export function pathOf({ instancePath }: ErrorObject): string[] {
  return instancePath.split('/').slice(1).map(unescapePointer);
}

/** Where a key or else a value of the document is; where it is not, the nearest place above it. */
export function offsetOf(document: Document.Parsed, path: readonly string[], key?: string): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [index, part] of [...path, ...(key === undefined ? [] : [key])].entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === part) : undefined;
    node = isSeq(node) ? node.items[Number(part)] : index === path.length ? pair?.key : pair?.value;
    offset = (isNode(node) && node.range?.[0]) || offset;
  }
  return offset;
}

/** A part of a JSON pointer as it is spelt in the document. */
export function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
