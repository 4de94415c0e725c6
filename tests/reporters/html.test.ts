import { describe, expect, test } from 'vitest';
import { verdicts } from '../../harness/verdict.ts';
import { html } from '../../reporters/html/markup.ts';
import { lookOf } from '../../reporters/html/words.ts';
import { renderHtml } from '../../reporters/html.ts';
import { documentOf, outcomeOf } from '../../reporters/outcome.ts';
import { problemsWith } from '../../schemas/read.ts';
import { sampleReport, withHostileText } from './sample-report.ts';

/** The names of all tags, with those of their attributes. */
function tags(page: string): Set<string> {
  const body = page.replace(/<(style|script)>.*?<\/\1>/gs, '<$1></$1>');
  return new Set(
    [...body.matchAll(/<\/?([^\s>]+)((?:[^>"]|"[^"]*")*)>/g)].map(
      ([, name, rest = '']) =>
        `${name} ${[...rest.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, attribute]) => attribute)}`,
    ),
  );
}

test('the sample is a report', () => {
  expect(problemsWith('report', sampleReport())).toEqual([]);
  expect(Object.values(sampleReport().counts).every((amount) => amount > 0)).toBe(true);
});

describe('the page', () => {
  const report = sampleReport();
  const page = renderHtml(report);

  test('is the same each time', () => {
    expect(renderHtml(sampleReport())).toBe(page);
  });

  test.each(report.verdicts.map((one) => [one.case, one] as const))('shows %s', (id, one) => {
    expect(page).toContain(`id="case/${id}"`);
    for (const text of [one.requirement, one.title, one.statement, one.section, one.reason ?? ''])
      expect(page).toContain(text);
  });

  test('names every verdict, the cells and what was left out', () => {
    for (const verdict of verdicts) expect(page).toContain(`is-${verdict}">${verdict}<`);
    for (const { exception } of report.cells) expect(page).toContain(exception);
    for (const reason of Object.values(report.excluded)) expect(page).toContain(reason);
    for (const { reason } of report.limits) expect(page).toContain(reason);
    expect(page).toContain(report.diagnosis);
  });

  test('shows failures first and what passed last', () => {
    const places = [
      'fail',
      'harness-error',
      'inconclusive',
      'not-tested',
      'warn',
      'not-applicable',
      'pass',
    ].map((verdict) => page.indexOf(`<h3 id="cases-${verdict}"`));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  test('shows the headers of a request once when they are those of one before', () => {
    const [part] = page.split('id="case/authorization-code/redeemed"').slice(1);
    const exchanges = part?.slice(0, part.indexOf('Repeat it'));
    expect(exchanges?.match(/User-Agent: token-conformance/g)).toHaveLength(1);
    expect(exchanges).toContain('(the headers of request 1)');
  });

  test.each([
    [600, '600 seconds ahead.'],
    [-60, '60 seconds behind.'],
  ])('says where a clock %d seconds ahead stood', (seconds, words) => {
    const text = JSON.stringify(report).replaceAll('"clockAdvanced":600', `"clockAdvanced":${seconds}`);
    expect(renderHtml(JSON.parse(text))).toContain(`The clock of the target was ${words}`);
  });

  test('refers to nothing outside of itself', () => {
    const references = [...page.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, url]) => url);
    expect(references.filter((url) => !url?.startsWith('#') && url !== 'data:,')).toEqual([]);
    expect(page).not.toMatch(/@import|url\(/);
  });

  test('has a target for every link', () => {
    const ids = new Set([...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, anchor]) =>
      decodeURIComponent(anchor ?? ''),
    );
    expect(links.filter((anchor) => !ids.has(anchor))).toEqual([]);
  });
});

describe('hostile text', () => {
  const plain = tags(renderHtml(sampleReport()));

  test.each([
    ['a script', '<script>window.pwned=1</script>'],
    ['a picture out of an attribute', `"><img src=x onerror="window.pwned=1">`],
    ['an attribute', `" onclick="window.pwned=1" x='`],
    ['the end of what holds it', '</details></pre></title></style></script><svg onload=window.pwned=1>'],
    ['a comment', '<!-- --!> ]]> <![CDATA['],
    ['an entity', '&lt;script&gt; &#60;b&#62;'],
    ['ANSI sequences', '\u001b[31mred\u001b[0m\u0007\u0000'],
    ['text that turns around', '\u202eevil\u2066\u200b'],
    ['half a character', '\ud800 \udfff %E0%A4%A'],
  ])('%s stays text, in every string of a report', (_, attack) => {
    const page = renderHtml(withHostileText(sampleReport(), (text) => `${attack}${text}${attack}`));
    const added = [...tags(page)].filter((tag) => !plain.has(tag));
    expect(added).toEqual([]);
    if (/[<&"']/.test(attack)) expect(page).not.toContain(attack);
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    expect(page.isWellFormed()).toBe(true);
  });

  test('even where the format has a list of words', () => {
    const attack = '"><img src=x onerror=alert(1)>';
    const page = renderHtml(
      JSON.parse(JSON.stringify(sampleReport()).replaceAll('"MUST"', JSON.stringify(attack))),
    );
    expect(page).not.toContain('<img');
  });

  test('a template escapes what it is given, and refuses an attribute without quotes', () => {
    expect(html`<p title="${'"<b>'}">${['<i>', 1, html`<b>${'&'}</b>`]}</p>`.toString()).toBe(
      '<p title="&quot;&lt;b&gt;">&lt;i&gt;1<b>&amp;</b></p>',
    );
    expect(() => html`<p title=${'x'}></p>`).toThrow('needs quotes');
  });
});

describe('the outcome', () => {
  const none = {
    pass: 3,
    warn: 0,
    'not-applicable': 0,
    'not-tested': 0,
    inconclusive: 0,
    'harness-error': 0,
    fail: 0,
  };
  const whole = { ...sampleReport(), exitCode: 0 as const, counts: none, limits: [] };

  test('looks good when everything was observed', () => {
    expect(outcomeOf(whole).word).toBe('certified');
    expect(lookOf(outcomeOf(whole))).toBe('good');
  });

  test.each([
    ['something failed', { exitCode: 1 as const, counts: { ...none, fail: 1 } }, 'bad'],
    ['something was not observed', { exitCode: 2 as const, counts: { ...none, 'not-tested': 1 } }, 'open'],
    ['only a selection was run', { partial: true }, 'open'],
    ['nothing was observed', { exitCode: 2 as const, counts: { ...none, pass: 0 } }, 'open'],
    ['the counts say otherwise than the exit code', { counts: { ...none, inconclusive: 1 } }, 'open'],
  ])('does not look good when %s', (_, some, look) => {
    expect(lookOf(outcomeOf({ ...whole, ...some }))).toBe(look);
  });
});

test.each([
  ['RFC 6749 §4.1.2, §10.5; RFC 9700 §4.2.4', 'RFC 6749'],
  ['RFC 6749 App. A.12', 'RFC 6749'],
  [
    'AWS IAM Identity Center OIDC API reference, CreateToken, Errors',
    'AWS IAM Identity Center OIDC API reference',
  ],
  ['observed clients of the service; RFC 9700 §2.1', 'observed clients of the service'],
  ['', 'no document'],
])('the document of "%s" is %s', (section, document) => {
  expect(documentOf(section)).toBe(document);
});
