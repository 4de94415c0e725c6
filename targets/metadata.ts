import { readDialect } from '../specs/read.ts';
import type { Feature } from './dialect.ts';
import { readJson } from './json.ts';
import type { RegisteredMethod } from './target/target.ts';
import { headerOf } from './transport/headers.ts';
import type { WireOutcome } from './transport/transport.ts';

/** A place where a server may describe itself. */
export interface MetadataPlace {
  readonly url: string;
  /** OpenID Connect Discovery has it, else RFC 8414. */
  readonly isOpenId: boolean;
}

/** What is known of a place after it was asked. */
export type Look = MetadataPlace &
  (
    | { readonly kind: 'found'; readonly document: Document }
    | {
        /** `silent`: nobody answered, or "not now". `unusable`: an answer that is no metadata of this issuer. */
        readonly kind: 'silent' | 'unusable';
        /** What it answered: `answered 404`. */
        readonly answer: string;
        /** Whose metadata it is, where that is somebody else. */
        readonly issuer?: string;
      }
  );

export type Document = Readonly<Record<string, unknown>>;

/**
 * Where the metadata of an issuer may be. OpenID Connect Discovery §4 appends to the issuer, RFC 8414 §3 inserts before
 * its path; servers mix them, so that each document is looked for both ways.
 */
export function metadataPlaces(issuer: string, openIdFirst: boolean): MetadataPlace[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const openId = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/openid-configuration${path}`,
  ];
  const oauth = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/oauth-authorization-server`,
  ];
  const both = [openId, oauth].map((urls, index) =>
    [...new Set(urls)].map((url) => ({ url, isOpenId: index === 0 })),
  );
  return (openIdFirst ? both : both.toReversed()).flat();
}

/** What a place answered, and whether that may be used: RFC 8414 §3.3 forbids it where the issuer is another one. */
export function lookAt(
  place: MetadataPlace,
  { response, failure, isNotNow }: WireOutcome,
  issuer: string,
): Look {
  if (response === undefined) return { ...place, kind: 'silent', answer: failure?.message ?? 'nothing came' };
  const answered = `answered ${response.status}`;
  if (isNotNow) return { ...place, kind: 'silent', answer: answered };
  const unusable = (answer: string, other?: string): Look => ({
    ...place,
    kind: 'unusable',
    answer,
    ...(other !== undefined && { issuer: other }),
  });
  if (response.status !== 200) return unusable(answered + elsewhere(headerOf(response.headers, 'location')));
  const { object, error = 'it is no object' } = readJson(response.body.toString('utf8'));
  if (object === undefined) return unusable(`${answered} with something that is no metadata: ${error}`);
  const { issuer: named } = object;
  if (named === issuer) return { ...place, kind: 'found', document: object };
  if (typeof named !== 'string') return unusable(`${answered} with JSON that names no issuer`);
  return unusable(`${answered} with the metadata of another issuer, "${short(named)}"`, named);
}

/** Without what a query may bring along. */
const elsewhere = (location: string | undefined): string =>
  location === undefined ? '' : ` (it points to ${short(location.replace(/[?#].*$/s, ''))})`;

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** By operation, the member of the metadata that has its URL. The first of them is no operation: users go there. */
export const endpointMembers: Readonly<Record<string, string>> = {
  authorization: 'authorization_endpoint',
  ...Object.fromEntries(
    Object.entries(readDialect('oauth-form').operations).flatMap(([operation, { endpoint }]) =>
      endpoint === undefined ? [] : [[operation, endpoint]],
    ),
  ),
};

/**
 * Where authorization requests are pushed (RFC 9126 §5), by the name that a target has it under. It is used only where the
 * server takes no others.
 */
const pushing = { pushed_authorization: 'pushed_authorization_request_endpoint' };

/** The URLs in a document by operation, and the members that should have one and do not. */
export function endpointsIn(document: Document): {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly wrong: readonly string[];
} {
  const isPushed = document.require_pushed_authorization_requests === true;
  const members = isPushed ? { ...endpointMembers, ...pushing } : endpointMembers;
  const said = Object.entries(members).filter(([, member]) => document[member] !== undefined);
  const usable = said.filter(([, member]) => isEndpoint(document[member]));
  return {
    endpoints: Object.fromEntries(usable.map(([operation, member]) => [operation, String(document[member])])),
    wrong: said.filter((one) => !usable.includes(one)).map(([, member]) => member),
  };
}

/** RFC 6749 §3.2: a URL, which may have a query but no fragment. */
const isEndpoint = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\/[^\s#]+$/i.test(value) && URL.canParse(value);

/** What the metadata of a server says that it can do. */
export interface Offers {
  /** How clients are authenticated at the token endpoint; by RFC 8414 §2 client_secret_basic where it is not said. */
  readonly authMethods: readonly string[];
  /** What the assertions of clients may be signed with. */
  readonly assertionAlgorithms: readonly string[];
  /** Absent where it is not said: the default of RFC 8414 has no refresh tokens, which such servers give all the same. */
  readonly grants?: readonly string[];
  /** The methods of PKCE; none where it is not said (RFC 8414 §2). */
  readonly challengeMethods: readonly string[];
  /** Some of those that there are; absent where it is not said. */
  readonly scopes?: readonly string[];
  readonly isOpenId: boolean;
}

export function offersIn(document: Document): Offers {
  const list = (name: string): readonly string[] | undefined => {
    const value = document[name];
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
  };
  const grants = list('grant_types_supported');
  const scopes = list('scopes_supported');
  return {
    authMethods: list('token_endpoint_auth_methods_supported') ?? ['client_secret_basic'],
    assertionAlgorithms: list('token_endpoint_auth_signing_alg_values_supported') ?? [],
    ...(grants && { grants }),
    challengeMethods: list('code_challenge_methods_supported') ?? [],
    ...(scopes && { scopes }),
    isOpenId:
      list('id_token_signing_alg_values_supported') !== undefined || (scopes?.includes('openid') ?? false),
  };
}

const methods: readonly RegisteredMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'none',
  'private_key_jwt',
  'client_secret_jwt',
];

/** What metadata can say of a target, in the words that cases say their needs with. */
export type Offered = `auth:${RegisteredMethod}` | `feature:${Feature}`;

/** Whether refresh tokens are rotated no metadata says. */
export function capabilitiesOf(offers: Offers): Offered[] {
  const features: readonly (readonly [Feature, boolean])[] = [
    ['metadata', true],
    ['openid', offers.isOpenId],
    ['pkce', offers.challengeMethods.includes('S256')],
    ['public-clients', offers.authMethods.includes('none')],
    ['scopes', offers.scopes !== undefined && offers.scopes.length > 0],
  ];
  return [
    ...methods.filter((method) => offers.authMethods.includes(method)).map((one) => `auth:${one}` as const),
    ...features.filter(([, has]) => has).map(([feature]) => `feature:${feature}` as const),
  ];
}
