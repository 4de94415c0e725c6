import type { Change } from '../../../emulator/defects/defect.ts';
import {
  answering,
  editing,
  heading,
  intercepting,
  isError,
  isSuccess,
  of,
  type Passing,
  writing,
} from '../../../emulator/defects/oauth-form/kit.ts';
import type { Header, JsonObject, WireRequest } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';

const variant = (name: string, differs: string, change: Change): Variant => ({ name, differs, ...change });

const everyHeader = (of: (header: Header) => readonly Header[]): Change =>
  answering(({ response }) => ({ ...response, headers: response.headers.flatMap(of) }));

/** Answers below the operation, by a status of HTTP and without a body that a client could read. */
const unserved = (
  status: number,
  holds: (request: WireRequest) => boolean,
  headers: readonly Header[] = [],
): Change =>
  intercepting((_, request, place) =>
    place === 'token' && holds(request)
      ? {
          status,
          headers: [['Date', new Date().toUTCString()], ['Content-Type', 'text/plain'], ...headers],
          body: 'Not served',
        }
      : undefined,
  );

const first = ({ headers }: Pick<WireRequest, 'headers'>, name: string): string =>
  headers.get(name)?.[0] ?? '';
const any = (): boolean => true;
const reversed = (body: JsonObject): JsonObject => Object.fromEntries(Object.entries(body).reverse());
const isOfJson = ({ body }: Passing) => body !== undefined;

/** What the documents let a server write, and how they let it read. */
export const wireVariants: readonly Variant[] = [
  variant(
    'errors-with-uri',
    'Every error has the URI of a page about it (RFC 6749 section 5.2).',
    editing(isError, (body) => ({
      ...body,
      error_uri: `https://docs.example:8443/errors?code=${body.error}&lang=de#top`,
    })),
  ),
  variant(
    'errors-with-relative-uri',
    'The URI of an error is a relative reference with a percent-encoding (RFC 6749 appendix A.9).',
    editing(isError, (body) => ({ ...body, error_uri: `../errors/${body.error};v=1/%C3%BC~(x)'*,$!@` })),
  ),
  variant(
    'challenge-for-basic-last',
    'Status 401 comes with several challenges, that of Basic last and in small letters (RFC 9110 section 11.6.1).',
    heading(({ response }) => response.status === 401, {
      'WWW-Authenticate':
        'Bearer realm="a, basic", error="invalid_client", basic realm="oauth2", charset="UTF-8"',
    }),
  ),
  variant(
    'challenge-on-a-line-of-its-own',
    'Each challenge of status 401 has a header of its own (RFC 9110 section 5.3).',
    everyHeader(([name, value]) =>
      name === 'WWW-Authenticate'
        ? [
            [name, 'Negotiate'],
            [name, value],
          ]
        : [[name, value]],
    ),
  ),
  variant(
    'no-store-among-others',
    'no-store is one of several directives, in capitals (RFC 9111 section 5.2).',
    heading(any, { 'Cache-Control': 'max-age=0,No-Cache="x",NO-STORE,must-revalidate' }),
  ),
  variant(
    'no-store-on-a-line-of-its-own',
    'Each directive of Cache-Control has a header of its own (RFC 9110 section 5.3).',
    everyHeader(([name, value]) =>
      name === 'Cache-Control'
        ? [
            [name, 'private'],
            [name, value],
            [name, 'max-age=0'],
          ]
        : [[name, value]],
    ),
  ),
  variant(
    'header-names-in-small-letters',
    'The names of headers are in small letters (RFC 9110 section 5.1).',
    everyHeader(([name, value]) => [[name.toLowerCase(), value]]),
  ),
  variant(
    'headers-for-browsers',
    'Responses have headers for browsers and a cookie of the balancer, which mean nothing here.',
    everyHeader(([name, value]) =>
      name === 'Date'
        ? [
            [name, value],
            ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
            ['Content-Security-Policy', "default-src 'none'"],
            ['X-Content-Type-Options', 'nosniff'],
            ['Vary', 'Accept, Origin'],
            ['Set-Cookie', `lb=${crypto.randomUUID()}; path=/; secure; HttpOnly; SameSite=None`],
            ['Content-Language', 'en'],
          ]
        : [[name, value]],
    ),
  ),
  variant(
    'json-with-space',
    'JSON stands over several lines, with white space around it, its members in the opposite order (RFC 8259 sections 2 and 4).',
    writing(isOfJson, (text) => `\r\n\t ${JSON.stringify(reversed(JSON.parse(text)), undefined, 2)}\n\n`),
  ),
  variant(
    'answers-in-chunks',
    'Responses come in chunks (RFC 9112 section 7.1).',
    answering(({ response }) => ({
      ...response,
      chunked: response.status !== 204 && response.body.length > 0,
    })),
  ),
  variant(
    'successes-with-further-members',
    'Successes have members that no document knows, of every type (RFC 6749 section 5.1 has clients ignore them).',
    editing(isSuccess, (body) => ({
      'not-before-policy': 0,
      session_state: crypto.randomUUID(),
      ...body,
      ext_expires_in: '3599',
      resource_owner: { name: 'Andr\u00e9 \ud83d\udd11', roles: [null, true, 1.5e3], error: 'none' },
      'https://as.example/claims': [],
      '': null,
    })),
  ),
  variant(
    'long-bodies-as-413',
    'A body of more than 8 KiB is answered with status 413 (RFC 9110 section 15.5.14).',
    unserved(413, ({ body }) => body === undefined || body.length > 8_192),
  ),
  variant(
    'other-methods-as-501',
    'Methods other than POST are answered with status 501 (RFC 9110 section 15.6.2).',
    unserved(501, ({ method }) => method !== 'POST'),
  ),
  variant(
    'other-methods-as-405-in-text',
    'Methods other than POST are answered with status 405, the allowed ones in two headers (RFC 9110 section 15.5.6).',
    unserved(405, ({ method }) => method !== 'POST', [
      ['Allow', 'OPTIONS'],
      ['Allow', 'POST'],
    ]),
  ),
  variant(
    'html-alone-as-406',
    'Who accepts HTML alone is answered with status 406 (RFC 9110 section 15.5.7).',
    unserved(406, (request) => !/json|\*\/\*|^$/.test(first(request, 'accept'))),
  ),

  variant(
    'key-set-of-several-keys',
    'The JWK Set has keys of other types, one of a type that nobody knows, and members of its own (RFC 7517 sections 4 and 5).',
    editing(of('jwks'), (body) => ({
      updated: 1_700_000_000,
      keys: [
        ...others,
        ...(body.keys as JsonObject[]).map((key) => ({
          ...key,
          key_ops: ['verify'],
          x5t: 'dGhpcyBpcyBub3QgYSB0aHVtYnA',
          note: 'now',
        })),
      ],
    })),
  ),
];

/** Public keys: of RFC 7517 appendix A.1, of RFC 8037 appendix A.2, and one of a type to come. */
const others: readonly JsonObject[] = [
  {
    kty: 'EC',
    crv: 'P-256',
    x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
    y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
    use: 'enc',
    kid: '1',
  },
  {
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    alg: 'EdDSA',
  },
  { kty: 'token-conformance-of-tomorrow', kid: '2', z: 'AQAB' },
];
