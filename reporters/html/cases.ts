import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import type { Counterexample } from '../../harness/trial.ts';
import { counted, shortGrant, shownExchange } from '../outcome.ts';
import { exchanges } from './exchanges.ts';
import { classesOf, type Facet, filterForm, placesOf } from './filters.ts';
import { html, type Markup, nothing } from './markup.ts';
import {
  badge,
  caseAnchor,
  duration,
  linkTo,
  many,
  meanings,
  number,
  requirementAnchor,
  shownOrder,
} from './words.ts';

/** Every case, the worst verdicts first, with the filters over them. */
export function caseList(report: Report, facets: readonly Facet[]): Markup {
  const places = placesOf(facets);
  const groups = shownOrder.map((verdict) => {
    const some = report.verdicts.filter((one) => one.verdict === verdict);
    if (some.length === 0) return nothing;
    const { title, means } = meanings[verdict];
    return html`<section class="group verdict-${places[0]?.get(verdict) ?? ''}" aria-labelledby="cases-${verdict}">
      <h3 id="cases-${verdict}">${title} <small>${number(some.length)}</small></h3>
      <p class="quiet">${means}</p>
      ${some.map((one) => caseOf(one, classesOf(one, places, facets), report))}</section>`;
  });
  return html`<section id="cases" aria-labelledby="cases-title">
    <h2 id="cases-title">Cases</h2>
    <div class="columns">${filterForm(facets)}<div>${groups}
    <p id="none" hidden>No case matches. Clear the filters to see all of them.</p></div></div>
  </section>`;
}

/** The anchor is inside, so that a browser which follows a link to it opens the case by itself. */
function caseOf(one: ReportVerdict, classes: string, { seed }: Report): Markup {
  const scope = [one.level, one.operation, one.grant === null ? null : shortGrant(one.grant), one.exception];
  const reason =
    one.reason === null || one.verdict === 'pass' ? nothing : html`<span class="reason">${one.reason}</span>`;
  return html`<details class="case ${classes}"><summary>${badge(one.verdict)}
    <span class="what"><code>${one.case}</code> <span>${one.title}</span>${reason}
    <span class="quiet">${scope.filter((part) => part !== null).join(' · ')}</span></span></summary>
    <div class="body" id="${caseAnchor(one.case)}">
    <p class="statement">${one.statement}</p>
    <p class="quiet">${one.level} · ${one.section} · <a href="${linkTo(requirementAnchor(one.requirement))}">${one.requirement}</a>
    · ${duration(one.durationMs)} · <a href="${linkTo(caseAnchor(one.case))}">link to this case</a></p>
    ${one.reason !== null && one.verdict === 'pass' ? html`<p><strong>Reason:</strong> ${one.reason}</p>` : nothing}
    <div class="sides">${lines('Expected', one.expected)}${lines('Actual', counted(one.actual))}</div>
    ${samples(one)}${generated(one)}
    ${exchanges(one.exchanges, shownExchange(one))}
    <h4>Repeat it</h4><p class="quiet">Seed ${seed}. ${one.reproduce.curl === null ? 'There is no curl line for this case.' : ''}</p>
    ${copied('command', one.reproduce.command)}${one.reproduce.curl === null ? nothing : copied('curl', one.reproduce.curl)}
    </div></details>\n`;
}

function lines(title: string, some: readonly string[]): Markup {
  if (some.length === 0) return nothing;
  return html`<div><h4>${title}</h4><ul>${some.map((line) => html`<li>${line}</li>`)}</ul></div>`;
}

function samples({ samples: some }: ReportVerdict): Markup {
  if (some.length === 0) return nothing;
  const rows = some.map(
    ({ step, kind, count, distinct, bits }) =>
      html`<li>${step}: ${many(count, 'value', 'values')} of ${kind}, ${number(distinct)} distinct,
        at least ${number(Math.floor(bits))} unpredictable bits each</li>`,
  );
  return html`<h4>Secrets seen</h4><ul>${rows}</ul>`;
}

function generated({ generated: what, reason }: ReportVerdict): Markup {
  if (what === null) return nothing;
  const { runs, requests, counterexample } = what;
  return html`<h4>Generated</h4><p>${many(runs, 'value was', 'values were')} tried with
    ${many(requests, 'request', 'requests')}; ${counterexample === null ? 'none broke the property.' : 'this one broke the property:'}</p>
    ${counterexample === null ? nothing : counterexampleOf(counterexample, reason)}`;
}

function counterexampleOf(
  { value, problem, seed, path, shrinks, again }: Counterexample,
  reason: string | null,
): Markup {
  return html`${problem === reason ? nothing : html`<p>${problem}</p>`}<pre>${asText(value)}</pre>
    <p class="quiet">Made smaller ${many(shrinks, 'time', 'times')}, at seed ${seed}, path ${path}.
    ${again ? 'It broke the property each time.' : 'It broke the property only once: something else than the value counts too.'}</p>`;
}

/** A sequence has a line for each step; anything else is laid out as JSON. */
function asText(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value, null, 2) ?? 'undefined';
  return `[\n${value.map((step) => `  ${JSON.stringify(step)}`).join(',\n')}\n]`;
}

/** A text to take along. The button appears only where the script that it needs runs. */
function copied(name: string, text: string): Markup {
  return html`<div class="copied"><pre>${text}</pre><button type="button" data-copy hidden>Copy ${name}</button></div>`;
}
