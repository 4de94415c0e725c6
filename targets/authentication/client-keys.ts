import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';

/** A pair of keys that clients sign with, and the name under which the public half is told where it has one. */
export interface ClientKey {
  readonly kid?: string | undefined;
  /** The algorithm that it is for (RFC 7518 §3.1, RFC 8037). */
  readonly alg: string;
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
  return { kid, alg: 'RS256', ...(await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })) };
}

/** A private JWK that somebody else has made: the name by which `clientKey` has it. Undefined: it signs nothing. */
export function keepKey(jwk: JsonWebKey & Pick<Partial<ClientKey>, 'kid' | 'alg'>): string | undefined {
  const alg = algorithmOf(jwk);
  if (alg === undefined) return undefined;
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const name = `declared ${hash('sha256', publicKey.export({ format: 'der', type: 'spki' }))}`;
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  made.set(name, Promise.resolve({ kid: jwk.kid, alg, privateKey, publicKey }));
  return name;
}

/** What a key signs with: its own word, or what there is for its kind. */
function algorithmOf({ kty, crv = '', alg }: JsonWebKey & { readonly alg?: string }): string | undefined {
  const algorithms = { RSA: rsa, EC: [curves[crv] ?? ''], OKP: /^Ed/.test(crv) ? ['EdDSA', crv] : [] }[
    kty ?? ''
  ];
  return alg === undefined ? algorithms?.[0] || undefined : algorithms?.find((one) => one === alg);
}

const rsa = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const curves: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

/** The public half as a member of a JWK Set (RFC 7517). */
export const publicJwk = ({ kid, alg, publicKey }: ClientKey): Readonly<Record<string, unknown>> => ({
  ...publicKey.export({ format: 'jwk' }),
  kid,
  alg,
  use: 'sig',
});
