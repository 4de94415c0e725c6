import { redactParameters } from './form.ts';
import { redactText } from './text.ts';
import { blindedMarks, type Vault } from './vault.ts';

/**
 * A URL, relative or not, in its parts: what stands before the query, then each query or fragment behind its sign. A
 * mark has a `#` in it that begins no fragment, which is why a URL of a report is to be read by this.
 */
export function partsOfUrl(url: string): string[] {
  const blind = blindedMarks(url);
  const parts: string[] = [];
  let from = 0;
  for (const { index } of blind.matchAll(/[?#]/g)) {
    parts.push(url.slice(from, index));
    from = index;
  }
  return [...parts, url.slice(from)];
}

/** Redacts a URL: query and fragment values by their name, the rest as text. */
export function redactUrl(url: string, vault: Vault): string {
  const [address = '', ...rest] = partsOfUrl(url);
  if (rest.length === 0) return redactAddress(address, vault);
  const query = rest.map((part) => part[0] + redactParameters(part.slice(1), vault));
  // What encodes a secret may itself look like several parameters.
  return vault.scrub(redactAddress(address, vault) + query.join(''));
}

/** What stands before a query: a password may be in it (RFC 3986 §3.2.1). The port is not taken for part of a token. */
function redactAddress(text: string, vault: Vault): string {
  const scrubbed = vault.scrub(
    text.replace(/(?<=\/\/)[^/@]{1,1000}(?=@)/, (user) => vault.mark('password', user)),
  );
  const [, before = '', path = ''] = /^([a-z][a-z\d+.-]*:\/\/[^/]*\/)(.*)$/is.exec(scrubbed) ?? [
    '',
    '',
    scrubbed,
  ];
  return redactText(before, vault) + redactText(path, vault);
}
