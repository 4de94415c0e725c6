import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../harness/report/report.ts';
import { count } from '../../harness/verdict.ts';
import { writeAllure } from '../../reporters/allure.ts';
import { renderBadge } from '../../reporters/badge.ts';
import { renderCertificate, whyNoCertificate } from '../../reporters/certificate.ts';
import { renderGithub } from '../../reporters/github.ts';
import { renderHtml } from '../../reporters/html.ts';
import { renderJunit } from '../../reporters/junit.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { renderSarif } from '../../reporters/sarif.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { problemsWith } from '../../schemas/read.ts';
import { sampleReport } from './sample-report.ts';

/** Every case passed or was out of scope, as many cells were exercised as given, and so much was granted. */
function green(exercised: number, granted: (at: number) => boolean = () => true): Report {
  const sample = sampleReport();
  const verdicts = sample.verdicts.map((one) =>
    one.verdict === 'not-applicable'
      ? { ...one, reason: 'staging needs a person to consent' }
      : { ...one, verdict: 'pass' as const, reason: null },
  );
  const cells = sample.cells.map((cell, at) => ({
    ...cell,
    verdict: at < exercised ? ('pass' as const) : ('not-applicable' as const),
  }));
  const grants = sample.grants.map((one, at) => ({ ...one, granted: granted(at) }));
  const counts = count(verdicts.map(({ verdict }) => verdict));
  return { ...sample, diagnosis: null, verdicts, cells, grants, counts, exitCode: 0 };
}

const renderings: Readonly<Record<string, (report: Report) => string>> = {
  'the line of the exit code': (report) =>
    /^exit code .*$/m.exec(renderTerminal(report, { color: false }))?.[0] ?? '',
  'the banner of the page': (report) => /<p class="outcome.*?<\/p>/s.exec(renderHtml(report))?.[0] ?? '',
  'the first lines in Markdown': (report) => renderMarkdown(report).split('\n').slice(0, 4).join('\n'),
  'the annotation of the run': (report) => renderGithub(report).trimEnd().split('\n').at(-1) ?? '',
  'the description of the exit code in SARIF': (report) =>
    JSON.parse(renderSarif(report)).runs[0].invocations[0].exitCodeDescription,
  'the badge': (report) => JSON.parse(renderBadge(report)).message,
};

describe.each(Object.entries(renderings))('%s', (_, render) => {
  test('says how much of the matrix was exercised, where that is not all', () => {
    expect(render(green(2))).toContain('2 of 3 cells');
    expect(render(green(3))).not.toContain('cells');
  });
});

describe('a certificate', () => {
  const face = (report: Report) => JSON.parse(renderCertificate(report, 'a'.repeat(64))).predicate;

  test('has its share on its face', () => {
    const predicate = face(green(2));
    expect(predicate.configuration[0].name).toMatch(/, 2 of 3 cells$/);
    expect(predicate.tokenConformance.cells).toEqual({ exercised: 2, of: 3 });
    expect(predicate.tokenConformance.grants).toEqual(green(2).grants);
    expect(face(green(3)).configuration[0].name).not.toContain('cells');
    expect(problemsWith('certificate', JSON.parse(renderCertificate(green(2), 'a'.repeat(64))))).toEqual([]);
  });

  test('needs everything granted that the target offers', () => {
    expect(whyNoCertificate(green(2))).toBeUndefined();
    const missing = green(2, (at) => at !== 1);
    expect(whyNoCertificate(missing)).toBe(
      'nothing failed, but nobody saw a request of CreateToken with device_code granted, so nothing is certified (2 of 3 cells exercised)',
    );
    const limited = missing.grants.map((one) => ({ ...one, limited: !one.granted }));
    expect(whyNoCertificate({ ...missing, grants: limited })).toBeUndefined();
  });
});

describe('a run without any token', () => {
  const blind = { ...green(2, () => false), exitCode: 2 as const };

  test.each([
    ['as it ends now', blind],
    ['as it ended once', { ...blind, exitCode: 0 as const }],
  ])('is green nowhere, %s', (_, report) => {
    expect(JSON.parse(renderBadge(report))).toMatchObject({ color: 'lightgrey' });
    expect(renderings['the banner of the page']?.(report)).toContain('looks-open');
    expect(renderJunit(report)).toMatch(/<testsuites [^>]* errors="1"/);
    expect(renderJunit(report)).toContain(
      '<error message="incomplete: no token was granted in the whole run',
    );
    const [invocation] = JSON.parse(renderSarif(report)).runs[0].invocations;
    expect(invocation.toolExecutionNotifications).toMatchObject([
      { level: 'error', message: { text: expect.stringContaining('no token was granted') } },
    ]);
    expect(renderGithub(report)).toContain('::error title=');
    expect(whyNoCertificate(report)).toContain('no token was granted');
  });

  test('has a result in Allure that is broken', () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-conformance-share-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeAllure(blind, folder);
    const results = readdirSync(folder)
      .filter((file) => file.endsWith('-result.json'))
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
    expect(results.filter(({ status }) => status === 'broken')).toMatchObject([
      { name: 'run/outcome: the run as a whole' },
    ]);
    expect(readFileSync(join(folder, 'environment.properties'), 'utf8')).toContain('2 of 3 cells');
  });

  test('is nothing that a selection has to have', () => {
    const part = { ...blind, exitCode: 0 as const, partial: true };
    const nothing = part.verdicts.map((one) => ({ ...one, generated: null }));
    expect(JSON.parse(renderBadge({ ...part, verdicts: nothing })).color).toBe('lightgrey');
    const grants = part.grants.map((one, at) => ({ ...one, granted: at === 0, grant: null }));
    expect(JSON.parse(renderBadge({ ...part, verdicts: nothing, grants })).color).toBe('blue');
  });
});

test('the first lines say what the limits take away', () => {
  const report = green(2);
  expect(renderTerminal(report, { color: false }).split('\n')[1]).toBe('limits: 1 of 8 cases');
  expect(renderMarkdown(report)).toContain('limits: 1 of 8 cases');
  expect(renderHtml(report)).toContain('1 limit declared by the target: 1 of 8 cases');
  expect(renderTerminal({ ...report, limits: [] }, { color: false })).not.toContain('limits:');
});
