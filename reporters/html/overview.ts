import type { Report } from '../../harness/report/report.ts';
import { isShut, limitsText, outcomeOf, shutText, type ToldCause, toldCauses } from '../outcome.ts';
import { html, type Markup, nothing } from './markup.ts';
import {
  badge,
  caseAnchor,
  duration,
  linkTo,
  lookOf,
  many,
  meanings,
  number,
  shownOrder,
  unseen,
} from './words.ts';

/** How many cases that were not observed are named at the top; the rest is a link away. */
const mostProblems = 10;

/** What the run came to, at a glance. */
export function overview(report: Report): Markup {
  const { suite, target, profile, diagnosis } = report;
  const outcome = outcomeOf(report);
  return html`<header id="overview">
    <p class="quiet">${suite.name} ${suite.version}</p>
    <h1>${target.name}</h1>
    ${diagnosis === null ? nothing : html`<p class="notice"><strong>Diagnosis.</strong> ${diagnosis}</p>`}
    <p class="outcome looks-${lookOf(outcome)}"><strong>${capital(outcome.word)}:</strong> ${outcome.sentence}.</p>
    <p class="quiet">Next: ${outcome.next}.</p>
    ${isShut(report) ? html`<p>${shutText(report)}</p>` : html`${counts(report)}${problems(report)}`}
    <dl class="facts">
      ${fact('Profile', `${profile.name} ${profile.version}${report.partial ? ', a selection' : ''}`)}
      ${fact('Seed', String(report.seed))}
      ${fact('Started', report.startedAt.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC'))}
      ${fact('Took', duration(report.durationMs))}
      ${fact('Requests', number(report.requests))}
      ${fact('Dialect', target.dialect)}
      ${fact('Judged', report.strict ? 'strictly: a broken SHOULD fails' : 'normally: a broken SHOULD warns')}
    </dl>
    ${endpoints(report)}
    ${baseline(report)}
    ${limits(report)}
    ${excluded(report)}
  </header>`;
}

function fact(name: string, value: string): Markup {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function counts({ counts: each, verdicts }: Report): Markup {
  const tiles = shownOrder.map((verdict) => {
    const inside = html`<b>${number(each[verdict])}</b> <span>${verdict}</span>`;
    return each[verdict] > 0
      ? html`<li class="is-${verdict}"><a href="#cases-${verdict}" title="${meanings[verdict].means}">${inside}</a></li>`
      : html`<li class="none">${inside}</li>`;
  });
  return html`<h2 class="for-readers">${number(verdicts.length)} cases by verdict</h2><ul class="counts">${tiles}</ul>`;
}

function endpoints({ target }: Report): Markup {
  const rows = Object.entries(target.endpoints).map(
    ([operation, url]) => html`<div><dt>${operation}</dt><dd><code>${url}</code></dd></div>`,
  );
  return html`<details class="more"><summary>${many(rows.length, 'endpoint', 'endpoints')}</summary>
    <dl class="pairs">${rows}</dl></details>`;
}

/** Every cause, and what was not observed for a reason of its own. */
function problems(report: Report): Markup {
  const causes = toldCauses(report).map(
    (one) => html`<li>${badge(one.cause.verdict)}
        <div><a href="${linkTo(caseAnchor(one.best.case))}">${one.cause.what}</a>${details(one)}</div></li>`,
  );
  const follows = new Set(report.causes.flatMap(({ follow }) => follow));
  const some = unseen.flatMap((verdict) =>
    report.verdicts.filter((one) => one.verdict === verdict && !follows.has(one.case)),
  );
  if (causes.length + some.length === 0) return nothing;
  const rows = some.slice(0, mostProblems).map(
    (one) => html`<li>${badge(one.verdict)}
        <span><a href="${linkTo(caseAnchor(one.case))}">${one.case}</a> <span class="quiet">${one.title}</span>
        ${one.reason === null ? nothing : html`<br>${one.reason}`}</span></li>`,
  );
  const rest =
    some.length > mostProblems
      ? html`<p><a href="#cases">and ${number(some.length - mostProblems)} more that were not observed</a></p>`
      : nothing;
  return html`<h2>What to look at, the gravest first</h2><ul class="problems">${causes}${rows}</ul>${rest}`;
}

/** Where a cause is seen and what follows from it, in one line that opens to all of its cases. */
function details({ cause: { best, cases, follow }, about, follow: consequence }: ToldCause): Markup {
  const line = consequence === undefined ? about : `${about} · ${consequence}`;
  const link = (id: string) => html`<a href="${linkTo(caseAnchor(id))}">${id}</a> `;
  const same = cases.filter((id) => id !== best);
  if (same.length + follow.length === 0) return html`<p class="quiet">${line}</p>`;
  return html`<details><summary class="quiet">${line}</summary>
    ${same.length > 0 ? html`<p>The same was seen in ${same.map(link)}</p>` : nothing}
    ${follow.length > 0 ? html`<p>What follows from it: ${follow.map(link)}</p>` : nothing}</details>`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What the target's list of known failures made of the run. */
function baseline({ baseline: applied }: Report): Markup {
  if (applied === null) return nothing;
  const row = (what: string, id: string, reason: string, cases: readonly string[]) =>
    html`<div><dt>${what}: <code>${id}</code></dt>
    <dd>${reason} ${cases.map((one) => html`<a href="${linkTo(caseAnchor(one))}">${one}</a> `)}</dd></div>`;
  const rows = [
    ...applied.expired.map(({ id, expires, reason, cases }) =>
      row(`Expired on ${expires}`, id, reason, cases),
    ),
    ...applied.stale.map(({ id, verdict, reason }) => row(`Stale, no longer ${verdict}`, id, reason, [])),
    ...applied.known.map(({ id, verdict, expires, reason, cases }) =>
      row(`Known ${verdict} until ${expires}`, id, reason, cases),
    ),
    ...applied.flaky.map(({ id, reason, cases }) => row('Flaky', id, reason, cases)),
  ];
  return html`<details class="more"><summary>Baseline: ${many(rows.length, 'entry applies', 'entries apply')}</summary>
    <p>What is known does not fail the run; what is stale or expired does.</p><dl class="pairs">${rows}</dl></details>`;
}

function limits(report: Report): Markup {
  const { limits: declared } = report;
  const taken = limitsText(report)?.replace('limits', '') ?? '';
  if (declared.length === 0) return nothing;
  const rows = declared.map(({ reason, ...what }) => {
    const names = Object.entries(what).map(([kind, name]) => `${kind} ${name}`);
    return html`<div><dt>${names.join(', ')}</dt><dd>${reason}</dd></div>`;
  });
  return html`<details class="more"><summary>${many(rows.length, 'limit', 'limits')} declared by the target${taken}</summary>
    <p>Cases that need these are not applicable.</p><dl class="pairs">${rows}</dl></details>`;
}

function excluded({ excluded: reasons, profile }: Report): Markup {
  const rows = [...Map.groupBy(Object.entries(reasons), ([, reason]) => reason)].map(
    ([reason, some]) =>
      html`<div><dt>${some.map(([id]) => html`<code>${id}</code> `)}</dt><dd>${reason}</dd></div>`,
  );
  if (rows.length === 0) return nothing;
  const amount = many(Object.keys(reasons).length, 'requirement', 'requirements');
  return html`<details class="more"><summary>${amount} excluded from the profile</summary>
    <p>No case of ${profile.name} probes these; a pass says nothing about them.</p>
    <dl class="pairs">${rows}</dl></details>`;
}
