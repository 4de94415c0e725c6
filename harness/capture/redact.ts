import { redactForm } from './form.ts';
import { isJson, redactJson } from './json.ts';
import type { Direction } from './names.ts';
import { redactText } from './text.ts';
import type { Vault } from './vault.ts';

/**
 * Redacts a body: JSON, a form, or any other text, well-formed or not. One that says by its media type that it is a form
 * is read as one, unless it is JSON all the same. Undefined for JSON that cannot be redacted as such.
 */
export function redactBody(
  text: string,
  direction: Direction,
  vault: Vault,
  type?: string,
): string | undefined {
  const saysForm = /^\s{0,99}application\/x-www-form-urlencoded\s{0,99}(?:;|$)/i.test(type ?? '');
  if (/^[\s\ufeff]{0,1000}[{["]/.test(text) && !(saysForm && text.includes('=') && !isJson(text)))
    return redactJson(text, direction, vault);
  return saysForm || isForm(text) ? redactForm(text, direction, vault) : redactText(text, vault);
}

/** `a=1&b=2`, and nothing that a form would encode. */
const isForm = (text: string): boolean => /^&?[\w.~%+*[\]-]+=[^\s<>"{}]*\s{0,9}$/.test(text);
