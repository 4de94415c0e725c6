import type { Report } from '../harness/report.ts';
import { harmless } from './escape.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

const colors: Readonly<Record<Outcome['word'], string>> = {
  certified: 'brightgreen',
  passed: 'blue',
  'known failures': 'orange',
  failed: 'red',
  incomplete: 'lightgrey',
};

/** Renders a report for the endpoint badge of shields.io. Only a whole run without failures is green. */
export function renderBadge(report: Report): string {
  const { word } = outcomeOf(report);
  const { fail } = report.counts;
  const messages: Readonly<Record<Outcome['word'], string>> = {
    certified: `${report.profile.name} ${report.profile.version}`,
    passed: 'a selection passed',
    'known failures': `${fail} known ${fail === 1 ? 'failure' : 'failures'}`,
    failed: fail > 0 ? `${fail} failing` : 'baseline out of date',
    incomplete: 'incomplete',
  };
  const badge = {
    schemaVersion: 1,
    label: 'token conformance',
    message: messages[word],
    color: colors[word],
    isError: word === 'failed',
  };
  return `${JSON.stringify(harmless(badge), null, 2)}\n`;
}
