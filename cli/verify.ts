import { isDeepStrictEqual } from 'node:util';
import { marksIn } from '../harness/capture/vault.ts';
import { type Catalogue, isRule } from '../harness/plan/plan.ts';
import { rejudge, targetOf } from '../harness/report/rejudge.ts';
import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { renderCertificate, whyNoCertificate } from '../reporters/certificate.ts';
import { forTerminal } from '../reporters/escape.ts';
import { shareText } from '../reporters/outcome.ts';
import { profileNames } from '../specs/read.ts';
import { readJson } from '../targets/json.ts';
import { unofferedIn } from '../targets/metadata.ts';
import { limitsOf, type Target } from '../targets/target/target.ts';
import { contentOf, readYaml } from '../targets/yaml.ts';
import { catalogueOf } from './catalogue.ts';
import { checkLimits } from './choose.ts';
import { bytesOf, jsonOf, readReport, sha256 } from './reports.ts';
import { suite } from './suite.ts';

/** Whether a certificate stands, and what was found on the way, for a terminal. */
export interface Verification {
  readonly stands: boolean;
  readonly text: string;
}

/**
 * Recomputes every verdict of a report from its exchanges, and compares the report with what it should say, and the
 * certificate with the one that the report deserves.
 *
 * @param target path of the target file that was certified, when its digest is to be compared as well
 * @throws {UserError} when a file cannot be read
 */
export function verify(certificate: string, reportPath: string, target?: string): Verification {
  const file = readReport(reportPath);
  const { report } = file;
  const statement = jsonOf(bytesOf(certificate, 'certificate'), certificate);
  const problems = [...reportProblems(report)];
  const why = whyNoCertificate(report);
  if (why !== undefined) problems.push(`the report deserves no certificate: ${why}`);
  problems.push(
    ...differences(statement, JSON.parse(renderCertificate(report, file.sha256))).map(
      (place) => `the certificate says something else than the report at ${place}`,
    ),
  );
  if (target !== undefined) problems.push(...targetProblems(target, report));
  const { verdicts } = report;
  const share = shareText(report);
  const generated = verdicts.filter((one) => one.generated !== null && one.verdict === 'pass');
  const values = generated.reduce((sum, one) => sum + (one.generated?.runs ?? 0), 0);
  const scoped = verdicts.filter(({ verdict }) => verdict === 'not-applicable');
  const lines =
    problems.length > 0
      ? [
          'The certificate does NOT stand:',
          ...problems.slice(0, 20).map((problem) => `  ${problem}`),
          ...(problems.length > 20 ? [`  … and ${problems.length - 20} more`] : []),
        ]
      : [
          `The certificate stands: ${report.target.name}, profile ${report.profile.name} ${report.profile.version}${share === undefined ? '' : `, ${share}`}.`,
          `  ${verdicts.length - generated.length - scoped.length} verdicts were recomputed from their exchanges.`,
          `  ${generated.length} rest on ${values} generated values that held; of those the report keeps the number only: run it again with --seed ${report.seed} to see them.`,
          `  ${scoped.length} do not apply, for the reasons that the certificate lists.`,
          '  Whether the exchanges really took place, only a signature by somebody you trust can say.',
        ];
  return { stands: problems.length === 0, text: `${lines.map((line) => forTerminal(line)).join('\n')}\n` };
}

/** What is wrong with a report by its own exchanges. */
function* reportProblems(report: Report): Generator<string> {
  if (report.suite.name !== suite.name || report.suite.version !== suite.version)
    yield `the report was made by ${report.suite.name} ${report.suite.version}, this is ${suite.name} ${suite.version}: verify it with that version`;
  if (!profileNames(report.target.dialect).includes(report.profile.name)) {
    yield `there is no profile ${report.profile.name}`;
    return;
  }
  const catalogue = catalogueOf(report);
  checkLimits(catalogue, targetOf(report));
  yield* exchangeProblems(report, catalogue);
  yield* metadataProblems(report);
  const again = rejudge([report], catalogue);
  if (again.profile.version !== report.profile.version)
    yield `the report is about version ${report.profile.version} of the profile, this is ${again.profile.version}`;
  const stored = new Map(report.verdicts.map((one) => [one.case, one]));
  if (stored.size !== report.verdicts.length) yield 'a case occurs twice in the report';
  for (const verdict of again.verdicts) {
    const one = stored.get(verdict.case);
    if (one === undefined) yield `${verdict.case} is missing in the report`;
    else yield* verdictProblems(one, verdict);
  }
  const planned = new Set(again.verdicts.map((one) => one.case));
  for (const { case: id } of report.verdicts)
    if (!planned.has(id)) yield `${id} is in the report, but not in the profile`;
  for (const member of [
    'exitCode',
    'counts',
    'cells',
    'excluded',
    'partial',
    'diagnosis',
    'grants',
    'causes',
  ] as const)
    if (!isDeepStrictEqual(report[member], again[member]))
      yield `${member} does not follow from the verdicts`;
}

/** Limits that the metadata is said to name, and does not. */
function* metadataProblems({ limits, metadata = [] }: Report): Generator<string> {
  const documents = metadata.flatMap(({ request, response }) => {
    const { object } = readJson(response?.status === 200 ? response.body : '');
    return object === undefined ? [] : [{ url: request.url, object }];
  });
  const merged = Object.assign({}, ...documents.map(({ object }) => object).toReversed());
  const said = documents.flatMap(({ url }) => unofferedIn(merged, url));
  for (const limit of limits)
    if (limit.by === 'metadata' && !said.some((one) => isDeepStrictEqual({ ...one }, { ...limit })))
      yield `a limit is not what the metadata says: ${limit.reason}`;
}

/** What of the exchanges could not have been sent by a run against this target. */
function* exchangeProblems({ target, verdicts }: Report, { cases, dialect }: Catalogue): Generator<string> {
  const origins = new Set(Object.values(target.endpoints).map(originOf));
  const probes = new Map(cases.map((one) => [one.id, one]));
  const seen = new Map<string, string>();
  const signatures = new Set<string>();
  for (const { case: id, exchanges, generated, verdict } of verdicts) {
    if (isRule(id)) continue;
    const probe = probes.get(id);
    if (probe === undefined) continue;
    if ((generated !== null) !== (probe.property !== undefined) && (generated !== null || verdict === 'pass'))
      yield `${id}: the report says ${generated === null ? 'nothing' : 'something'} about generated values`;
    for (const exchange of exchanges) {
      const { step, request, operation, jwts = [] } = exchange;
      if (!origins.has(originOf(request.url)))
        yield `${id}: an exchange is with ${request.url}, no endpoint of the target`;
      const endpoint = operation === undefined ? undefined : target.endpoints[operation];
      // A path that looks like a token was redacted, and cannot be compared.
      const isWhole = marksIn(request.url).length === 0;
      if (isWhole && endpoint !== undefined && pathOf(endpoint) !== pathOf(request.url))
        yield `${id}: an exchange of ${operation} is with ${request.url}, not with its endpoint`;
      // Refusals in parallel, and requests without anything of their own, may be alike in every byte.
      const text = JSON.stringify(exchange);
      const other = seen.get(text) ?? id;
      if (other !== id && exchange.response !== undefined && marksIn(text).length > 0)
        yield `${id} and ${other} have the same exchange`;
      seen.set(text, id);
      for (const { member, signature, claims } of jwts)
        if (claims !== undefined && member !== 'access_token') signatures.add(signature);
      const isFree = probe.expect[step]?.kind === 'no-token';
      const addressed = Object.entries(target.endpoints).find(([, url]) => url === request.url)?.[0];
      const { method } = dialect.spec.operations[addressed ?? ''] ?? {};
      if (addressed !== undefined && request.method === method && !isFree && operation !== addressed)
        yield `${id}: an exchange with the endpoint of ${addressed} says that it is ${operation ?? 'none'}`;
      if (verdict === 'pass' && generated !== null && !/^(control|given)/.test(step))
        yield `${id}: exchanges of a counterexample, but none is named`;
    }
  }
  if (signatures.has('unchecked') && signatures.size > 1)
    yield 'the signatures of ID tokens were checked for some only';
}

const pathOf = (url: string): string => url.split('?')[0] ?? '';
const originOf = (url: string): string => URL.parse(url)?.origin ?? url;

/** What differs between the report and the target file that it names by its digest. */
function* targetProblems(file: string, { target, limits }: Report): Generator<string> {
  if (sha256(bytesOf(file, 'target file')) !== target.sha256)
    yield `${file} is not the target file that was certified`;
  const content = contentOf(readYaml(file, 'target file').document, file) as Partial<Target> | null;
  if (content?.name !== target.name) yield `${file} has another name than the report`;
  if (
    !isDeepStrictEqual(
      limitsOf({ ...content, dialect: target.dialect }),
      limits.filter(({ by }) => by === undefined),
    )
  )
    yield `${file} declares other limits than the report`;
}

function* verdictProblems(one: ReportVerdict, again: ReportVerdict): Generator<string> {
  if (one.verdict !== again.verdict)
    yield `${one.case}: the report says ${one.verdict}, its exchanges say ${again.verdict}${again.reason === null ? '' : ` (${again.reason})`}`;
  else
    for (const member of compared)
      if (!isDeepStrictEqual(one[member], again[member]))
        yield `${one.case}: ${member} is not what the suite and the exchanges say`;
  if (one.reproduce.curl !== again.reproduce.curl)
    yield `${one.case}: the curl lines are not those of its exchanges`;
}

/** What follows from the suite and the exchanges. */
const compared = [
  'title',
  'requirement',
  'level',
  'statement',
  'section',
  'operation',
  'grant',
  'exception',
  'reason',
  'expected',
  'actual',
  'exchanges',
] as const;

/** Places, as JSON pointers, where two values differ; a missing and an additional member count. */
function differences(one: unknown, other: unknown, place = ''): string[] {
  const areObjects = [one, other].every((value) => typeof value === 'object' && value !== null);
  if (!areObjects) return isDeepStrictEqual(one, other) ? [] : [place || 'the whole'];
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
    differences(left[name], right[name], `${place}/${name}`),
  );
}
