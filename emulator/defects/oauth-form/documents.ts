import type { JsonObject } from '../../wire.ts';
import {
  atDeviceAuthorization,
  atRegister,
  type Change,
  type Defect,
  leaving,
  type Place,
  renaming,
} from '../defect.ts';
import {
  answering,
  askedWith,
  defect,
  editing,
  heading,
  intercepting,
  oauthError,
  of,
  page,
  writing,
} from './kit.ts';

const issuer = 'RFC8414-2-token_endpoint';
const type = 'RFC8414-3-metadata-cache-and-type';
const grants = 'RFC8414-2-grant-types-truthful';
const methods = 'RFC8414-2-auth-methods-truthful';
const assertions = 'RFC8414-2-auth-signing-algs';
const idTokens = 'OIDCD-3-id-token-algs';
const keys = 'RFC7517-jwks-valid';
const device = 'RFC8628-3.2-response-members';

const at =
  (place: Place) =>
  (name: string, changes: string, breaks: string | Defect['breaks'], change: Change): Defect =>
    defect(name, changes, breaks, [place], change);
const metadata = at('metadata');
const jwks = at('jwks');

const told = (
  name: string,
  changes: string,
  breaks: string | Defect['breaks'],
  edit: (body: JsonObject) => JsonObject,
): Defect => metadata(name, changes, breaks, editing(of('metadata'), edit));

const key = (name: string, changes: string, edit: (key: JsonObject) => unknown): Defect =>
  jwks(
    name,
    changes,
    keys,
    editing(of('jwks'), (body) => ({ ...body, keys: (body.keys as JsonObject[]).map(edit) })),
  );

const listed = (body: JsonObject, name: string, ...more: readonly string[]): JsonObject => ({
  ...body,
  [name]: [...((body[name] as string[] | undefined) ?? []), ...more],
});

/** What a server says of itself (RFC 8414, OpenID Connect Discovery), and its keys (RFC 7517). */
export const documents: readonly Defect[] = [
  told(
    'metadata-of-another-issuer',
    'The metadata has an issuer below which it was not found.',
    issuer,
    (body) => ({
      ...body,
      issuer: 'https://internal.example/oauth2',
    }),
  ),
  told('metadata-issuer-with-query', 'The issuer of the metadata has a query.', issuer, (body) => ({
    ...body,
    issuer: `${body.issuer}?tenant=1`,
  })),
  told('metadata-without-issuer', 'The metadata has no issuer.', issuer, (body) => leaving(body, 'issuer')),
  told('metadata-without-token-endpoint', 'The metadata has no token endpoint.', issuer, (body) =>
    leaving(body, 'token_endpoint'),
  ),
  told(
    'metadata-token-endpoint-with-fragment',
    'The token endpoint of the metadata has a fragment.',
    issuer,
    (body) => ({
      ...body,
      token_endpoint: `${body.token_endpoint}#token`,
    }),
  ),
  told(
    'metadata-token-endpoint-as-path',
    'The token endpoint of the metadata is a path.',
    issuer,
    (body) => ({
      ...body,
      token_endpoint: new URL(String(body.token_endpoint)).pathname,
    }),
  ),
  told(
    'metadata-token-endpoint-behind-proxy',
    'The metadata has the token endpoint of http that only the proxy reaches.',
    issuer,
    (body) => ({
      ...body,
      token_endpoint: 'http://backend.internal:8080/oauth2/token',
    }),
  ),
  metadata(
    'metadata-as-201',
    'The metadata is served with status 201.',
    type,
    answering((passing) =>
      of('metadata')(passing) ? { ...passing.response, status: 201 } : passing.response,
    ),
  ),
  metadata(
    'metadata-as-file',
    'The metadata has the media type of any file.',
    type,
    heading(of('metadata'), {
      'Content-Type': 'application/octet-stream',
    }),
  ),
  metadata(
    'metadata-with-member-twice',
    'The metadata has the token endpoint twice.',
    type,
    writing(of('metadata'), (text) => `{"token_endpoint":"https://old.example/token",${text.slice(1)}`),
  ),
  metadata(
    'metadata-as-page',
    'In the place of the metadata is the page of an application.',
    [issuer, type],
    answering((passing) => (of('metadata')(passing) ? page(200, 'Sign in') : passing.response)),
  ),
  told(
    'metadata-lists-ciba',
    'The metadata lists a grant type that is unknown to the token endpoint.',
    grants,
    (body) => listed(body, 'grant_types_supported', 'urn:openid:params:grant-type:ciba'),
  ),
  told(
    'metadata-lists-grants-by-nickname',
    'The metadata calls the grant type of device codes device_code.',
    grants,
    (body) => listed(body, 'grant_types_supported', 'device_code'),
  ),
  metadata(
    'metadata-lists-public-clients',
    'The metadata lists the method none, and public clients are refused.',
    methods,
    intercepting((form, { headers }, place) =>
      place === 'token' &&
      !headers.has('authorization') &&
      form.has('client_id') &&
      !form.has('client_secret') &&
      !form.has('client_assertion')
        ? oauthError('invalid_client', 401)
        : undefined,
    ),
  ),
  told(
    'metadata-without-assertion-algorithms',
    'The metadata lists private_key_jwt, and no algorithms for it.',
    assertions,
    (body) => leaving(body, 'token_endpoint_auth_signing_alg_values_supported'),
  ),
  told(
    'metadata-with-assertions-unsigned',
    'The metadata lists none among the algorithms of client assertions.',
    assertions,
    (body) => listed(body, 'token_endpoint_auth_signing_alg_values_supported', 'none'),
  ),
  told(
    'metadata-with-es256-alone',
    'The metadata lists ES256 alone for ID tokens, which have RS256.',
    idTokens,
    (body) => ({
      ...body,
      id_token_signing_alg_values_supported: ['ES256'],
    }),
  ),
  told(
    'metadata-without-id-token-algorithms',
    'The metadata lists no algorithm of ID tokens.',
    idTokens,
    (body) => leaving(body, 'id_token_signing_alg_values_supported'),
  ),
  told(
    'metadata-without-pkce',
    'The metadata says nothing of PKCE.',
    'RFC9700-2.1.1-pkce-discoverable',
    (body) => leaving(body, 'code_challenge_methods_supported'),
  ),
  told(
    'metadata-without-key-pairs',
    'The metadata lists methods with a shared secret alone.',
    'RFC9700-2.5-asymmetric-auth-offered',
    (body) => ({
      ...body,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    }),
  ),

  key('jwks-with-private-part', 'A key of the JWK Set has its private exponent.', (one) => ({
    ...one,
    d: Buffer.alloc(256, 7).toString('base64url'),
  })),
  key('jwks-without-modulus', 'A key of the JWK Set has no modulus.', (one) => leaving(one, 'n')),
  key('jwks-without-type', 'A key of the JWK Set has no type.', (one) => leaving(one, 'kty')),
  key(
    'jwks-of-certificates',
    'The JWK Set has certificates by their kid, as PEM.',
    () => '-----BEGIN CERTIFICATE-----',
  ),
  jwks(
    'jwks-with-shared-secret',
    'The JWK Set has a symmetric key.',
    keys,
    editing(of('jwks'), (body) => ({
      keys: [
        ...(body.keys as JsonObject[]),
        { kty: 'oct', kid: 'hmac', k: Buffer.alloc(32, 7).toString('base64url') },
      ],
    })),
  ),
  jwks(
    'jwks-as-list',
    'The JWK Set is a list of keys.',
    keys,
    editing(of('jwks'), ({ keys: all }) => all),
  ),
];

const started = (
  name: string,
  changes: string,
  breaks: string | Defect['breaks'],
  edit: (body: JsonObject) => JsonObject,
): Defect => defect(name, changes, breaks, atDeviceAuthorization, editing(of('device_authorization'), edit));

/** How device authorizations are told (RFC 8628 section 3.2). */
export const deviceAnswers: readonly Defect[] = [
  started('told-device-lifetime-as-text', 'The lifetime of a device code is text.', device, (body) => ({
    ...body,
    expires_in: String(body.expires_in),
  })),
  started('told-verification-url', 'The verification URI is called verification_url.', device, (body) =>
    renaming(body, 'verification_uri', 'verification_url'),
  ),
  started('told-verification-path', 'The verification URI is a path.', device, (body) => ({
    ...body,
    verification_uri: '/device',
  })),
  started(
    'told-no-user-code',
    'There is no user code beside the complete verification URI.',
    device,
    (body) => leaving(body, 'user_code'),
  ),
  started(
    'told-other-complete-uri',
    'The complete verification URI has the user code of another device.',
    'RFC8628-3.2-complete-uri-same-code',
    (body) => ({
      ...body,
      verification_uri_complete: String(body.verification_uri_complete).replace(
        /[A-Z]{4}-[A-Z]{4}$/,
        'QRST-VWXZ',
      ),
    }),
  ),
  defect(
    'device-codes-kept-by-caches',
    'A device authorization has no Cache-Control.',
    'RFC8628-3.2-no-store',
    atDeviceAuthorization,
    heading(of('device_authorization'), {
      'Cache-Control': undefined,
    }),
  ),
  defect(
    'device-started-for-nobody',
    'A device authorization is started for whoever does not say who asks.',
    'RFC8628-3.1-client-auth',
    atDeviceAuthorization,
    intercepting((_, request, place) =>
      place === 'device_authorization' && !askedWith(request).has('client_id')
        ? { ...oauthError(''), status: 200, body: JSON.stringify(startedForNobody()) }
        : undefined,
    ),
  ),
];

const startedForNobody = (): JsonObject => ({
  device_code: crypto.randomUUID(),
  user_code: 'BCDF-GHJK',
  verification_uri: 'https://as.example/device',
  expires_in: 600,
});

/** What a registration tells of its times (RFC 7591 section 3.2.1). */
export const registrationAnswers: readonly Defect[] = [
  defect(
    'told-registration-in-milliseconds',
    'The time of a registration is in milliseconds.',
    'RFC7591-3.2.1-issued-at',
    atRegister,
    editing(of('register'), (body) => ({
      ...body,
      client_id_issued_at: Number(body.client_id_issued_at) * 1000,
    })),
  ),
];
