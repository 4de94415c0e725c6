import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { AppliedBaseline } from '../../harness/report/baseline.ts';
import type { Report } from '../../harness/report/report.ts';
import { textsIn } from '../../harness/texts.ts';
import { count } from '../../harness/verdict.ts';
import { writeAllure } from '../../reporters/allure.ts';
import { renderBadge } from '../../reporters/badge.ts';
import {
  compareReports,
  diffReports,
  renderComparison,
  renderComparisonMarkdown,
  renderDifference,
  renderDifferenceMarkdown,
} from '../../reporters/compare.ts';
import { renderComparisonHtml } from '../../reporters/compare-html.ts';
import { codeBlock, forJsonFile } from '../../reporters/escape.ts';
import { renderGithub } from '../../reporters/github.ts';
import { renderHtml } from '../../reporters/html.ts';
import { renderJunit } from '../../reporters/junit.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { renderSarif } from '../../reporters/sarif.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { sampleReport, withHostileText } from './sample-report.ts';

const hostiles = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  ']]></failure></testcase><testcase name="forged"/>',
  '`` ```\n</details>\n# forged\n![x](https://evil.example/x.png) [y](javascript:alert(1)) | @everyone',
  '\u001b]0;title\u0007\u001b[2J\u001b[31mred\u009b31m',
  '\n::error title=forged::x\n  ::add-mask::y\r\n::stop-commands::z ##[group]w',
  '\u202egnp.exe\u2066\ufeff\u0000\ud800\ufffe',
  '{0} {{1}} \\[y](javascript:alert(1)) [z\\](2) [a]\n\n[a]: javascript:alert(1)\n<javascript:alert(1)> \u2028',
] as const;

/** The sample with hostile text before and after each of its strings. */
const hostileReport = (hostile: string) =>
  withHostileText(sampleReport(), (text) => `${hostile}${text}${hostile}`);
const reports = [sampleReport(), ...hostiles.map(hostileReport)] as const;

/** Characters that a reader does not see, or that change how others are seen. */
const unseen: Readonly<Record<string, string>> = {
  'what a terminal obeys': '\u0000\u0007\u001b\u007f\u0085\u009b\u009d',
  'what turns text around': '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069',
  'line breaks that few know': '\u000b\u000c\u0085\u2028\u2029',
  'what has no width': '\u00ad\u034f\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff',
  'invisible fillers': '\u115f\u1160\u17b4\u17b5\u180e\u2065\u3164\uffa0',
  'tags and variation selectors': '\u{e0000}\u{e0001}\u{e0041}\u{e007f}\u{e0100}\u{e0fff}\ufe00\ufe0f\u180b',
  'other format characters':
    '\u0600\u06dd\u070f\u08e2\u206a\u206f\ufff9\ufffb\u{110bd}\u{13430}\u{1bca0}\u{1d173}',
  'halves of characters and none at all': '\udfff\ud800\ufffe\uffff',
};

/** With its failure and what it could not observe listed in a baseline, or an entry that is over. */
function withBaseline(changes: Partial<AppliedBaseline> = {}): Report {
  const report = sampleReport();
  const reason = 'until the store is replaced';
  const cases = report.verdicts.filter(({ verdict }) => verdict === 'fail').map((one) => one.case);
  const entry = { id: cases[0] ?? '', verdict: 'fail' as const, reason, expires: '2999-01-31', cases };
  const baseline = { known: [entry], stale: [], expired: [], flaky: [], ...changes };
  return { ...report, baseline };
}

/** What libxml2 says against a text. A schema is not given, so only what makes it no XML counts. */
async function problemsOfXml(contents: string): Promise<unknown[]> {
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents }],
    schema: [anything],
  });
  return valid ? [] : [...errors];
}

/** Allows any document with this root. */
const anything = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="testsuites"><xs:complexType>
<xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType></xs:element></xs:schema>`;

describe('JUnit', () => {
  test.each(reports)('is XML and counts what it holds, whatever the target sent (%#)', async (report) => {
    const xml = renderJunit(report);
    expect(await problemsOfXml(xml)).toEqual([]);
    expect(xml.match(/<testcase /g)).toHaveLength(report.verdicts.length);
    const [root = ''] = /<testsuites [^>]*>/.exec(xml) ?? [];
    expect(root).toContain(`tests="${report.verdicts.length}" failures="2" errors="3"`);
    expect(xml.match(/<failure /g)).toHaveLength(2);
    expect(xml.match(/<error /g)).toHaveLength(3);
    expect(xml.match(/<skipped /g)).toHaveLength(1);
  });

  test('has requirement, level and section as properties', () => {
    const xml = renderJunit(sampleReport());
    for (const name of ['verdict', 'requirement', 'level', 'section'])
      expect(xml.match(new RegExp(`<property name="${name}" value="[^"]+"/>`, 'g'))).toHaveLength(
        sampleReport().verdicts.length,
      );
  });

  test('a known failure is skipped with its reason, and is not red', () => {
    const xml = renderJunit(withBaseline());
    expect(xml).toContain('<skipped message="known fail: ');
    expect(xml).not.toContain('<failure');
  });
});

describe('SARIF', () => {
  test.each(reports)('has neither links nor placeholders in its plain texts (%#)', (report) => {
    const texts = membersNamed('text', JSON.parse(renderSarif(report)));
    expect(texts.length).toBeGreaterThan(report.verdicts.length);
    for (const text of texts) {
      expect(text).not.toMatch(/\]\(/);
      expect(text.replace(/\\[\\[\]<]/g, '')).not.toMatch(/[\\[\]<](?!\()/);
      expect(text.replace(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/);
    }
  });

  test('what is to be copied stands in a block of code as it is', () => {
    const report = sampleReport();
    const [{ results }] = JSON.parse(renderSarif(report)).runs;
    for (const { command, curl } of report.verdicts
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ reproduce }) => reproduce))
      expect(results.map((one: { message: { markdown: string } }) => one.message.markdown)).toContainEqual(
        expect.stringContaining(`\n\`\`\`sh\n${curl}\n${command}\n\`\`\``),
      );
  });

  test.each(reports)('has a rule for each requirement and a result for what needs one (%#)', (report) => {
    const { runs } = JSON.parse(renderSarif(report));
    const [{ tool, results, invocations }] = runs;
    expect(tool.driver.rules).toHaveLength(
      new Set(report.verdicts.map(({ requirement }) => requirement)).size,
    );
    expect(results.map((one: { kind: string }) => one.kind).sort()).toEqual([
      'fail',
      'fail',
      'fail',
      'open',
      'open',
      'open',
    ]);
    for (const { ruleId, ruleIndex, message } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(outsideCode(message.markdown)).not.toMatch(forbiddenInMarkdown);
    }
    expect(invocations[0].exitCode).toBe(report.exitCode);
  });

  test('a known failure is suppressed with its reason', () => {
    const [{ results }] = JSON.parse(renderSarif(withBaseline())).runs;
    const suppressed = results.filter((one: { suppressions?: object[] }) => one.suppressions);
    const accepted = { kind: 'external', status: 'accepted', justification: 'until the store is replaced' };
    expect(suppressed.map((one: { suppressions: object[] }) => one.suppressions)).toEqual([
      [accepted],
      [accepted],
    ]);
  });
});

/** Every text that stands in a member of this name, at any depth. */
function membersNamed(wanted: string, value: unknown, name = ''): string[] {
  if (typeof value === 'string') return name === wanted ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => membersNamed(wanted, one, key));
}

/** Tags that are not ours, links and pictures, mentions, emphasis, and characters that hide. */
const forbiddenInMarkdown =
  /<(?!\/?(details|summary)>)|(?<!\\)\](?=\()|!\[|@|(?<!\\)`|(?!\n)[\p{Cc}\u202e]|^\s*#+ forged/mu;

/** What is left of Markdown without its fenced blocks. */
function outsideCode(markdown: string): string {
  return markdown.replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '');
}

describe('Markdown', () => {
  test.each(reports)('has nothing but our own markup (%#)', (report) => {
    const markdown = renderMarkdown(report);
    expect(outsideCode(markdown)).not.toMatch(forbiddenInMarkdown);
    expect(outsideCode(markdown).match(/<details>/g)).toHaveLength(report.causes.length);
    expect(outsideCode(markdown).match(/<\/details>/g)).toHaveLength(report.causes.length);
  });

  test('a fence is longer than every run of backticks within', () => {
    const markdown = renderMarkdown(hostileReport('\n`````\n# forged\n'));
    expect(outsideCode(markdown)).not.toContain('\n# forged');
  });

  test('more runs of backticks than a call takes arguments are no harm', () => {
    expect(codeBlock('` '.repeat(500_000))).toMatch(/^```\n/);
  });
});

describe('terminal and annotations', () => {
  test.each(reports)('no control sequence and no workflow command survives (%#)', (report) => {
    const text = renderTerminal(report, { color: false });
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
    expect(text).not.toMatch(/^\s*::[a-z]/m);
    expect(text).not.toContain('##[');
    expect(text).toMatch(/\nnext: \S/);
  });

  test.each(reports)('annotations are the commands that we made, and no others (%#)', (report) => {
    const lines = renderGithub(report).trimEnd().split('\n');
    expect(lines.map((line) => /^::(\w+) title=/.exec(line)?.[1])).toEqual([
      'error',
      'error',
      'warning',
      'warning',
      'warning',
      'warning',
      'error',
    ]);
    expect(lines.join('')).not.toContain('\r');
  });
});

describe('badge', () => {
  const counts = { ...sampleReport().counts, fail: 0, warn: 0 };
  const good = { 'not-tested': 0, inconclusive: 0, 'harness-error': 0 };
  const green: Report = { ...sampleReport(), exitCode: 0, counts: { ...counts, ...good } };
  const whole = green.cells.map((cell) => ({ ...cell, verdict: 'pass' as const }));
  const unseen = green.grants.map((one, at) => ({ ...one, granted: at === 0 }));
  test.each<[string, Report, object]>([
    ['failing', sampleReport(), { message: '2 failing, 1 of 3 cells', color: 'red', isError: true }],
    [
      'incomplete',
      { ...sampleReport(), exitCode: 2, counts },
      { message: 'incomplete, 1 of 3 cells', color: 'lightgrey', isError: false },
    ],
    ['certified', { ...green, cells: whole }, { message: 'aws-sso-oidc 1.0', color: 'brightgreen' }],
    ['certified in part', green, { message: 'aws-sso-oidc 1.0, 1 of 3 cells', color: 'brightgreen' }],
    [
      'not everything was granted',
      { ...green, grants: unseen },
      { message: 'not certified, 1 of 3 cells', color: 'blue' },
    ],
    [
      'what was not granted is limited',
      { ...green, cells: whole, grants: unseen.map((one) => ({ ...one, limited: !one.granted })) },
      { message: 'aws-sso-oidc 1.0', color: 'brightgreen' },
    ],
    [
      'nothing was granted',
      { ...green, grants: unseen.map((one) => ({ ...one, granted: false })) },
      { message: 'incomplete, 1 of 3 cells', color: 'lightgrey' },
    ],
    [
      'known failures',
      { ...withBaseline(), exitCode: 0 },
      { message: '2 known failures, 1 of 3 cells', color: 'orange' },
    ],
    ['a selection', { ...green, partial: true }, { message: 'a selection passed', color: 'blue' }],
  ])('%s', (_, report, expected) => {
    expect(JSON.parse(renderBadge(report))).toMatchObject({ schemaVersion: 1, ...expected });
  });
});

/** The files that Allure gets, and the results among them. */
function allureOf(report: Report) {
  const folder = mkdtempSync(join(tmpdir(), 'token-conformance-allure-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeAllure(report, folder);
  const files = readdirSync(folder);
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  const read = (file: string) => JSON.parse(text(file));
  return { files, text, read, tests: files.filter((file) => file.endsWith('-result.json')).map(read) };
}

describe('Allure', () => {
  test.each(reports)('each verdict has a result, a failing one is failed and not broken (%#)', (report) => {
    const { tests } = allureOf(report);
    const statuses = tests.map((one: { status: string }) => one.status).sort();
    expect(statuses).toEqual([
      'broken',
      'broken',
      'broken',
      'failed',
      'failed',
      'passed',
      'passed',
      'skipped',
    ]);
  });

  test('each cause of failures is a category, which holds its cases and what follows from it', () => {
    const report = sampleReport();
    const { tests, read } = allureOf(report);
    const failing = report.causes.filter(({ verdict }) => verdict === 'fail');
    expect(failing.length).toBeGreaterThan(0);
    const categories = read('categories.json') as { name: string; messageRegex: string }[];
    expect(categories.map(({ name }) => name)).toEqual(failing.map(({ what }, at) => `${at + 1}. ${what}`));
    for (const [at, { messageRegex }] of categories.entries()) {
      const whole = new RegExp(`^(?:${messageRegex})$`);
      const held = tests.filter(({ statusDetails }) => whole.test(statusDetails?.message ?? ''));
      const { cases = [], follow = [] } = failing[at] ?? {};
      expect(held.map(({ name }: { name: string }) => name.split(':')[0]).sort()).toEqual(
        [...cases, ...follow].sort(),
      );
    }
  });

  test('epics are documents, exchanges have the type of exchanges', () => {
    const { tests, files, read } = allureOf(sampleReport());
    const epics = tests.flatMap(({ labels }: { labels: { name: string; value: string }[] }) =>
      labels.filter(({ name }) => name === 'epic').map(({ value }) => value),
    );
    expect(epics).toHaveLength(tests.length);
    expect(epics).toContain('RFC 6749');
    const attachments = tests.flatMap(
      ({ attachments: some, steps }: { attachments: object[]; steps: { attachments: object[] }[] }) => [
        ...some,
        ...steps.flatMap((step) => step.attachments),
      ],
    ) as { type: string; source: string }[];
    const exchanges = attachments.filter(({ type }) => type === 'application/vnd.allure.http+json');
    expect(exchanges.length).toBeGreaterThan(0);
    for (const { source } of exchanges) {
      expect(files).toContain(source);
      expect(read(source)).toMatchObject({ schemaVersion: 1, request: { method: 'POST' } });
    }
  });
});

test('a baseline that is out of date is what has to be looked at', () => {
  const [entry] = withBaseline().baseline?.known ?? [];
  const stale = { ...withBaseline({ stale: entry ? [entry] : [] }), exitCode: 1 as const };
  expect(renderTerminal(stale, { color: false })).toContain(
    'exit code 1: the baseline is out of date: 1 stale, 0 expired (1 of 3 cells exercised)\nnext: look at these entries of the baseline: ',
  );
});

test.each([
  ['JUnit', renderJunit],
  ['SARIF', renderSarif],
  ['Markdown', renderMarkdown],
] as const)('%s has a script whole or not at all', (_, render) => {
  const withScript = (curl: string) => {
    const report = sampleReport();
    const verdicts = report.verdicts.map((one) => ({ ...one, reproduce: { ...one.reproduce, curl } }));
    return render({ ...report, verdicts });
  };
  expect(withScript(`curl ${'x'.repeat(3_000)} --end`)).toContain('--end');
  expect(withScript(`curl ${'x'.repeat(5_000)} --end`)).not.toContain('curl ');
});

/** Every rendering of a report; of JSON what a viewer reads in it. */
const renderings: Readonly<Record<string, (report: Report) => string>> = {
  terminal: (report) => renderTerminal(report, { color: false }),
  HTML: renderHtml,
  Markdown: renderMarkdown,
  JUnit: renderJunit,
  SARIF: (report) => textsIn(JSON.parse(renderSarif(report))).join('\n'),
  annotations: renderGithub,
  badge: (report) => textsIn(JSON.parse(renderBadge(certified(report)))).join('\n'),
  Allure: (report) => {
    const { files, text, read } = allureOf(report);
    return files
      .flatMap((file) => (file.endsWith('.properties') ? text(file) : textsIn(read(file))))
      .join('\n');
  },
  comparison: (report) => renderComparison(compared(report), { color: false }),
  'comparison as Markdown': (report) => renderComparisonMarkdown(compared(report)),
  'comparison as HTML': (report) => renderComparisonHtml(compared(report)),
  difference: (report) => renderDifference(diffReports(passing(report), report)),
  'difference as Markdown': (report) => renderDifferenceMarkdown(diffReports(passing(report), report)),
};

const passing = (report: Report): Report => ({
  ...report,
  verdicts: report.verdicts.map((one) => ({ ...one, verdict: 'pass' })),
});
const compared = (report: Report) => compareReports([report, passing(report)]);
const certified = (report: Report): Report => {
  const verdicts = passing(report).verdicts;
  return { ...report, exitCode: 0, verdicts, counts: count(verdicts.map(({ verdict }) => verdict)) };
};

describe.each(Object.entries(renderings))('%s', (_, render) => {
  test.each(Object.entries(unseen))('shows %s as code points', (_, characters) => {
    const text = render(hostileReport(characters));
    const escaped = text.replaceAll('\\', '').replaceAll('{{', '{');
    for (const one of characters) expect(escaped.includes(codePoint(one)), codePoint(one)).toBe(true);
    expect([...text].filter((one) => characters.includes(one)).map(codePoint)).toEqual([]);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  });
});

const codePoint = (character: string) => `u{${character.codePointAt(0)?.toString(16)}}`;

test('a file of JSON means the same, and shows no character that acts', () => {
  const value = { 'a\u202e': ['\u009b31m', '\u00ad\u061c', '\u{e0041}', 'x\ny "z" \\', '\ud800'] };
  const text = forJsonFile(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toBe(
    '{\n  "a\\u202e": [\n    "\\u009b31m",\n    "\\u00ad\\u061c",\n    "\\udb40\\udc41",\n    "x\\ny \\"z\\" \\\\",\n    "\\ud800"\n  ]\n}\n',
  );
});
