import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { shortGrant } from '../outcome.ts';
import { html, type Markup } from './markup.ts';
import { number, shownOrder } from './words.ts';

/** One way to narrow the cases down: its values as they occur in a report, in the order of the page. */
export interface Facet {
  readonly name: string;
  readonly title: string;
  readonly values: readonly string[];
  readonly amounts: ReadonlyMap<string, number>;
  readonly of: (one: ReportVerdict) => string;
}

const levels: readonly string[] = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY'];

/** What the cases of a report can be filtered by. */
export function facetsOf({ verdicts }: Report): Facet[] {
  const facet = (name: string, title: string, of: Facet['of'], order: readonly string[] = []): Facet => {
    const amounts = new Map<string, number>();
    for (const one of verdicts) amounts.set(of(one), (amounts.get(of(one)) ?? 0) + 1);
    const place = (value: string) => (order.includes(value) ? order.indexOf(value) : order.length);
    const values = [...amounts.keys()].sort((one, other) => place(one) - place(other));
    return { name, title, values, amounts, of };
  };
  return [
    facet('verdict', 'Verdict', ({ verdict }) => verdict, shownOrder),
    facet('level', 'Level', ({ level }) => level, levels),
    facet('operation', 'Operation', ({ operation }) => operation ?? 'no operation'),
    facet('grant', 'Grant', ({ grant }) => (grant === null ? 'no grant' : shortGrant(grant))),
  ];
}

/** The classes by which the rules below find a case. They are numbered: a report's text never gets into a rule. */
export function classesOf(
  one: ReportVerdict,
  places: readonly ReadonlyMap<string, number>[],
  facets: readonly Facet[],
): string {
  return facets.map(({ name, of }, at) => `${name}-${places[at]?.get(of(one))}`).join(' ');
}

/** The number of each value of each facet. */
export function placesOf(facets: readonly Facet[]): ReadonlyMap<string, number>[] {
  return facets.map(({ values }) => new Map(values.map((value, at) => [value, at])));
}

/** Style rules that hide what a filter leaves out. Within a facet nothing chosen means everything. */
export function filterRules(facets: readonly Facet[]): string {
  return facets
    .flatMap(({ name, values }) =>
      values.map(
        (_, at) =>
          `body:has(.by-${name}:checked):not(:has(#by-${name}-${at}:checked)) .${name}-${at}{display:none}`,
      ),
    )
    .join('\n');
}

/** The filters as check boxes, which work without a script, and a search, which needs one. */
export function filterForm(facets: readonly Facet[]): Markup {
  return html`<form id="filters" autocomplete="off" aria-label="Filter the cases">
    <p class="search" hidden><label for="search">Search</label>
    <input id="search" type="search" placeholder="id, requirement, text of an exchange …"></p>
    ${facets.filter(({ values }) => values.length > 1).map(fieldset)}
    <p><button type="reset">Clear filters</button> <output id="shown" for="filters"></output></p>
  </form>`;
}

function fieldset({ name, title, values, amounts }: Facet): Markup {
  const boxes = values.map((value, at) => {
    const id = `by-${name}-${at}`;
    return html`<span class="choice"><input type="checkbox" class="by-${name}" id="${id}">
      <label for="${id}">${value} <small>${number(amounts.get(value) ?? 0)}</small></label></span>\n`;
  });
  return html`<fieldset><legend>${title}</legend>${boxes}</fieldset>`;
}
