import { forMarkup } from '../escape.ts';

/** Text that is HTML already. Only `html` and `constant` make it, so text from a report can't pass for it. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in a template: markup stays as it is, anything else is escaped. */
export type Piece = Markup | string | number | readonly Piece[];

const prepared = new WeakMap<TemplateStringsArray, readonly string[]>();

/** HTML from a template; everything interpolated is escaped, unless it is markup itself. */
export function html(template: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = prepared.get(template) ?? prepare(template);
  let text = parts[0] ?? '';
  for (const [at, piece] of pieces.entries()) text += textOf(piece) + parts[at + 1];
  return new Markup(text);
}

/** Markup that is written in this program and holds nothing else: a style or a script. */
export function constant(text: string): Markup {
  return new Markup(text);
}

/** Nothing, where there is nothing to show. */
export const nothing = constant('');

function textOf(piece: Piece): string {
  if (piece instanceof Markup) return piece.toString();
  if (Array.isArray(piece)) return piece.map(textOf).join('');
  return forMarkup(String(piece));
}

/** Takes the indentation of the source out, and refuses attributes without quotes: escaping can't save those. */
function prepare(template: TemplateStringsArray): readonly string[] {
  if (template.slice(0, -1).some((part) => /=\s*$/.test(part)))
    throw new Error(`An attribute needs quotes: ${template.join('…')}`);
  const parts = template.map((part) => part.replace(/\n\s+/g, '\n'));
  prepared.set(template, parts);
  return parts;
}
