import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { causesOf } from '../harness/report/causes.ts';
import { exitCodeOfReport, exitCodeOfVerdicts, type Report } from '../harness/report/report.ts';
import { grantsOf } from '../harness/report/share.ts';
import { dialectOf } from '../harness/run/runner.ts';
import { count } from '../harness/verdict.ts';
import { problemsWith, sentence } from '../schemas/read.ts';
import { UserError } from '../targets/problem.ts';

/** A report as it stands in a file. */
export interface ReportFile {
  readonly report: Report;
  /** Of the bytes of the file, in hex. */
  readonly sha256: string;
}

/**
 * Reads a report, of today or of long ago.
 *
 * @throws {UserError} when it cannot be read or is none
 */
export function readReport(file: string): ReportFile {
  const bytes = bytesOf(file, 'report');
  const content = jsonOf(bytes, file);
  const version = (content as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (typeof version === 'string' && version.split('.')[0] !== '1')
    throw new UserError(`${file} has the format ${version}; this version reads 1.x. Use a newer one.`);
  const [problem] = problemsWith('report', content);
  if (problem !== undefined) throw new UserError(`${file} is no report: ${sentence(problem)}.`);
  const report = withWhatIsNew(content as Report);
  const counts = count(report.verdicts.map(({ verdict }) => verdict));
  // Older formats did not ask whether anything was granted, and 1.0 knew no exit code for our own faults.
  const isOlder = version === '1.0' || version === '1.1';
  const exitCode = (isOlder ? exitCodeOfVerdicts : exitCodeOfReport)({ ...report, counts });
  const isRight = report.exitCode === (exitCode === 4 && version === '1.0' ? 2 : exitCode);
  if (!isDeepStrictEqual(counts, report.counts) || !isRight)
    throw new UserError(`${file} contradicts itself: counts or exit code do not follow from its verdicts.`);
  return { report, sha256: sha256(bytes) };
}

/** A report of an older format with what this one says of grants and causes. */
function withWhatIsNew(
  report: Omit<Report, 'grants' | 'causes'> & Partial<Pick<Report, 'grants' | 'causes'>>,
): Report {
  const { cells, limits, verdicts, target } = report;
  const { grants = grantsOf(cells, limits, verdicts, dialectOf(target)) } = report;
  const { causes = causesOf(verdicts) } = report;
  return { ...report, grants, causes };
}

/** SHA-256 in hex. */
export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of a file that somebody named. */
export function bytesOf(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`The ${what} ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** What a file holds as JSON. */
export function jsonOf(bytes: Buffer, file: string): unknown {
  try {
    // Some editors begin a file with a byte order mark.
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${(error as Error).message}`);
  }
}

/** Writes a file, and the folders above it. */
export function writeText(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
