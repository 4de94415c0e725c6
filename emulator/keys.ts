import { randomBytes } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** An RS256 key pair under its `kid`. */
export interface Key {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** The keys of one emulator. Each is made when it is first asked for, since that takes a while. */
export interface Keys {
  /** Signs ID tokens. */
  idTokens(): Promise<Key>;
  /** Of the trusted token issuer: signs assertions. */
  trustedIssuer(): Promise<Key>;
  /** Of somebody else. */
  untrustedIssuer(): Promise<Key>;
}

export function lazyKeys(): Keys {
  return { idTokens: once(newKey), trustedIssuer: once(newKey), untrustedIssuer: once(newKey) };
}

/** The public half, as a JWK Set shows it. */
export async function publicJwk({ kid, publicKey }: Key): Promise<JWK> {
  return { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
}

async function newKey(): Promise<Key> {
  return { kid: randomBytes(8).toString('hex'), ...(await generateKeyPair('RS256')) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
