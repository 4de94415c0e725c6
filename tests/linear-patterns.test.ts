import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redactHeaders } from '../harness/capture/headers.ts';
import { redactBody } from '../harness/capture/redact.ts';
import { redactKnown, redactText } from '../harness/capture/text.ts';
import { createVault, marksIn, readMark } from '../harness/capture/vault.ts';
import type { Exchange } from '../harness/exchange.ts';
import { observe } from '../harness/judge/observe.ts';
import type { Observation } from '../harness/probe.ts';
import { curlFor, sentWith } from '../harness/report/curl.ts';
import type { Report } from '../harness/report/report.ts';
import { rawReply } from '../harness/send/raw-reply.ts';
import { writeAllure } from '../reporters/allure.ts';
import {
  compareReports,
  diffReports,
  renderComparison,
  renderComparisonMarkdown,
  renderDifference,
  renderDifferenceMarkdown,
} from '../reporters/compare.ts';
import { renderComparisonHtml } from '../reporters/compare-html.ts';
import {
  codeBlock,
  forMarkdown,
  forMarkup,
  forPlainMessage,
  forTerminal,
  forWorkflowMessage,
  forWorkflowProperty,
  harmless,
  markdown,
} from '../reporters/escape.ts';
import { renderGithub } from '../reporters/github.ts';
import { renderHtml } from '../reporters/html.ts';
import { renderJunit } from '../reporters/junit.ts';
import { renderMarkdown } from '../reporters/markdown.ts';
import { renderSarif } from '../reporters/sarif.ts';
import { renderTerminal } from '../reporters/terminal.ts';
import { rulesOver } from '../suites/responses/every-response.ts';
import { operationsOf } from '../targets/dialect.ts';
import { awsJson } from '../targets/dialects/aws-json/dialect.ts';
import { readJson, tooMuchToRead } from '../targets/json.ts';
import { fill } from '../targets/providers/front-channel/form.ts';
import { readPage, refreshOf } from '../targets/providers/front-channel/page.ts';
import { plain } from '../targets/providers/front-channel/told.ts';
import { saysApproved, saysDenied } from '../targets/providers/front-channel/words.ts';
import { withoutBlanksBehind } from '../targets/transport/transport.ts';
import { sampleReport } from './reporters/sample-report.ts';
import { isTried } from './support/whole.ts';
import { formType } from './support/wire.ts';

/*
 * Each function that meets a target's text gets a long text of what is worst for a pattern: something that begins a match
 * again and again, and never ends it. What is linear needs a tenth of a second of the processor; what is quadratic needs
 * several. An eighth of a megabyte is enough to tell; half of it is given where a pattern was once slow.
 */
const longest = 2;

/** Of a text. What reads one with the square of its length takes the square of the part of the time. */
const parts = [1 / 8, 1 / 4, 1];

/** From a fourth of a text to all of it: four times as long where each character counts once, sixteen where it is squared. */
const steepest = 8;

/**
 * Fails when a call takes longer than that, in seconds of the processor, and grows as a square does: a slow machine makes
 * any call slow, but none steep. Parts of the text come first: where one is read so quickly that even what is quadratic
 * reads the whole in time, the whole would tell nothing.
 */
function briefly(call: (text: string) => unknown, unit: string, length: number): void {
  const seconds = (size: number): number => {
    const text = worst(unit, size);
    const before = process.cpuUsage();
    call(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000_000;
  };
  let [smaller, spent] = [0, 0];
  for (const part of parts) {
    [smaller, spent] = [spent, seconds(length * part)];
    if (spent < longest * part ** 2) return;
  }
  if (spent > longest) expect(spent / smaller).toBeLessThan(steepest);
}

/** Repeated, these keep a pattern busy: runs of each class of characters, and beginnings without an end. */
const units = [
  ...String.raw`a aA 0 - . / \ \u \" " ${'`'} & < { {0 % %2 [ [a [a]( ] ]( ##[ : :: https: www. , é`.split(
    ' ',
  ),
  ...'eyJ eyJhbGciOiJ eyJaaaaaaaa. "a" "a": "a":"[ "a":"[x] "access_token": ,no-stor Exception'.split(' '),
  ...[
    ' ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    'a ',
    '. ',
    '` ',
    ' ::a',
    ', "',
    '"access_token" ',
    'application/json ',
  ],
  ...['[a 1 chars ', '[a 1 chars vschar #0123456789a', '… (1', '\u202e', '\ud83d'],
];

const megabyte = 1024 * 1024;
const slowOnce = new Set(['eyJ', '"a":"[', 'a ', '`', '%2']);
const lengthFor = (unit: string): number => (slowOnce.has(unit) ? megabyte / 2 : megabyte / 8);

/** So often repeated; then something that ends no run, and a blank, where blanks at the end are looked for. */
const worst = (unit: string, length: number): string => `${unit.repeat(Math.ceil(length / unit.length))}§x `;

/** An exchange of the sample with a text in one place of it. */
const exchanged = (change: {
  readonly request?: Partial<Exchange['request']>;
  readonly response?: Partial<NonNullable<Exchange['response']>>;
}): Exchange => {
  const [exchange] = sampleReport().verdicts[0]?.exchanges ?? [];
  if (exchange?.response === undefined) throw new Error('the sample begins with a response');
  return {
    ...exchange,
    request: { ...exchange.request, ...change.request },
    response: { ...exchange.response, ...change.response },
  };
};

const headersThatCount = [
  'content-type',
  'cache-control',
  'pragma',
  'date',
  'x-amzn-requestid',
  'x-amzn-errortype',
];
const headersOf = (text: string) => headersThatCount.map((name) => [name, text] as const);
const membersOf = (text: string) => JSON.stringify({ error: text, error_description: text, tokenType: text });

/** A vault with secrets that begin as the worst texts do. */
function knowing() {
  const vault = createVault({ key: 'k' });
  for (const unit of ['a', 'eyJ', '0', '%2', '[a'])
    for (const length of [20, 21, 300]) vault.mark('clientSecret', `${unit.repeat(length)}!`);
  return vault;
}

/** What a walk makes of a page. */
function pageOf(html: string) {
  const page = readPage(html);
  const filled = fill(page, { decision: 'deny', userCode: 'x', login: { username: 'a', password: 'b' } });
  return [filled, saysDenied(page.text), saysApproved(page.text), plain(page.title, new Set(['aa']))];
}

const rules = rulesOver(operationsOf(awsJson), 'aws-json');
/** What all rules say of a response, whether they would be asked or not. */
const judged = (seen: Observation) => rules.map(({ problem }) => problem(seen));

/** A body that was captured is cut, and one that a command line cannot hold is not put into it. */
const longestCaptured = 24_576;
const longestSent = 100_000;

/** Each function that meets a text of a target, called with one. */
const functions: Readonly<Record<string, (text: string) => unknown>> = {
  'a page, its texts': (text) =>
    pageOf(
      `<title>${text}</title><form><label>${text}<input name="${text}"></label><button>${text}</button></form>${text}`,
    ),
  'a page, what leads on': (text) => refreshOf(text),
  withoutBlanksBehind,
  readJson,
  'readJson, of a string': (text) => readJson(JSON.stringify([text])),
  'the dialect, a granted body': (text) => read(200, text),
  'the dialect, a refused body': (text) => read(400, text),
  'the dialect, members of a success': (text) => read(200, membersOf(text)),
  'the dialect, members of an error': (text) => read(400, membersOf(text)),
  'the dialect, a name of a member': (text) => read(200, JSON.stringify({ [text]: text })),
  'the dialect, headers': (text) =>
    awsJson.read('CreateToken', { status: 400, headers: headersOf(text), body: '{}' }),
  'the rules, a body': (text) => judged(observe(awsJson, exchanged({ response: { body: text } }))),
  'the rules, members': (text) =>
    judged(observe(awsJson, exchanged({ response: { status: 400, body: membersOf(text) } }))),
  'the rules, headers': (text) =>
    judged(observe(awsJson, exchanged({ response: { status: 400, headers: headersOf(text), body: '{}' } }))),
  'a reply that is not captured': (text) => {
    const reply = rawReply(awsJson, 'CreateToken', {
      status: 400,
      headers: [['x', text]],
      body: Buffer.from(text),
    });
    return [reply.meets({ kind: 'refused' }, false), reply.contains('§y'), reply.isMarkup];
  },
  'redaction, a body that was received': (text) => redactBody(text, 'received', knowing()),
  'redaction, a body that was sent': (text) => redactBody(text, 'sent', knowing()),
  'redaction, members': (text) => redactBody(membersOf(text), 'received', knowing()),
  'redaction, a broken body': (text) => redactBody(`{"error":"${text}`, 'received', knowing()),
  'redaction, a form': (text) => redactBody(`a=${text}`, 'received', knowing()),
  'redaction, what says that it is a form': (text) =>
    redactBody(`code=${text}&x${text}x=1`, 'received', knowing(), 'application/x-www-form-urlencoded'),
  'redaction, a field of a page': (text) => redactText(`<input name=code value=${text}>${text}`, knowing()),
  'redaction, a key': (text) => redactBody(`{"kty":"${text}","d":"${text}`, 'received', knowing()),
  'redaction, headers': (text) =>
    redactHeaders(
      ['x-a', 'location', 'link', 'refresh', 'set-cookie', 'authorization', text].map(
        (name) => [name, text] as const,
      ),
      knowing(),
    ),
  'redaction, a text': (text) => [redactText(text, knowing()), redactKnown(text, knowing())],
  tooMuchToRead,
  marksIn,
  readMark,
  sentWith: (text) =>
    sentWith(exchanged({}), [exchanged({ request: { body: text }, response: { body: text } })]),
  'curlFor, a body': (text) => curlFor([exchanged({ request: { body: text.slice(-longestSent) } })]),
  'curlFor, a form': (text) =>
    curlFor([exchanged({ request: { body: `code=${text.slice(-longestSent)}`, headers: [formType] } })]),
  'curlFor, a URL and a header': (text) =>
    curlFor([exchanged({ request: { url: text, headers: [[text, text]] } })]),
  'curlFor, an answer': (text) =>
    curlFor([exchanged({ response: { body: text.slice(-longestCaptured) } }), exchanged({})]),
  forTerminal,
  'forTerminal, with lines': (text) => forTerminal(text, { lines: true }),
  harmless,
  forMarkup,
  forMarkdown,
  markdown: (text) => markdown`- ${text}`,
  codeBlock,
  forPlainMessage,
  forWorkflowMessage,
  forWorkflowProperty,
};

function read(status: number, body: string): unknown {
  return awsJson.read('CreateToken', { status, headers: [['Content-Type', 'application/json']], body });
}

describe.each(Object.entries(functions))('%s', (name, call) => {
  const from = Object.keys(functions).indexOf(name);
  test.each(units.filter((_, at) => isTried(_, at + from)))('of %j again and again', (unit) => {
    briefly(call, unit, lengthFor(unit));
  });
});

/** What renderings themselves look for in a text; all else they leave to the functions above. */
const seams = ['a', ' ', '\n', '. ', '/', ',', '`'];

/** The sample's first failure, with a text wherever a target or an old report has a say. */
function reportOf(text: string): Report {
  const report = sampleReport();
  const broken = report.verdicts.filter(({ verdict }) => verdict === 'fail').slice(0, 1);
  return {
    ...report,
    target: { ...report.target, name: text },
    verdicts: broken.map((one) => ({
      ...one,
      case: text,
      title: text,
      requirement: text,
      statement: text,
      section: text,
      reason: text,
      actual: [text],
      exchanges: [
        exchanged({
          request: { url: text, body: text },
          response: { body: text, headers: headersOf(text).slice(0, 1) },
        }),
      ],
      reproduce: { command: text, curl: text },
    })),
  };
}

const compared = (report: Report) => compareReports([report, report]);
const difference = (report: Report) => diffReports({ ...report, verdicts: [] }, report);

const renderings: Readonly<Record<string, (report: Report) => unknown>> = {
  terminal: (report) => renderTerminal(report, { color: true }),
  HTML: renderHtml,
  Markdown: renderMarkdown,
  JUnit: renderJunit,
  SARIF: renderSarif,
  annotations: renderGithub,
  Allure: (report) => {
    const folder = mkdtempSync(join(tmpdir(), 'token-conformance-linear-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeAllure(report, folder);
  },
  comparison: (report) => [
    renderComparison(compared(report), { color: false }),
    renderComparisonMarkdown(compared(report)),
    renderComparisonHtml(compared(report)),
  ],
  difference: (report) => [
    renderDifference(difference(report)),
    renderDifferenceMarkdown(difference(report)),
  ],
};

describe.each(Object.entries(renderings))('%s', (_, render) => {
  test.each(seams)('of texts of %j again and again', (unit) => {
    briefly((text) => render(reportOf(text)), unit, 125_000);
  });
});
