import type { KnownFailure } from '../harness/report/baseline.ts';
import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { isUnseen } from '../harness/verdict.ts';
import { codeBlock, everyText, forMarkdown, forPlainMessage, forTerminal } from './escape.ts';
import { causesByCase, documentOf, outcomeOf, repeatingLines, runAsCase, toldCauses } from './outcome.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * Renders a report as SARIF 2.1.0: a rule for each requirement, a result for each case that broke it, warns, or
 * could not be judged (kind `open`). What the baseline lists is suppressed with its reason.
 */
export function renderSarif(report: Report): string {
  const shown = report.verdicts.filter(
    ({ verdict }) => verdict === 'fail' || verdict === 'warn' || isUnseen(verdict),
  );
  const byRequirement = Map.groupBy(report.verdicts, ({ requirement }) => requirement);
  const requirements = [...byRequirement.keys()];
  const indexOf = new Map(requirements.map((id, at) => [id, at]));
  const listed = listedCases(report);
  const causes = causesByCase(report);
  const begin = new Date(report.startedAt);
  const end = new Date(begin.getTime() + report.durationMs);
  const log = everyText(
    {
      $schema: schema,
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: report.suite.name,
              version: report.suite.version,
              rules: requirements.map((id) => rule(id, byRequirement.get(id)?.[0])),
            },
          },
          automationDetails: { id: `${report.suite.name}/${report.profile.name}/${report.target.name}/` },
          invocations: [
            {
              executionSuccessful: report.exitCode < 2,
              exitCode: report.exitCode,
              exitCodeDescription: outcomeOf(report).sentence,
              startTimeUtc: begin.toISOString(),
              endTimeUtc: end.toISOString(),
              toolExecutionNotifications: runAsCase(report).map(({ reason, statement }) => ({
                level: 'error',
                message: { text: `${reason}. Next: ${statement}` },
              })),
            },
          ],
          artifacts: [{ location: { uri: 'report.json' }, description: { text: 'The whole report' } }],
          results: shown.map((one) =>
            result(one, indexOf.get(one.requirement) ?? 0, listed.get(one.case), causes.get(one.case) ?? []),
          ),
          columnKind: 'utf16CodeUnits',
          properties: {
            profile: report.profile,
            seed: report.seed,
            counts: report.counts,
            causes: toldCauses(report).map(({ cause, about, follow }) => ({
              what: cause.what,
              about,
              ...(follow !== undefined && { follow }),
            })),
          },
        },
      ],
    },
    harmlessIn,
  );
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** What of a text may stand in a member of the file; Markdown was escaped where it was made. */
function harmlessIn(text: string, member: string): string {
  return member === 'text' ? forPlainMessage(text) : forTerminal(text, { lines: member === 'markdown' });
}

function listedCases({ baseline }: Report): Map<string, Pick<KnownFailure, 'reason'>> {
  const entries = [...(baseline?.known ?? []), ...(baseline?.flaky ?? [])];
  return new Map(entries.flatMap((entry) => entry.cases.map((id) => [id, entry] as const)));
}

function rule(id: string, one: ReportVerdict | undefined): object {
  const { statement = '', section = '', level = '' } = one ?? {};
  return {
    id,
    shortDescription: { text: statement.split(/(?<=[.;:]) /)[0] || id },
    fullDescription: { text: statement || id },
    help: {
      text: `${statement}\n\n${level}, ${section}`,
      markdown: `${forMarkdown(statement)}\n\n**${forMarkdown(level)}**, ${forMarkdown(section)}`,
    },
    defaultConfiguration: { level: level.startsWith('MUST') ? 'error' : 'warning' },
    properties: { level, section, tags: [documentOf(section), level] },
  };
}

function result(
  one: ReportVerdict,
  ruleIndex: number,
  listed: Pick<KnownFailure, 'reason'> | undefined,
  causes: readonly string[],
): object {
  const open = isUnseen(one.verdict);
  const text = [
    `${one.case} (${one.title}): ${one.verdict}`,
    one.reason ?? '',
    `Run it alone: ${one.reproduce.command}`,
    ...causes,
  ];
  return {
    ruleId: one.requirement,
    ruleIndex,
    kind: open ? 'open' : 'fail',
    level: open ? 'none' : one.verdict === 'warn' ? 'warning' : 'error',
    message: {
      text: text.join('\n'),
      markdown: [
        `${forMarkdown(text[0] ?? '')}`,
        forMarkdown(text[1] ?? ''),
        ...causes.map((cause) => forMarkdown(cause)),
        codeBlock(repeatingLines(one).join('\n'), 'sh'),
      ].join('\n\n'),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: 'report.json', index: 0 }, region: { startLine: 1 } },
        logicalLocations: [
          {
            fullyQualifiedName: [one.operation, one.grant, one.case]
              .filter((part) => part !== null)
              .join('/'),
            kind: 'member',
          },
        ],
      },
    ],
    partialFingerprints: { 'case/v1': one.case },
    ...(listed && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: listed.reason }],
    }),
    properties: { expected: one.expected, actual: one.actual.slice(0, 20) },
  };
}
