import { describe, expect, test } from 'vitest';
import { causesOf } from '../../harness/report/causes.ts';
import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { count } from '../../harness/verdict.ts';
import { renderGithub } from '../../reporters/github.ts';
import { renderHtml } from '../../reporters/html.ts';
import { renderJunit } from '../../reporters/junit.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { outcomeOf, toldCauses } from '../../reporters/outcome.ts';
import { renderSarif } from '../../reporters/sarif.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { sampleReport } from './sample-report.ts';

/** A report with ten faults, each seen by several cases, and one that keeps others from being judged. */
function withTenFaults(): Report {
  const report = sampleReport();
  const red = report.verdicts.find(({ verdict, generated }) => verdict === 'fail' && generated === null);
  const given = Array.from({ length: 9 }, (_, fault) =>
    Array.from({ length: 6 }, (_, at) => ({
      ...(red as ReportVerdict),
      case: `fault-${fault}/case-${at}`,
      title: `the circumstance ${fault}`,
      requirement: `requirement-${fault}`,
    })),
  ).flat();
  const refused = {
    ...(red as ReportVerdict),
    grant: 'refresh_token',
    case: 'refresh-token/valid',
    requirement: 'valid',
    expected: ['probe: granted'],
    reason: 'probe: status 400, InvalidGrantException',
  };
  const unjudged = Array.from({ length: 30 }, (_, at) => ({
    ...refused,
    case: `refresh-token/unjudged-${at}`,
    verdict: 'inconclusive' as const,
    reason: 'the control failed, so the case proves nothing: status 400, InvalidGrantException',
  }));
  const passed = Array.from({ length: 60 }, (_, at) => ({
    ...(red as ReportVerdict),
    case: `good/${at}`,
    verdict: 'pass' as const,
    reason: null,
  }));
  const verdicts = [...given, refused, ...unjudged, ...passed];
  return {
    ...report,
    diagnosis: null,
    verdicts,
    counts: count(verdicts.map(({ verdict }) => verdict)),
    exitCode: 1,
    causes: causesOf(verdicts),
  };
}

const report = withTenFaults();
const told = toldCauses(report);

test('ten faults are ten causes', () => {
  expect(told).toHaveLength(10);
  expect(told[9]).toMatchObject({
    cause: { gravity: 'refused', best: 'refresh-token/valid' },
    follow: '30 cases more could not be judged while it is so',
  });
});

describe('the terminal', () => {
  const text = renderTerminal(report, { color: false });

  test('shows all ten on its first 40 lines, in lines that are not long', () => {
    const screen = text.split('\n').slice(0, 40);
    for (const { cause } of told) expect(screen.join('\n')).toContain(cause.what.slice(0, 100));
    for (const line of screen) expect(line.length).toBeLessThanOrEqual(160);
  });

  test('names every case, and shows one of each cause whole', () => {
    const missing = report.verdicts.filter(({ verdict }) => verdict === 'fail');
    expect(missing.filter((one) => !text.includes(one.case))).toEqual([]);
    for (const { best } of told) expect(text).toContain(`Run this case alone: ${best.reproduce.command}`);
    expect(text.match(/Run this case alone/g)).toHaveLength(10);
  });

  test('names the first cause as what to do next', () => {
    expect(outcomeOf(report).next).toContain(told[0]?.cause.best);
  });
});

test('a case that is listed as known is no cause', () => {
  const cases = ['fault-0/case-0'];
  const entry = { id: cases[0] ?? '', verdict: 'fail' as const, reason: '', expires: '2999-01-31', cases };
  const known = { ...report, baseline: { known: [entry], stale: [], expired: [], flaky: [] } };
  const [first] = toldCauses(known);
  expect(first?.cause.cases).not.toContain('fault-0/case-0');
  expect(first?.best.case).toBe('fault-0/case-1');
});

test('every other rendering tells the same causes', () => {
  const what = 'the circumstance 3: a token was issued';
  const markdown = renderMarkdown(report);
  expect(markdown.indexOf('What is wrong')).toBeLessThan(markdown.indexOf('| --- | --- |'));
  expect(markdown.match(/^\d+\. /gm)).toHaveLength(10);
  expect(renderHtml(report)).toContain(what);
  expect(renderJunit(report)).toContain(`value="cause 4: ${what}`);
  expect(renderJunit(report)).toContain('value="follows from cause 10: ');
  const { runs } = JSON.parse(renderSarif(report));
  expect(runs[0].properties.causes).toHaveLength(10);
  const annotations = renderGithub(report).split('\n');
  expect(annotations.filter((line) => line.startsWith('::error title=cause '))).toHaveLength(9);
  expect(annotations.filter((line) => line.includes('unjudged'))).toEqual([]);
});
