import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../harness/report.ts';
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

/** Writes a format into a folder and returns the path. */
export function writeFormat(file: ReportFile, name: FormatName, folder: string): string {
  if (name === 'allure') {
    const path = join(folder, 'allure-results');
    try {
      // Results of an earlier run would count again.
      rmSync(path, { recursive: true, force: true });
      writeAllure(file.report, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      throw new UserError(
        `${path} cannot be written (${(error as Error).message}). Choose another with --out.`,
      );
    }
    return path;
  }
  const path = join(folder, formats[name].file);
  writeText(path, formats[name].render(file));
  return path;
}

function certificateOf({ report, sha256 }: ReportFile): string {
  const why = whyNoCertificate(report);
  if (why !== undefined) throw new UserError(`There is no certificate for this report: ${why}.`);
  return renderCertificate(report, sha256);
}
