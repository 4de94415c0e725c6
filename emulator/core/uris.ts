/** RFC 3986 with something after the scheme, and no character that a header could not carry. */
const absoluteUri = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i;
const withHost = /^https?:\/\/[^/]/i;
const loopback = new Set(['127.0.0.1', 'localhost']);
const dangerous = new Set(['javascript:', 'data:', 'file:', 'vbscript:']);

/** RFC 8252 section 7: https, http on the loopback interface, or a scheme of the application's own. */
export function redirectUriAllowed(uri: string): boolean {
  const url = parsed(uri);
  if (!url || uri.includes('#')) return false;
  if (url.protocol === 'http:') return loopback.has(url.hostname);
  if (url.protocol === 'https:') return url.hostname !== '[::1]';
  return !dangerous.has(url.protocol);
}

/** RFC 8252 section 7.3: on the loopback interface the port may differ from the registered one. */
export function redirectUriRegistered(registered: readonly string[], uri: string): boolean {
  return registered.some((one) => one === uri || withoutPort(one) === withoutPort(uri));
}

function withoutPort(uri: string): string {
  const url = parsed(uri);
  if (url?.protocol !== 'http:' || !loopback.has(url.hostname)) return uri;
  url.port = '';
  return url.href;
}

/** Undefined where it is no absolute URI. */
export function parsed(uri: string): URL | undefined {
  if (!absoluteUri.test(uri) || (/^https?:/i.test(uri) && !withHost.test(uri))) return undefined;
  return URL.parse(uri) ?? undefined;
}
