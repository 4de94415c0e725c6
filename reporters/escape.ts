/**
 * Text from a target, made harmless where it is shown. Everything in a report is hostile until it went through one
 * of these: names, reasons and bodies alike.
 */

/**
 * Control characters, halves of characters, line and paragraph separators, characters without a place in XML, and
 * those that reorder text, hide in it or show nothing: format characters and all that Unicode lets a font ignore, such
 * as fillers, tags and variation selectors.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufffe\uffff]/gu;

/** What a runner of GitHub Actions would take for a command in the output of a step. */
const workflowCommand = /(?<=^|\s):(?=:[a-z])|##(?=\[)/gim;

/** Shows unprintable characters as `\u{…}`, so that neither ANSI sequences nor workflow commands survive; line breaks stay where asked for. */
export function forTerminal(text: string, { lines = false } = {}): string {
  return text
    .replace(unprintable, (character) => (lines && character === '\n' ? character : codePoints(character)))
    .replace(workflowCommand, codePoints);
}

/** A value as a file of JSON, which means the same to a program and acts on nobody who looks at it. */
export function forJsonFile(value: unknown): string {
  const escaped = (text: string) =>
    Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'))
      .map((hex) => `\\u${hex}`)
      .join('');
  // JSON itself escapes what stands before the letters.
  const beyond = /[\x7f-\uffff]+/g;
  return `${JSON.stringify(value, null, 2).replace(beyond, (text) => text.replace(unprintable, escaped))}\n`;
}

/**
 * A value with every text of it changed, names of members too, so that none can be forgotten. A text is changed by the
 * name of the nearest member that holds it; a name is held by none.
 */
export function everyText<T>(value: T, change: (text: string, member: string) => string, member = ''): T {
  if (typeof value === 'string') return change(value, member) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => everyText(item, change, member)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [change(name, ''), everyText(item, change, name)]),
  ) as T;
}

const none: ReadonlySet<string> = new Set();

/**
 * A value with every text of it shown as by `forTerminal`. Line breaks stay in the members named: those whose lines
 * are printed one by one.
 */
export function harmless<T>(value: T, withLines = none): T {
  return everyText(value, (text, member) => forTerminal(text, { lines: withLines.has(member) }));
}

const codePoints = (text: string): string =>
  [...text].map((character) => `\\u{${character.codePointAt(0)?.toString(16)}}`).join('');

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the text or a quoted attribute of HTML or XML 1.0; line breaks stay. */
export function forMarkup(text: string): string {
  return forTerminal(text, { lines: true }).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** For one line or table cell of Markdown, as text and nothing else: no link, HTML, emphasis, mention or picture. */
export function forMarkdown(text: string): string {
  return forTerminal(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, '\\$&')
    .replace(/@/g, '&#64;')
    .replace(/(?<=https?|www)([:.])/gi, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Markdown from a template; everything interpolated is escaped. */
export function markdown(template: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return template.reduce((text, part, at) => text + forMarkdown(String(values[at - 1] ?? '')) + part);
}

/** A block of code in Markdown, whatever runs of backticks are in it. */
export function codeBlock(text: string, language = ''): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${forTerminal(text, { lines: true })}\n${fence}`;
}

/**
 * The plain text of a SARIF message, where `[text](target)` is a link (§3.11.6) and `{0}` a placeholder (§3.11.5). Not
 * every viewer heeds the backslash before a bracket, so one parts `](` too; and some take the text for Markdown.
 */
export function forPlainMessage(text: string): string {
  return forTerminal(text, { lines: true })
    .replace(/[\\[\]<]|(?<=\])\(/g, '\\$&')
    .replace(/[{}]/g, '$&$&');
}

/** The message of a workflow command of GitHub Actions. */
export function forWorkflowMessage(text: string): string {
  return forTerminal(text, { lines: true })
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

/** A property, such as the title, of a workflow command of GitHub Actions. */
export function forWorkflowProperty(text: string): string {
  return forWorkflowMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
