import { createScanner, type ScanError } from 'jsonc-parser';
import {
  type Direction,
  isHarmless,
  isKnownName,
  isProse,
  isSecret,
  isUrl,
  keyPart,
  kindOf,
  mayHoldToken,
} from './names.ts';
import { kindFor, markFor, redactKnown, redactText } from './text.ts';
import { redactUrl } from './url.ts';
import type { Vault } from './vault.ts';

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

/** A string or a number of a JSON text. */
interface Piece {
  readonly offset: number;
  readonly text: string;
  /** What a string says; undefined for a number. */
  readonly value: string | undefined;
  readonly error: ScanError;
  /** The member that holds it, which a list hands on to what is in it. */
  readonly member: string | undefined;
  /** The object that it stands in, which may turn out to be a key. */
  readonly object: { isKey: boolean };
  /** Whether it is the name of a member itself. */
  isName: boolean;
}

/**
 * Redacts a JSON text piece by piece, however deeply it is nested and wherever it is broken: strings by the name of
 * their member, names where they give something away, numbers where a token should stand. What is JSON stays JSON,
 * with the same members and types; what is none stays none. Undefined where that cannot be had.
 */
export function redactJson(text: string, direction: Direction, vault: Vault): string | undefined {
  const pieces = piecesOf(text);
  const isBroken = !isJson(text);
  // All values are marked before any is searched: a secret may stand in an earlier member as well.
  const marked = pieces.map((piece) => (piece.isName ? undefined : secretPiece(piece, direction, vault)));
  let out = '';
  let from = 0;
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at] as Piece;
    const redacted = marked[at] ?? openPiece(piece, direction, vault);
    if (redacted === piece.text) continue;
    const before = text.slice(from, piece.offset);
    out += (isBroken ? redactText(before, vault) : before) + redacted;
    from = piece.offset + piece.text.length;
  }
  out += isBroken ? redactText(text.slice(from), vault) : text.slice(from);
  // What was JSON is so still, for each piece was replaced by one of its type.
  if (!isBroken) return vault.mayCross && vault.find(out).length > 0 ? undefined : out;
  return isJson(out) || vault.find(out).length > 0 ? vault.mark('unreadable', text) : out;
}

/** Whether it can be read as JSON. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function piecesOf(text: string): Piece[] {
  const scanner = createScanner(text, false);
  const pieces: Piece[] = [];
  const holders: { member: string | undefined; object: Piece['object'] }[] = [];
  let member: string | undefined;
  let object = { isKey: false };
  /** A string that is a name if a colon follows. */
  let last: Piece | undefined;
  for (let kind = scanner.scan(); kind !== kinds.end; kind = scanner.scan()) {
    if (kind === kinds.blank || kind === kinds.lineBreak) continue;
    if (kind === kinds.colon && last !== undefined) {
      last.isName = true;
      member = last.value;
      // RFC 7517 §4.1: every JWK has a key type.
      if (member === 'kty') object.isKey = true;
    }
    last = undefined;
    if (kind === kinds.openBrace || kind === kinds.openBracket) {
      holders.push({ member, object });
      if (kind === kinds.openBrace) {
        // The other primes of an RSA key are objects within it, and come behind its type or before it.
        if (member !== 'oth') object = { isKey: false };
        member = undefined;
      }
    } else if (kind === kinds.closeBrace || kind === kinds.closeBracket)
      ({ member, object } = holders.pop() ?? { member: undefined, object: { isKey: false } });
    else if (kind === kinds.string || kind === kinds.number) {
      const offset = scanner.getTokenOffset();
      const piece = {
        offset,
        text: text.slice(offset, offset + scanner.getTokenLength()),
        value: kind === kinds.string ? scanner.getTokenValue() : undefined,
        error: scanner.getTokenError(),
        member,
        object,
        isName: false,
      };
      pieces.push(piece);
      if (kind === kinds.string) last = piece;
    }
  }
  return pieces;
}

const exceptionNames = /^[A-Za-z_]+(?:Exception)?$/;

/** What a piece is replaced by because of its member; undefined when that is not known as a secret's. */
function secretPiece(piece: Piece, direction: Direction, vault: Vault): string | undefined {
  const { member, value } = piece;
  const part = partOfKey(piece);
  if (part === 'private' && value !== undefined && value !== '')
    return quoted(vault.mark('privateKey', value), piece);
  if (part === 'public' || isHarmless(member)) return undefined;
  if (value === undefined) {
    if (direction === 'received' && mayHoldToken(member)) return isJson(piece.text) ? '0' : '00';
    return vault.find(piece.text).length > 0 ? '0' : piece.text;
  }
  const mayBePublic = direction === 'sent' || (member !== undefined && !isSecret(member));
  if (value === '' || (mayBePublic && vault.isPublic(value))) return piece.text;
  // Some servers name their exception in a member of this name.
  if (kindOf(member) === 'code' && direction === 'received' && exceptionNames.test(value)) return undefined;
  return quoted(markFor(kindFor(member, vault), value, vault), piece);
}

const partOfKey = ({ member, object }: Piece) => (object.isKey ? keyPart(member) : undefined);

/** A piece that may be shown, without what slipped into it. */
function openPiece(piece: Piece, direction: Direction, vault: Vault): string {
  const { member, value, isName } = piece;
  if (value === undefined || vault.isPublic(value) || (isName && isKnownName(value))) return piece.text;
  // A parameter of it stands for the code, whether or not we know its value.
  if (!isName && member !== undefined && isUrl(member)) {
    const shown = redactUrl(value, vault);
    return shown === value && piece.error === errors.none ? piece.text : quoted(shown, piece);
  }
  const isOurs = isName
    ? direction === 'sent'
    : partOfKey(piece) === 'public' || (member !== undefined && isHarmless(member) && !isProse(member));
  const redacted = (isOurs ? redactKnown : redactText)(value, vault);
  if (redacted === value && piece.error === errors.none) return piece.text;
  // Two names stay two, however alike they are when a secret is taken out of them.
  return quoted(isName && redacted !== value ? markFor('name', value, vault) : redacted, piece);
}

/** A string in JSON, with the flaw that the piece had: it must not read better than it was. */
function quoted(value: string, { text, error }: Piece): string {
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
