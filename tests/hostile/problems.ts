import type { Report } from '../../harness/report/report.ts';
import { renderGithub } from '../../reporters/github.ts';
import { renderHtml } from '../../reporters/html.ts';
import { renderJunit } from '../../reporters/junit.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { renderSarif } from '../../reporters/sarif.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { problemsWith, sentence } from '../../schemas/read.ts';
import type { Expectation } from './expectations.ts';
import type { Watch } from './secrets.ts';

/** What is wrong with the verdicts on a misbehaviour; empty when all is right. */
export function wrongVerdicts(
  report: Report,
  { exitCode, never, only, verdicts = {} }: Expectation,
): string[] {
  const wrong = report.verdicts.filter((one) => {
    const { case: id, verdict } = one;
    if (isAboutFixtures(one)) return false;
    if (only !== undefined && !only.includes(verdict)) return true;
    const expected = verdicts[id];
    if (expected !== undefined) return !expected.includes(verdict);
    return never.includes(verdict) && !(verdict === 'pass' && id.startsWith('wire/'));
  });
  return [
    ...(exitCode.includes(report.exitCode)
      ? []
      : [`exit code ${report.exitCode} instead of ${exitCode.join(' or ')}`]),
    ...wrong.map(({ case: id, verdict, reason }) => `${id}: ${verdict} (${(reason ?? '').slice(0, 120)})`),
  ];
}

/** A case that asked the fixture provider only observed what that gave, whatever the target does. */
function isAboutFixtures({ exchanges, samples }: Report['verdicts'][number]): boolean {
  return exchanges.length === 0 && samples.length > 0;
}

/** Every secret of which a report shows a part, as data or to a person. */
export function leaks(report: Report, watch: Watch): string[] {
  return watch.leaksIn(`${JSON.stringify(report)}\n${renderTerminal(report, { color: false })}`);
}

/** Characters that do something, or that nobody sees, where a person or a workflow reads. */
const active = /(?![\t\n])[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

const renderings = {
  terminal: (report: Report) => renderTerminal(report, { color: false }),
  github: renderGithub,
  markdown: renderMarkdown,
  html: renderHtml,
  junit: renderJunit,
  sarif: renderSarif,
};

/** What is wrong with a report as such: its schema, a rendering that throws, or one with text that acts. */
export function malformations(report: Report): string[] {
  return [
    ...problemsWith('report', JSON.parse(JSON.stringify(report))).map(sentence),
    ...Object.entries(renderings).flatMap(([name, render]) => {
      try {
        const text = render(report);
        const found = name === 'terminal' || name === 'github' ? active.exec(text) : null;
        return found === null ? [] : [`${name} shows U+${found[0].codePointAt(0)?.toString(16)}`];
      } catch (error) {
        return [`${name}: ${error}`];
      }
    }),
  ];
}
