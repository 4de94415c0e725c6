import { readDialect } from '../specs/read.ts';
import { readJson } from './json.ts';
import type { Limit, RegisteredMethod } from './target/target.ts';
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

const methods: readonly RegisteredMethod[] = [
  'client_secret_basic',
  'client_secret_post',
  'none',
  'private_key_jwt',
  'client_secret_jwt',
];

/** Operations that a server need not have. */
const optional: readonly string[] = ['device_authorization', 'register'];

/**
 * What a document says that its server does not have. Of a list that is not there nothing is concluded, whatever
 * default it has: servers give refresh tokens, take public clients and name no grants.
 *
 * @param url where the document is
 * @param known operations of which the target file says where they are
 */
export function unofferedIn(document: Document, url: string, known: readonly string[] = []): Limit[] {
  const { operations } = readDialect('oauth-form');
  const leftOut = <T extends string>(name: string, values: readonly T[]): [T, string][] => {
    const listed = listIn(document, name) ?? [];
    const missing = listed.length === 0 ? [] : values.filter((one) => !listed.includes(one));
    return missing.map((one) => [one, `${url} lists no ${one} in ${name}`]);
  };
  const unnamed = optional
    .map((operation) => [operation, operations[operation]?.endpoint ?? ''] as const)
    .filter(([operation, member]) => !known.includes(operation) && document[member] === undefined)
    .map(([operation, member]) => [operation, `${url} names no ${member}`] as const);
  const grants = leftOut('grant_types_supported', Object.keys(operations.token?.grants ?? {}));
  const unlisted = leftOut('token_endpoint_auth_methods_supported', methods);
  const confidential = unlisted.filter(([method]) => method !== 'none');
  const isPublic = listIn(document, 'token_endpoint_auth_methods_supported')?.every((one) => one === 'none');
  // Each of the two is of no use without the other (RFC 8628 §3).
  const devices = grants.flatMap(([grant, reason]) =>
    grant === deviceCodeGrant ? [['device_authorization', reason] as const] : [],
  );
  const noDevices = unnamed.flatMap(([operation, reason]) =>
    operation === 'device_authorization' ? [[deviceCodeGrant, reason] as const] : [],
  );
  // RFC 6749 §4.4: for confidential clients alone.
  const noCredentials = isPublic
    ? confidential.slice(0, 1).map(([, reason]) => ['client_credentials', reason] as const)
    : [];
  const by = 'metadata';
  return [
    ...[...unnamed, ...devices].map(([operation, reason]) => ({ operation, by, reason }) as const),
    ...[...grants, ...noDevices, ...noCredentials].map(([grant, reason]) => ({ grant, by, reason }) as const),
    ...unlisted.map(([method, reason]) => ({ method, by, reason }) as const),
  ];
}

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** How clients usually authenticate at a server: the first of our methods that it lists; undefined where it lists none. */
export const usualMethodIn = (document: Document): RegisteredMethod | undefined =>
  methods.find((method) => listIn(document, 'token_endpoint_auth_methods_supported')?.includes(method));

/** The texts of a list in a document; undefined where there is no list. */
export function listIn(document: Document, name: string): readonly string[] | undefined {
  const value = document[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}
