import { createHash } from 'node:crypto';
import type { ComparedRequirement, Comparison } from './compare.ts';
import { constant, html, type Markup } from './html/markup.ts';
import { style } from './html/style.ts';
import { badge, many } from './html/words.ts';

/** Renders implementations side by side as one HTML page, without a script and without a request. */
export function renderComparisonHtml({ names, counts, rows }: Comparison): string {
  const differing = rows.filter(({ differs }) => differs);
  const documents = [...Map.groupBy(rows, ({ document }) => document)];
  const hash = createHash('sha256').update(style).digest('base64');
  return html`<!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; style-src 'sha256-${hash}'; img-src data:`}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>${names.join(' and ')} · token-conformance</title>
    <style>${constant(style)}</style></head>
    <body><main><h1>${names.join(' and ')}</h1>
    <p>${differing.length} of ${many(rows.length, 'requirement', 'requirements')} differ.</p>
    ${table('Cases', names, [
      ...(
        ['fail', 'warn', 'inconclusive', 'not-tested', 'harness-error', 'not-applicable', 'pass'] as const
      ).map((verdict) => [badge(verdict), ...counts.map((one) => String(one[verdict]))]),
    ])}
    ${differing.length === 0 ? '' : table('What differs', names, differing.map(row))}
    <h2>By document</h2>
    ${documents.map(
      ([document, some]) => html`<details class="more"><summary>${document}:
      ${some.filter(({ differs }) => differs).length} of ${some.length} differ</summary>
      ${table(document, names, some.map(row))}</details>`,
    )}
    </main></body></html>\n`.toString();
}

function row({ requirement, level, section, statement, verdicts }: ComparedRequirement): (Markup | string)[] {
  return [
    html`<span title="${statement}">${requirement}</span> <small class="quiet">${level} · ${section}</small>`,
    ...verdicts.map((verdict) => (verdict === null ? 'not planned' : badge(verdict))),
  ];
}

function table(
  title: string,
  names: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
): Markup {
  return html`<h3>${title}</h3><div class="wide" role="region" aria-label="${title}" tabindex="0"><table class="matrix">
    <thead><tr><th scope="col"></th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([head, ...cells]) =>
        html`<tr><th scope="row">${head ?? ''}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`,
    )}</tbody></table></div>`;
}
