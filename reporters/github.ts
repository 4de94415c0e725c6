import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { forWorkflowMessage, forWorkflowProperty } from './escape.ts';
import { isShut, outcomeOf, type ToldCause, toldCauses, unseenOf } from './outcome.ts';

/** GitHub shows so many annotations of a kind for one step. */
const most = 10;

/** Renders a report as workflow commands of GitHub Actions: annotations for what failed, warns or was not observed. */
export function renderGithub(report: Report): string {
  const { word, sentence, next } = outcomeOf(report);
  const causes = toldCauses(report);
  const failing = causes.filter(({ cause }) => cause.verdict === 'fail');
  const follows = new Set(report.causes.flatMap(({ follow }) => follow));
  const unseen = unseenOf(report).filter((one) => !follows.has(one.case));
  const rest =
    failing.length > most - 1 ? ` ${failing.length - most + 1} more causes are in the report.` : '';
  const why = report.diagnosis === null ? '' : ` ${report.diagnosis}`;
  const lines = [
    ...failing.slice(0, most - 1).map((one) => ofCause('error', one)),
    ...(isShut(report)
      ? []
      : [
          ...unseen.map((one) => annotation('warning', one)),
          ...causes.filter(({ cause }) => cause.verdict === 'warn').map((one) => ofCause('warning', one)),
        ].slice(0, most)),
    `::${word === 'failed' || word === 'incomplete' ? 'error' : 'notice'} title=${forWorkflowProperty(`${report.target.name}: ${word}`)}::${forWorkflowMessage(`${sentence}.${rest}${why} Next: ${next}`)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function ofCause(kind: 'error' | 'warning', { cause, number, best, about, follow }: ToldCause): string {
  const title = forWorkflowProperty(`cause ${number}: ${cause.what}`);
  const text = [
    `${about}${follow === undefined ? '' : ` · ${follow}`}`,
    `${best.requirement} (${best.level}): ${best.statement}`,
    best.reason ?? '',
    best.reproduce.command,
  ];
  return `::${kind} title=${title}::${forWorkflowMessage(text.join('\n'))}`;
}

function annotation(kind: 'error' | 'warning', one: ReportVerdict): string {
  const title = forWorkflowProperty(`${one.case}: ${one.verdict}`);
  const text = `${one.requirement} (${one.level}): ${one.statement}\n${one.reason ?? ''}\n${one.reproduce.command}`;
  return `::${kind} title=${title}::${forWorkflowMessage(text)}`;
}
