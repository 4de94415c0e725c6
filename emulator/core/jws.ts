import { CompactSign, UnsecuredJWT } from 'jose';
import { utf8Text } from '../json.ts';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';

/** A JWT, signed with RS256. */
export const signedJwt = (claims: JsonObject, { kid, privateKey }: Key): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .sign(privateKey);

/** A JWT that nobody signed: alg none. */
export const unsecuredJwt = (claims: JsonObject): string => new UnsecuredJWT(claims).encode();

/** What a compact JWS says, read before anything of it is believed. */
export interface CompactJws {
  /** Header and payload are objects, and each of the three parts is in its only spelling. */
  readonly wellFormed: boolean;
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** @param objectIn what a text counts as, when it is one object */
export function readCompact(value: string, objectIn: (text: string) => JsonObject | undefined): CompactJws {
  const parts = value.split('.');
  const [header, claims] = parts.slice(0, 2).map((part) => {
    const text = utf8Text(Buffer.from(part, 'base64url'));
    return text === undefined ? undefined : objectIn(text);
  });
  return {
    wellFormed:
      parts.length === 3 && parts.every(isBase64url) && header !== undefined && claims !== undefined,
    header: header ?? {},
    claims: claims ?? {},
  };
}

/** What decodes to the same bytes is not the same text: a changed last character may change no byte. */
const isBase64url = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;
