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

/** What a member's value is called in a mark. */
const kinds: Record<string, string> = { code: 'code', nonce: 'nonce' };

/** A run of characters that looks like a token or a key, wherever it stands. */
const tokenLike =
  /(?<![\w./+~=-])(?=[\w.+/~=-]*[A-Z])(?=[\w.+/~=-]*[a-z])(?=[\w.+/~=-]*\d)[\w.+~=-][\w.+/~=-]{39,}/g;
const jwt = /eyJ[\w-]{8,}\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?/g;
const exceptionNames = /^[A-Za-z_]+(?:Exception)?$/;

/** Redacts a body, JSON or not, well-formed or not. `sent` bodies may hold a `code`; received ones an error code. */
export function redactBody(text: string, direction: 'sent' | 'received', vault: Vault): string {
  const spans: { offset: number; length: number; mark: string }[] = [];
  const trimmed = text.trimStart();
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    safely(() => {
      const tree = parseTree(text, [], { disallowComments: true });
      if (tree !== undefined) collect(tree, undefined, text, direction, vault, spans);
    });
  }
  let out = '';
  let at = 0;
  for (const span of spans.sort((a, b) => a.offset - b.offset)) {
    out += redactText(text.slice(at, span.offset), vault) + span.mark;
    at = span.offset + span.length;
  }
  return out + redactText(text.slice(at), vault);
}

/** Redacts free text: known secrets first, then whatever looks like one. */
export function redactText(text: string, vault: Vault): string {
  return vault
    .scrub(text)
    .replace(jwt, (value) => vault.mark('jwt', value))
    .replace(tokenLike, (value) => (/^[a-z]+:|\/\//i.test(value) ? value : vault.mark('opaque', value)));
}

/** Redacts a URL: query values by their name, the rest as text. */
export function redactUrl(url: string, vault: Vault): string {
  const [path = '', query] = url.split('?', 2);
  if (query === undefined) return redactText(path, vault);
  const parts = query.split('&').map((part) => {
    const [name = '', value] = part.split('=', 2);
    if (value === undefined || value === '' || harmless.has(camel(name)) || name === 'aws_iam') return part;
    return `${name}=${vault.mark(camel(name), decodeURIComponent(value))}`;
  });
  return `${redactText(path, vault)}?${parts.join('&')}`;
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

function collect(
  node: Node,
  member: string | undefined,
  text: string,
  direction: 'sent' | 'received',
  vault: Vault,
  spans: { offset: number; length: number; mark: string }[],
): void {
  if (node.type === 'property') {
    const [key, value] = node.children ?? [];
    if (value !== undefined) collect(value, camel(String(key?.value)), text, direction, vault, spans);
    return;
  }
  if (node.type === 'object' || node.type === 'array') {
    for (const child of node.children ?? []) collect(child, member, text, direction, vault, spans);
    return;
  }
  if (member === undefined || harmless.has(member) || node.value === '') return;
  if (node.type === 'string') {
    const value = String(node.value);
    if (member === 'code' && direction === 'received' && exceptionNames.test(value)) return;
    const raw = text.slice(node.offset, node.offset + node.length);
    const closing = raw.length > 1 && raw.endsWith('"') ? '"' : '';
    spans.push({
      offset: node.offset,
      length: node.length,
      mark: `"${vault.mark(kinds[member] ?? kindOf(member), value)}${closing}`,
    });
  } else if (node.type === 'number' && direction === 'received' && !plainNumber(member)) {
    spans.push({ offset: node.offset, length: node.length, mark: '0' });
  }
}

/** A member name as a word that a mark can hold. */
function kindOf(member: string): string {
  return /^[A-Za-z][\w-]{0,40}$/.test(member) ? member : 'member';
}

/** Only a number under a token's name can be a token. */
function plainNumber(member: string): boolean {
  return !/token|secret|code|verifier|assertion|password/i.test(member);
}

function camel(name: string): string {
  return /^error_/.test(name) ? name : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** A body nested deeper than the stack is redacted as text alone. */
function safely(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
}
