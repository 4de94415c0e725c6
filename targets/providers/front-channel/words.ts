import type { Button, Field } from './page.ts';

/** What pressing a button means. */
export type Meaning = 'allow' | 'deny' | 'aside' | 'other';

const words = (...lines: readonly string[]): RegExp => new RegExp(`\\b(?:${lines.join('|')})\\b`, 'i');

/** Denies, also where nothing was decided yet. */
const denies = words('deny|denied|reject|decline|refuse|disallow|disapprove|no', "don'?t allow|do not allow");
/** Denies a consent; elsewhere it only leaves the page. */
const leaves = words('cancel|abort|disagree|not now|decline');
const aside = words(
  'log ?out|sign ?out|forgot(?:ten)?|reset|register|sign ?up|create|back|help|search|resend|try another',
  'another (?:user|account)|different (?:user|account)|language|locale',
);
const allows = words(
  'accept|approve|allow|authori[sz]e|grant|consent|agree|confirm|yes|ok|continue|next|submit|proceed|verify',
  'log ?in|sign ?in|connect',
);

/** `kcLoginButton` and `sign-in` as words. */
const spread = (text: string): string =>
  text
    .slice(0, 200)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ');

/** What a person reads on a button says it first, then its value, its name, its id. */
export function meaningOf({ text, value, name, id }: Button): Meaning {
  for (const one of [text, value, name, id].map(spread)) {
    if (denies.test(one) || leaves.test(one)) return 'deny';
    if (aside.test(one)) return 'aside';
    if (allows.test(one)) return 'allow';
  }
  return 'other';
}

/** Whether a button denies for good, wherever it stands. */
export const isDenial = ({ text, value, name }: Button): boolean =>
  [text, value, name].some((one) => denies.test(spread(one)));

/** Whether a page says that something was denied. */
export const saysDenied = (text: string): boolean =>
  words(
    'denied|deny|rejected|declined|refused|cancell?ed|abort(?:ed)?|interrupted|not (?:approved|authori[sz]ed|allowed)',
  ).test(text);

/** Whether a page says that something is granted. */
export const saysApproved = (text: string): boolean =>
  words(
    'approved|authori[sz]ed|success(?:ful(?:ly)?)?|connected|granted|allowed|activated|confirmed|complete[d]?',
    '(?:signed|logged) in|close this|all set|thank you|congratulations',
  ).test(text) && !saysDenied(text);

const named = ({ name, id, label, autocomplete }: Field): string =>
  spread(`${autocomplete} ${name} ${id} ${label}`);

export const isUsername = (field: Field): boolean =>
  field.type === 'email' || /user|log ?in|e ?mail|account|identifier|\buid\b/i.test(named(field));

export const isUserCode = (field: Field): boolean =>
  /code/i.test(named(field)) && !/one.?time|\botp\b|totp|postal|zip|captcha/i.test(named(field));

export const isSearch = (field: Field): boolean =>
  field.type === 'search' || /^(?:q|query|search)$/i.test(field.name);

/** Keeps a decision for later, or a session longer than this walk. */
export const remembers = (field: Field): boolean => /remember|stay|keep me|trust/i.test(named(field));
