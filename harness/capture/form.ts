import { decoded, encoded } from '../../targets/bodies/form.ts';
import { type Direction, isHarmless, isKnownName, isProse, isSecret, kindOf } from './names.ts';
import { kindFor, markOfSpelt, redactKnown, redactText } from './text.ts';
import { readMark, splitAtMarks, type Vault } from './vault.ts';

/**
 * Redacts `application/x-www-form-urlencoded` (RFC 6749 appendix B, https://url.spec.whatwg.org/#urlencoded-parsing)
 * parameter by parameter. A form stays a form: it has the same parameters in the same order, and whoever decodes one
 * reads its value or its mark.
 */
export function redactForm(text: string, direction: Direction, vault: Vault): string {
  // A line break behind a form is of no parameter, and must not be of a mark.
  const form = text.trimEnd();
  return vault.scrub(redactParameters(form, vault, direction)) + text.slice(form.length);
}

/**
 * Redacts parameters by their names, as they stand in a query or a form (`a=1&b=2`): every value whose name is not
 * known as harmless. What we made up for one that is sent in a form stays, as it does in JSON.
 */
export function redactParameters(text: string, vault: Vault, direction?: Direction): string {
  return text
    .split('&')
    .map((part) => {
      const at = part.indexOf('=');
      if (at < 0) return redactText(part, vault);
      const name = part.slice(0, at);
      return `${redactName(name, vault)}=${redactValue(decoded(name), part.slice(at + 1), vault, direction)}`;
    })
    .join('&');
}

const redactName = (name: string, vault: Vault): string =>
  isKnownName(decoded(name)) ? name : redactText(name, vault);

/** No name of the table is longer, and what trims one is slow. */
const longestName = 100;

/** Some servers name their exception in a parameter `code`. */
const errorNames = /^[A-Za-z]{1,60}(?:Exception|Error)$/;

function redactValue(name: string, value: string, vault: Vault, direction: Direction | undefined): string {
  if (value === '' || readMark(value) !== undefined) return value;
  // Some servers read `code[]` and ` code` as `code`.
  const plain = name.length > longestName ? name : name.replace(/^\W+|\W+$/g, '');
  if (isSecret(plain)) {
    const isErrorName = kindOf(plain) === 'code' && direction === 'received' && errorNames.test(value);
    const isOpen = isErrorName || (direction === 'sent' && vault.isPublic(decoded(value)));
    return isOpen ? value : markOfSpelt(kindOf(plain), value, vault);
  }
  if (isHarmless(name)) return isProse(name) ? redactProse(value, vault) : redactKnown(value, vault);
  return vault.isPublic(decoded(value))
    ? redactKnown(value, vault)
    : markOfSpelt(kindFor(name, vault), value, vault);
}

/** Prose, spelt again where something was taken out of it. */
function redactProse(value: string, vault: Vault): string {
  const text = decoded(value);
  const redacted = redactText(text, vault);
  return redacted === text ? value : spelt(redacted);
}

/** What a form would write for a text, marks apart. */
const spelt = (text: string): string =>
  splitAtMarks(text)
    .map((part, at) => (at % 2 === 0 ? encoded(part.toWellFormed()) : part))
    .join('');
