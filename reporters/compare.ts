import { styleText } from 'node:util';
import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isUnseen, type Verdict, worst } from '../harness/verdict.ts';
import { forMarkdown, harmless } from './escape.ts';
import { signs } from './markdown.ts';
import { documentOf } from './outcome.ts';

/** Implementations side by side, requirement by requirement. */
export interface Comparison {
  readonly names: readonly string[];
  /** How each of them came out. */
  readonly counts: readonly Report['counts'][];
  readonly rows: readonly ComparedRequirement[];
}

export interface ComparedRequirement {
  readonly requirement: string;
  readonly level: string;
  readonly document: string;
  readonly section: string;
  readonly statement: string;
  /** The worst verdict of its cases in each report; null where it was not planned. */
  readonly verdicts: readonly (Verdict | null)[];
  readonly differs: boolean;
}

/** Sets reports beside each other. Two of the same name are told apart by a number. */
export function compareReports(reports: readonly Report[]): Comparison {
  const names = reports.map(({ target: { name } }, at) => {
    const before = reports.slice(0, at).filter(({ target }) => target.name === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
  const byRequirement = reports.map(({ verdicts }) => Map.groupBy(verdicts, (one) => one.requirement));
  const ids = [...new Set(byRequirement.flatMap((group) => [...group.keys()]))];
  const rows = ids.flatMap((requirement) => {
    const first = byRequirement.map((group) => group.get(requirement)?.[0]).find((one) => one !== undefined);
    if (first === undefined) return [];
    const verdicts = byRequirement.map((group) => {
      const cases = group.get(requirement);
      return cases === undefined ? null : worst(cases.map(({ verdict }) => verdict));
    });
    const { level, section, statement } = first;
    const differs = new Set(verdicts).size > 1;
    return [{ requirement, level, document: documentOf(section), section, statement, verdicts, differs }];
  });
  return { names, counts: reports.map(({ counts }) => counts), rows };
}

/** As a table for a terminal: what differs, then how many are the same everywhere. */
export function renderComparison(comparison: Comparison, { color }: { readonly color: boolean }): string {
  const { names, counts, rows } = harmless(comparison);
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const differing = rows.filter(({ differs }) => differs);
  const widths = names.map((label) => Math.max(label.length, 'not-applicable'.length) + 2);
  const wide = Math.max(11, ...differing.map(({ requirement }) => requirement.length)) + 2;
  const row = (head: string, columns: readonly string[]) =>
    `${head.padEnd(wide)}${columns.map((text, at) => text.padEnd(widths[at] ?? 0)).join('')}`.trimEnd();
  const total = (verdict: Verdict) =>
    row(
      verdict,
      counts.map((one) => String(one[verdict])),
    );
  return [
    paint('bold', row('requirement', names)),
    ...differing.map(({ requirement, verdicts }) =>
      row(
        requirement,
        verdicts.map((verdict) => verdict ?? '(not planned)'),
      ),
    ),
    '',
    `${differing.length} of ${rows.length} requirements differ; the others come out the same.`,
    '',
    paint('bold', row('cases', names)),
    ...(
      ['pass', 'warn', 'fail', 'not-tested', 'inconclusive', 'harness-error', 'not-applicable'] as const
    ).map(total),
    '',
  ].join('\n');
}

/** The same as Markdown, with every requirement. */
export function renderComparisonMarkdown({ names, rows }: Comparison): string {
  const line = ({ requirement, level, verdicts }: ComparedRequirement) =>
    `| ${forMarkdown(requirement)} | ${level} | ${verdicts.map((verdict) => (verdict === null ? '' : `${signs[verdict]} ${verdict}`)).join(' | ')} |`;
  const head = [
    `| requirement | level | ${names.map((name) => forMarkdown(name)).join(' | ')} |`,
    `| --- | --- | ${names.map(() => '---').join(' | ')} |`,
  ];
  const differing = rows.filter(({ differs }) => differs);
  return [
    `## ${names.map((name) => forMarkdown(name)).join(' and ')}`,
    '',
    `${differing.length} of ${rows.length} requirements differ.`,
    '',
    ...(differing.length === 0 ? [] : [...head, ...differing.map(line), '']),
    '<details><summary>All requirements</summary>',
    '',
    ...head,
    ...rows.map(line),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** What changed between two reports of one target, case by case. */
export interface Difference {
  readonly broken: readonly Change[];
  readonly fixed: readonly Change[];
  readonly lost: readonly Change[];
  readonly other: readonly Change[];
}

export interface Change {
  readonly case: string;
  readonly requirement: string;
  readonly before: Verdict | null;
  readonly after: Verdict | null;
  readonly reason: string | null;
}

/** Compares an old report with a new one. A case that was observed before and is not now is lost, not fixed. */
export function diffReports(before: Report, after: Report): Difference {
  const old = new Map(before.verdicts.map((one) => [one.case, one]));
  const now = new Map(after.verdicts.map((one) => [one.case, one]));
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
    const [one, other] = [old.get(id), now.get(id)];
    if (one?.verdict === other?.verdict) return [];
    return [changeOf(id, one, other)];
  });
  const kindOf = ({ before: was, after: is }: Change): keyof Difference => {
    if (is === 'fail' || (is === 'warn' && was === 'pass')) return 'broken';
    if ((was === 'fail' || was === 'warn') && is === 'pass') return 'fixed';
    if (was === 'fail' && is === 'warn') return 'fixed';
    return isObserved(was) && !isObserved(is) ? 'lost' : 'other';
  };
  const groups = Map.groupBy(changes, kindOf);
  const of = (kind: keyof Difference) => groups.get(kind) ?? [];
  return { broken: of('broken'), fixed: of('fixed'), lost: of('lost'), other: of('other') };
}

function changeOf(id: string, one: ReportVerdict | undefined, other: ReportVerdict | undefined): Change {
  return {
    case: id,
    requirement: (other ?? one)?.requirement ?? '',
    before: one?.verdict ?? null,
    after: other?.verdict ?? null,
    reason: other?.reason ?? null,
  };
}

const isObserved = (verdict: Verdict | null): boolean =>
  verdict !== null && verdict !== 'not-applicable' && !isUnseen(verdict);

const titles: Readonly<Record<keyof Difference, string>> = {
  broken: 'Newly broken',
  fixed: 'Newly fixed',
  lost: 'No longer observed',
  other: 'Otherwise changed',
};

/** A difference for a terminal. */
export function renderDifference(given: Difference): string {
  const difference = harmless(given);
  const sections = (Object.keys(titles) as (keyof Difference)[]).flatMap((kind) => {
    const changes = difference[kind];
    if (changes.length === 0) return [];
    return [
      `${titles[kind]} (${changes.length}):`,
      ...changes.flatMap(({ case: id, requirement, before, after, reason }) => [
        `  ${id} (${requirement}): ${before ?? 'not planned'} → ${after ?? 'not planned'}`,
        ...(kind === 'fixed' || reason === null ? [] : [`    ${reason}`]),
      ]),
      '',
    ];
  });
  return sections.length === 0 ? 'Nothing changed.\n' : `${sections.join('\n')}`;
}

/** A difference as Markdown. */
export function renderDifferenceMarkdown(difference: Difference): string {
  const sections = (Object.keys(titles) as (keyof Difference)[]).flatMap((kind) => {
    const changes = difference[kind];
    if (changes.length === 0) return [];
    return [
      `### ${titles[kind]} (${changes.length})`,
      '',
      '| case | requirement | before | after |',
      '| --- | --- | --- | --- |',
      ...changes.map(
        ({ case: id, requirement, before, after }) =>
          `| ${forMarkdown(id)} | ${forMarkdown(requirement)} | ${before ?? ''} | ${after ?? ''} |`,
      ),
      '',
    ];
  });
  return sections.length === 0 ? 'Nothing changed.\n' : sections.join('\n');
}
