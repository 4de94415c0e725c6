import type { Kill, KillMatrix } from './matrix.ts';

/** The figures in a few lines, as Markdown. */
export function renderSummary(matrices: readonly KillMatrix[]): string {
  const names = [...new Set(matrices.flatMap(({ classes }) => Object.keys(classes)))];
  const row = (title: string, counted: readonly string[]) => [
    title,
    ...matrices.flatMap(({ classes }) =>
      (['seeded', 'killed'] as const).map((at) =>
        counted.reduce((sum, name) => sum + (classes[name]?.[at] ?? 0), 0),
      ),
    ),
  ];
  return [
    table(
      ['class', ...matrices.flatMap(({ dialect }) => [`${dialect}: seeded`, 'killed'])],
      [...names.map((name) => row(name, [name])), row('all', names)],
    ),
    ...matrices.flatMap((matrix) => ['', inWords(matrix)]),
  ].join('\n');
}

function inWords({ dialect, variants, cases, first }: KillMatrix): string {
  const must = cases.filter(({ level }) => level.startsWith('MUST'));
  const quiet = variants.filter(({ fails }) => fails.length === 0);
  const named = first.filter((one) => one.named);
  return [
    `\`${dialect}\`: ${must.filter(({ kills }) => kills > 0).length} of ${must.length} MUST cases kill a defect of their own requirement. ${quiet.length} of ${variants.length} conformant variants cause no fail.`,
    ...(first.length === 0
      ? []
      : [
          `In whole runs against ${first.length} defects, drawn by the seed, the first cause names a requirement that the defect breaks in ${named.length}.`,
        ]),
  ].join(' ');
}

/** Every defect and every variant of each dialect, as Markdown. */
export function renderMatrices(matrices: readonly KillMatrix[]): string {
  return ['# Kill matrix', '', renderSummary(matrices), '', ...matrices.flatMap(rowsOf)].join('\n');
}

function rowsOf(matrix: KillMatrix): string[] {
  return [
    `# ${matrix.dialect}`,
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
      ['variant', 'how it differs', 'tried beside', 'fails', 'warnings'],
      matrix.variants.map((row) => [
        row.name,
        row.differs,
        row.beside.join(', ') || 'none',
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
  ];
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
