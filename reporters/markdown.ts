import type { Report, ReportCell, ReportVerdict } from '../harness/report.ts';
import { type Verdict, verdicts } from '../harness/verdict.ts';
import { codeBlock, forMarkdown } from './escape.ts';
import {
  byReason,
  exchangeText,
  failuresOf,
  isUnseen,
  outcomeOf,
  shortGrant,
  shownExchange,
  unseenOf,
} from './outcome.ts';

/** GitHub cuts a job summary at 1 MiB: what is left is only counted. */
const mostBlocks = 20;

/** Says a verdict with a sign that nobody takes for another, besides its name. */
export const signs: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  warn: '!',
  'not-applicable': '–',
  'not-tested': '?',
  inconclusive: '?',
  'harness-error': '✗',
  fail: '✗',
};

/** Renders a report as Markdown for the summary of a job or a comment. */
export function renderMarkdown(report: Report): string {
  const { suite, target, profile, counts, baseline } = report;
  const outcome = outcomeOf(report);
  const failing = failuresOf(report);
  const warnings = report.verdicts.filter(({ verdict }) => verdict === 'warn');
  const lines = [
    `## ${forMarkdown(target.name)}: ${outcome.word}`,
    '',
    `${capital(outcome.sentence)}. Next: ${forMarkdown(outcome.next)}.`,
    '',
    `Profile ${profile.name} ${profile.version} · ${suite.name} ${suite.version} · ${report.requests} requests · ${(report.durationMs / 1_000).toFixed(1)} s · seed ${report.seed}`,
    '',
    ...(report.diagnosis === null ? [] : [`**${forMarkdown(report.diagnosis)}**`, '']),
    `| ${verdicts.join(' | ')} |`,
    `| ${verdicts.map(() => '---:').join(' | ')} |`,
    `| ${verdicts.map((verdict) => counts[verdict]).join(' | ')} |`,
    '',
    ...matrix(report.cells),
    ...section('Failures', failing.slice(0, mostBlocks).map(block)),
    ...(failing.length > mostBlocks
      ? [`… and ${failing.length - mostBlocks} more failures: see the report.`, '']
      : []),
    ...section('Warnings (a SHOULD is not met)', reasons(warnings)),
    ...section('Not observed', reasons(unseenOf(report))),
    ...section(
      'Not applicable',
      reasons(report.verdicts.filter(({ verdict }) => verdict === 'not-applicable')),
    ),
    ...(baseline === null
      ? []
      : section('Baseline', [
          ...baseline.known.map(
            ({ id, cases, reason, expires }) =>
              `- known until ${expires}: ${forMarkdown(id)} (${cases.length} cases): ${forMarkdown(reason)}`,
          ),
          ...baseline.expired.map(({ id, expires }) => `- **expired** on ${expires}: ${forMarkdown(id)}`),
          ...baseline.stale.map(
            ({ id, verdict }) => `- **stale**: ${forMarkdown(id)} is no longer ${verdict}`,
          ),
          ...baseline.flaky.map(({ id, reason }) => `- flaky: ${forMarkdown(id)}: ${forMarkdown(reason)}`),
        ])),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function section(title: string, parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [`### ${title}`, '', ...parts, ''];
}

/** Exceptions down, grants across. */
function matrix(cells: readonly ReportCell[]): string[] {
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  return operations.flatMap((operation) => {
    const here = cells.filter((cell) => cell.operation === operation && cell.cases.length > 0);
    const grants = [...new Set(here.map(({ grant }) => grant))];
    const exceptions = [...new Set(here.map(({ exception }) => exception))];
    if (here.length === 0) return [];
    const rows = exceptions.map((exception) => {
      const columns = grants.map((grant) => {
        const cell = here.find((one) => one.exception === exception && one.grant === grant);
        return cell === undefined ? '' : `${signs[cell.verdict]} ${cell.verdict}`;
      });
      return `| ${exception} | ${columns.join(' | ')} |`;
    });
    return [
      `| ${operation} | ${grants.map((grant) => shortGrant(grant)).join(' | ')} |`,
      `| --- | ${grants.map(() => '---').join(' | ')} |`,
      ...rows,
      '',
    ];
  });
}

function block(one: ReportVerdict): string {
  const exchange = shownExchange(one);
  const { curl, command } = one.reproduce;
  return [
    `<details><summary>✗ ${forMarkdown(one.case)}: ${forMarkdown(one.title)}</summary>`,
    '',
    `${forMarkdown(one.requirement)} · ${one.level} · ${forMarkdown(one.section)}`,
    '',
    forMarkdown(one.statement),
    '',
    ...one.expected.map((line) => `- expected: ${forMarkdown(line)}`),
    ...one.actual.slice(0, 10).map((line) => `- actual: ${forMarkdown(line)}`),
    ...(one.reason === null ? [] : [`- ${forMarkdown(one.reason)}`]),
    '',
    ...(exchange === undefined ? [] : [codeBlock(exchangeText(exchange), 'http'), '']),
    codeBlock([...(curl === null || curl.length > 4_000 ? [] : [curl]), command].join('\n'), 'sh'),
    '',
    '</details>',
    '',
  ].join('\n');
}

function reasons(some: readonly ReportVerdict[]): string[] {
  return byReason(some).map((group) => {
    const [first] = group;
    const names = group.slice(0, 4).map((one) => forMarkdown(one.case));
    const rest = group.length > 4 ? ` and ${group.length - 4} more` : '';
    const verdict = first !== undefined && isUnseen(first.verdict) ? `${first.verdict}: ` : '';
    return `- ${verdict}${names.join(', ')}${rest}: ${forMarkdown(first?.reason ?? '')}`;
  });
}
