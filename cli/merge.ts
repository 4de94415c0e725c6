import { isDeepStrictEqual } from 'node:util';
import { rejudge } from '../harness/report/rejudge.ts';
import type { Report } from '../harness/report/report.ts';
import { UserError } from '../targets/problem.ts';
import { idsOfProfile, readBaseline } from './baseline.ts';
import { catalogueOf } from './catalogue.ts';
import { readReport } from './reports.ts';
import { suite } from './suite.ts';

/** What all parts of a certification must agree on. */
const shared: Readonly<Record<string, (report: Report) => unknown>> = {
  suite: ({ suite }) => suite,
  target: ({ target }) => target,
  profile: ({ profile }) => profile,
  seed: ({ seed }) => seed,
  strict: ({ strict }) => strict,
  limits: ({ limits }) => limits,
};

/**
 * Puts parts of a certification together. Every verdict is made again from its exchanges, and the rules over every
 * response are judged over all of them. A part that is missing leaves its cases not tested.
 *
 * @param paths of the reports of `run --shard`
 * @throws {UserError} when they are not parts of one certification
 */
export function mergeReports(
  paths: readonly string[],
  baselineFile?: string,
): { report: Report; warnings: string[] } {
  const parts = paths.map((path) => ({ path, report: readReport(path).report }));
  const [first, ...others] = parts;
  if (first === undefined) throw new UserError('merge needs the reports of at least one part.');
  for (const { path, report } of parts) {
    if (report.shard === null)
      throw new UserError(
        `${path} is no part: it was run without --shard. To set runs beside each other use compare.`,
      );
    for (const [member, of] of Object.entries(shared))
      if (!isDeepStrictEqual(of(report), of(first.report)))
        throw new UserError(
          `${path} and ${first.path} are not parts of one certification: they differ in "${member}".`,
        );
    if (report.shard.index > report.shard.of)
      throw new UserError(`${path} says that it is part ${report.shard.index} of ${report.shard.of}.`);
    if (report.shard.of !== first.report.shard?.of)
      throw new UserError(
        `${path} is one of ${report.shard.of} parts, ${first.path} one of ${first.report.shard?.of}.`,
      );
  }
  if (!isDeepStrictEqual(first.report.suite, suite))
    throw new UserError(
      `The parts were run with ${first.report.suite.name} ${first.report.suite.version}, this is ${suite.version}: merge them with the same version.`,
    );
  const indices = parts.map(({ report }) => report.shard?.index ?? 0);
  const twice = indices.find((index, at) => indices.indexOf(index) !== at);
  if (twice !== undefined) throw new UserError(`Part ${twice} was given twice.`);
  const of = first.report.shard?.of ?? 0;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((index) => !indices.includes(index));
  const catalogue = catalogueOf(first.report);
  const baseline =
    baselineFile === undefined ? undefined : readBaseline(baselineFile, idsOfProfile(first.report));
  return {
    report: rejudge([first.report, ...others.map(({ report }) => report)], catalogue, baseline),
    warnings: missing.map((index) => `part ${index} of ${of} is missing: its cases count as not tested`),
  };
}
