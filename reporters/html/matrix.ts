import type { Report, ReportCell } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { isExercised } from '../../harness/report/share.ts';
import { shortGrant } from '../outcome.ts';
import { html, type Markup, nothing } from './markup.ts';
import { badge, caseAnchor, caseLinks, cases, linkTo, number, shownOrder } from './words.ts';

/** Grants across and exceptions down, for each operation. */
export function matrix({ cells, verdicts }: Report): Markup {
  if (cells.length === 0) return nothing;
  const byId = new Map(verdicts.map((one) => [one.case, one]));
  const tables = [...Map.groupBy(cells, ({ operation }) => operation)].map(([operation, here], at) =>
    table(operation, here, `matrix-${at}`, byId),
  );
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Grants and exceptions</h2>
    <p class="quiet">A cell has the worst verdict of its cases, and passes only when its exception was really seen.
    “fault” says that the fixture service was asked for the exception; otherwise circumstances brought it about.</p>
    ${tables}
  </section>`;
}

function table(
  operation: string,
  cells: readonly ReportCell[],
  id: string,
  byId: ReadonlyMap<string, ReportVerdict>,
): Markup {
  const grants = [...new Set(cells.map(({ grant }) => grant))];
  const rows = [...Map.groupBy(cells, ({ exception }) => exception)].map(([exception, here]) => {
    const columns = grants.map((grant) => {
      const found = here.find((cell) => cell.grant === grant);
      return found === undefined ? html`<td></td>` : cellOf(found, byId);
    });
    return html`<tr><th scope="row">${exception}</th>${columns}</tr>\n`;
  });
  const heads = grants.map(
    (grant) => html`<th scope="col">${grant === null ? 'Any request' : shortGrant(grant)}</th>`,
  );
  const exercised = cells.filter(isExercised).length;
  return html`<h3 id="${id}">${operation}</h3>
    <p class="quiet">${number(exercised)} of ${number(cells.length)} cells exercised</p>
    <div class="wide" role="region" aria-labelledby="${id}" tabindex="0"><table class="matrix">
    <colgroup><col>${grants.map(() => html`<col>`)}</colgroup>
    <thead><tr><th scope="col">Exception</th>${heads}</tr></thead>
    <tbody>${rows}</tbody></table></div>`;
}

/** A cell with one case is a link to it; one with several opens a list of them. */
function cellOf(cell: ReportCell, byId: ReadonlyMap<string, ReportVerdict>): Markup {
  const here = cell.cases
    .flatMap((id) => byId.get(id) ?? [])
    .sort((one, other) => shownOrder.indexOf(one.verdict) - shownOrder.indexOf(other.verdict));
  const [first] = here;
  const how = cell.provokedBy === 'fault' ? html` <small>fault</small>` : nothing;
  if (first === undefined) return html`<td>${badge(cell.verdict)} <small>no case</small></td>`;
  if (here.length > 1)
    return html`<td><details><summary>${badge(cell.verdict)} <small>${cases(here.length)}${how === nothing ? '' : ', fault'}</small></summary>${caseLinks(here)}</details></td>`;
  return html`<td><a href="${linkTo(caseAnchor(first.case))}" title="${first.case}">${badge(cell.verdict)}</a>${how}</td>`;
}
