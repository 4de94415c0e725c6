import { isHarmless, isSecret, kindOf, type SecretKind } from './names.ts';
import type { Vault } from './vault.ts';

/** Redacts free text: known secrets first, then what stands under a secret's name, then whatever looks like one. */
export function redactText(text: string, vault: Vault): string {
  return vault
    .scrub(text)
    .replace(parameter, (all, before: string, name: string, value: string) =>
      isSecret(name) && !vault.isPublic(value) ? `${before}${vault.mark(kindOf(name), decoded(value))}` : all,
    )
    .replace(quotedMember, (all, before: string, name: string, value: string) =>
      isSecret(name) && !isMark(value) && !vault.isPublic(value)
        ? `${before}${vault.mark(kindOf(name), value)}`
        : all,
    )
    .replace(run, (value) => (isTokenLike(value) ? vault.mark('opaque', value) : redactedJwt(value, vault)));
}

/** Redacts what is a secret wherever it stands. */
export function redactKnown(text: string, vault: Vault): string {
  return vault.scrub(text).replace(run, (value) => redactedJwt(value, vault));
}

/** The mark of a value under a name that tells of no secret; when there is one in it all the same, it is told. */
export function markFor(kind: SecretKind, value: string, vault: Vault): string {
  const mark = vault.mark(kind, value);
  const [inner] = isSecret(kind) ? [] : vault.find(value);
  return inner === undefined ? mark : `${mark} with ${inner.mark}`;
}

/** `name=value`, as in a query, a form or a cookie. */
const parameter = /(([A-Za-z][\w-]{2,40})=)([^\s&;,"'<>()[\]{}\\]+)/g;
/** `"name": "value"`, also where the quotes are escaped or others. */
const quotedMember = /(\\{0,4}["']([A-Za-z][\w-]{2,40})\\{0,4}["'] {0,4}: {0,4}\\{0,4}["'])([^"'\\\s]+)/g;

const isMark = (value: string): boolean => value.startsWith('[');

/** A run of characters that a token, a key or a JWT may have. */
const run = /[\w.+/~=-]{20,}/g;

/** Whether it looks like a token or a key: long, with small and capital letters and digits. */
function isTokenLike(text: string): boolean {
  if (text.length < 24 || !/[A-Z]/.test(text) || !/[a-z]/.test(text) || !/\d/.test(text)) return false;
  // Of a URL or a path each part counts by itself.
  const parts = text.split('/');
  return parts.length === 1 || !parts.every((part) => part.split(/[-._~=+]/).every(isWord));
}

const isWord = (text: string): boolean => /^(?:[A-Z]?[a-z]*|[A-Z]+)\d*$/.test(text);

/** Up to five parts, of which the first begins an object. */
function redactedJwt(text: string, vault: Vault): string {
  const parts = text.split('.');
  const first = parts.findIndex((part) => part.includes('eyJ'));
  if (first < 0 || parts.length < first + 3) return text;
  const begin = parts[first]?.indexOf('eyJ') ?? 0;
  const before = [...parts.slice(0, first), parts[first]?.slice(0, begin)].join('.');
  const found = [parts[first]?.slice(begin), ...parts.slice(first + 1)].join('.');
  return before + vault.mark('jwt', found);
}

/**
 * Redacts parameters by their names, as they stand in a query or a form (`a=1&b=2`): every value whose name is not
 * known as harmless.
 */
export function redactParameters(text: string, vault: Vault): string {
  return text
    .split('&')
    .map((part) => {
      const at = part.indexOf('=');
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      const shownName = redactText(name, vault);
      if (at < 0) return shownName;
      if (value === '' || isMark(value)) return `${shownName}=${value}`;
      const isOpen = !isSecret(decoded(name)) && vault.isPublic(decoded(value));
      if (isOpen || isHarmless(decoded(name))) return `${shownName}=${redactKnown(value, vault)}`;
      return `${shownName}=${markFor(kindOf(decoded(name)), decoded(value), vault)}`;
    })
    .join('&');
}

/** As it was before it was put into a form; as it stands where it is nothing of that kind. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return value;
  }
}

/** Redacts a URL: query and fragment values by their name, the rest as text. */
export function redactUrl(url: string, vault: Vault): string {
  const at = url.search(/[?#]/);
  if (at < 0) return redactAddress(url, vault);
  const parts = url.slice(at).split(/([?#])/);
  const query = parts.map((part) => (part === '?' || part === '#' ? part : redactParameters(part, vault)));
  // What encodes a secret may itself look like several parameters.
  return vault.scrub(redactAddress(url.slice(0, at), vault) + query.join(''));
}

/** What stands before a query: a password may be in it (RFC 3986 §3.2.1). */
const redactAddress = (text: string, vault: Vault): string =>
  redactText(
    text.replace(/(?<=\/\/)[^/@]{1,1000}(?=@)/, (user) => vault.mark('password', user)),
    vault,
  );
