import { gzipSync } from 'node:zlib';
import { type Change, leaving, replacingOAuth } from '../../../emulator/defects/defect.ts';
import {
  answering,
  editing,
  heading,
  intercepting,
  isError,
  isSuccess,
  issuesTokens,
  of,
  type Passing,
  refusesTokens,
  withHeaders,
  writing,
} from '../../../emulator/defects/oauth-form/kit.ts';
import { oauthFormBehaviours as usual } from '../../../emulator/fronts/oauth-form/behaviours.ts';
import { randomBytes } from '../../../emulator/random.ts';
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
const isDocument = (passing: Passing) => of('metadata')(passing) || of('jwks')(passing);
const isOfJson = ({ body }: Passing) => body !== undefined;

/** What the documents let a server write, and how they let it read. */
export const wireVariants: readonly Variant[] = [
  variant(
    'errors-without-description',
    'No error has a description, which is optional (RFC 6749 section 5.2).',
    editing(isError, (body) => leaving(body, 'error_description')),
  ),
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
    'errors-with-further-members',
    'Errors have further members, as servers add them to trace a request (RFC 6749 section 8.2 leaves names free).',
    editing(isError, (body) => ({
      trace_id: crypto.randomUUID(),
      ...body,
      error_codes: [70008],
      timestamp: '2026-01-01 00:00:00Z',
      details: { reason: 'expired "or" unknown' },
      error_hint: null,
    })),
  ),
  variant(
    'failed-clients-as-400',
    'A client that failed to authenticate otherwise than by HTTP Basic is answered with status 400 (RFC 6749 section 5.2).',
    answering((passing) =>
      refusesTokens('invalid_client')(passing) && !passing.request.headers.has('authorization')
        ? withHeaders({ ...passing.response, status: 400 }, { 'WWW-Authenticate': undefined })
        : passing.response,
    ),
  ),
  variant(
    'several-challenges',
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
    'no-store-alone',
    'Responses have no Pragma, which caches of today do not read (RFC 9111 section 5.4).',
    heading(any, { Pragma: undefined }),
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
    'json-type-in-other-case',
    'The media type of JSON has capitals and a quoted charset (RFC 9110 section 8.3.1).',
    heading(isOfJson, { 'Content-Type': 'Application/JSON ; Charset="utf-8"' }),
  ),
  variant(
    'json-with-space',
    'JSON stands over several lines, with white space around it, its members in the opposite order (RFC 8259 sections 2 and 4).',
    writing(isOfJson, (text) => `\r\n\t ${JSON.stringify(reversed(JSON.parse(text)), undefined, 2)}\n\n`),
  ),
  variant(
    'json-with-escapes',
    'Texts of JSON are written with escapes where none are needed (RFC 8259 section 7).',
    writing(isOfJson, (text) =>
      text
        .replaceAll('/', '\\/')
        .replaceAll(
          /(?<=[:,{[]")[a-z](?=[^"\\]*")/g,
          (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
        ),
    ),
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
    'gzip-for-whoever-asks',
    'Who says that gzip is accepted gets it (RFC 9110 section 12.5.3).',
    answering(({ request, response }) =>
      /\bgzip\b/.test(first(request, 'accept-encoding')) && response.body.length > 0
        ? withHeaders(
            { ...response, body: gzipSync(response.body) },
            { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
          )
        : response,
    ),
  ),
  variant(
    'lifetimes-not-told',
    'No response tells the lifetime of an access token, which RFC 6749 section 5.1 recommends.',
    editing(issuesTokens, (body) => leaving(body, 'expires_in')),
  ),
  variant(
    'token-type-in-small-letters',
    'The token type is bearer (RFC 6749 section 5.1: in any case).',
    editing(issuesTokens, (body) =>
      body.token_type === 'Bearer' ? { ...body, token_type: 'bearer' } : body,
    ),
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
    'scopes-in-other-order-told',
    'Scopes are told in the opposite order, which means nothing (RFC 6749 section 3.3).',
    editing(issuesTokens, (body) =>
      typeof body.scope === 'string' ? { ...body, scope: body.scope.split(' ').reverse().join(' ') } : body,
    ),
  ),
  variant(
    'scope-not-told-when-as-asked',
    'A scope that is the one of the request is not told (RFC 6749 section 5.1).',
    editing(issuesTokens, (body, { form }) =>
      body.scope === form.get('scope') ? leaving(body, 'scope') : body,
    ),
  ),
  variant(
    'refresh-tokens-of-any-character',
    'Refresh tokens have blanks, quotes and what forms escape (RFC 6749 appendix A.17).',
    replacingOAuth(() => ({
      'new-refresh-token': (attempt) => `rt %41+&=;"\\/?#<~> ${usual['new-refresh-token'](attempt)}`,
    })),
  ),
  variant(
    'client-credentials-of-any-character',
    'Client identifiers and secrets have colons, quotes and what forms escape (RFC 6749 appendices A.1 and A.2).',
    replacingOAuth(() => ({
      'new-client-id': () => `https://c.example/a b:%41+&="${randomBytes(12).toString('hex')}`,
      'new-client-secret': () => `s:%2B+&= "\\/~${randomBytes(36).toString('base64url')}`,
    })),
  ),
  variant(
    'long-bodies-as-413',
    'A body of more than 8 KiB is answered with status 413 (RFC 9110 section 15.5.14).',
    unserved(413, ({ body }) => body === undefined || body.length > 8_192),
  ),
  variant(
    'other-types-as-415',
    'A body of another media type is answered with status 415 (RFC 9110 section 15.5.16).',
    unserved(415, (request) => request.method === 'POST' && !usual['media-type-is-form'](request), [
      ['Accept-Post', 'application/x-www-form-urlencoded'],
    ]),
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
    'html-not-acceptable',
    'Who accepts HTML alone is answered with status 406 (RFC 9110 section 15.5.7).',
    unserved(406, (request) => !/json|\*\/\*|^$/.test(first(request, 'accept'))),
  ),

  variant(
    'documents-for-caches',
    'The metadata and the JWK Set may be kept for an hour (RFC 9111 section 5.2.2.1).',
    heading(isDocument, { 'Cache-Control': 'public, max-age=3600', Pragma: undefined, ETag: '"1"' }),
  ),
  variant(
    'metadata-with-further-members',
    'The metadata has members that no document knows, and others for people (RFC 8414 section 2).',
    editing(of('metadata'), (body) => ({
      ...body,
      service_documentation: 'https://docs.example/',
      ui_locales_supported: ['de', 'en-GB'],
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.example/token' },
      check_session_iframe: 'https://as.example/session',
      'https://as.example/extension': { nested: [1, null] },
      tls_client_certificate_bound_access_tokens: false,
    })),
  ),
  variant(
    'metadata-of-the-least-members',
    'The metadata has what is required and what has another default than this server (RFC 8414 section 2).',
    editing(of('metadata'), (body) =>
      leaving(
        body,
        'scopes_supported',
        'response_modes_supported',
        'claims_supported',
        'claim_types_supported',
        'claims_parameter_supported',
        'introspection_endpoint',
        'introspection_endpoint_auth_methods_supported',
        'introspection_endpoint_auth_signing_alg_values_supported',
        'revocation_endpoint',
        'revocation_endpoint_auth_methods_supported',
        'revocation_endpoint_auth_signing_alg_values_supported',
        'userinfo_endpoint',
        'request_uri_parameter_supported',
      ),
    ),
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
  variant(
    'key-set-by-its-own-type',
    'The JWK Set has the media type application/jwk-set+json (RFC 7517 section 8.5.2).',
    heading(of('jwks'), { 'Content-Type': 'application/jwk-set+json' }),
  ),
  variant(
    'device-authorizations-of-the-least-members',
    'A device authorization has no complete verification URI (RFC 8628 section 3.2).',
    editing(of('device_authorization'), (body) => leaving(body, 'verification_uri_complete')),
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
