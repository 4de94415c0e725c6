import type { DialectName } from '../../specs/read.ts';
import { type Cell, shortOf } from './cells.ts';
import type { Mark } from './marks.ts';

/** A client with what became of it. */
export interface Column {
  readonly title: string;
  readonly dialect: DialectName;
  /** Of the language. */
  readonly language: string;
  readonly outcome:
    | { readonly kind: 'ran'; readonly version: string; readonly marks: ReadonlyMap<string, Mark> }
    | { readonly kind: 'not-found' }
    | { readonly kind: 'not-built'; readonly problem: string };
}

export interface Result {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly columns: readonly Column[];
  readonly cells: readonly Cell[];
}

const titles: Readonly<Record<DialectName, string>> = {
  'aws-json': 'AWS IAM Identity Center OIDC',
  'oauth-form': 'OAuth 2.0 and OpenID Connect',
};

/** `docs/clients.md` */
export function renderClients({ date, columns, cells }: Result): string {
  const families = (Object.keys(titles) as DialectName[]).flatMap((dialect) => {
    const own = columns.filter((column) => column.dialect === dialect);
    if (own.length === 0) return [];
    const rows = cells.filter((cell) => cell.dialect === dialect);
    return [
      `## ${titles[dialect]}`,
      '',
      table(
        ['operation', 'grant', 'answer', ...own.map(({ title }) => title)],
        rows.map((cell) => [...namesOf(cell), ...own.map((column) => textOf(column, cell))]),
      ),
      '',
    ];
  });
  return [
    '# Clients against the reference emulator',
    '',
    `Made by \`npm run clients -- --write\` on ${date}: each client is granted each grant that it offers, and meets each documented error of it.`,
    '',
    table(
      ['client', 'version', 'language', 'right'],
      columns.map((column) => [column.title, ...summaryOf(column)]),
    ),
    '',
    '✓ is granted, or the error by its own type or name; with a note where the client has another name for it, or asks again while a device waits, as RFC 8628 §3.5 wants. – has no function in the client. ? was not observed, for the reason above. Anything else is what the client showed in place of the answer.',
    '',
    ...families,
  ].join('\n');
}

const namesOf = ({ operation, grant, exception }: Cell): string[] => [
  operation,
  grant === undefined ? '' : shortOf(grant),
  exception ?? 'granted',
];

function textOf({ outcome }: Column, { id }: Cell): string {
  const mark = outcome.kind === 'ran' ? outcome.marks.get(id) : undefined;
  switch (mark?.kind) {
    case undefined:
      return '?';
    case 'not-offered':
      return '–';
    case 'right':
      return mark.as === undefined ? '✓' : `✓ (${mark.as})`;
    case 'wrong':
      return `**${mark.instead}**`;
  }
}

/** Version, language, and how many are right of those that were tried. */
function summaryOf({ language, outcome }: Column): string[] {
  switch (outcome.kind) {
    case 'not-found':
      return ['not found here', language, '–'];
    case 'not-built':
      return ['could not be built', language, '–'];
    case 'ran': {
      const tried = [...outcome.marks.values()].filter(({ kind }) => kind !== 'not-offered');
      const right = tried.filter(({ kind }) => kind === 'right');
      return [outcome.version, language, `${right.length} of ${tried.length}`];
    }
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
