import { type Direction, redactJson } from './json.ts';
import { camel, isSecret } from './names.ts';
import { markFor, redactParameters, redactText, redactUrl } from './text.ts';
import type { Vault } from './vault.ts';

/**
 * Redacts a body: JSON, a form, or any other text, well-formed or not. `sent` bodies may hold a `code`; received ones
 * an error code. Undefined for JSON that cannot be redacted as such.
 */
export function redactBody(text: string, direction: Direction, vault: Vault): string | undefined {
  if (/^[\s\ufeff]{0,1000}[{["]/.test(text)) return redactJson(text, direction, vault);
  return isForm(text) ? vault.scrub(redactParameters(text, vault)) : redactText(text, vault);
}

/** `a=1&b=2`, and nothing that a form would encode. */
const isForm = (text: string): boolean => /^[\w.~%+*-]+=[^\s<>"{}]*$/.test(text);

/** Names of headers that come with nearly every message. */
const usualNames = new Set(
  [
    'content-type content-length content-encoding date connection keep-alive transfer-encoding cache-control pragma',
    'user-agent authorization x-amz-date x-amz-content-sha256 x-amz-security-token x-amzn-requestid',
    'x-amzn-errortype location set-cookie allow server vary',
  ]
    .join(' ')
    .split(' '),
);

const authentication = /^(?:authorization|proxy-authorization)$/i;
const wholeSecrets = /^(?:dpop|x-amz-security-token|x-api-key)$/i;
const cookies = /^(?:cookie|set-cookie)$/i;
/** A media type or a product that says nothing else, and a date of AWS. */
const plainValue = /^(?:application\/json|token-conformance|keep-alive|close|\d{8}T\d{6}Z)$/;
const urls = /^(?:location|content-location|link|refresh|referer)$/i;

/** Redacts headers, names included; what authenticates is replaced whole, its scheme kept. */
export function redactHeaders(
  headers: readonly (readonly [string, string])[],
  vault: Vault,
): [name: string, value: string][] {
  return headers.map(([name, value]) => [
    usualNames.has(name.toLowerCase()) ? name : redactText(name, vault),
    redactHeader(name, value, vault),
  ]);
}

function redactHeader(name: string, value: string, vault: Vault): string {
  if (authentication.test(name)) {
    const [scheme = '', ...rest] = value.split(' ');
    return rest.length === 0
      ? vault.mark('authorization', value)
      : `${redactText(scheme, vault)} ${vault.mark('authorization', rest.join(' '))}`;
  }
  if (plainValue.test(value)) return value;
  if (cookies.test(name)) return markFor(name.toLowerCase(), value, vault);
  if (wholeSecrets.test(name) || isSecret(camel(name.toLowerCase())))
    return vault.mark(name.toLowerCase(), value);
  return urls.test(name) ? redactUrl(value, vault) : redactText(value, vault);
}
