import type { WireResponse } from '../wire.ts';
import { adding, honestly, refusals, replacing, textOf, withHeader } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** Texts that do something where they are shown without care. */
const hostile: readonly (readonly [name: string, what: string, text: string])[] = [
  ['escapes', 'ANSI escapes', '\x1b[2J\x1b]0;title\x07\x1b[31mred\x9b31m'],
  ['bidi', 'characters that turn the direction of text', 'abc\u202egnp.exe\u2066\u061c\u200f'],
  ['invisible', 'characters that nobody sees', 'a\u00adb\u200b\u2060\ufeff\u{e0041}\u{e007f}c'],
  ['line-separators', 'line separators', 'a\u2028b\u2029c\u0085d\x0be'],
  ['commands', 'workflow commands', '::error title=forged::x ::add-mask::y ##[group]z'],
  [
    'lines-of-commands',
    'workflow commands on lines of their own',
    '\n::error title=forged::x\r\n::stop-commands::y\n',
  ],
  ['html', 'HTML', '<script>alert(1)</script><img src=x onerror=alert(1)></pre></details>'],
  ['markdown', 'Markdown', '[x](javascript:alert(1)) ![y](https://evil.example/) | @everyone `` ``` # z'],
  ['xml', 'XML', ']]></failure><testcase name="forged"/>&lt;&#0;<!--'],
];

type Place = (honest: WireResponse, text: string) => Buffer;

const inHeader =
  (name: string, before = ''): Place =>
  (honest, text) =>
    honestly(honest, { headers: withHeader(honest, name, before + text.replace(/[\r\n]+/g, ' ')) });

const places: readonly (readonly [name: string, what: string, place: Place])[] = [
  ['error', 'the error', replacing('error')],
  ['description', 'the description', replacing('error_description')],
  ['header', 'a header', inHeader('X-Message')],
  ['content-type', 'the Content-Type', inHeader('Content-Type', 'application/json; note=')],
  ['exception', 'x-amzn-ErrorType', inHeader('x-amzn-ErrorType')],
  [
    'member-name',
    'the name of a member',
    (honest, text) =>
      honestly(honest, { body: JSON.stringify({ ...JSON.parse(textOf(honest)), [text]: 1 }) }),
  ],
];

const headerNames: readonly Misbehaviour[] = ['escapes', 'commands', 'html', 'markdown'].map((name) => ({
  name: `${name}-in-header-name`,
  what: `Has ${hostile.find(([one]) => one === name)?.[1]} in the name of a header of each error.`,
  spoil: refusals((honest) =>
    honestly(honest, {
      headers: [...honest.headers, [hostile.find(([one]) => one === name)?.[2] ?? '', 'value']],
    }),
  ),
}));

/** Runs of characters that make careless regular expressions slow. */
const runs: readonly (readonly [name: string, what: string, unit: string])[] = [
  ['eyj', 'beginnings of JWTs', 'eyJ'],
  ['jwt-dots', 'almost JWTs', 'eyJabcdefgh.'],
  ['opening-brackets', 'opening square brackets', '['],
  ['marks', 'almost marks of the report', '[accessToken 1'],
  ['parentheses', 'opening parentheses', '('],
  ['angles', 'opening tags', '<a '],
  ['spaces', 'spaces', ' '],
  ['letters', 'letters', 'a'],
  ['token-like', 'letters and digits', 'aA0'],
  ['unreserved', 'punctuation of tokens', '-._~'],
  ['unicode-escapes', 'backslashes and u', '\\u'],
  ['percents', 'percent signs escaped', '%25'],
  ['equals', 'equals signs', '='],
  ['slashes', 'slashes', '/'],
  ['colons', 'colons', '::'],
  ['backquotes', 'backquotes', '`'],
  ['stars', 'stars and underscores', '*_'],
  ['commas', 'commas and spaces', ', '],
  ['dots', 'dots', '.'],
  ['ampersands', 'almost entities', '&#x'],
];

/** As long as it may be: in a body of 64 KB, and in a head of 16 KB. */
const run = ([name, what, unit]: (typeof runs)[number]): Misbehaviour => ({
  name: `run-of-${name}`,
  what: `Describes each error in a long run of ${what}, in a header and another member too.`,
  spoil: refusals((honest) => {
    const description = unit.repeat(20_000 / unit.length);
    const body = { ...JSON.parse(textOf(honest)), error_description: description, more: description };
    return honestly(honest, {
      headers: [...honest.headers, ['X-Message', `x${unit.repeat(10_000 / unit.length)}x`]],
      body: JSON.stringify(body),
    });
  }),
});

/** Texts that are shown somewhere: to a person, a browser, a terminal, a workflow, or a regular expression. */
export const texts: readonly Misbehaviour[] = [
  ...hostile.flatMap(([name, what, text]) =>
    places.map(
      ([where, place, put]): Misbehaviour => ({
        name: `${name}-in-${where}`,
        what: `Has ${what} in ${place} of each error.`,
        spoil: refusals((honest) => put(honest, text)),
      }),
    ),
  ),
  ...headerNames,
  ...runs.map(run),
  {
    name: 'run-of-eyj-900-kb',
    what: 'Adds a member of 900 KB of beginnings of JWTs.',
    spoil: adding(`"more":"${'eyJ'.repeat(300_000)}"`),
  },
  {
    name: 'run-of-letters-900-kb',
    what: 'Adds a member of 900 KB of letters and digits.',
    spoil: adding(`"more":"${'aA0'.repeat(300_000)}"`),
  },
];
