import { replacingOAuth } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { paths } from '../../../emulator/fronts/oauth-form/paths.ts';
import type { WireResponse } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';

const page = (status: number, words: string): WireResponse => ({
  status,
  headers: [['Content-Type', 'text/html']],
  body: `<html><head><title>${status} ${words}</title></head><body><h1>${words}</h1></body></html>`,
});

/** How requests may be read. */
export const requestVariants: readonly Variant[] = [
  {
    name: 'unknown-parameters-once',
    // RFC 6749 section 3.2: no parameter comes more than once.
    differs: 'An unknown parameter may not come twice either.',
    ...replacingOAuth(() => ({ 'parameter-known': () => true })),
  },
  {
    name: 'broken-escapes-as-they-stand',
    // URL Standard, section 5.1.
    differs:
      'A percent sign that starts no octet is one, and octets that are no UTF-8 become the replacement character.',
    ...replacingOAuth(() => ({
      'form-text': (bytes) => new TextDecoder().decode(bytes),
      'form-pairs': (text) => [...new URLSearchParams(text)],
    })),
  },
  {
    name: 'forms-without-a-media-type',
    // RFC 9110 section 8.3: without a Content-Type the type may be assumed.
    differs: 'A body without Content-Type is read as a form.',
    ...replacingOAuth(() => ({
      'media-type-is-form': (request) =>
        !request.headers.has('content-type') || usual['media-type-is-form'](request),
    })),
  },
  {
    name: 'json-read-too',
    differs: 'A JSON object of texts is read as if it were a form.',
    oauth: {
      middleware: () => (request, endpoint) => {
        const [type = ''] = (request.headers.get('content-type')?.[0] ?? '').split(';');
        const body = Buffer.from(request.body ?? []).toString();
        if (request.path !== paths.token || type.trim().toLowerCase() !== 'application/json')
          return endpoint(request);
        try {
          const form = new URLSearchParams(JSON.parse(body)).toString();
          return endpoint({
            ...request,
            headers: new Map([...request.headers, ['content-type', ['application/x-www-form-urlencoded']]]),
            body: Buffer.from(form),
          });
        } catch {
          return endpoint(request);
        }
      },
    },
  },
  {
    name: 'no-queries',
    differs: 'A POST with a query is answered with invalid_request.',
    oauth: {
      middleware: () => (request, endpoint) =>
        request.path === paths.token && [...request.query].length > 0
          ? endpoint({ ...request, body: Buffer.from('grant_type=%'), headers: request.headers })
          : endpoint(request),
    },
  },
  {
    name: 'long-requests-refused-by-a-proxy',
    differs:
      'A body of more than 100 kB is answered with 413, and a header of more than 8 KiB with 431, by a page.',
    oauth: {
      middleware: () => async (request, endpoint) => {
        if ((request.body?.length ?? Number.POSITIVE_INFINITY) > 100_000)
          return page(413, 'Content Too Large');
        const longest = Math.max(0, ...[...request.headers.values()].flat().map((one) => one.length));
        return longest > 8192 ? page(431, 'Request Header Fields Too Large') : endpoint(request);
      },
    },
  },
  {
    name: 'foreign-origins-forbidden',
    // RFC 9700 section 2.6: cross-origin requests may be supported; Fetch section 3.3 leaves it to the server whose.
    differs: 'A request from another origin is answered with status 403, in words of its own.',
    oauth: {
      middleware: () => async (request, endpoint) =>
        request.headers.has('origin')
          ? {
              status: 403,
              headers: [['Content-Type', 'application/json']],
              body: '{"error":"Invalid origin"}',
            }
          : endpoint(request),
    },
  },
  {
    name: 'nobody-preflights',
    differs: 'OPTIONS is answered with 204 and the methods alone, and no answer is for another origin.',
    oauth: {
      middleware: () => async (request, endpoint) => {
        if (request.method === 'OPTIONS')
          return { status: 204, headers: [['Allow', 'POST, OPTIONS']], body: '' };
        const response = await endpoint(request);
        return {
          ...response,
          headers: response.headers.filter(([name]) => !name.startsWith('Access-Control-')),
        };
      },
    },
  },
];
