import { type Node, parseTree } from 'jsonc-parser';
import type { Vault } from './vault.ts';

/**
 * Members whose text may stay in a report: nothing that they hold by contract is secret. Every other
 * string is replaced, so that a member nobody foresaw cannot leak. Both spellings of the dialects.
 */
const harmless = new Set(
  [
    'clientId clientIdIssuedAt clientSecretExpiresAt clientName clientType grantType grantTypes redirectUri',
    'redirectUris scope scopes issuerUrl startUrl entitledApplicationArn tokenType expiresIn interval',
    'issuedTokenType subjectTokenType requestedTokenType verificationUri verificationUriComplete',
    'authorizationEndpoint tokenEndpoint error error_description error_uri reason endpoint region',
    'message Message __type responseType state nonceMethod codeChallengeMethod',
  ]
    .join(' ')
    .split(' ')
    .map(camel),
);

/** Harmless members that hold prose: a token may have slipped into it. */
const prose = new Set(['error', 'error_description', 'message', 'Message', 'reason']);

/** A run of characters that looks like a token or a key, wherever it stands. */
const tokenLike =
  /(?<![\w./+~=-])(?=[\w.+/~=-]*[A-Z])(?=[\w.+/~=-]*[a-z])(?=[\w.+/~=-]*\d)[\w.+~=-][\w.+/~=-]{23,}/g;
const jwt = /eyJ[\w-]{8,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g;
const exceptionNames = /^[A-Za-z_]+(?:Exception)?$/;

type Direction = 'sent' | 'received';

/** A stretch of a body and what stands in its place. */
interface Span {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Redacts a body, JSON or not, well-formed or not. `sent` bodies may hold a `code`; received ones an error code. */
export function redactBody(text: string, direction: Direction, vault: Vault): string {
  let out = '';
  let at = 0;
  for (const span of /^\s*[{[]/.test(text) ? spansOf(text, direction, vault) : []) {
    out += redactText(text.slice(at, span.offset), vault) + span.text;
    at = span.offset + span.length;
  }
  return out + redactText(text.slice(at), vault);
}

/** Redacts free text: known secrets first, then whatever looks like one. */
export function redactText(text: string, vault: Vault): string {
  return redactKnown(text, vault).replace(tokenLike, (value) => vault.mark('opaque', value));
}

function redactKnown(text: string, vault: Vault): string {
  return vault.scrub(text).replace(jwt, (value) => vault.mark('jwt', value));
}

/** Redacts a URL: query values by their name, the rest as text. */
export function redactUrl(url: string, vault: Vault): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return redactText(path, vault);
  const parts = query.split('&').map((part) => {
    const [name = '', value] = part.split('=', 2);
    if (value === undefined || value === '' || harmless.has(camel(name)) || name === 'aws_iam') return part;
    return `${name}=${vault.mark(camel(name), decoded(value))}`;
  });
  return `${redactText(path, vault)}?${parts.join('&')}`;
}

/** As it was before it was put into a URL; as it stands where it is nothing of that kind. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Redacts header values; what authenticates is replaced whole, its scheme kept. */
export function redactHeaders(
  headers: readonly (readonly [string, string])[],
  vault: Vault,
): [name: string, value: string][] {
  return headers.map(([name, value]) => {
    if (/^(authorization|proxy-authorization)$/i.test(name)) {
      const [scheme = '', ...rest] = value.split(' ');
      return [name, `${scheme} ${vault.mark('authorization', rest.join(' '))}`];
    }
    if (/^(cookie|set-cookie|dpop|x-amz-security-token|x-api-key)$/i.test(name))
      return [name, vault.mark(name.toLowerCase(), value)];
    return [name, redactText(value, vault)];
  });
}

/** The values of a JSON text that are replaced, in their order. A body nested deeper than the stack has none. */
function spansOf(text: string, direction: Direction, vault: Vault): Span[] {
  try {
    const tree = parseTree(text, [], { disallowComments: true });
    const leaves = tree === undefined ? [] : leavesOf(tree, undefined);
    // All values are marked before any is scrubbed: a secret may stand in an earlier member as well.
    const secrets = leaves.flatMap((leaf) => secretSpan(leaf, text, direction, vault) ?? []);
    const harmlessOnes = leaves.flatMap((leaf) => harmlessSpan(leaf, text, vault) ?? []);
    return [...secrets, ...harmlessOnes].sort((a, b) => a.offset - b.offset);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

interface Leaf {
  readonly node: Node;
  /** The member that holds it, in one spelling; undefined in a list at the top. */
  readonly member: string | undefined;
}

function leavesOf(node: Node, member: string | undefined): Leaf[] {
  const [key, value] = node.children ?? [];
  if (node.type === 'property') return value === undefined ? [] : leavesOf(value, camel(String(key?.value)));
  if (node.type !== 'object' && node.type !== 'array') return [{ node, member }];
  return (node.children ?? []).flatMap((child) => leavesOf(child, member));
}

function secretSpan(
  { node, member }: Leaf,
  text: string,
  direction: Direction,
  vault: Vault,
): Span | undefined {
  const { offset, length } = node;
  if (member !== undefined && harmless.has(member)) return undefined;
  if (node.type === 'number' && direction === 'received' && holdsToken(member))
    return { offset, length, text: '0' };
  if (node.type !== 'string' || node.value === '') return undefined;
  const value = String(node.value);
  if (direction === 'sent' && vault.isPublic(value))
    return { offset, length, text: text.slice(offset, offset + length) };
  if (member === 'code' && direction === 'received' && exceptionNames.test(value)) return undefined;
  return { offset, length, text: `"${vault.mark(kindOf(member), value)}${closing(text, node)}` };
}

function harmlessSpan({ node, member }: Leaf, text: string, vault: Vault): Span | undefined {
  if (node.type !== 'string' || member === undefined || !harmless.has(member) || prose.has(member))
    return undefined;
  const { offset, length } = node;
  return { offset, length, text: redactKnown(text.slice(offset, offset + length), vault) };
}

/** The closing quote, unless the text ends before it. */
function closing(text: string, { offset, length }: Node): string {
  return length > 1 && text[offset + length - 1] === '"' ? '"' : '';
}

/** A member name as a word that a mark can hold. */
function kindOf(member = ''): string {
  return /^[A-Za-z][\w-]{0,40}$/.test(member) ? member : 'member';
}

/** Only a number under a token's name can be a token. */
function holdsToken(member = ''): boolean {
  return /token|secret|code|verifier|assertion|password/i.test(member);
}

function camel(name: string): string {
  return /^error_/.test(name) ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
