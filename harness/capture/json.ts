import { createScanner, type ScanError, type SyntaxKind } from 'jsonc-parser';
import type { Vault } from '../vault.ts';
import { isHarmless, isKnownName, isProse, kindOf, mayHoldToken, type SecretKind } from './names.ts';
import { redactKnown, redactText } from './text.ts';

export type Direction = 'sent' | 'received';

/** The kinds and errors of jsonc-parser, whose own enums are only types. */
const kinds = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  colon: 6,
  string: 10,
  number: 11,
  lineBreak: 14,
  blank: 15,
  end: 17,
} as const;
const errors = { none: 0, endOfString: 2, character: 6 } as const;

/** One piece of a JSON text. */
interface Token {
  readonly kind: SyntaxKind;
  readonly text: string;
  /** What a string says. */
  readonly value: string;
  readonly error: ScanError;
}

/**
 * Redacts a JSON text piece by piece, however deeply it is nested and wherever it is broken: strings by the name of
 * their member, names where they give something away, numbers where a token should stand. What is JSON stays JSON,
 * with the same members and types; what is none stays none. Undefined where that cannot be had.
 */
export function redactJson(text: string, direction: Direction, vault: Vault): string | undefined {
  const tokens = tokensOf(text);
  const members = membersOf(tokens);
  const isBroken = !isJson(text);
  // All values are marked before any is searched: a secret may stand in an earlier member as well.
  const marked = tokens.map((token, at) => {
    const member = members[at];
    return member === undefined ? undefined : secretToken(token, member.name, direction, vault);
  });
  let out = '';
  let between = '';
  for (const [at, token] of tokens.entries()) {
    const member = members[at];
    const done =
      marked[at] ??
      (member === undefined
        ? token.kind === kinds.string
          ? nameToken(token, direction, vault)
          : undefined
        : harmlessToken(token, member.name, vault));
    if (done === undefined) {
      between += token.text;
      continue;
    }
    out += (isBroken ? redactText(between, vault) : between) + done;
    between = '';
  }
  out += isBroken ? redactText(between, vault) : between;
  if (isJson(out) !== isBroken && vault.find(out).length === 0) return out;
  return isBroken ? vault.mark('unreadable', text) : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function tokensOf(text: string): Token[] {
  const scanner = createScanner(text, false);
  const tokens: Token[] = [];
  for (let kind = scanner.scan(); kind !== kinds.end; kind = scanner.scan()) {
    const offset = scanner.getTokenOffset();
    const piece = text.slice(offset, offset + scanner.getTokenLength());
    const value = kind === kinds.string ? scanner.getTokenValue() : '';
    tokens.push({ kind, text: piece, value, error: scanner.getTokenError() });
  }
  return tokens;
}

/** For each token that is a value: the member that holds it, which a list hands on to what is in it. */
function membersOf(tokens: readonly Token[]): ({ readonly name: string | undefined } | undefined)[] {
  const holders: (string | undefined)[] = [];
  let name: string | undefined;
  return tokens.map(({ kind, value }, at) => {
    switch (kind) {
      case kinds.openBrace:
        holders.push(name);
        name = undefined;
        return undefined;
      case kinds.openBracket:
        holders.push(name);
        return undefined;
      case kinds.closeBrace:
      case kinds.closeBracket:
        name = holders.pop();
        return undefined;
      case kinds.string:
        if (!isName(tokens, at)) return { name };
        name = value;
        return undefined;
      case kinds.number:
        return { name };
      default:
        return undefined;
    }
  });
}

/** A string before a colon. */
function isName(tokens: readonly Token[], at: number): boolean {
  let next = at + 1;
  while (isBlank(tokens[next]?.kind)) next += 1;
  return tokens[next]?.kind === kinds.colon;
}

const isBlank = (kind: SyntaxKind | undefined): boolean => kind === kinds.blank || kind === kinds.lineBreak;

const exceptionNames = /^[A-Za-z_]+(?:Exception)?$/;

function secretToken(
  token: Token,
  name: string | undefined,
  direction: Direction,
  vault: Vault,
): string | undefined {
  if (isHarmless(name)) return undefined;
  if (token.kind === kinds.number) {
    const isToken = direction === 'received' && mayHoldToken(name);
    if (!isToken) return vault.find(token.text).length > 0 ? '0' : undefined;
    return isJson(token.text) ? '0' : '00';
  }
  const { value } = token;
  if (value === '' || (direction === 'sent' && vault.isPublic(value))) return token.text;
  // Some servers name their exception in a member of this name.
  if (kindOf(name) === 'code' && direction === 'received' && exceptionNames.test(value)) return undefined;
  return quoted(vault.mark(kindFor(name, vault), value), token);
}

/** The name of a member tells what its value is, unless it gives something away itself. */
function kindFor(name: string | undefined, vault: Vault): SecretKind {
  return name === undefined || isKnownName(name) || redactText(name, vault) === name
    ? kindOf(name)
    : 'member';
}

function harmlessToken(token: Token, name: string | undefined, vault: Vault): string | undefined {
  if (token.kind !== kinds.string) return undefined;
  const redact = name === undefined || !isHarmless(name) || isProse(name) ? redactText : redactKnown;
  return rewritten(token, redact(token.value, vault));
}

function nameToken(token: Token, direction: Direction, vault: Vault): string {
  const { value } = token;
  if (isKnownName(value)) return token.text;
  return rewritten(token, (direction === 'sent' ? redactKnown : redactText)(value, vault));
}

/** As it was written, unless something in it was replaced. */
function rewritten(token: Token, redacted: string): string {
  if (redacted === token.value && token.error === errors.none) return token.text;
  return quoted(redacted, token);
}

/** A string in JSON, with the flaw that the token had: it must not read better than it was. */
function quoted(value: string, { text, error }: Token): string {
  const json = JSON.stringify(value);
  switch (error) {
    case errors.none:
      return json;
    case errors.endOfString:
      return json.slice(0, -1) + (text.endsWith('\\') ? '\\' : '');
    default:
      return `${json.slice(0, -1)}${error === errors.character ? '\u0001' : '\\u'}"`;
  }
}
