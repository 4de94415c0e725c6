import type { KnownFailure } from '../../harness/report/baseline.ts';
import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { codeBlock, forMarkdown, markdown } from '../../reporters/escape.ts';

/** A server as it was certified, by a report that its baseline was applied to. */
export interface Certified {
  /** Of the package, or of the program: `9.13.3`. */
  readonly version: string;
  readonly report: Report;
}

/** One entry of a baseline, with the verdicts that it is about. */
interface Finding extends Pick<KnownFailure, 'id' | 'verdict' | 'reason' | 'link'> {
  readonly shown: readonly [ReportVerdict, ...ReportVerdict[]];
}

function findingsOf({ baseline, verdicts }: Report): Finding[] {
  const byCase = new Map(verdicts.map((one) => [one.case, one]));
  return (baseline?.known ?? []).flatMap(({ cases, ...entry }) => {
    const [first, ...others] = cases.flatMap((id) => byCase.get(id) ?? []);
    const isSeen = entry.verdict === 'fail' || entry.verdict === 'warn';
    return first === undefined || !isSeen ? [] : [{ ...entry, shown: [first, ...others] }];
  });
}

/** What the suite finds in servers of others, as a document. Ports are left out: they differ from run to run. */
export function renderFindings(certified: readonly Certified[]): string {
  return `${[
    '# What was found in servers of others',
    '',
    'Made by `npm run providers -- --write` from the reports of these runs and the baselines in [`examples/providers/`](../examples/providers). For each entry the section that its requirement names was read, the exchange, and what the server does: of those that npm has in its own code, of Keycloak and Authlib, which were started by hand, mostly by its answers. Warnings of these two were not looked at one by one. A baseline that says something that is not so any more fails the run.',
    '',
    '| server | version | certified | profile | cases | pass | fail | warn | does not apply | findings |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...certified.map(overview),
    '',
    '## By requirement',
    '',
    'How many cases of a requirement fail, or warn, in each server; a dot where none does.',
    '',
    ...matrix(certified),
    '',
    ...certified.flatMap(chapter),
  ].join('\n')}`;
}

function overview({ version, report }: Certified): string {
  const { target, profile, counts, verdicts, startedAt } = report;
  return markdown`| ${target.name} | ${version} | ${startedAt.slice(0, 10)} | ${profile.name} | ${verdicts.length} | ${counts.pass} | ${counts.fail} | ${counts.warn} | ${counts['not-applicable']} | ${findingsOf(report).length} |`;
}

function matrix(certified: readonly Certified[]): string[] {
  const requirements = new Map(
    certified.flatMap(({ report }) =>
      findingsOf(report).flatMap(({ shown }) => shown.map((one) => [one.requirement, one] as const)),
    ),
  );
  const rows = [...requirements.values()]
    .toSorted((one, other) => one.requirement.localeCompare(other.requirement))
    .map(({ requirement, level, section }) => {
      const cells = certified.map(({ report }) => cellOf(report, requirement));
      return `| ${forMarkdown(requirement)} | ${level} | ${forMarkdown(section)} | ${cells.join(' | ')} |`;
    });
  const names = certified.map(({ report }) => forMarkdown(report.target.name));
  return [
    `| requirement | level | section | ${names.join(' | ')} |`,
    `| --- | --- | --- |${' --- |'.repeat(names.length)}`,
    ...rows,
  ];
}

function cellOf({ verdicts }: Report, requirement: string): string {
  const count = (verdict: string) =>
    verdicts.filter((one) => one.requirement === requirement && one.verdict === verdict).length;
  const told = (['fail', 'warn'] as const).filter((verdict) => count(verdict) > 0);
  return told.map((verdict) => `${count(verdict)} ${verdict}`).join(', ') || '·';
}

function chapter({ version, report }: Certified): string[] {
  const { target } = report;
  const origin = new URL(Object.values(target.endpoints)[0] ?? 'http://127.0.0.1').origin;
  const withoutPort = (text: string) => text.replaceAll(origin, '$ISSUER');
  return [
    markdown`## ${target.name} ${version}`,
    '',
    ...findingsOf(report).flatMap((finding) => section(finding, withoutPort)),
  ];
}

function section({ verdict, reason, link, shown }: Finding, withoutPort: (text: string) => string): string[] {
  const [first, ...others] = shown;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const requirements = [...new Set(shown.map((one) => one.requirement))];
  const { level, section: source, case: id, reason: seen, reproduce } = first;
  const curl = reproduce.curl ?? reproduce.command;
  return [
    markdown`### ${requirements.join(', ')}`,
    '',
    markdown`${verdict} · ${level} · ${source} · ${id}${more}`,
    '',
    markdown`${reason}`,
    ...(link === undefined ? [] : ['', markdown`See ${link}.`]),
    '',
    ...(seen === null ? [] : [markdown`Seen: ${withoutPort(seen)}`, '']),
    '<details><summary>curl</summary>',
    '',
    codeBlock(withoutPort(curl), 'sh'),
    '',
    '</details>',
    '',
  ];
}
