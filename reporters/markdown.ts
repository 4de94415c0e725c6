import type { Report, ReportCell } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isUnseen, type Verdict, verdicts } from '../harness/verdict.ts';
import { codeBlock, forMarkdown, markdown } from './escape.ts';
import {
  byReason,
  exchangeText,
  isShut,
  limitsText,
  matricesOf,
  outcomeOf,
  repeatingLines,
  shortGrant,
  shownExchange,
  shutText,
  type ToldCause,
  toldCauses,
  unseenOf,
  unsteadyLines,
} from './outcome.ts';

/** GitHub cuts a job summary at 1 MiB: what is left is only counted. */
const mostBlocks = 20;
const mostIds = 100;

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
  const limits = limitsText(report);
  const causes = toldCauses(report);
  const lines = [
    markdown`## ${target.name}: ${outcome.word}`,
    '',
    ...(report.diagnosis === null ? [] : [markdown`**${report.diagnosis}**`, '']),
    markdown`${capital(outcome.sentence)}. Next: ${outcome.next}`,
    '',
    markdown`Profile ${profile.name} ${profile.version} · ${suite.name} ${suite.version} · ${report.requests} requests · ${(report.durationMs / 1_000).toFixed(1)} s · seed ${report.seed}${limits === undefined ? '' : ` · ${limits}`}`,
    '',
    `| ${verdicts.join(' | ')} |`,
    `| ${verdicts.map(() => '---:').join(' | ')} |`,
    `| ${verdicts.map((verdict) => counts[verdict]).join(' | ')} |`,
    '',
    ...(isShut(report) ? [shutText(report), ''] : details()),
    ...(baseline === null
      ? []
      : section('Baseline', [
          ...baseline.known.map(
            ({ id, cases, reason, expires }) =>
              markdown`- known until ${expires}: ${id} (${cases.length} cases): ${reason}`,
          ),
          ...baseline.expired.map(({ id, expires }) => markdown`- **expired** on ${expires}: ${id}`),
          ...baseline.stale.map(({ id, verdict }) => markdown`- **stale**: ${id} is no longer ${verdict}`),
          ...baseline.flaky.map(({ id, reason }) => markdown`- flaky: ${id}: ${reason}`),
        ])),
  ];
  return `${lines.join('\n').trimEnd()}\n`;

  function details(): string[] {
    return [
      ...section('What is wrong, the gravest first', causes.map(causeLine)),
      ...matrix(report.cells),
      ...section('The best example of each', causes.slice(0, mostBlocks).map(causeBlock)),
      ...section('Not observed', reasons(unseenOf(report))),
      ...section(
        'Not applicable',
        reasons(report.verdicts.filter(({ verdict }) => verdict === 'not-applicable')),
      ),
    ];
  }
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function section(title: string, parts: readonly string[]): string[] {
  return parts.length === 0 ? [] : [`### ${title}`, '', ...parts, ''];
}

/** Exceptions down, grants across. */
function matrix(cells: readonly ReportCell[]): string[] {
  return matricesOf(cells).flatMap(({ operation, grants, exceptions, cells: here }) => {
    const rows = exceptions.map((exception) => {
      const columns = grants.map((grant) => {
        const cell = here.find((one) => one.exception === exception && one.grant === grant);
        return cell === undefined ? '' : `${signs[cell.verdict]} ${cell.verdict}`;
      });
      return `| ${forMarkdown(exception)} | ${columns.join(' | ')} |`;
    });
    return [
      `| ${forMarkdown(operation)} | ${grants.map((grant) => forMarkdown(shortGrant(grant))).join(' | ')} |`,
      `| --- | ${grants.map(() => '---').join(' | ')} |`,
      ...rows,
      '',
    ];
  });
}

function causeLine({ cause, number, about, follow }: ToldCause): string {
  return markdown`${number}. ${signs[cause.verdict]} **${cause.what}** ${about}${follow === undefined ? '' : ` · ${follow}`}`;
}

/** The case that shows a cause best, and the ids of the others. */
function causeBlock({ cause, number, best, follow }: ToldCause): string {
  const others = cause.cases.filter((id) => id !== cause.best);
  const ids = (some: readonly string[]) => {
    const rest = some.length > mostIds ? ` and ${some.length - mostIds} more` : '';
    return `${some.slice(0, mostIds).map(forMarkdown).join(', ')}${rest}`;
  };
  return [
    block(best, number),
    ...(others.length > 0 ? [`The same was seen in ${ids(others)}.`, ''] : []),
    ...(cause.follow.length > 0 ? [`${follow}: ${ids(cause.follow)}.`, ''] : []),
  ].join('\n');
}

function block(one: ReportVerdict, number: number): string {
  const exchange = shownExchange(one);
  return [
    markdown`<details><summary>${number}. ${signs[one.verdict]} ${one.case}: ${one.title}</summary>`,
    '',
    markdown`${one.requirement} · ${one.level} · ${one.section}`,
    '',
    forMarkdown(one.statement),
    '',
    ...one.expected.map((line) => markdown`- expected: ${line}`),
    ...one.actual.slice(0, 10).map((line) => markdown`- actual: ${line}`),
    ...(one.reason === null ? [] : [markdown`- ${one.reason}`]),
    '',
    ...(exchange === undefined ? [] : [codeBlock(exchangeText(exchange), 'http'), '']),
    codeBlock(repeatingLines(one).join('\n'), 'sh'),
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
    const lines = unsteadyLines(group, mostBlocks).map((line) => `\n  - ${forMarkdown(line)}`);
    return `- ${verdict}${names.join(', ')}${rest}: ${forMarkdown(first?.reason ?? '')}${lines.join('')}`;
  });
}
