/** The look of the page. Every colour is a property, once for light and once for dark. */
export const style = `:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --ink: #1b1f27; --quiet: #586172; --line: #d9dee6; --code: #f0f2f6;
  --link: #1d4fae; --focus: #1d4fae;
  --fail: #b3182a; --on-fail: #fff; --fail-soft: #fdecee;
  --warn: #855400; --warn-soft: #fff3d9;
  --open: #6a3aa8; --open-soft: #f3ecfc;
  --pass: #17693a; --pass-soft: #e6f5ec;
  --none: #5b6473; --none-soft: #eceff3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151b; --card: #1a1e26; --ink: #e4e8ef; --quiet: #9ba5b6; --line: #313845; --code: #12161d;
    --link: #8ab4ff; --focus: #8ab4ff;
    --fail: #ff8c98; --on-fail: #2a0a0e; --fail-soft: #3a191e;
    --warn: #f0bd5c; --warn-soft: #352a14;
    --open: #c9a6f7; --open-soft: #2c2240;
    --pass: #77d09a; --pass-soft: #16301f;
    --none: #a3acbb; --none-soft: #282e39;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 1rem; text-size-adjust: 100%; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body > header, main, footer, body > nav { max-width: 82rem; margin-inline: auto; padding-inline: 1rem; }
body > header { padding-top: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .75rem; }
h2 { font-size: 1.25rem; margin: 1.5rem 0 .5rem; }
h3 { font-size: 1.0625rem; margin: 1.5rem 0 .25rem; }
h4 { font-size: .875rem; margin: 1rem 0 .25rem; }
p { margin: .25rem 0 .5rem; }
a { color: var(--link); }
small, .quiet { color: var(--quiet); font-size: .875rem; font-weight: normal; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .8125rem; }
pre { margin: .25rem 0; padding: .625rem .75rem; background: var(--code); border: 1px solid var(--line); border-radius: .375rem;
  white-space: pre-wrap; max-height: 30rem; overflow: auto; }
ul { padding-left: 1.25rem; margin: .25rem 0; }
summary { cursor: pointer; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: .25rem; }
button { font: inherit; font-size: .875rem; padding: .25rem .75rem; color: var(--ink); background: var(--card);
  border: 1px solid var(--line); border-radius: .375rem; cursor: pointer; }
button:hover { border-color: var(--quiet); }
.skip { position: absolute; left: -100rem; padding: .5rem 1rem; background: var(--card); }
.skip:focus { left: 1rem; top: .5rem; z-index: 1; }
.for-readers { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.outcome { font-size: 1.125rem; padding: .75rem 1rem; border-radius: .5rem; border: 1px solid; border-left-width: .5rem; }
.looks-good { color: var(--pass); background: var(--pass-soft); }
.looks-bad { color: var(--fail); background: var(--fail-soft); }
.looks-open { color: var(--open); background: var(--open-soft); border-style: dashed; border-left-style: solid; }
.notice { padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card); }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .5rem; list-style: none;
  padding: 0; margin: .75rem 0; }
.counts li { background: var(--card); border: 1px solid var(--line); border-top: .25rem solid var(--tone, var(--line));
  border-radius: .5rem; }
.counts a { display: block; color: inherit; text-decoration: none; padding: .5rem .75rem; }
.counts li.none { padding: .5rem .75rem; color: var(--quiet); }
.counts b { display: block; font-size: 1.375rem; line-height: 1.2; font-variant-numeric: tabular-nums; color: var(--tone, inherit); }
.counts span { font-size: .875rem; }
.counts a:hover span { text-decoration: underline; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
.facts dt, .pairs dt { color: var(--quiet); font-size: .8125rem; }
dd { margin: 0; }
.pairs > div { padding: .375rem 0; border-top: 1px solid var(--line); }
.pairs { margin: .5rem 0; }
.more { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; margin: .375rem 0; }
.problems, .links, .requirements { list-style: none; padding: 0; }
.problems li, .requirements > li { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: .75rem; align-items: start;
  padding: .5rem 0; border-top: 1px solid var(--line); }
.problems li { grid-template-columns: 6.5rem minmax(0, 1fr); padding: .25rem 0; line-height: 1.35; }
.problems div > p, .problems div > details { margin: 0; }
.links li { padding: .125rem 0; font-size: .875rem; }
body > nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: .5rem 0; margin: 1rem 0 0;
  border-block: 1px solid var(--line); }
.is-fail, .is-harness-error { --tone: var(--fail); --soft: var(--fail-soft); }
.is-warn { --tone: var(--warn); --soft: var(--warn-soft); }
.is-inconclusive, .is-not-tested { --tone: var(--open); --soft: var(--open-soft); }
.is-not-applicable { --tone: var(--none); --soft: var(--none-soft); }
.is-pass { --tone: var(--pass); --soft: var(--pass-soft); }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid var(--tone); border-radius: .25rem; color: var(--tone);
  background: var(--soft); font-size: .8125rem; font-weight: 600; line-height: 1.5; white-space: nowrap; }
.badge.is-fail, .badge.is-harness-error { background: var(--fail); color: var(--on-fail); }
.badge.is-inconclusive, .badge.is-not-tested { border-style: dashed; }
.badge.is-pass { border-color: transparent; }
.problems .badge, .requirements .badge { justify-self: start; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.matrix { border-collapse: collapse; width: 100%; table-layout: fixed; font-size: .875rem; overflow-wrap: normal; }
.matrix th, .matrix td { text-align: left; vertical-align: top; padding: .375rem .75rem; border-top: 1px solid var(--line); }
.matrix thead th { border-top: 0; color: var(--quiet); white-space: nowrap; }
.matrix td > a .badge { text-decoration: underline; }
.matrix th[scope=row] { font-weight: 500; }
.matrix col { width: 13rem; }
.matrix col:first-child { width: 17rem; }
.matrix .links { padding-bottom: .25rem; overflow-wrap: anywhere; }
.document { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin: .375rem 0; padding: .375rem .75rem; }
.document > summary { display: grid; grid-template-columns: minmax(0, 1fr) 3rem 12rem minmax(0, 18rem); gap: .25rem 1rem;
  align-items: center; list-style-position: inside; }
.document .total { text-align: right; font-variant-numeric: tabular-nums; }
.document .shares { color: var(--quiet); font-size: .875rem; }
.document .name { font-weight: 500; }
.document .name::before { content: "\\25b8"; display: inline-block; width: 1rem; color: var(--quiet); }
.document[open] > summary .name::before { content: "\\25be"; }
.bar { display: block; width: 100%; height: .625rem; border-radius: .25rem; background: var(--none-soft); }
.bar rect { fill: var(--tone); }
.requirements p { margin: .125rem 0; }
.columns { display: grid; grid-template-columns: 15rem minmax(0, 1fr); gap: 1.5rem; align-items: start; }
#filters { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; padding: .25rem; font-size: .875rem; }
fieldset { border: 0; padding: 0; margin: 0 0 .75rem; min-width: 0; }
legend { padding: 0; font-weight: 600; }
.choice { display: block; }
.choice small { font-size: .8125rem; }
#shown { display: block; margin-top: .5rem; color: var(--quiet); }
.search label { display: block; font-weight: 600; }
.search input { width: 100%; font: inherit; padding: .375rem .5rem; color: inherit; background: var(--card);
  border: 1px solid var(--quiet); border-radius: .375rem; }
.group h3 { margin-top: .5rem; }
.group + .group h3 { margin-top: 2rem; }
.case { content-visibility: auto; contain-intrinsic-size: auto 4.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; margin: .375rem 0; }
.case > summary { display: grid; grid-template-columns: .75rem 8rem minmax(0, 1fr); gap: .5rem; padding: .5rem .75rem; align-items: start; }
.case > summary::before { content: "\\25b8"; color: var(--quiet); }
.case[open] > summary::before { content: "\\25be"; }
.case > summary .badge { justify-self: start; }
.case > summary:focus-visible { outline-offset: -3px; }
.case > summary:hover { background: var(--code); }
.case .what > * { margin-right: .5rem; }
.case .what > code { font-weight: 600; }
.case .what > .quiet, .case .reason { display: block; }
.case:has(> .body:target) { border-color: var(--focus); }
.body { padding: .25rem .75rem 1rem; border-top: 1px solid var(--line); scroll-margin-top: 6rem; }
.statement { font-size: 1.0625rem; margin-top: .5rem; }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 1.5rem; }
.exchange { margin: .25rem 0; }
.exchange > *:not(summary) { margin-left: 1rem; }
.copied { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: .5rem; align-items: start; }
.copied button { margin-top: .25rem; }
footer { padding-block: 2rem; }
@media (max-width: 60rem) {
  .columns { grid-template-columns: minmax(0, 1fr); }
  #filters { position: static; max-height: none; border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; background: var(--card); }
  .choice { display: inline-block; margin-right: .75rem; }
  .document > summary { grid-template-columns: minmax(0, 1fr) auto; }
  .document .bar, .document .shares { grid-column: 1 / -1; }
}
@media (max-width: 40rem) {
  .problems li, .requirements > li { grid-template-columns: minmax(0, 1fr); gap: .25rem; }
  .case > summary { grid-template-columns: .75rem minmax(0, 1fr); }
  .case > summary > .what { grid-column: 2; }
  .copied { grid-template-columns: minmax(0, 1fr); }
  .copied button { justify-self: start; }
  .exchange > *:not(summary) { margin-left: 0; }
  .counts { grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); }
  .matrix th, .matrix td { padding-inline: .5rem; }
  .matrix { font-size: .8125rem; }
  .matrix col { width: 11rem; }
  .matrix col:first-child { width: 14rem; }
}
@media (scripting: none) {
  .case:has(> .body:target), .group:has(> .case > .body:target) { display: block !important; }
}
@media print {
  #filters, body > nav, .skip, button { display: none; }
  .columns { display: block; }
  pre { max-height: none; }
}
`;
