import { decoded } from '../../targets/bodies/form.ts';
import { headerKind, isSecret, kindOf } from './names.ts';
import { markFor, redactKnown, redactText, strictlyDecoded } from './text.ts';
import { redactUrl } from './url.ts';
import type { Vault } from './vault.ts';

/** Names of headers that come with nearly every message. */
const usualNames = new Set(
  [
    'content-type content-length content-encoding date connection keep-alive transfer-encoding cache-control pragma',
    'user-agent authorization x-amz-date x-amz-content-sha256 x-amz-security-token x-amzn-requestid',
    'x-amzn-errortype location set-cookie allow server vary www-authenticate dpop accept',
  ]
    .join(' ')
    .split(' '),
);

/** A media type or a product that says nothing else, and a date of AWS. */
const plainValue =
  /^(?:application\/(?:json|x-www-form-urlencoded)|token-conformance|keep-alive|close|\d{8}T\d{6}Z)$/;

/** Redacts headers, names included. What authenticates keeps its scheme, a cookie its name and its attributes. */
export function redactHeaders(
  headers: readonly (readonly [string, string])[],
  vault: Vault,
): [name: string, value: string][] {
  return headers.map(([name, value]) => [
    usualNames.has(name.toLowerCase()) ? name : redactText(name, vault),
    plainValue.test(value) ? value : redactHeader(name.toLowerCase(), value, vault),
  ]);
}

function redactHeader(name: string, value: string, vault: Vault): string {
  switch (headerKind(name)) {
    case 'authorization':
      return redactAuthorization(name, value, vault);
    case 'secret':
      return vault.mark(kindOfHeader(name, vault), value);
    case 'cookie':
      return redactCookies(name, value, vault);
    case 'url':
      return (urlReaders[name] ?? redactUrl)(value, vault);
    case 'text':
      return redactText(value, vault);
  }
}

/** A header's name tells what it holds, unless it gives something away itself. */
const kindOfHeader = (name: string, vault: Vault): string =>
  isSecret(name) ? kindOf(name) : /^[a-z][\w-]{0,40}$/.test(redactText(name, vault)) ? name : 'member';

/** Headers in which something stands beside the URL. */
const urlReaders: Readonly<Record<string, typeof redactUrl>> = { link: redactLinks, refresh: redactRefresh };

function redactAuthorization(name: string, value: string, vault: Vault): string {
  const [scheme = '', ...rest] = value.split(' ');
  if (rest.length === 0) return vault.mark('authorization', value);
  const credentials = rest.join(' ');
  const mark = vault.mark('authorization', credentials);
  const pair =
    /^basic$/i.test(scheme) && name !== 'proxy-authorization' ? redactPair(credentials, vault) : undefined;
  return `${redactText(scheme, vault)} ${pair ?? mark}`;
}

/**
 * The pair of `Basic` (RFC 7617 §2), decoded, so that a report tells who asked: the client's id, and the mark of its
 * secret. Both were spelt as in a form before (RFC 6749 §2.3.1); where that makes a difference the mark says so, and the
 * secret is known in either spelling. Undefined where it is no pair in right Base64, which a colon in it would show.
 */
function redactPair(credentials: string, vault: Vault): string | undefined {
  const bytes = Buffer.from(credentials, 'base64');
  const text = bytes.toString('utf8');
  const at = text.indexOf(':');
  if (at < 0) {
    vault.mark('authorization', text);
    return undefined;
  }
  const [id, secret] = [text.slice(0, at), text.slice(at + 1)];
  // Whoever spells it as a form does leaves no other character as it is; what was not spelt so may be read so.
  const meant = strictlyDecoded(secret);
  const isEncoded = /^[\w.~!'()*%+-]*$/.test(secret) && meant !== undefined && meant !== secret;
  if (secret !== '') vault.mark('clientSecret', decoded(secret));
  const mark = secret === '' ? '' : vault.mark(isEncoded ? 'clientSecretEncoded' : 'clientSecret', secret);
  const isPair = bytes.toString('base64') === credentials && Buffer.from(text).equals(bytes);
  return isPair ? `${redactKnown(id, vault)}:${mark}` : undefined;
}

/** Cookies by their names (RFC 6265 §4.1.1, §4.2.1): of what a server sets only the first pair is one. */
function redactCookies(name: string, value: string, vault: Vault): string {
  return value
    .split(';')
    .map((part, place) => {
      const at = part.indexOf('=');
      if (name === 'set-cookie' && place > 0) return redactText(part, vault);
      if (at < 0) return part.trim() === '' ? part : markFor(name, part, vault);
      const rest = part.slice(at + 1);
      return `${redactText(part.slice(0, at), vault)}=${rest === '' ? '' : markFor(name, rest, vault)}`;
    })
    .join(';');
}

/** What stands before the URL of a Refresh header, and the quote that it may be in. */
const refresh = /^[\d.\s]{0,20}[;,]?\s{0,9}url\s{0,9}=\s{0,9}(["']?)/i;

function redactRefresh(value: string, vault: Vault): string {
  const [before = '', quote = ''] = refresh.exec(value) ?? [];
  const end = quote !== '' && value.endsWith(quote) ? value.length - 1 : value.length;
  return before + redactUrl(value.slice(before.length, end), vault) + value.slice(end);
}

/** The URLs in brackets of a Link header one by one (RFC 8288 §3). */
function redactLinks(value: string, vault: Vault): string {
  if (!value.includes('<')) return redactUrl(value, vault);
  const pieces = value.split(/(<[^<>]*>)/);
  const redacted = pieces.map((piece, at) =>
    at % 2 === 1 ? `<${redactUrl(piece.slice(1, -1), vault)}>` : redactText(piece, vault),
  );
  return vault.scrub(redacted.join(''));
}
