import { existsSync, readFileSync } from 'node:fs';
import { Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import { planFor } from '../harness/plan/plan.ts';
import { acceptedBy, applyBaseline, type Baseline, listable } from '../harness/report/baseline.ts';
import { targetOf } from '../harness/report/rejudge.ts';
import type { Report } from '../harness/report/report.ts';
import type { ReportVerdict } from '../harness/report/report-verdict.ts';
import { problemsWith, sentence } from '../schemas/read.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { contentOf, offsetOf, pathOf, readYaml } from '../targets/yaml.ts';
import { catalogueOf } from './catalogue.ts';
import { writeText } from './reports.ts';

/**
 * Reads a target's list of known failures, YAML or JSON.
 *
 * @param ids of the cases and requirements that there are: an entry for another one would excuse nothing
 * @throws {UserError} that lists every mistake with its line and column
 */
export function readBaseline(file: string, ids: ReadonlySet<string>): Baseline {
  const { document, at } = readYaml(file, 'baseline');
  const content = contentOf(document, file) ?? {};
  const problems = problemsWith('baseline', content);
  if (problems.length > 0)
    throw new UserError(
      problems
        .map((problem) => `${at(offsetOf(document, pathOf(problem)))}: ${sentence(problem)}${hint(problem)}`)
        .join('\n'),
    );
  const { known = [], flaky = [] } = content as Partial<Baseline>;
  const places = { known, flaky };
  const mistakes = (['known', 'flaky'] as const).flatMap((list) =>
    places[list].flatMap(({ id }, index) => {
      const place = at(offsetOf(document, [list, String(index), 'id']));
      if (!ids.has(id))
        return [`${place}: there is no case or requirement "${id}".${didYouMean(id, [...ids])}`];
      const before = places[list].slice(0, index).some((other) => other.id === id && list === 'flaky');
      return before ? [`${place}: "${id}" is listed twice`] : [];
    }),
  );
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));
  return { known, flaky };
}

function hint({ keyword, params }: { keyword: string; params: Record<string, unknown> }): string {
  if (keyword === 'additionalProperties') return ` ("${params.additionalProperty}")`;
  return keyword === 'format' && params.format === 'date' ? ', such as 2027-01-31' : '';
}

/** Every id that a baseline may name in a profile. */
export function idsOf(cases: readonly { readonly id: string; readonly requirement: string }[]): Set<string> {
  return new Set(cases.flatMap(({ id, requirement }) => [id, requirement]));
}

/** Also for a report of a part or a selection, all that its profile has. */
export function idsOfProfile(report: Report): Set<string> {
  return idsOf(planFor(catalogueOf(report), targetOf(report)).cases);
}

export interface BaselineUpdate {
  /** Why what is new on the list is accepted. */
  readonly reason?: string;
  /** The last day for what is new on the list, `YYYY-MM-DD`. */
  readonly expires?: string;
}

/**
 * Brings a list of known failures up to date with a report: takes out what is stale, adds what is broken and not
 * listed, and leaves comments and everything else as they are. Makes the file when there is none.
 *
 * @returns what was added, what was taken out, and what is over and was left
 * @throws {UserError} when something is to be added and nobody says why, or until when
 */
export function updateBaseline(
  file: string,
  report: Report,
  { reason, expires }: BaselineUpdate,
): { added: string[]; removed: string[]; expired: string[] } {
  const baseline = existsSync(file) ? readBaseline(file, idsOfProfile(report)) : { known: [], flaky: [] };
  const { applied, unlisted } = compared(baseline, report);
  // What is over is listed still: its day has to be thought about, and not be moved by a command.
  const over = new Set(applied.expired.flatMap(({ cases }) => cases));
  const fresh = unlisted.filter((one) => !over.has(one.case));
  if (fresh.length > 0 && (!reason?.trim() || expires === undefined))
    throw new UserError(
      `${fresh.length} failures are not listed yet (${fresh
        .slice(0, 3)
        .map((one) => one.case)
        .join(
          ', ',
        )}${fresh.length > 3 ? ' …' : ''}). Say why they are accepted and until when: --reason TEXT --expires YYYY-MM-DD.`,
    );
  if (expires !== undefined && !isDate(expires))
    throw new UserError(`--expires ${expires} is no day, such as 2027-01-31.`);
  const stale = new Set(applied.stale.map(({ id, verdict }) => `${id} ${verdict}`));
  const document = existsSync(file) ? parseDocument(readFileSync(file, 'utf8')) : new Document({});
  const known = listOf(document, 'known');
  known.items = known.items.filter(
    (item) => !(isMap(item) && stale.has(`${item.get('id')} ${item.get('verdict')}`)),
  );
  for (const { case: id, verdict } of fresh)
    known.items.push(document.createNode({ id, verdict, reason, expires }) as YAMLMap);
  const isJson = /\.json$/i.test(file);
  writeText(file, isJson ? `${JSON.stringify(document, null, 2)}\n` : document.toString({ lineWidth: 0 }));
  return {
    added: fresh.map((one) => one.case),
    removed: applied.stale.map(({ id }) => id),
    expired: applied.expired.map(({ id }) => id),
  };
}

/** What a baseline comes to today, and what is broken and not accepted by it. */
function compared(baseline: Baseline, { verdicts, partial }: Report) {
  const applied = applyBaseline(baseline, verdicts, { partial, today: new Date() });
  const accepted = acceptedBy(applied);
  return { applied, unlisted: verdicts.filter((one) => isListable(one) && !accepted.has(one.case)) };
}

/** A warning needs no excuse: it does not fail a run, unless the run was strict and it is a fail anyway. */
function isListable({ verdict }: ReportVerdict): boolean {
  return verdict !== 'warn' && listable.some((one) => one === verdict);
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${text}T`);
}

function listOf(document: Document, name: string): YAMLSeq {
  const there = document.get(name);
  if (isSeq(there)) return there;
  const made = document.createNode([]) as YAMLSeq;
  document.set(name, made);
  return made;
}

/** What a baseline comes to beside a report, for a terminal. */
export function checkBaseline(file: string, report: Report): { text: string; isUpToDate: boolean } {
  const { applied, unlisted } = compared(readBaseline(file, idsOfProfile(report)), report);
  const { stale, expired, known, flaky } = applied;
  const lines = [
    ...unlisted.map((one) => `not listed: ${one.case} (${one.verdict})`),
    ...expired.map(({ id, expires }) => `expired on ${expires}: ${id}`),
    ...stale.map(({ id, verdict }) => `stale: ${id} is no longer ${verdict}`),
    ...known.map(({ id, verdict, expires }) => `known ${verdict} until ${expires}: ${id}`),
    ...flaky.map(({ id }) => `flaky: ${id}`),
  ];
  const isUpToDate = unlisted.length + expired.length + stale.length === 0;
  return {
    text: `${[...lines, isUpToDate ? `${file} is up to date` : `${file} is out of date`].join('\n')}\n`,
    isUpToDate,
  };
}
