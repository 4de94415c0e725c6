import { unsteady } from '../harness/judge/judge.ts';
import { acceptedBy } from '../harness/report/baseline.ts';
import type { Cause } from '../harness/report/causes.ts';
import { isDraft, type Report, type ReportCell, sawGranted } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { neverGranted, type ReportGrant, shareOf } from '../harness/report/share.ts';
import { exitCodeOf, isUnseen } from '../harness/verdict.ts';

/** What a report comes to, in words that every rendering shares. */
export interface Outcome {
  readonly word: 'certified' | 'passed' | 'known failures' | 'failed' | 'incomplete';
  /** In one sentence. */
  readonly sentence: string;
  /** What to do now. */
  readonly next: string;
}

/** Cases that count against the target: broken, and not listed as known. */
export function failuresOf(report: Report): ReportVerdict[] {
  const accepted = acceptedOf(report);
  return report.verdicts.filter(({ case: id, verdict }) => verdict === 'fail' && !accepted.has(id));
}

/** Cases that could not be judged. */
export function unseenOf(report: Report): ReportVerdict[] {
  return report.verdicts.filter(({ verdict }) => isUnseen(verdict));
}

/** Whether a report has nothing to show but its diagnosis: no case could be judged, and that says why. */
export function isShut({ diagnosis, counts }: Report): boolean {
  const judged = counts.pass + counts.warn + counts.fail + counts['harness-error'];
  return diagnosis !== null && judged === 0;
}

/** In place of a matrix and lists that would say the same on each of their lines. */
export function shutText({ verdicts }: Report): string {
  const some = verdicts.filter(({ verdict }) => isUnseen(verdict));
  const wasRun = some.some(({ exchanges }) => exchanges.length > 0);
  return `${some.length} ${some.length === 1 ? 'case was' : 'cases were'} ${wasRun ? 'not observed' : 'not run'}.`;
}

/** The cases whose verdict the target's baseline accepts. */
export function acceptedOf({ baseline }: Report): ReadonlySet<string> {
  return baseline === null ? new Set() : acceptedBy(baseline);
}

/** The causes of what counts against the target, the gravest first: without what its list of known failures names. */
export function causesIn(report: Report): Cause[] {
  const accepted = acceptedOf(report);
  const red = report.verdicts.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
  const counting = new Set(red.filter((one) => !accepted.has(one.case)).map((one) => one.case));
  return report.causes.flatMap((cause) => {
    const cases = cause.cases.filter((id) => counting.has(id));
    const [first] = cases;
    if (first === undefined) return [];
    return [{ ...cause, cases, best: cases.includes(cause.best) ? cause.best : first }];
  });
}

/** A cause as a reader meets it among the others. */
export interface ToldCause {
  readonly cause: Cause;
  /** From 1. */
  readonly number: number;
  /** The verdict that shows it best. */
  readonly best: ReportVerdict;
  /** Where, what it breaks, and how many cases say so, in one line. */
  readonly about: string;
  /** How many more cases it explains, in words; undefined where there are none. */
  readonly follow: string | undefined;
}

/** The causes of a report with what every rendering says of them. */
export function toldCauses(report: Report): ToldCause[] {
  const verdicts = new Map(report.verdicts.map((one) => [one.case, one]));
  return causesIn(report).flatMap((cause, at) => {
    const best = verdicts.get(cause.best);
    if (best === undefined) return [];
    const [requirement = '', ...others] = cause.requirements;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    const cases = cause.cases.length === 1 ? cause.best : `${cause.best} and ${cause.cases.length - 1} more`;
    return [
      {
        cause,
        number: at + 1,
        best,
        about: `${cause.where} · ${requirement}${more} · ${cases}`,
        follow: followText(cause, verdicts),
      },
    ];
  });
}

function followText({ follow }: Cause, verdicts: ReadonlyMap<string, ReportVerdict>): string | undefined {
  const broken = follow.filter((id) => !isUnseen(verdicts.get(id)?.verdict ?? 'not-tested')).length;
  const many = (count: number) => `${count} ${count === 1 ? 'case' : 'cases'} more`;
  const parts = [
    ...(broken > 0 ? [`${many(broken)} ${broken === 1 ? 'fails' : 'fail'}`] : []),
    ...(follow.length > broken ? [`${many(follow.length - broken)} could not be judged`] : []),
  ];
  return parts.length === 0 ? undefined : `${parts.join(', ')} while it is so`;
}

/** Of each case, the causes that it shows or follows from, in words. */
export function causesByCase(report: Report): ReadonlyMap<string, readonly string[]> {
  const lines = toldCauses(report).flatMap(({ cause, number }) => [
    ...cause.cases.map((id) => [id, `cause ${number}: ${cause.what}`] as const),
    ...cause.follow.map((id) => [id, `follows from cause ${number}: ${cause.what}`] as const),
  ]);
  return new Map(
    [...Map.groupBy(lines, ([id]) => id)].map(([id, some]) => [id, some.map(([, line]) => line)]),
  );
}

/**
 * The outcome of a report. Only a whole run without a failure, known or not, in which everything was granted that the
 * target offers is called certified; and what was exercised of it is said wherever it is not all.
 */
export function outcomeOf(report: Report): Outcome {
  const outcome = wholeOutcomeOf(report);
  const share = shareText(report);
  return share === undefined || isShut(report)
    ? outcome
    : { ...outcome, sentence: `${outcome.sentence} (${share} exercised)` };
}

/** How much of the matrix a whole run exercised, in words; undefined when it is all. */
export function shareText({ cells, partial, shard }: Report): string | undefined {
  if (partial || shard !== null) return undefined;
  const { exercised, of } = shareOf(cells);
  return exercised === of ? undefined : `${exercised} of ${of} cells`;
}

/** A grant of an operation, or an operation without grants, as a reader calls it. */
export const grantName = ({ operation, grant }: Pick<ReportGrant, 'operation' | 'grant'>): string =>
  grant === null ? operation : `${operation} with ${shortGrant(grant)}`;

function wholeOutcomeOf(report: Report): Outcome {
  const { baseline, partial, shard, counts, grants } = report;
  // A report that contradicts itself, or is of an older format, does not look better for it.
  const supposed = report.exitCode === 0 && baseline === null ? exitCodeOf(counts) : report.exitCode;
  const exitCode = supposed === 0 && (isDraft(report) || !sawGranted(report)) ? 2 : supposed;
  const failures = failuresOf(report);
  const failure = firstOf(report) ?? failures[0];
  const unseen = firstUnseen(report);
  if (exitCode === 1 && failure === undefined && baseline !== null) {
    const { stale, expired } = baseline;
    const ids = [...stale, ...expired].map(({ id }) => id).join(', ');
    return {
      word: 'failed',
      sentence: `the baseline is out of date: ${stale.length} stale, ${expired.length} expired`,
      next: `look at these entries of the baseline: ${ids} ("token-conformance baseline FILE --update" takes out what is stale)`,
    };
  }
  if (exitCode === 1)
    return {
      word: 'failed',
      sentence:
        failures.length > 0
          ? `${failures.length} of ${report.verdicts.length} cases failed`
          : 'something failed',
      next: failure
        ? `look at ${failure.case} first: ${failure.reproduce.command}`
        : 'look at the failures above',
    };
  if (exitCode === 4)
    return {
      word: 'incomplete',
      sentence: `incomplete: ${counts['harness-error']} of ${report.verdicts.length} cases ended in a fault of this suite`,
      next: 'report each harness-error above to the makers of this suite, with its reason: it is no fault of the target',
    };
  if (exitCode === 2 && unseen === undefined && isDraft(report))
    return {
      word: 'incomplete',
      sentence: `incomplete: ${report.profile.open} rules of the profile ${report.profile.name} have no case yet, so nothing is certified`,
      next: 'run a selection of cases to have them judged: what the others would show, nobody has seen',
    };
  const isJudged = counts.pass + counts.warn > 0;
  if (exitCode === 2 && unseen === undefined && isJudged && !sawGranted(report))
    return {
      word: 'incomplete',
      sentence: partial
        ? 'incomplete: nothing was granted, so what was refused proves nothing'
        : 'incomplete: no token was granted in the whole run, so nothing is certified',
      next: 'offer the fixtures that a grant needs, so that one token at least can be had: a limit cannot replace it',
    };
  if (exitCode === 2)
    return {
      word: 'incomplete',
      sentence: isShut(report)
        ? 'incomplete: nothing could be judged, so nothing is certified'
        : 'incomplete: not everything planned was observed, so nothing is certified',
      next: nextOfIncomplete(report, unseen),
    };
  if (shard !== null)
    return {
      word: 'passed',
      sentence: `nothing failed in part ${shard.index} of ${shard.of}`,
      next: `put the parts together: token-conformance merge REPORT… (${shard.of} of them)`,
    };
  if (exitCodeOf(counts) !== 0)
    return {
      word: 'known failures',
      sentence: 'nothing failed but what the baseline lists',
      next: 'mend what is listed before its day is over; a certificate needs a run without failures',
    };
  if (partial)
    return {
      word: 'passed',
      sentence: 'every selected requirement was observed and none failed',
      next: 'run it without a selection: only a whole run certifies',
    };
  const missing = neverGranted(grants);
  if (missing.length > 0)
    return {
      word: 'passed',
      sentence: `nothing failed, but nobody saw a request of ${missing.map(grantName).join(', ')} granted, so nothing is certified`,
      next: 'offer what these need; or declare a limit on the whole grant ("grant: …") or operation, with its reason',
    };
  return {
    word: 'certified',
    sentence: 'every planned requirement was observed and none failed',
    next:
      counts.warn > 0
        ? `look at the ${counts.warn === 1 ? 'warning' : `${counts.warn} warnings`}, or publish the result: run --certificate`
        : 'publish the result: run --certificate writes one that others can verify',
  };
}

/** The failing case that shows the first cause best. */
function firstOf(report: Report): ReportVerdict | undefined {
  const failing = new Map(failuresOf(report).map((one) => [one.case, one]));
  const [id] = causesIn(report).flatMap(({ best, cases }) =>
    [best, ...cases].filter((one) => failing.has(one)),
  );
  return id === undefined ? undefined : failing.get(id);
}

/** The first that could not be judged for a reason of its own, if there is one. */
function firstUnseen(report: Report): ReportVerdict | undefined {
  const follows = new Set(report.causes.flatMap(({ follow }) => follow));
  const all = unseenOf(report);
  return all.find((one) => !follows.has(one.case)) ?? all[0];
}

function nextOfIncomplete({ diagnosis }: Report, unseen: ReportVerdict | undefined): string {
  if (diagnosis !== null) return 'mend what is said above first, then run it again';
  if (unseen?.reason?.includes('fixture'))
    return 'offer the fixtures that are missing, or declare limits with their reasons in the target file';
  if (unseen?.reason === unsteady)
    return `find out why the same request did not always get the same answer: look at ${unseen.case} first`;
  return unseen === undefined
    ? 'select at least one case that the target does not exclude'
    : `look at why ${unseen.case} could not be judged: ${unseen.reproduce.command}`;
}

/**
 * Stands for the run as a whole, where that is not good though no case of it says so: else what shows cases alone
 * would be green.
 */
export function runAsCase(report: Report): ReportVerdict[] {
  const { word, sentence, next } = outcomeOf(report);
  const accepted = acceptedOf(report);
  const isSaid = failuresOf(report).length > 0 || unseenOf(report).some(({ case: id }) => !accepted.has(id));
  if (isSaid || (word !== 'failed' && word !== 'incomplete')) return [];
  return [
    {
      case: 'run/outcome',
      title: 'the run as a whole',
      requirement: 'the run as a whole',
      level: 'MUST',
      statement: next,
      section: '',
      operation: null,
      grant: null,
      exception: null,
      verdict: 'not-tested',
      reason: sentence,
      expected: [],
      actual: [],
      exchanges: [],
      samples: [],
      generated: null,
      reproduce: { command: '', curl: null },
      durationMs: 0,
    },
  ];
}

/** How many cases the limits of the target take away, in words; undefined where they take none. */
export function limitsText({ limits, verdicts }: Report): string | undefined {
  const reasons = new Set<string | null>(limits.map(({ reason }) => reason));
  const taken = verdicts.filter(({ verdict, reason }) => verdict === 'not-applicable' && reasons.has(reason));
  return taken.length === 0 ? undefined : `limits: ${taken.length} of ${verdicts.length} cases`;
}

/** The document that a section belongs to: `RFC 6749` of `RFC 6749 §4.1.2, §10.5`. */
export function documentOf(section: string): string {
  return section.split(/ §| App\. |[,;]/, 1)[0]?.trim() || 'no document';
}

/** A grant without the prefix that all extension grants share. */
export function shortGrant(grant: string | null): string {
  return (grant ?? '').replace('urn:ietf:params:oauth:grant-type:', '');
}

/** The cells of an operation that have cases: exceptions down, grants across. */
export interface Matrix {
  readonly operation: string;
  readonly grants: readonly (string | null)[];
  readonly exceptions: readonly string[];
  readonly cells: readonly ReportCell[];
}

/** One matrix for each operation that has cells with cases. */
export function matricesOf(cells: readonly ReportCell[]): Matrix[] {
  const exercised = cells.filter((cell) => cell.cases.length > 0);
  return [...Map.groupBy(exercised, ({ operation }) => operation)].map(([operation, here]) => ({
    operation,
    grants: [...new Set(here.map(({ grant }) => grant))],
    exceptions: [...new Set(here.map(({ exception }) => exception))],
    cells: here,
  }));
}

/** Cases that share a verdict and a reason: a cause that is told once. */
export function byReason(some: readonly ReportVerdict[]): ReportVerdict[][] {
  return [...Map.groupBy(some, ({ verdict, reason }) => `${verdict}\0${reason}`).values()];
}

/** How often the same request did not get the same answer, and what was seen only once, a line for each case. */
export function unsteadyLines(group: readonly ReportVerdict[], most: number): string[] {
  if (group[0]?.reason !== unsteady) return [];
  const lines = group.slice(0, most).map((one) => `${one.case}: ${seenOnce(one).join('; ')}`);
  const rest = group.length - lines.length;
  return [
    `In ${group.length === 1 ? 'one case' : `${group.length} cases`} this was seen, and not when the case was tried again:`,
    ...lines,
    ...(rest > 0 ? [`… and ${rest} more`] : []),
  ];
}

/** What the first try of a case came to, and the last one did not. */
function seenOnce({ actual }: ReportVerdict): string[] {
  const tries = Map.groupBy(actual, (line) => /^try (\d+), /.exec(line)?.[1] ?? 'once');
  const last = [...tries.values()].at(-1) ?? [];
  const words = (line: string) => line.replace(/^(?:try \d+, |once: )/, '');
  const steady = new Set(tries.size > 1 ? last.map(words) : []);
  const [first = []] = tries.values();
  return first.map(words).filter((line) => !steady.has(line));
}

/** The exchange that shows best what a verdict is about. */
export function shownExchange({ exchanges }: ReportVerdict): ReportVerdict['exchanges'][number] | undefined {
  return exchanges.findLast(({ step }) => !step.startsWith('given')) ?? exchanges.at(-1);
}

/** The script that repeats a verdict's requests, unless it is too long to be read, and the command that does. */
export function repeatingLines({ reproduce: { curl, command } }: ReportVerdict): string[] {
  return curl === null || curl.length > 4_000 ? [command] : [curl, command];
}

/** An exchange as lines of text: what was sent, what came back. */
export function exchangeText(
  { request, response, failure }: ReportVerdict['exchanges'][number],
  { body = 2_000 } = {},
): string {
  const head = (headers: readonly (readonly [string, string])[]) =>
    headers.map(([name, value]) => `${name}: ${value}`);
  const cut = (text: string) =>
    text.length > body ? `${text.slice(0, body)}… (${text.length} characters)` : text;
  return [
    `${request.method} ${request.url}`,
    ...head(request.headers),
    ...(request.body === undefined ? [] : ['', cut(request.body)]),
    '',
    ...(failure === undefined ? [] : [failure.message]),
    ...(response === undefined
      ? []
      : [`status ${response.status}`, ...head(response.headers), '', cut(response.body)]),
  ].join('\n');
}

/** Runs of equal lines as one line with their number. */
export function counted(lines: readonly string[]): string[] {
  const groups: { line: string; times: number }[] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.line === line) last.times += 1;
    else groups.push({ line, times: 1 });
  }
  return groups.map(({ line, times }) => (times > 1 ? `${line} (${times} times)` : line));
}
