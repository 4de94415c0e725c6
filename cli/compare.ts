import {
  compareReports,
  diffReports,
  renderComparison,
  renderComparisonMarkdown,
  renderDifference,
  renderDifferenceMarkdown,
} from '../reporters/compare.ts';
import { renderComparisonHtml } from '../reporters/compare-html.ts';
import { UserError } from '../targets/problem.ts';
import { readReport } from './reports.ts';

export type TableFormat = 'terminal' | 'markdown' | 'html';

/** Reports side by side, requirement by requirement. */
export function compareFiles(paths: readonly string[], format: TableFormat, color: boolean): string {
  if (paths.length < 2) throw new UserError('compare needs two reports or more.');
  const comparison = compareReports(paths.map((path) => readReport(path).report));
  if (format === 'terminal') return renderComparison(comparison, { color });
  return format === 'html' ? renderComparisonHtml(comparison) : renderComparisonMarkdown(comparison);
}

/** What changed from one report to the next. Exit code 1: something newly broke; 2: something is no longer observed. */
export function diffFiles(
  before: string,
  after: string,
  format: Exclude<TableFormat, 'html'>,
): { text: string; exitCode: 0 | 1 | 2 } {
  const [old, fresh] = [readReport(before).report, readReport(after).report];
  if (old.profile.name !== fresh.profile.name)
    throw new UserError(
      `${before} is about the profile ${old.profile.name}, ${after} about ${fresh.profile.name}: set them side by side with compare.`,
    );
  const difference = diffReports(old, fresh);
  const exitCode = difference.broken.length > 0 ? 1 : difference.lost.length > 0 ? 2 : 0;
  return {
    text: format === 'terminal' ? renderDifference(difference) : renderDifferenceMarkdown(difference),
    exitCode,
  };
}
