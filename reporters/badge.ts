import type { Report } from '../harness/report/report.ts';
import { harmless } from './escape.ts';
import { type Outcome, outcomeOf, shareText } from './outcome.ts';

const colors: Readonly<Record<Outcome['word'], string>> = {
  certified: 'brightgreen',
  passed: 'blue',
  'known failures': 'orange',
  failed: 'red',
  incomplete: 'lightgrey',
};

/**
 * Renders a report for the endpoint badge of shields.io. Only what is certified is green; and it says how much of the
 * matrix that is, where it is not all.
 */
export function renderBadge(report: Report): string {
  const { word } = outcomeOf(report);
  const { fail } = report.counts;
  const messages: Readonly<Record<Outcome['word'], string>> = {
    certified: `${report.profile.name} ${report.profile.version}`,
    passed: report.partial ? 'a selection passed' : 'not certified',
    'known failures': `${fail} known ${fail === 1 ? 'failure' : 'failures'}`,
    failed: fail > 0 ? `${fail} failing` : 'baseline out of date',
    incomplete: 'incomplete',
  };
  const share = shareText(report);
  const badge = {
    schemaVersion: 1,
    label: 'token conformance',
    message: share === undefined ? messages[word] : `${messages[word]}, ${share}`,
    color: colors[word],
    isError: word === 'failed',
  };
  return `${JSON.stringify(harmless(badge), null, 2)}\n`;
}
