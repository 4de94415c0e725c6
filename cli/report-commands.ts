import { join } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Report } from '../harness/report/report.ts';
import { whyNoCertificate } from '../reporters/certificate.ts';
import { forTerminal } from '../reporters/escape.ts';
import { didYouMean } from '../targets/problem.ts';
import type { TableFormat } from './compare.ts';
import type { Gate } from './gate.ts';
import { hasColors, type Io } from './io.ts';
import { type FormatName, formatNames } from './words.ts';

/** What does not stand, is newly broken, or is out of date. */
const failed = 1;

/** `--format`, which may be repeated. */
export function formatOption(): Option {
  return new Option('--format <name>', `also as ${formatNames.join(', ')}; may be repeated`).argParser(
    (text: string, before: FormatName[] = []) => [...before, formatName(text)],
  );
}

/** Adds the commands that work on reports of earlier runs. */
export function addReportCommands(program: Command, io: Io): void {
  const { stdout, stderr } = io;
  program
    .command('report <file>')
    .description('render a report of any earlier run')
    .requiredOption('--format <name>', `one of ${formatNames.join(', ')}`, formatName)
    .option('-o, --out <folder>', 'write it there; standard output otherwise')
    .action(async (path: string, { format, out }: { format: FormatName; out?: string }) => {
      const { readReport } = await import('./reports.ts');
      const { rendered, writeFormat } = await import('./formats.ts');
      const file = readReport(path);
      stdout.write(out === undefined ? rendered(file, format) : `${writeFormat(file, format, out)}\n`);
    });

  program
    .command('verify <certificate> <report>')
    .description('recompute the verdicts of a report, and say whether its certificate stands')
    .option('-t, --target <file>', 'compare the digest of this target file as well')
    .action(async (certificate: string, report: string, { target }: { target?: string }) => {
      const { verify } = await import('./verify.ts');
      const { stands, text } = verify(certificate, report, target);
      stdout.write(text);
      io.exitCode = stands ? 0 : failed;
    });

  program
    .command('merge <reports...>')
    .description('put the parts of a certification together that ran with --shard')
    .option('-o, --out <folder>', 'where report.json goes', 'report')
    .option('--baseline <file>', 'known failures of this target')
    .option('--certificate', 'write certificate.json when the whole deserves one')
    .addOption(formatOption())
    .action(async (paths: string[], { out, baseline, certificate = false, format = [] }) => {
      const { mergeReports } = await import('./merge.ts');
      const { writeReport, makeFolder } = await import('./run.ts');
      const { renderTerminal } = await import('../reporters/terminal.ts');
      const { report, warnings } = mergeReports(paths, baseline);
      for (const warning of warnings) stderr.write(`warning: ${warning}\n`);
      makeFolder(out);
      const written = writeReport(report, out);
      stdout.write(renderTerminal(report, { color: hasColors(io) }));
      stdout.write(`report: ${written}\n`);
      io.exitCode = report.exitCode;
      await writeArtefacts(written, report, { out, format, certificate }, io);
    });

  tabular(program.command('compare <reports...>').description('implementations side by side'), [
    'terminal',
    'markdown',
    'html',
  ]).action(async (paths: string[], { format, out }: Tabular<TableFormat>) => {
    const { compareFiles } = await import('./compare.ts');
    await show(compareFiles(paths, format, hasColors(io)), out, io);
  });

  tabular(
    program
      .command('diff <old> <new>')
      .description('what newly broke, what was fixed, what is no longer observed'),
    ['terminal', 'markdown'],
  ).action(async (before: string, after: string, { format, out }: Tabular<Exclude<TableFormat, 'html'>>) => {
    const { diffFiles } = await import('./compare.ts');
    const { text, exitCode } = diffFiles(before, after, format);
    await show(text, out, io);
    io.exitCode = exitCode;
  });

  program
    .command('baseline <file>')
    .description('compare a list of known failures with a report, or bring it up to date')
    .option('-r, --report <file>', 'the report', 'report/report.json')
    .option('--update', 'take out what is stale, add what is not listed')
    .option('--reason <text>', 'why what is new on the list is accepted')
    .option('--expires <day>', 'the last day for what is new on the list, YYYY-MM-DD')
    .action(async (file: string, options) => {
      const { readReport } = await import('./reports.ts');
      const { checkBaseline, updateBaseline } = await import('./baseline.ts');
      const { report } = readReport(options.report);
      if (!options.update) {
        const { text, isUpToDate } = checkBaseline(file, report);
        stdout.write(forTerminal(text, { lines: true }));
        io.exitCode = isUpToDate ? 0 : failed;
        return;
      }
      const { added, removed, expired } = updateBaseline(file, report, options);
      const lines = [
        ...added.map((id) => `added ${id}`),
        ...removed.map((id) => `took out ${id}`),
        ...expired.map((id) => `expired: ${id} (mend it, or decide anew until when it is accepted)`),
      ];
      io.exitCode = expired.length > 0 ? failed : 0;
      const shown = lines.length === 0 ? [`${file} is up to date`] : lines;
      stdout.write(`${shown.map((line) => forTerminal(line)).join('\n')}\n`);
    });
}

/** Writes what was asked for beside a report that was just made. */
export async function writeArtefacts(
  path: string,
  report: Report,
  { out, format, certificate, gate }: ArtefactOptions,
  io: Io,
): Promise<void> {
  await writeFormats(
    path,
    format.filter((name) => name !== 'certificate'),
    out,
    io,
    gate,
  );
  if (certificate || format.includes('certificate')) await certifyReport(path, report, out, io, gate);
}

interface ArtefactOptions {
  /** Their folder. */
  readonly out: string;
  readonly format: readonly FormatName[];
  readonly certificate: boolean;
  /** For a run of now: of an older report the secrets are not known. */
  readonly gate?: Gate;
}

/** Writes renderings of a report beside it, and says where. */
async function writeFormats(
  path: string,
  names: readonly FormatName[],
  folder: string,
  { stdout }: Io,
  gate?: Gate,
): Promise<void> {
  if (names.length === 0) return;
  const { readReport } = await import('./reports.ts');
  const { writeFormat } = await import('./formats.ts');
  const file = readReport(path);
  for (const name of names) stdout.write(`${name}: ${writeFormat(file, name, folder, gate)}\n`);
}

/** Writes the certificate, or says why there is none: then the exit code is not 0. */
async function certifyReport(
  path: string,
  report: Report,
  folder: string,
  io: Io,
  gate?: Gate,
): Promise<void> {
  const why = whyNoCertificate(report);
  if (why === undefined) return writeFormats(path, ['certificate'], folder, io, gate);
  const { rmSync } = await import('node:fs');
  // One of an earlier run must not be taken for this one's.
  rmSync(join(folder, 'certificate.json'), { force: true });
  io.stderr.write(`no certificate: ${why}\n`);
  io.exitCode ||= 2;
}

interface Tabular<Format> {
  readonly format: Format;
  readonly out?: string;
}

function tabular(command: Command, formats: readonly TableFormat[]): Command {
  return command
    .addOption(new Option('--format <name>').choices(formats).default('terminal'))
    .option('-o, --out <file>', 'write it there; standard output otherwise');
}

async function show(text: string, out: string | undefined, { stdout }: Io): Promise<void> {
  if (out === undefined) stdout.write(text);
  else {
    const { writeText } = await import('./reports.ts');
    writeText(out, text);
    stdout.write(`${out}\n`);
  }
}

function formatName(text: string): FormatName {
  const found = formatNames.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `It must be one of ${formatNames.join(', ')}.${didYouMean(text, formatNames)}`,
  );
}
