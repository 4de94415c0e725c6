import type { ReportVerdict } from '../../harness/report/report-verdict.ts';
import { isUnseen, type Verdict } from '../../harness/verdict.ts';
import type { Outcome } from '../outcome.ts';
import { html, type Markup } from './markup.ts';

/** The order in which cases are shown: what needs a reader first, what passed last. */
export const shownOrder: readonly Verdict[] = [
  'fail',
  'harness-error',
  'inconclusive',
  'not-tested',
  'warn',
  'not-applicable',
  'pass',
];

/** What a verdict means, for a reader who sees it the first time. */
export const meanings: Readonly<Record<Verdict, { readonly title: string; readonly means: string }>> = {
  fail: { title: 'Failed', means: 'A requirement is broken; the exchange proves it.' },
  'harness-error': {
    title: 'Harness errors',
    means: 'The suite itself went wrong: this says nothing about the target.',
  },
  inconclusive: { title: 'Inconclusive', means: 'What was observed does not decide, so it proves nothing.' },
  'not-tested': { title: 'Not tested', means: 'What the requirement is about was never seen.' },
  warn: { title: 'Warnings', means: 'A recommendation is not met.' },
  'not-applicable': { title: 'Not applicable', means: 'The target does not offer it, or need not.' },
  pass: { title: 'Passed', means: 'The requirement holds in what was observed.' },
};

/** Verdicts that say that something was planned and not observed. */
export const unseen: readonly Verdict[] = shownOrder.filter(isUnseen);

/** A verdict as a word; the colour only repeats it. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="badge is-${verdict}">${verdict}</span>`;
}

/** How the outcome may look: good only when the whole profile was run, observed, and nothing failed. */
export function lookOf({ word }: Outcome): 'good' | 'bad' | 'open' {
  if (word === 'failed') return 'bad';
  return word === 'certified' ? 'good' : 'open';
}

/** Where a case stands in the page. */
export function caseAnchor(id: string): string {
  return `case/${id}`;
}

/** Where a requirement stands in the page. */
export function requirementAnchor(id: string): string {
  return `requirement/${id}`;
}

/** The reference to an anchor. */
export function linkTo(anchor: string): string {
  return `#${encodeURIComponent(anchor.toWellFormed()).replaceAll('%2F', '/')}`;
}

/** A list of cases as links, each with its verdict. */
export function caseLinks(some: readonly ReportVerdict[]): Markup {
  const rows = some.map(
    (one) => html`<li>${badge(one.verdict)} <a href="${linkTo(caseAnchor(one.case))}">${one.case}</a></li>`,
  );
  return html`<ul class="links">${rows}</ul>`;
}

/** A number with its noun. */
export function many(amount: number, one: string, several: string): string {
  return `${number(amount)} ${amount === 1 ? one : several}`;
}

/** So many cases. */
export function cases(amount: number): string {
  return many(amount, 'case', 'cases');
}

/** A number with commas between thousands, the same on every machine. */
export function number(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Milliseconds as a person says them. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}
