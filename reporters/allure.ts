import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Status } from 'allure-js-commons';
import type { RuntimeMessage } from 'allure-js-commons/sdk';
import { ReporterRuntime, stringifyEnvInfo, type Writer } from 'allure-js-commons/sdk/reporter';
import AllureVitestReporter from 'allure-vitest/reporter';
import type { Exchange } from '../harness/exchange.ts';
import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isUnseen } from '../harness/verdict.ts';
import { forMarkdown, harmless } from './escape.ts';
import {
  acceptedOf,
  causesByCase,
  documentOf,
  limitsText,
  runAsCase,
  shareText,
  shortGrant,
  shownExchange,
  toldCauses,
} from './outcome.ts';

/** What an attachment shows line by line. */
const manyLines = new Set(['body']);

/**
 * Writes a report as Allure results into a folder, through the reporter of allure-vitest: it gets a finished test of
 * vitest for each verdict. Broken requirements are `failed`, what was not observed is `broken`, what does not apply
 * or is listed in the baseline is `skipped`. Each cause of failures is a category.
 */
export function writeAllure(given: Report, folder: string): void {
  const report = harmless(given, manyLines);
  const [share, limits] = [shareText(report), limitsText(report)?.replace('limits: ', '')];
  const reporter = new AllureReporter({
    writer: writerTo(folder),
    categories: categoriesOf(report),
    environmentInfo: {
      target: report.target.name,
      profile: `${report.profile.name} ${report.profile.version}`,
      suite: `${report.suite.name} ${report.suite.version}`,
      seed: String(report.seed),
      ...(share !== undefined && { cells: share }),
      ...(limits !== undefined && { limits }),
    },
  });
  const accepted = acceptedOf(report);
  const causes = causesByCase(report);
  const begin = Date.parse(report.startedAt);
  const withPasses = report.verdicts.length <= mostCasesWithPasses;
  const tests = [...report.verdicts, ...runAsCase(report)].map((one) => ({
    task: finishedTest(one, accepted, { begin, withPasses, causes: causes.get(one.case) ?? [] }),
  }));
  reporter.onTestRunEnd(tests as unknown as Parameters<typeof reporter.onTestRunEnd>[0]);
}

/** The reporter of allure-vitest without a vitest around it. */
class AllureReporter extends AllureVitestReporter {
  constructor(config: ConstructorParameters<typeof ReporterRuntime>[0]) {
    super({});
    const runtime = new ReporterRuntime(config);
    runtime.writeEnvironmentInfo();
    runtime.writeCategoriesDefinitions();
    // biome-ignore lint/complexity/useLiteralKeys: it is private, and the only way to a writer of our own
    this['allureReporterRuntime'] = runtime;
  }
}

/** Allure's own writer flushes every file to the disk, which takes seconds for thousands of exchanges. */
function writerTo(folder: string): Writer {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  const json = (name: string, value: object) => write(name, JSON.stringify(value));
  return {
    writeResult: (result) => json(`${result.uuid}-result.json`, result),
    writeGroup: (group) => json(`${group.uuid}-container.json`, group),
    writeAttachment: write,
    writeAttachmentFromPath: (name, from) => copyFileSync(from, join(folder, name)),
    writeEnvironmentInfo: (info) => write('environment.properties', stringifyEnvInfo(info)),
    writeCategoriesDefinitions: (categories) => json('categories.json', categories),
    writeGlobals: json,
  };
}

/** Allure puts a failed test where an expression matches its message, some of its versions only as a whole. */
const categoriesOf = (report: Report) =>
  toldCauses(report)
    .filter(({ cause }) => cause.verdict === 'fail')
    .map(({ cause, number, about, follow }) => ({
      name: `${number}. ${cause.what}`,
      description: follow === undefined ? about : `${about} · ${follow}`,
      messageRegex: `[\\s\\S]*cause ${number}: [\\s\\S]*`,
      matchedStatuses: [Status.FAILED, Status.BROKEN],
    }));

interface Told {
  /** Unix time in milliseconds at which the run began. */
  readonly begin: number;
  readonly withPasses: boolean;
  /** The causes of this verdict. */
  readonly causes: readonly string[];
}

/** A verdict as vitest would have finished it. */
function finishedTest(
  one: ReportVerdict,
  accepted: ReadonlySet<string>,
  { begin, withPasses, causes }: Told,
): object {
  return {
    type: 'test',
    name: one.case,
    mode: 'run',
    file: { filepath: `${process.cwd()}/suites/${one.case.split('/').slice(0, -1).join('/')}` },
    meta: { allureRuntimeMessages: messages(one, withPasses, causes) },
    result: {
      startTime: one.exchanges[0]?.startedAt ?? begin,
      duration: one.durationMs,
      ...resultOf(one, accepted, causes),
    },
  };
}

function resultOf(
  { case: id, verdict, reason }: ReportVerdict,
  accepted: ReadonlySet<string>,
  causes: readonly string[],
): object {
  const error = (name: string) => ({
    state: 'fail',
    errors: [{ name, message: [`${verdict}: ${reason ?? ''}`, ...causes].join('\n'), stack: '' }],
  });
  if (verdict === 'not-applicable' || (accepted.has(id) && verdict !== 'warn')) return { state: 'skip' };
  // Allure calls a test failed when an assertion says so, and broken for any other error.
  if (verdict === 'fail') return error('AssertionError');
  return isUnseen(verdict) ? error('Error') : { state: 'pass' };
}

function messages(one: ReportVerdict, withPasses: boolean, causes: readonly string[]): RuntimeMessage[] {
  const { requirement, level, section, operation, grant, exception, verdict, reproduce } = one;
  return [
    {
      type: 'metadata',
      data: {
        displayName: `${one.case}: ${one.title}`,
        description: [
          `**${forMarkdown(requirement)}** · ${level} · ${forMarkdown(section)}`,
          forMarkdown(one.statement),
          ...(one.reason === null ? [] : [`**${verdict}**: ${forMarkdown(one.reason)}`]),
          ...causes.map(forMarkdown),
          ...one.expected.map((line) => `- expected: ${forMarkdown(line)}`),
          ...one.actual.slice(0, 20).map((line) => `- actual: ${forMarkdown(line)}`),
          `Run it alone: ${forMarkdown(reproduce.command)}`,
        ].join('\n\n'),
        labels: [
          { name: 'epic', value: documentOf(section) },
          { name: 'feature', value: operation ?? 'every operation' },
          { name: 'story', value: requirement },
          { name: 'severity', value: level.startsWith('MUST') ? 'critical' : 'normal' },
          { name: 'tag', value: level },
          { name: 'tag', value: verdict },
        ],
        parameters: [
          ...(grant === null ? [] : [{ name: 'grant', value: shortGrant(grant) }]),
          ...(exception === null ? [] : [{ name: 'exception', value: exception }]),
        ],
      },
    },
    ...exchangesOf(one, withPasses).map((exchange) =>
      attachment(exchange.step, 'application/vnd.allure.http+json', '.httpexchange', httpExchange(exchange)),
    ),
    ...(one.generated?.counterexample
      ? [attachment('counterexample', 'application/json', '.json', one.generated.counterexample)]
      : []),
  ];
}

/** Every attachment is a file, and thousands of files take seconds: a report of more cases than this shows no passes. */
const mostCasesWithPasses = 2_000;

/** A case that passes shows the exchange that counts, any other all of them. */
function exchangesOf(one: ReportVerdict, withPasses: boolean): readonly Exchange[] {
  if (one.verdict !== 'pass') return one.exchanges;
  const shown = shownExchange(one);
  return shown !== undefined && withPasses ? [shown] : [];
}

function attachment(name: string, contentType: string, fileExtension: string, value: object): RuntimeMessage {
  const content = Buffer.from(JSON.stringify(value)).toString('base64');
  return {
    type: 'attachment_content',
    data: { name, content, encoding: 'base64', contentType, fileExtension },
  };
}

/** An exchange in Allure's own format (`schemaVersion` 1). */
function httpExchange({ request, response, failure, startedAt, durationMs }: Exchange): object {
  const pairs = (headers: Exchange['request']['headers']) =>
    headers.map(([name, value]) => ({ name, value }));
  const body = (value: string, headers: Exchange['request']['headers']) => ({
    contentType: headers.find(([name]) => /^content-type$/i.test(name))?.[1] ?? 'text/plain',
    encoding: 'utf8',
    value,
  });
  return {
    schemaVersion: 1,
    request: {
      method: request.method,
      url: request.url,
      headers: pairs(request.headers),
      ...(request.body !== undefined && { body: body(request.body, request.headers) }),
    },
    ...(response && {
      response: {
        status: response.status,
        headers: pairs(response.headers),
        body: { ...body(response.body, response.headers), size: response.bytes, truncated: response.cut },
      },
    }),
    ...(failure && { error: { name: failure.kind, message: failure.message } }),
    start: startedAt,
    stop: startedAt + Math.round(durationMs),
  };
}
