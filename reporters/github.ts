import type { Report, ReportVerdict } from '../harness/report.ts';
import { forWorkflowMessage, forWorkflowProperty } from './escape.ts';
import { failuresOf, isShut, outcomeOf, unseenOf } from './outcome.ts';

/** GitHub shows so many annotations of a kind for one step. */
const most = 10;

/** Renders a report as workflow commands of GitHub Actions: annotations for what failed, warns or was not observed. */
export function renderGithub(report: Report): string {
  const warnings = report.verdicts.filter(({ verdict }) => verdict === 'warn');
  const { word, sentence, next } = outcomeOf(report);
  const failures = failuresOf(report);
  const rest =
    failures.length > most - 1 ? ` ${failures.length - most + 1} more failures are in the report.` : '';
  const why = report.diagnosis === null ? '' : ` ${report.diagnosis}`;
  const lines = [
    ...failures.slice(0, most - 1).map((one) => annotation('error', one)),
    ...(isShut(report) ? [] : [...unseenOf(report), ...warnings])
      .slice(0, most)
      .map((one) => annotation('warning', one)),
    `::${word === 'failed' || word === 'incomplete' ? 'error' : 'notice'} title=${forWorkflowProperty(`${report.target.name}: ${word}`)}::${forWorkflowMessage(`${sentence}.${rest}${why} Next: ${next}`)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function annotation(kind: 'error' | 'warning', one: ReportVerdict): string {
  const title = forWorkflowProperty(`${one.case}: ${one.verdict}`);
  const text = `${one.requirement} (${one.level}): ${one.statement}\n${one.reason ?? ''}\n${one.reproduce.command}`;
  return `::${kind} title=${title}::${forWorkflowMessage(text)}`;
}
