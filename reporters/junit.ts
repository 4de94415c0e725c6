import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isUnseen } from '../harness/verdict.ts';
import { forMarkup } from './escape.ts';
import {
  acceptedOf,
  causesByCase,
  exchangeText,
  repeatingLines,
  runAsCase,
  shownExchange,
} from './outcome.ts';

/**
 * Renders a report as JUnit XML. A broken MUST is a failure, what could not be observed an error (never green),
 * what does not apply or is listed in the baseline is skipped with its reason. A warning passes, and says so.
 */
export function renderJunit(report: Report): string {
  const accepted = acceptedOf(report);
  const all = [...report.verdicts, ...runAsCase(report)];
  const causes = causesByCase(report);
  const suites = Map.groupBy(all, ({ case: id }) => id.split('/').slice(0, -1).join('/') || id);
  const count = (some: readonly ReportVerdict[], kind: Kind) =>
    some.filter((one) => kindOf(one, accepted) === kind).length;
  const kinds = (some: readonly ReportVerdict[]) =>
    `tests="${some.length}" failures="${count(some, 'failure')}" errors="${count(some, 'error')}"`;
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${forMarkup(`${report.suite.name}: ${report.target.name}`)}" ${kinds(all)} time="${seconds(report.durationMs)}">`,
    ...[...suites].flatMap(([name, some]) => [
      `  <testsuite name="${forMarkup(name)}" ${kinds(some)} skipped="${count(some, 'skipped')}" time="${seconds(sum(some))}" timestamp="${report.startedAt.slice(0, 19)}">`,
      ...some.flatMap((one) => testcase(one, name, accepted, causes.get(one.case) ?? [])),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

function kindOf({ case: id, verdict }: ReportVerdict, accepted: ReadonlySet<string>): Kind {
  if (verdict === 'not-applicable' || (accepted.has(id) && verdict !== 'warn')) return 'skipped';
  if (verdict === 'fail') return 'failure';
  return isUnseen(verdict) ? 'error' : 'passed';
}

function testcase(
  one: ReportVerdict,
  suite: string,
  accepted: ReadonlySet<string>,
  causes: readonly string[],
): string[] {
  const properties = {
    verdict: one.verdict,
    requirement: one.requirement,
    level: one.level,
    section: one.section,
    ...(one.grant !== null && { grant: one.grant }),
    ...(one.exception !== null && { exception: one.exception }),
    ...(causes.length > 0 && { cause: causes.join('; ') }),
  };
  const head = `    <testcase classname="${forMarkup(suite.replaceAll('/', '.'))}" name="${forMarkup(`${one.case}: ${one.title}`)}" time="${seconds(one.durationMs)}">`;
  return [
    head,
    '      <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `        <property name="${name}" value="${forMarkup(value)}"/>`,
    ),
    '      </properties>',
    ...outcome(one, kindOf(one, accepted), accepted.has(one.case), causes),
    '    </testcase>',
  ];
}

function outcome(one: ReportVerdict, kind: Kind, isKnown: boolean, causes: readonly string[]): string[] {
  const message = forMarkup((one.reason ?? one.verdict).replaceAll('\n', ' '));
  if (kind === 'skipped')
    return [`      <skipped message="${isKnown ? `known ${one.verdict}: ` : ''}${message}"/>`];
  if (kind === 'passed')
    return one.verdict === 'warn' ? [`      <system-out>warning: ${message}</system-out>`] : [];
  return [
    `      <${kind} message="${message}" type="${one.verdict}">${forMarkup(details(one, causes))}</${kind}>`,
  ];
}

function details(one: ReportVerdict, causes: readonly string[]): string {
  const exchange = shownExchange(one);
  return [
    `${one.requirement} (${one.level}, ${one.section})`,
    one.statement,
    ...causes,
    '',
    'Expected:',
    ...one.expected.map((line) => `  ${line}`),
    'Actual:',
    ...one.actual.slice(0, 20).map((line) => `  ${line}`),
    ...(exchange === undefined ? [] : ['', exchangeText(exchange)]),
    '',
    ...repeatingLines(one),
  ].join('\n');
}

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(3);
const sum = (some: readonly ReportVerdict[]) => some.reduce((total, { durationMs }) => total + durationMs, 0);
