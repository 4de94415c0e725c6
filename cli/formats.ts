import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../harness/report/report.ts';
import { writeAllure } from '../reporters/allure.ts';
import { renderBadge } from '../reporters/badge.ts';
import { renderCertificate, whyNoCertificate } from '../reporters/certificate.ts';
import { renderGithub } from '../reporters/github.ts';
import { renderHtml } from '../reporters/html.ts';
import { renderJunit } from '../reporters/junit.ts';
import { renderMarkdown } from '../reporters/markdown.ts';
import { renderSarif } from '../reporters/sarif.ts';
import { renderTerminal } from '../reporters/terminal.ts';
import { UserError } from '../targets/problem.ts';
import { type Gate, LeakError } from './gate.ts';
import { type ReportFile, writeText } from './reports.ts';
import type { FormatName } from './words.ts';

interface Format {
  /** Its name in the folder of a report. */
  readonly file: string;
  readonly render: (file: ReportFile) => string;
}

const text = (file: string, render: (report: Report) => string): Format => ({
  file,
  render: ({ report }) => render(report),
});

const formats: Readonly<Record<Exclude<FormatName, 'allure'>, Format>> = {
  terminal: text('report.txt', (report) => renderTerminal(report, { color: false })),
  html: text('report.html', renderHtml),
  markdown: text('summary.md', renderMarkdown),
  junit: text('junit.xml', renderJunit),
  sarif: text('report.sarif', renderSarif),
  badge: text('badge.json', renderBadge),
  github: text('annotations.txt', renderGithub),
  certificate: { file: 'certificate.json', render: certificateOf },
};

/** The text of one format, for standard output. */
export function rendered(file: ReportFile, name: FormatName): string {
  if (name === 'allure') throw new UserError('Allure results are many files: say where they go with --out.');
  return formats[name].render(file);
}

/**
 * Writes a format into a folder and returns the path.
 *
 * @throws {LeakError} when a secret stands in it: then it is not kept
 */
export function writeFormat(file: ReportFile, name: FormatName, folder: string, gate?: Gate): string {
  if (name === 'allure') return writeAllureResults(file, join(folder, 'allure-results'), gate);
  const path = join(folder, formats[name].file);
  const text = formats[name].render(file);
  // A certificate says nothing that its report does not say.
  if (name !== 'certificate')
    gate?.check(formats[name].file, text, (report) => rendered({ ...file, report }, name));
  writeText(path, text);
  return path;
}

function writeAllureResults({ report }: ReportFile, path: string, gate: Gate | undefined): string {
  try {
    // Results of an earlier run would count again.
    rmSync(path, { recursive: true, force: true });
    writeAllure(report, path);
    for (const name of gate === undefined ? [] : readdirSync(path))
      gate?.check(`allure-results/${name}`, readFileSync(join(path, name), 'utf8'), (one) =>
        JSON.stringify(one),
      );
    return path;
  } catch (error) {
    if (error instanceof LeakError) rmSync(path, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(
      `${path} cannot be written (${(error as Error).message}). Choose another with --out.`,
    );
  }
}

function certificateOf({ report, sha256 }: ReportFile): string {
  const why = whyNoCertificate(report);
  if (why !== undefined) throw new UserError(`There is no certificate for this report: ${why}.`);
  return renderCertificate(report, sha256);
}
