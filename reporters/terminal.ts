import { styleText } from 'node:util';
import type { Exchange } from '../harness/exchange.ts';
import type { Report, ReportCell } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isExercised } from '../harness/report/share.ts';
import type { Counterexample } from '../harness/trial.ts';
import { type Verdict, verdicts } from '../harness/verdict.ts';
import { harmless } from './escape.ts';
import {
  byReason,
  counted,
  isShut,
  limitsText,
  matricesOf,
  outcomeOf,
  shortGrant,
  shownExchange,
  shutText,
  type ToldCause,
  toldCauses,
  unseenOf,
  unsteadyLines,
} from './outcome.ts';

type Style = Parameters<typeof styleText>[0];

const styles: Record<Verdict, Style> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  'not-applicable': 'gray',
  'not-tested': 'magenta',
  inconclusive: 'magenta',
  'harness-error': 'bgRed',
};

/** Of so many causes the case that shows it best is printed whole; of the others, only their cases. */
const mostBlocks = 20;

/** Of cases that were not always answered the same, so many are told with what was seen. */
const mostUnsteady = 5;

/** Their lines are printed one by one, each with something before it. */
const manyLines = new Set(['body', 'curl']);

/** Renders a report for a terminal: all causes on the first screen, the matrix, then a block for each cause. */
export function renderTerminal(given: Report, { color }: { readonly color: boolean }): string {
  const report = harmless(given, manyLines);
  const paint = (style: Style, text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const { suite, target, profile, counts } = report;
  const outcome = outcomeOf(report);
  const limits = limitsText(report);
  const causes = toldCauses(report);
  const unseen = unseenOf(report);
  const scoped = report.verdicts.filter(({ verdict }) => verdict === 'not-applicable');
  const shown = verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => paint(styles[verdict], `${counts[verdict]} ${verdict}`));
  return [
    `${paint('bold', `${suite.name} ${suite.version}`)} · ${target.name} · profile ${profile.name} ${profile.version}${report.partial ? ' · a selection' : ''}`,
    ...(limits === undefined ? [] : [limits]),
    '',
    ...(report.diagnosis === null
      ? []
      : [...wrap(report.diagnosis, '').map((line) => paint('bold', line)), '']),
    ...(isShut(report) ? [shutText(report), '', ...baselineLines(report)] : details()),
    `${report.verdicts.length} ${report.verdicts.length === 1 ? 'case' : 'cases'}: ${shown.join(', ')} · ${report.requests} requests · ${(report.durationMs / 1_000).toFixed(1)} s · seed ${report.seed}`,
    `${paint(report.exitCode === 0 ? 'green' : 'red', `exit code ${report.exitCode}`)}: ${outcome.sentence}`,
    `next: ${outcome.next}`,
    '',
  ].join('\n');

  function details(): string[] {
    return [
      ...causeList(causes, paint),
      ...matrix(report.cells, paint),
      ...causes.flatMap((one) => [...causeBlock(one, report, paint), '']),
      ...list('Not observed', unseen, paint),
      ...list('Not applicable', scoped, paint),
      ...baselineLines(report),
    ];
  }
}

/** Every cause in two lines. */
function causeList(causes: readonly ToldCause[], paint: (style: Style, text: string) => string): string[] {
  if (causes.length === 0) return [];
  const lines = causes.flatMap(({ cause, number, about, follow }) => [
    `${String(number).padStart(3)} ${paint(styles[cause.verdict], cause.verdict)} ${paint('bold', cut(cause.what))}`,
    cut(`    ${about}${follow === undefined ? '' : ` · ${follow}`}`),
  ]);
  return [`What is wrong, the gravest first:`, ...lines, ''];
}

/** As long as a line may be that is to be read at a glance. */
const longestLine = 160;
const cut = (text: string): string =>
  text.length > longestLine ? `${text.slice(0, longestLine - 1)}…` : text;

/** A cause with the case that shows it best, and the ids of all others. */
function causeBlock(
  { cause, number, best, follow }: ToldCause,
  report: Report,
  paint: (style: Style, text: string) => string,
): string[] {
  const others = cause.cases.filter((id) => id !== cause.best);
  return [
    ...wrap(`${number}. ${cause.what} (${cause.where})`, ''),
    ...(number > mostBlocks ? [`  ${cause.best}`] : block(best, report, paint)),
    ...(others.length > 0 ? ['  The same was seen in:', ...wrap(others.join(', '), '    ')] : []),
    ...(cause.follow.length > 0 ? [`  ${follow}:`, ...wrap(cause.follow.join(', '), '    ')] : []),
  ];
}

/** Exceptions down, grants across; operations without grants in one column. */
function matrix(cells: readonly ReportCell[], paint: (style: Style, text: string) => string): string[] {
  return matricesOf(cells).flatMap(({ operation, grants, exceptions, cells: here }) => {
    const width = Math.max(operation.length, ...exceptions.map((name) => name.length)) + 4;
    const head = `${paint('bold', operation.padEnd(width))}${grants.map((grant) => shortGrant(grant).padEnd(22)).join('')}`;
    const rows = exceptions.map((exception) => {
      const columns = grants.map((grant) => {
        const cell = here.find((one) => one.exception === exception && one.grant === grant);
        if (cell === undefined) return ''.padEnd(22);
        const how = cell.provokedBy === 'fault' ? ' (fault)' : ` ×${cell.cases.length}`;
        return paint(styles[cell.verdict], cell.verdict) + how.padEnd(22 - cell.verdict.length);
      });
      return `  ${exception.padEnd(width - 2)}${columns.join('')}`.trimEnd();
    });
    const exercised = here.filter(isExercised).length;
    return [head.trimEnd(), ...rows, `  ${exercised} of ${here.length} cells exercised`, ''];
  });
}

/** Requirement and statement, expected, actual, the exchange, the seed, a curl line, the command. */
function block(one: ReportVerdict, report: Report, paint: (style: Style, text: string) => string): string[] {
  const probe = shownExchange(one);
  return [
    `${paint(styles[one.verdict], one.verdict.toUpperCase())} ${paint('bold', one.case)} (${one.title})`,
    `  ${one.requirement} · ${one.level} · ${one.section}`,
    ...wrap(one.statement, '  '),
    '  Expected:',
    ...one.expected.map((line) => `    ${line}`),
    '  Actual:',
    ...counted(one.actual).map((line) => `    ${line}`),
    ...(one.reason === null ? [] : [`    → ${one.reason}`]),
    ...(probe === undefined ? [] : exchangeLines(probe)),
    ...(one.generated?.counterexample ? counterexampleLines(one.generated.counterexample) : []),
    `  Seed: ${report.seed}`,
    ...curlLines(one.reproduce.curl),
    `  Run this case alone: ${one.reproduce.command}`,
  ];
}

/** The generated value that broke a property, and where fast-check finds it again. */
function counterexampleLines({ value, seed, path, shrinks }: Counterexample): string[] {
  return [
    `  Counterexample (made smaller ${shrinks} times, at seed ${seed}, path ${path}):`,
    `    ${shorten(JSON.stringify(value) ?? 'undefined')}`,
  ];
}

function curlLines(curl: string | null): string[] {
  if (curl === null) return [];
  const lines = curl.split('\n');
  return lines.length === 1 ? [`  Curl: ${lines[0]}`] : ['  Curl:', ...lines.map((line) => `    ${line}`)];
}

function exchangeLines({ request, response, failure }: Exchange): string[] {
  const indent = (text: string) =>
    shorten(text)
      .split('\n')
      .map((line) => `    ${line}`);
  return [
    '  Exchange:',
    ...indent(`> ${request.method} ${request.url}`),
    ...(request.body === undefined ? [] : indent(`> ${request.body}`)),
    ...(failure === undefined ? [] : indent(`< ${failure.message}`)),
    ...(response === undefined
      ? []
      : [
          ...indent(`< ${response.status}`),
          ...response.headers
            .filter(([name]) => /^(content-type|x-amzn-errortype|allow|location)$/i.test(name))
            .flatMap(([name, value]) => indent(`< ${name}: ${value}`)),
          ...indent(`< ${response.body}`),
        ]),
  ];
}

function list(
  title: string,
  some: readonly ReportVerdict[],
  paint: (style: Style, text: string) => string,
): string[] {
  if (some.length === 0) return [];
  const lines = byReason(some).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const names = group.slice(0, 4).map((one) => one.case);
    const rest = group.length > 4 ? ` and ${group.length - 4} more` : '';
    return [
      `  ${paint(styles[first.verdict], first.verdict)} ${names.join(', ')}${rest}`,
      ...wrap(first.reason ?? '', '    '),
      ...unsteadyLines(group, mostUnsteady).flatMap((line) => wrap(line, '    ')),
    ];
  });
  return [`${title}:`, ...lines, ''];
}

/** What the target's list of known failures made of it. */
function baselineLines({ baseline }: Report): string[] {
  if (baseline === null) return [];
  const { known, stale, expired, flaky } = baseline;
  const lines = [
    ...expired.map(({ id, expires, link }) => `expired on ${expires}: ${id}${link ? ` (${link})` : ''}`),
    ...stale.map(({ id, verdict }) => `stale: ${id} is no longer ${verdict}`),
    ...known.flatMap((entry) =>
      entry.cases.map((id) => `known ${entry.verdict} until ${entry.expires}: ${id}: ${entry.reason}`),
    ),
    ...flaky.flatMap((entry) => entry.cases.map((id) => `flaky: ${id}: ${entry.reason}`)),
  ];
  return lines.length === 0 ? [] : ['Baseline:', ...lines.map((line) => `  ${line}`), ''];
}

function shorten(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
}

function wrap(text: string, indent: string, width = 100): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && `${line} ${word}`.length + indent.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}
