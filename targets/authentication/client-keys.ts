import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** A pair of keys that clients sign with, by the name under which the public half is told. */
export interface ClientKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const made = new Map<string, Promise<ClientKey>>();

/** The keys of that name: made once, since that takes a while. */
export function clientKey(kid: string): Promise<ClientKey> {
  const key = made.get(kid) ?? newKey(kid);
  made.set(kid, key);
  return key;
}

async function newKey(kid: string): Promise<ClientKey> {
  return { kid, ...(await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })) };
}

/** The public half as a member of a JWK Set (RFC 7517). */
export const publicJwk = ({ kid, publicKey }: ClientKey): Readonly<Record<string, unknown>> => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
  use: 'sig',
});
