import type { Kill, KillMatrix } from './matrix.ts';

/** The figures in a few lines, as Markdown. */
export function renderSummary({ classes, variants, cases, first }: KillMatrix): string {
  const rows = Object.entries(classes).map(([name, { seeded, killed }]) => [name, seeded, killed]);
  const sum = (at: 'seeded' | 'killed') => Object.values(classes).reduce((all, one) => all + one[at], 0);
  const must = cases.filter(({ level }) => level.startsWith('MUST'));
  const quiet = variants.filter(({ fails }) => fails.length === 0);
  return [
    table(['class', 'seeded', 'killed'], [...rows, ['all', sum('seeded'), sum('killed')]]),
    '',
    `${must.filter(({ kills }) => kills > 0).length} of ${must.length} MUST cases kill a defect of their own requirement. ${quiet.length} of ${variants.length} conformant variants cause no fail.`,
    ...(first.length === 0
      ? []
      : [
          '',
          `Named first: in whole runs against ${first.length} defects, drawn by the seed, the first cause names a requirement that the defect breaks in ${first.filter(({ named }) => named).length}.`,
        ]),
  ].join('\n');
}

/** Every defect and every variant, as Markdown. */
export function renderMatrix(matrix: KillMatrix): string {
  return [
    '# Kill matrix',
    '',
    renderSummary(matrix),
    '',
    ...(matrix.problems.length > 0
      ? ['## Problems', '', ...matrix.problems.map((one) => `- ${one}`), '']
      : []),
    '## Defects',
    '',
    table(
      ['defect', 'class', 'what it changes', 'breaks', 'killed by'],
      matrix.defects.map((row) => [
        row.name,
        row.class,
        row.changes,
        row.breaks.join(', '),
        some(row.killedBy),
      ]),
    ),
    '',
    ...(matrix.first.length === 0 ? [] : firstTable(matrix)),
    '## Conformant variants',
    '',
    table(
      ['variant', 'how it differs', 'fails', 'warnings'],
      matrix.variants.map((row) => [
        row.name,
        row.differs,
        row.fails.map(({ case: id }) => id).join(', ') || 'none',
        row.warns.join(', ') || 'none',
      ]),
    ),
    '',
    '## Cases that kill nothing',
    '',
    ...matrix.cases
      .filter(({ kills }) => kills === 0)
      .map(({ case: id, level, requirement }) => `- ${id} (${level}, ${requirement})`),
    '',
  ].join('\n');
}

const firstTable = ({ first }: KillMatrix): string[] => [
  '## The first cause of a whole run',
  '',
  table(
    ['defect', 'first cause', 'of', 'breaks it'],
    first.map((row) => [
      row.defect,
      row.what ?? 'none',
      row.requirements.slice(0, shown).join(', '),
      row.named ? 'yes' : 'no',
    ]),
  ),
  '',
];

const shown = 4;

function some(kills: readonly Kill[]): string {
  const names = kills.slice(0, shown).map(({ case: id }) => id);
  return kills.length > shown ? `${names.join(', ')} and ${kills.length - shown} more` : names.join(', ');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[]) =>
    `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}
