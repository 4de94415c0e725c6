import { isLoopback } from '../../harness/loopback.ts';
import type { Observation } from '../../harness/probe.ts';
import { deviceCodeGrant } from '../kit/given.ts';
import { header, isJsonType, isPresent, member, type RuleRow, show, status, when } from '../kit/rule.ts';

const urlOf = ({ exchange }: Observation) => exchange.request.url;
const list = (seen: Observation, name: string): readonly unknown[] => {
  const value = member(seen, name);
  return Array.isArray(value) ? value : [];
};

/** https, or http where nobody can listen in between. */
const isSafe = (url: unknown): url is string =>
  typeof url === 'string' &&
  URL.canParse(url) &&
  (/^https:/i.test(url) || (/^http:/i.test(url) && isLoopback(url)));

/**
 * The issuer whose metadata is at a URL: OpenID Connect Discovery §4 appends to the issuer, RFC 8414 §3 inserts before its
 * path. Undefined where it is nowhere below /.well-known/.
 */
function issuerAt(url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  const [, before, after] = /^(.*)\/\.well-known\/[^/]+(.*)$/.exec(pathname) ?? [];
  return before === undefined || after === undefined ? undefined : plain(`${origin}${before}${after}`);
}

/** Without what a URL below an issuer cannot tell of it: a final slash, and the case of its host. */
const plain = (issuer: string): string => new URL(issuer).href.replace(/\/$/, '');

const isOpenId = (seen: Observation) =>
  /\/openid-configuration(?:\/|$)/.test(new URL(urlOf(seen)).pathname) ||
  isPresent(member(seen, 'id_token_signing_alg_values_supported'));

const signing = new Set<unknown>(['private_key_jwt', 'client_secret_jwt']);

/** RFC 8414 and OpenID Connect Discovery: what a server says of itself. */
const document: RuleRow[] = [
  {
    id: 'wire/metadata-type',
    operation: 'metadata',
    title: 'the status and the media type of the metadata',
    requirement: 'RFC8414-3-metadata-cache-and-type',
    expected: 'status 200 with application/json, and one JSON object with no name twice',
    problem: (seen) => {
      if (status(seen) !== 200) return `status ${status(seen)}`;
      if (!isJsonType(header(seen, 'content-type')))
        return `Content-Type is ${show(header(seen, 'content-type'))}`;
      const { error, object, repeated } = seen.reply.json;
      if (error !== undefined || object === undefined) return `the body is ${error ?? 'no object'}`;
      return when(repeated.length > 0, `${repeated.join(', ')} twice`);
    },
  },
  {
    id: 'wire/metadata-issuer',
    operation: 'metadata',
    title: 'the issuer and the token endpoint of the metadata',
    requirement: 'RFC8414-2-token_endpoint',
    expected:
      'the issuer below which it was found, and a token endpoint without fragment; both https, or http on loopback',
    problem: (seen) => {
      const [issuer, endpoint] = [member(seen, 'issuer'), member(seen, 'token_endpoint')];
      const known = issuerAt(urlOf(seen));
      if (!isSafe(issuer) || /[?#]/.test(issuer)) return `the issuer is ${show(issuer)}`;
      if (known !== undefined && known !== plain(issuer))
        return `the issuer is ${show(issuer)}, in the metadata of ${known}`;
      return when(!isSafe(endpoint) || endpoint.includes('#'), `token_endpoint is ${show(endpoint)}`);
    },
  },
  {
    id: 'wire/metadata-token-endpoint',
    operation: 'metadata',
    title: 'the fragment of the token endpoint in the metadata',
    requirement: 'RFC6749-3.2-uri-no-fragment',
    expected: 'none',
    applies: (seen) => typeof member(seen, 'token_endpoint') === 'string',
    problem: (seen) => {
      const endpoint = String(member(seen, 'token_endpoint'));
      return when(endpoint.includes('#'), `token_endpoint is ${show(endpoint)}`);
    },
  },
  {
    id: 'wire/metadata-assertion-algorithms',
    operation: 'metadata',
    title: 'the algorithms of client assertions in the metadata',
    requirement: 'RFC8414-2-auth-signing-algs',
    expected: 'algorithms, and none that is "none", where clients authenticate with assertions',
    applies: (seen) =>
      seen.reply.outcome === 'granted' &&
      list(seen, 'token_endpoint_auth_methods_supported').some((one) => signing.has(one)),
    optional: 'no client authenticates with an assertion here',
    problem: (seen) => {
      const name = 'token_endpoint_auth_signing_alg_values_supported';
      const algorithms = list(seen, name);
      const isNamed =
        algorithms.length > 0 && algorithms.every((one) => typeof one === 'string' && one !== '');
      return when(!isNamed || algorithms.includes('none'), `${name} is ${show(member(seen, name))}`);
    },
  },
  {
    id: 'wire/metadata-id-token-algorithms',
    operation: 'metadata',
    title: 'the algorithms of ID tokens in the metadata',
    requirement: 'OIDCD-3-id-token-algs',
    expected: 'RS256 among them',
    applies: (seen) => seen.reply.outcome === 'granted' && isOpenId(seen),
    optional: 'the metadata is that of no OpenID provider',
    problem: (seen) => {
      const name = 'id_token_signing_alg_values_supported';
      return when(!list(seen, name).includes('RS256'), `${name} is ${show(member(seen, name))}`);
    },
  },
  {
    id: 'wire/metadata-pkce',
    operation: 'metadata',
    title: 'PKCE in the metadata',
    requirement: 'RFC9700-2.1.1-pkce-discoverable',
    expected: 'code_challenge_methods_supported with S256, where there are codes',
    // RFC 8414 §2: where it is not said, there are codes.
    applies: (seen) =>
      seen.reply.outcome === 'granted' &&
      (!isPresent(member(seen, 'grant_types_supported')) ||
        list(seen, 'grant_types_supported').includes('authorization_code')),
    optional: 'no authorization codes are offered here',
    problem: (seen) => {
      const name = 'code_challenge_methods_supported';
      return when(!list(seen, name).includes('S256'), `${name} is ${show(member(seen, name))}`);
    },
  },
  {
    id: 'wire/metadata-plain-challenges',
    operation: 'metadata',
    title: 'the challenge method plain in the metadata',
    requirement: 'RFC9700-2.1.1-plain-disabled',
    expected: 'code_challenge_methods_supported without plain',
    applies: (seen) =>
      seen.reply.outcome === 'granted' && isPresent(member(seen, 'code_challenge_methods_supported')),
    optional: 'the metadata says nothing of challenge methods',
    problem: (seen) => {
      const name = 'code_challenge_methods_supported';
      return when(list(seen, name).includes('plain'), `${name} is ${show(member(seen, name))}`);
    },
  },
];

/** What may be told of a server that its metadata need not tell. */
const recommended: RuleRow[] = [
  {
    id: 'wire/metadata-asymmetric-authentication',
    operation: 'metadata',
    title: 'client authentication by a pair of keys in the metadata',
    requirement: 'RFC9700-2.5-asymmetric-auth-offered',
    expected: 'private_key_jwt, tls_client_auth or self_signed_tls_client_auth among the methods',
    applies: (seen) =>
      seen.reply.outcome === 'granted' &&
      list(seen, 'token_endpoint_auth_methods_supported').some((one) => one !== 'none'),
    optional: 'the metadata lists no way to authenticate clients',
    problem: (seen) => {
      const name = 'token_endpoint_auth_methods_supported';
      return when(
        !list(seen, name).some((one) => asymmetric.has(one)),
        `${name} is ${show(member(seen, name))}`,
      );
    },
  },
  {
    id: 'wire/metadata-device-authorization',
    operation: 'metadata',
    title: 'the device authorization endpoint in the metadata',
    requirement: 'RFC8628-4-metadata',
    expected: 'the endpoint beside the grant type of device codes',
    applies: (seen) => seen.reply.outcome === 'granted' && (hasDeviceEndpoint(seen) || hasDeviceGrant(seen)),
    optional: 'the metadata tells nothing of device authorizations',
    problem: (seen) =>
      when(
        !hasDeviceEndpoint(seen) || !hasDeviceGrant(seen),
        hasDeviceEndpoint(seen)
          ? 'the grant type is not listed'
          : 'there is no device_authorization_endpoint',
      ),
  },
];

/** What clients of MCP read before they go on. */
const ofMcp: RuleRow[] = [
  {
    id: 'wire/metadata-challenge-methods',
    operation: 'metadata',
    title: 'the challenge methods that clients of MCP look for in the metadata',
    requirement: 'MCP-pkce-advertised',
    expected: 'code_challenge_methods_supported with S256',
    applies: (seen) => seen.reply.outcome === 'granted',
    problem: (seen) => {
      const name = 'code_challenge_methods_supported';
      return when(!list(seen, name).includes('S256'), `${name} is ${show(member(seen, name))}`);
    },
  },
  {
    id: 'wire/metadata-https',
    operation: 'metadata',
    title: 'the endpoints in the metadata',
    requirement: 'MCP-https',
    expected: 'https, or http on loopback, at each of them',
    applies: (seen) => seen.reply.outcome === 'granted',
    problem: (seen) =>
      Object.entries(seen.reply.members)
        .filter(([name, value]) => /^[a-z_]{1,60}_endpoint$/.test(name) && isPresent(value) && !isSafe(value))
        .map(([name, value]) => `${name} is ${show(value)}`),
  },
  {
    id: 'wire/metadata-client-documents-flag',
    operation: 'metadata',
    title: 'the type of client_id_metadata_document_supported in the metadata',
    requirement: 'MCP-cimd-boolean',
    expected: 'true or false',
    applies: (seen) => seen.reply.outcome === 'granted' && member(seen, documents) !== undefined,
    optional: 'the metadata says nothing of documents of clients',
    problem: (seen) =>
      when(typeof member(seen, documents) !== 'boolean', `${documents} is ${show(member(seen, documents))}`),
  },
  {
    id: 'wire/metadata-client-documents',
    operation: 'metadata',
    title: 'documents of clients in the metadata',
    requirement: 'MCP-overview-cimd',
    expected: 'client_id_metadata_document_supported with true',
    applies: (seen) => seen.reply.outcome === 'granted',
    problem: (seen) =>
      when(member(seen, documents) !== true, `${documents} is ${show(member(seen, documents))}`),
  },
];

const documents = 'client_id_metadata_document_supported';
const asymmetric = new Set<unknown>(['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']);
const hasDeviceEndpoint = (seen: Observation) => isPresent(member(seen, 'device_authorization_endpoint'));
const hasDeviceGrant = (seen: Observation) => list(seen, 'grant_types_supported').includes(deviceCodeGrant);

type Key = Readonly<Record<string, unknown>>;

const keysOf = (seen: Observation): Key[] =>
  list(seen, 'keys').filter((one): one is Key => typeof one === 'object' && one !== null);
/** What makes it that key, and no other. */
const materialOf = (key: Key) => JSON.stringify(['n', 'e', 'crv', 'x', 'y'].map((name) => key[name]));
/** RFC 7517 §4.5: keys of several types may share a kid, where they are alternatives to each other. */
const nameOf = ({ kid, kty }: Key) => (typeof kid === 'string' ? JSON.stringify([kid, kty]) : undefined);

/** RFC 7517: what it publishes its keys in. */
const keySet: RuleRow[] = [
  {
    id: 'wire/jwks-valid',
    operation: 'jwks',
    title: 'the keys of the JWK Set',
    requirement: 'RFC7517-jwks-valid',
    expected: 'from https, or http on loopback, public keys with all members of their type',
    problem: (seen) => (isSafe(urlOf(seen)) ? seen.reply.problems : `the set is at ${urlOf(seen)}`),
  },
  {
    id: 'wire/jwks-kids',
    operation: 'jwks',
    title: 'the names of the keys of the JWK Set',
    requirement: 'OIDC-10.1.1-new-key-new-kid',
    expected: 'no kid names two keys of one type',
    applies: (seen) => keysOf(seen).some((key) => nameOf(key) !== undefined),
    optional: 'no key has a kid',
    problem: () => undefined,
    acrossProblem: 'a kid names two keys',
    across: (all) => {
      const known = new Map<string, string>();
      return all.filter((seen) =>
        keysOf(seen)
          .map((key) => {
            const name = nameOf(key);
            const before = name === undefined ? undefined : known.get(name);
            if (name !== undefined) known.set(name, materialOf(key));
            return before !== undefined && before !== materialOf(key);
          })
          .includes(true),
      );
    },
  },
];

/** Rules over the metadata of a server and its JWK Set. */
export const metadataRules: readonly RuleRow[] = [...document, ...recommended, ...ofMcp, ...keySet].map(
  (row) => ({
    ...row,
    dialects: ['oauth-form'],
  }),
);
