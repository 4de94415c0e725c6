import type { Report, ReportVerdict } from '../../harness/report.ts';
import { exitCodeOf, type Verdict } from '../../harness/verdict.ts';
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
export const unseen: readonly Verdict[] = ['harness-error', 'inconclusive', 'not-tested'];

/** A verdict as a word; the colour only repeats it. */
export function badge(verdict: Verdict): Markup {
  return html`<span class="badge is-${verdict}">${verdict}</span>`;
}

/** The outcome of a run in a word and a sentence, and how it may look. */
export interface Outcome {
  readonly look: 'good' | 'bad' | 'open';
  readonly word: string;
  readonly sentence: string;
}

/** What a run came to. It looks good only when the whole profile was run, observed, and nothing failed. */
export function outcomeOf({ exitCode, counts, partial, verdicts, limits }: Report): Outcome {
  const ends = exitCode === 0 ? exitCodeOf(counts) : exitCode;
  const missing = unseen.reduce((sum, verdict) => sum + counts[verdict], 0);
  const all = cases(verdicts.length);
  const warnings =
    counts.warn === 0 ? '' : ` ${many(counts.warn, 'recommendation is', 'recommendations are')} not met.`;
  const within =
    limits.length === 0 ? '' : `, within ${many(limits.length, 'limit', 'limits')} that the target declares`;
  if (ends === 1)
    return {
      look: 'bad',
      word: 'Failed',
      sentence: `${number(counts.fail)} of ${all} failed${missing === 0 ? '' : `, and ${number(missing)} could not be observed`}.`,
    };
  if (ends === 2)
    return {
      look: 'open',
      word: 'Incomplete',
      sentence:
        missing === 0
          ? 'Nothing was observed, so nothing is certified.'
          : `Nothing failed, but ${number(missing)} of ${all} could not be observed, so nothing is certified.`,
    };
  if (partial)
    return {
      look: 'open',
      word: 'A selection',
      sentence: `Nothing failed in the ${all} that were selected, but only the whole profile certifies.${warnings}`,
    };
  return {
    look: 'good',
    word: 'Conforms',
    sentence: `Every planned requirement was observed and none failed${within}.${warnings}`,
  };
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
