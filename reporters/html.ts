import { createHash } from 'node:crypto';
import type { Report } from '../harness/report/report.ts';
import { caseList } from './html/cases.ts';
import { type Facet, facetsOf, filterRules } from './html/filters.ts';
import { constant, html, type Markup } from './html/markup.ts';
import { matrix } from './html/matrix.ts';
import { overview } from './html/overview.ts';
import { requirements } from './html/requirements.ts';
import { script } from './html/script.ts';
import { style } from './html/style.ts';
import { isShut, outcomeOf } from './outcome.ts';

/**
 * Renders a report as one HTML page that holds all it needs, to be read from a disk. Its policy allows this one
 * style and this one script, and no request at all.
 */
export function renderHtml(report: Report): string {
  const facets = facetsOf(report);
  const rules = style + filterRules(facets);
  const policy = `default-src 'none'; style-src '${hashOf(rules)}'; script-src '${hashOf(script)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <link rel="icon" href="data:,">
    <title>${outcomeOf(report).word}: ${report.target.name} · ${report.suite.name}</title>
    <style>${constant(rules)}</style></head>
    ${isShut(report) ? html`<body>${overview(report)}` : details(report, facets)}
    <footer><p class="quiet">Secrets were replaced when they were captured: kind, length, alphabet and a fingerprint
    stay. report.json holds everything that this page shows.</p></footer>
    <script>${constant(script)}</script></body></html>\n`.toString();
}

function details(report: Report, facets: readonly Facet[]): Markup {
  return html`<body><a class="skip" href="#cases">Skip to the cases</a>
    ${overview(report)}
    <nav aria-label="Sections"><ul><li><a href="#matrix">Grants and exceptions</a></li>
    <li><a href="#requirements">Requirements by document</a></li><li><a href="#cases">Cases</a></li></ul></nav>
    <main>${matrix(report)}${requirements(report)}${caseList(report, facets)}</main>`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
