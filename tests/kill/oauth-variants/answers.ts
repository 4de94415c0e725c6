import { gzipSync } from 'node:zlib';
import { replacingOAuth, together, withHeader } from '../../../emulator/defects/defect.ts';
import type { Variant } from '../variant.ts';
import { answering, bodyOf, editing, editingTokens, refusals } from './kit.ts';

/** How answers may be written. */
export const answerVariants: readonly Variant[] = [
  {
    name: 'bad-credentials-in-the-body-with-400',
    // RFC 6749 section 5.2: 401 is a MUST only for who tried the header.
    differs: 'invalid_client comes with 400 and no challenge to whoever sent no Authorization header.',
    ...refusals((response, { headers }) =>
      headers.has('authorization') || response.status !== 401
        ? response
        : withHeader({ ...response, status: 400 }, 'WWW-Authenticate', undefined),
    ),
  },
  {
    name: 'errors-without-description',
    differs: 'Errors have no description.',
    ...replacingOAuth(() => ({ 'error-body': ({ error }) => ({ error }) })),
  },
  {
    name: 'errors-with-more-members',
    differs: 'Errors tell a URI, numbers, a time and ids for support besides.',
    ...editing((body) =>
      'error' in body
        ? {
            error_codes: [70_008],
            timestamp: '2024-01-01 00:00:00Z',
            trace_id: '255d1aef-8c98-452f-ac51-23d051240864',
            suberror: 'bad_token',
            ...body,
            error_uri: 'https://server.example/error?code=70008',
            status: { retry: false, hint: null },
          }
        : body,
    ),
  },
  {
    name: 'json-with-charset',
    differs: 'JSON is sent as application/json;charset=UTF-8.',
    ...replacingOAuth(() => ({ 'content-type': () => 'application/json;charset=UTF-8' })),
  },
  {
    name: 'media-type-in-mixed-case',
    differs: 'The media type is written Application/JSON with a quoted charset.',
    ...replacingOAuth(() => ({ 'content-type': () => 'Application/JSON ; Charset="utf-8"' })),
  },
  {
    name: 'json-with-room',
    differs: 'JSON is indented, with line ends around it.',
    ...replacingOAuth(() => ({ serialise: (body) => `\r\n\t${JSON.stringify(body, null, 2)}\r\n\n` })),
  },
  {
    name: 'json-with-escapes',
    differs: 'JSON escapes every slash and every letter e, in names too.',
    ...replacingOAuth(() => ({
      serialise: (body) =>
        JSON.stringify(body).replace(/"[^"]*"/g, (string) =>
          string.replaceAll('/', '\\/').replaceAll('e', '\\u0065'),
        ),
    })),
  },
  {
    name: 'numbers-with-exponents',
    // RFC 8259 section 6.
    differs: 'Whole numbers are written with an exponent or a decimal point.',
    ...replacingOAuth(() => ({
      serialise: (body) =>
        JSON.stringify(body)
          .replaceAll('"expires_in":3600', '"expires_in":3.6e3')
          .replace(/"(interval|client_id_issued_at)":(\d+)/g, '"$1":$2.0'),
    })),
  },
  {
    name: 'answers-with-more-members',
    differs: 'Answers with tokens have members of the server besides, and others come first.',
    ...editingTokens((body) => ({
      'not-before-policy': 0,
      session_state: '4f1c2c62-8d83-4a8d-8a1a-2a4f5a4dbe43',
      refresh_expires_in: 1800,
      ext_expires_in: 3600,
      authorization_details: [],
      ...Object.fromEntries(Object.entries(body).toReversed()),
      user: { roles: ['a', 'b'], tenant: null },
    })),
  },
  {
    name: 'token-type-in-lower-case',
    // RFC 6749 section 5.1: its value is case insensitive.
    differs: 'The token type is bearer.',
    ...editingTokens((body) => (body.token_type === 'Bearer' ? { ...body, token_type: 'bearer' } : body)),
  },
  {
    name: 'token-type-in-upper-case',
    differs: 'The token type is BEARER.',
    ...editingTokens((body) => (body.token_type === 'Bearer' ? { ...body, token_type: 'BEARER' } : body)),
  },
  {
    name: 'no-expires-in',
    // RFC 6749 section 5.1 recommends it.
    differs: 'Nothing is said about how long an access token lives.',
    ...editingTokens(({ expires_in: _, ...body }) => body),
  },
  {
    name: 'more-cache-directives',
    differs: 'Nothing may be kept, which is said in more words and in two headers of one name.',
    ...replacingOAuth(() => ({
      'cache-headers': () => [
        ['Cache-Control', 'No-Store, no-cache'],
        ['Cache-Control', 'max-age=0, must-revalidate, proxy-revalidate, private="x, y"'],
        ['Expires', 'Thu, 01 Jan 1970 00:00:00 GMT'],
        ['Pragma', 'no-cache'],
      ],
    })),
  },
  {
    name: 'no-pragma',
    differs: 'Pragma is not sent.',
    ...replacingOAuth(() => ({ 'cache-headers': () => [['Cache-Control', 'no-store']] })),
  },
  {
    name: 'errors-may-be-kept',
    differs: 'Nothing is said about keeping errors.',
    ...refusals((response) =>
      withHeader(withHeader(response, 'Cache-Control', undefined), 'Pragma', undefined),
    ),
  },
  {
    name: 'several-challenges',
    differs: 'A 401 names several schemes, in one header and in two, each with parameters.',
    ...refusals((response) =>
      response.status === 401
        ? {
            ...response,
            headers: [
              ['WWW-Authenticate', 'Bearer error="invalid_client", error_description="who, then?"'],
              [
                'www-authenticate',
                'basic charset="UTF-8", realm="a \\"quoted\\" realm", DPoP algs="ES256 PS256"',
              ],
              ...response.headers.filter(([name]) => name !== 'WWW-Authenticate'),
            ],
          }
        : response,
    ),
  },
  {
    name: 'headers-of-a-proxy',
    differs: 'Answers bring the headers of a proxy, of a framework, a cookie, and no Date.',
    ...answering(({ headers, ...response }) => ({
      ...response,
      headers: [
        ...headers.filter(([name]) => name !== 'Date'),
        ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains; preload'],
        ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
        ['X-Content-Type-Options', 'nosniff'],
        ['X-Request-Id', crypto.randomUUID()],
        ['Vary', 'Origin'],
        ['Vary', 'Accept-Encoding, Authorization'],
        ['Set-Cookie', `session=${crypto.randomUUID()}; Path=/; HttpOnly; Secure; SameSite=Lax`],
        ['Set-Cookie', 'lang=en; Path=/'],
        ['Server', 'server/1.0 (unix)'],
        ['Server-Timing', 'app;dur=12.3'],
        ['Via', '1.1 proxy'],
        ['Age', '0'],
        ['RateLimit', '"default";r=999;t=60'],
      ],
    })),
  },
  {
    name: 'connections-closed',
    differs: 'Each connection is closed after its answer, which comes in chunks.',
    ...answering((response) =>
      response.body === ''
        ? { ...response, headers: [...response.headers, ['Connection', 'close']] }
        : { ...response, chunked: true, headers: [...response.headers, ['Connection', 'close']] },
    ),
  },
  {
    name: 'compressed-answers',
    differs: 'Answers are compressed for who accepts it.',
    ...answering((response, { headers }) =>
      response.body !== '' && headers.get('accept-encoding')?.some((one) => one.includes('gzip'))
        ? {
            ...response,
            headers: [...response.headers, ['Content-Encoding', 'gzip'], ['Vary', 'Accept-Encoding']],
            body: gzipSync(response.body),
          }
        : response,
    ),
  },
  {
    name: 'pages-for-other-methods',
    differs: 'What is not a POST is answered with 405 and an HTML page.',
    ...answering((response) =>
      response.status === 405
        ? {
            ...response,
            headers: [
              ['Allow', 'POST'],
              ['Content-Type', 'text/html; charset=utf-8'],
            ],
            body: '<!doctype html><title>405</title><p>Method Not Allowed</p>',
          }
        : response,
    ),
  },
  {
    name: 'nothing-found-by-other-methods',
    differs: 'What is not a POST is answered with 404 and nothing.',
    ...answering((response) => (response.status === 405 ? { status: 404, headers: [], body: '' } : response)),
  },
  {
    name: 'other-media-types-with-415',
    // RFC 9110 section 15.5.16: a status of HTTP for what is no request of OAuth.
    differs: 'A body of another media type is answered with 415 and an HTML page.',
    ...answering((response, { headers }) => {
      const [type = ''] = (headers.get('content-type')?.[0] ?? '').split(';');
      const isRead = /^application\/(?:x-www-form-urlencoded|json)$/i.test(type.trim());
      return isRead || response.status !== 400 || bodyOf(response)?.error !== 'invalid_request'
        ? response
        : {
            status: 415,
            headers: [
              ['Accept-Post', 'application/x-www-form-urlencoded'],
              ['Content-Type', 'text/html'],
            ],
            body: '<h1>Unsupported Media Type</h1>',
          };
    }),
  },
  {
    name: 'scope-told-when-it-differs',
    // RFC 6749 section 5.1: optional where it is the one that was asked for.
    differs: 'A scope that was asked for and granted as it is, is not repeated.',
    oauth: {
      middleware: () => async (request, endpoint) => {
        const asked = new URLSearchParams(Buffer.from(request.body ?? []).toString()).get('scope');
        const response = await endpoint(request);
        const body = bodyOf(response);
        if (asked === null || body?.scope !== asked) return response;
        const { scope: _, ...others } = body;
        return { ...response, body: JSON.stringify(others) };
      },
    },
  },
  {
    name: 'scope-backwards',
    // RFC 6749 section 3.3: the order does not matter.
    differs: 'The values of a scope come in another order.',
    ...editingTokens((body) =>
      typeof body.scope === 'string'
        ? { ...body, scope: body.scope.split(' ').toReversed().join(' ') }
        : body,
    ),
  },
  {
    name: 'everything-at-once',
    differs: 'Answers are indented, with a charset, without Date and with the token type in lower case.',
    ...together([
      editingTokens((body) => (body.token_type === 'Bearer' ? { ...body, token_type: 'bearer' } : body)),
      answering((response) => ({
        ...withHeader(response, 'Date', undefined),
        body: bodyOf(response) ? JSON.stringify(bodyOf(response), null, 4) : response.body,
      })),
      replacingOAuth(() => ({ 'content-type': () => 'application/json; charset=utf-8' })),
    ]),
  },
];
