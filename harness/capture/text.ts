import { decoded } from '../../targets/bodies/form.ts';
import { isHidden, isKnownName, isSecret, kindOf, type SecretKind } from './names.ts';
import { beginsWithMark, type Vault } from './vault.ts';

/** Redacts free text: known secrets first, then what stands under a secret's name, then whatever looks like one. */
export function redactText(text: string, vault: Vault): string {
  const scrubbed = vault.scrub(text);
  return (scrubbed.includes('<') ? redactFields(scrubbed, vault) : scrubbed)
    .replace(urlParameter, (all, before: string, name: string, value: string, at: number, whole: string) =>
      isHidden(name) && !beginsWithMark(whole, at + before.length) && !vault.isPublic(value)
        ? before + markInUrl(kindOf(name), value, whole[at + all.length], vault)
        : all,
    )
    .replace(parameter, (all, before: string, name: string, value: string) =>
      isHidden(name) && !vault.isPublic(value) ? before + markOfSpelt(kindOf(name), value, vault) : all,
    )
    .replace(quotedMember, (all, before: string, name: string, value: string, at: number, whole: string) =>
      isSecret(name) && !beginsWithMark(whole, at + before.length) && !vault.isPublic(value)
        ? `${before}${vault.mark(kindOf(name), value)}`
        : all,
    )
    .replace(run, (value) => (isTokenLike(value) ? vault.mark('opaque', value) : redactedJwt(value, vault)));
}

/** Redacts what is a secret wherever it stands. */
export function redactKnown(text: string, vault: Vault): string {
  return vault.scrub(text).replace(run, (value) => redactedJwt(value, vault));
}

/** The name of a member or a parameter tells what its value is, unless it gives something away itself. */
export function kindFor(name: string | undefined, vault: Vault): SecretKind {
  return name === undefined || isKnownName(name) || vault.isPublic(name) || redactText(name, vault) === name
    ? kindOf(name)
    : 'member';
}

/** The mark of a value under a name that tells of no secret; when there is one in it all the same, it is told. */
export function markFor(kind: SecretKind, value: string, vault: Vault): string {
  const mark = vault.mark(kind, value);
  const [inner] = isSecret(kind) ? [] : vault.find(value);
  return inner === undefined ? mark : `${mark} with ${inner.mark}`;
}

/**
 * The mark of a value as a form or a query spells it: of what it says. Where it is no right spelling, that is a matter
 * of the reader, so it is the mark of what stands there, and what a lenient reader makes of it is remembered as well.
 */
export function markOfSpelt(kind: SecretKind, spelt: string, vault: Vault): string {
  const value = strictlyDecoded(spelt);
  if (value !== undefined) return markFor(kind, value, vault);
  vault.mark(kind, decoded(spelt));
  return markFor(kind, spelt, vault);
}

/** What a form or a query says by a value, in which `+` is a blank; undefined when its percent-encoding is broken. */
export function strictlyDecoded(spelt: string): string | undefined {
  if (!/[%+]/.test(spelt)) return spelt;
  try {
    return decodeURIComponent(spelt.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** `?name=value`, as in a URL, in which only a few characters end a value. */
const urlParameter = /((?<=[?&#;])([A-Za-z][\w-]{2,40})=)([^\s&;"<>\\]+)/g;
/** `name=value`, as in a query, a form or a cookie. */
const parameter = /(([A-Za-z][\w-]{2,40})=)([^\s&;,"'<>()[\]{}\\]+)/g;
/** `"name": "value"`, also where the quotes are escaped or others. */
const quotedMember = /(\\{0,4}["']([A-Za-z][\w-]{2,40})\\{0,4}["'] {0,4}: {0,4}\\{0,4}["'])([^"'\\\s]+)/g;

/** The mark of a value in a URL. Where the URL ends with it, what closes a quote or a sentence is not of it. */
function markInUrl(kind: SecretKind, text: string, next: string | undefined, vault: Vault): string {
  let end = text.length;
  while (next !== '&' && next !== ';' && end > 1 && ")]}',.".includes(text[end - 1] ?? '')) end -= 1;
  return markOfSpelt(kind, text.slice(0, end), vault) + text.slice(end);
}

/**
 * A field of a form in HTML: some servers send a code in one (OAuth 2.0 Form Post Response Mode §2). In one that is named
 * `token` they keep their own against forged requests, which is no secret of the contract.
 */
const field = /<input\b[^<>]{1,4000}>/gi;
const nameOfField = /\bname {0,3}= {0,3}\\?["']?([A-Za-z][\w-]{2,40})/i;
const valueOfField =
  /(?<=\bvalue {0,3}= {0,3}\\?")[^"\\]+|(?<=\bvalue {0,3}= {0,3}\\?')[^'\\]+|(?<=\bvalue {0,3}= {0,3}\\?)[^\s"'<>\\]+/i;

function redactFields(text: string, vault: Vault): string {
  return text.replace(field, (all) => {
    const name = nameOfField.exec(all)?.[1] ?? '';
    if (!isSecret(name)) return all;
    return all.replace(valueOfField, (value) =>
      beginsWithMark(value, 0) || vault.isPublic(value)
        ? value
        : vault.mark(/^token$/i.test(name) ? 'field' : kindOf(name), value),
    );
  });
}

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
