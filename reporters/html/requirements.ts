import type { Report } from '../../harness/report/report.ts';
import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { type Verdict, worst } from '../../harness/verdict.ts';
import { documentOf } from '../outcome.ts';
import { html, type Markup } from './markup.ts';
import {
  badge,
  caseAnchor,
  caseLinks,
  cases,
  linkTo,
  many,
  number,
  requirementAnchor,
  shownOrder,
} from './words.ts';

/** A requirement with what its cases came to. */
interface Covered {
  readonly verdict: Verdict;
  readonly first: ReportVerdict;
  readonly cases: readonly ReportVerdict[];
}

/** What the requirements of each source document came to. */
export function requirements({ verdicts }: Report): Markup {
  const covered = [...Map.groupBy(verdicts, ({ requirement }) => requirement).values()].flatMap((some) => {
    const [first] = some;
    return first === undefined
      ? []
      : [{ first, cases: some, verdict: worst(some.map(({ verdict }) => verdict)) }];
  });
  const documents = [...Map.groupBy(covered, ({ first }) => documentOf(first.section))].sort(
    ([, one], [, other]) => rank(one) - rank(other) || other.length - one.length,
  );
  return html`<section id="requirements" aria-labelledby="requirements-title">
    <h2 id="requirements-title">Requirements by document</h2>
    <p class="quiet">${many(covered.length, 'requirement', 'requirements')} of
    ${many(documents.length, 'document', 'documents')}, each with the worst verdict of its cases.</p>
    ${documents.map(([name, some]) => document(name, some))}
  </section>`;
}

function rank(some: readonly Covered[]): number {
  return Math.min(...some.map(({ verdict }) => shownOrder.indexOf(verdict)));
}

function document(name: string, some: readonly Covered[]): Markup {
  const shares = shownOrder.flatMap((verdict) => {
    const amount = some.filter((one) => one.verdict === verdict).length;
    return amount === 0 ? [] : [{ verdict, amount }];
  });
  const rows = some
    .toSorted((one, other) => shownOrder.indexOf(one.verdict) - shownOrder.indexOf(other.verdict))
    .map(requirement);
  return html`<details class="document"><summary><span class="name">${name}</span>
    <span class="total">${number(some.length)}</span> ${bar(shares, some.length)}
    <span class="shares">${shares.map(({ verdict, amount }) => `${number(amount)} ${verdict}`).join(', ')}</span></summary>
    <ul class="requirements">${rows}</ul></details>`;
}

/** As an image without a style attribute, which the policy of the page refuses. */
function bar(
  shares: readonly { readonly verdict: Verdict; readonly amount: number }[],
  total: number,
): Markup {
  let from = 0;
  const parts = shares.map(({ verdict, amount }) => {
    const part = html`<rect class="is-${verdict}" x="${from}" width="${amount}" height="1"/>`;
    from += amount;
    return part;
  });
  return html`<svg class="bar" viewBox="0 0 ${total} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function requirement({ first, verdict, cases: some }: Covered): Markup {
  const [only] = some;
  const links =
    some.length === 1 && only !== undefined
      ? html`<a href="${linkTo(caseAnchor(only.case))}">${only.case}</a>`
      : html`<details><summary>${cases(some.length)}</summary>${caseLinks(some)}</details>`;
  return html`<li id="${requirementAnchor(first.requirement)}">${badge(verdict)}
    <div><code>${first.requirement}</code> <span class="quiet">${first.level} · ${first.section}</span>
    <p>${first.statement}</p>${links}</div></li>\n`;
}
