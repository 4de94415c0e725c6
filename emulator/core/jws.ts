import { CompactSign, UnsecuredJWT } from 'jose';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';

/** A JWT, signed with RS256. */
export const signedJwt = (claims: JsonObject, { kid, privateKey }: Key): Promise<string> =>
  new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' })
    .sign(privateKey);

/** A JWT that nobody signed: alg none. */
export const unsecuredJwt = (claims: JsonObject): string => new UnsecuredJWT(claims).encode();
