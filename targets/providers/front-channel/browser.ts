import { CookieJar } from 'tough-cookie';
import { headerOf } from '../../transport/headers.ts';
import type { Transport, WireResponse } from '../../transport/transport.ts';

/** One request of a walk. */
export interface Going {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** A form. */
  readonly body?: string;
  /** The page that it was sent from. */
  readonly from?: string;
}

/** A browser without scripts, with cookies of its own. Redirects are left to who asks. */
export interface Browser {
  go(going: Going): Promise<{ readonly response?: WireResponse; readonly failure?: string }>;
  /** Values of the cookies that it has been given. */
  readonly cookies: ReadonlySet<string>;
}

export function createBrowser(transport: Pick<Transport, 'send'>): Browser {
  // A server on this machine may have a name that no public list knows.
  const jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });
  const cookies = new Set<string>();
  return {
    cookies,
    async go({ method, url, body, from }) {
      const cookie = await jar.getCookieString(url);
      const { response, failure } = await transport.send({
        method,
        url,
        headers: [
          ['Accept', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'],
          ['Accept-Language', 'en'],
          ['User-Agent', 'Mozilla/5.0 (compatible; token-conformance)'],
          ...(cookie === '' ? [] : [['Cookie', cookie] as const]),
          ...(from === undefined ? [] : [['Referer', from] as const]),
          ...(body === undefined
            ? []
            : ([
                ['Origin', new URL(from ?? url).origin],
                ['Content-Type', 'application/x-www-form-urlencoded'],
              ] as const)),
        ],
        ...(body !== undefined && { body }),
      });
      for (const [name, value] of response?.headers ?? [])
        if (name.toLowerCase() === 'set-cookie') {
          const kept = await jar.setCookie(value, url, { ignoreError: true }).catch(() => undefined);
          if (kept) cookies.add(kept.value);
        }
      return { ...(response && { response }), ...(failure && { failure: failure.message }) };
    },
  };
}

/** Where a redirect leads, absolute; undefined for an answer that is none, null for one that leads nowhere. */
export function redirectOf({ status, headers }: WireResponse, url: string): string | null | undefined {
  const location = headerOf(headers, 'location');
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  // Bytes of UTF-8 come as Latin-1.
  return URL.parse(Buffer.from(location, 'latin1').toString('utf8'), url)?.href ?? null;
}
