import type { Report } from '../harness/report/report.ts';
import { shareOf } from '../harness/report/share.ts';
import { forJsonFile } from './escape.ts';
import { outcomeOf, shareText } from './outcome.ts';

/** Format of the predicate's own members; see `schemas/certificate.json`. */
const certificateVersion = '1.1';

/** Why a report cannot be certified; undefined when it can. */
export function whyNoCertificate(report: Report): string | undefined {
  const { word, sentence } = outcomeOf(report);
  if (word === 'certified') return undefined;
  if (report.shard !== null)
    return `this is part ${report.shard.index} of ${report.shard.of}: merge the parts first`;
  if (report.partial) return 'only a selection was run';
  return sentence;
}

/**
 * Renders a report as a certificate: an in-toto Statement (v1) with the test-result predicate (v0.1), ready to be
 * signed by others. Its subject is the file of the report, so that what signs and verifies files can take it.
 *
 * @param sha256 of the report's file, in hex
 */
export function renderCertificate(report: Report, sha256: string): string {
  const { suite, target, profile, verdicts, counts } = report;
  const share = shareText(report);
  const named = (verdict: string) =>
    verdicts.filter((one) => one.verdict === verdict).map(({ case: id }) => id);
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'report.json', digest: { sha256 } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: counts.warn > 0 ? 'WARNED' : 'PASSED',
      configuration: [
        {
          name: `${suite.name} ${suite.version}, profile ${profile.name} ${profile.version}${share === undefined ? '' : `, ${share}`}`,
          uri: `pkg:npm/${suite.name}@${suite.version}`,
        },
        ...(target.sha256 === null
          ? []
          : [{ name: `target file of ${target.name}`, digest: { sha256: target.sha256 } }]),
      ],
      passedTests: named('pass'),
      warnedTests: named('warn'),
      failedTests: named('fail'),
      tokenConformance: {
        version: certificateVersion,
        suite,
        target,
        profile,
        strict: report.strict,
        seed: report.seed,
        startedAt: report.startedAt,
        requests: report.requests,
        counts,
        cells: shareOf(report.cells),
        grants: report.grants,
        limits: report.limits,
        excluded: report.excluded,
        notApplicable: Object.fromEntries(
          verdicts
            .filter(({ verdict }) => verdict === 'not-applicable')
            .map(({ case: id, reason }) => [id, reason ?? '']),
        ),
      },
    },
  };
  return forJsonFile(statement);
}
