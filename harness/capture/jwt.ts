import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { readJson } from '../../targets/json.ts';
import type { JwtFacts } from '../exchange.ts';
import { mapTexts } from '../texts.ts';
import { redactKnown } from './text.ts';
import type { Vault } from './vault.ts';

/** A claim longer than this may be a credential of its own, but for those that name a server or a client. */
const longestShownClaim = 100;
const names: readonly string[] = ['iss', 'aud', 'azp'];

/** Derives on the spot what a judge may ask of a JWT. Never throws. */
export async function factsOf(
  member: string,
  jwt: string,
  {
    accessToken,
    code,
    clientSecret,
  }: { readonly accessToken: unknown; readonly code: unknown; readonly clientSecret?: unknown },
  keys: JSONWebKeySet | undefined,
  vault: Vault,
): Promise<JwtFacts> {
  const [header = '', claims = ''] = jwt.split('.');
  const parts = jwt.split('.').length;
  const [readHeader, readClaims] = [header, claims].map((part) =>
    readJson(Buffer.from(part, 'base64url').toString('utf8')),
  );
  return {
    member,
    parts,
    ...(parts === 3 && readHeader?.object && { header: withoutSecrets(readHeader.object, vault) }),
    ...(parts === 3 && readClaims?.object && { claims: shown(readClaims.object, vault) }),
    ...(parts === 3 && {
      hashes: {
        at_hash: isHashOf(readClaims?.object?.at_hash, accessToken, readHeader?.object?.alg),
        c_hash: isHashOf(readClaims?.object?.c_hash, code, readHeader?.object?.alg),
      },
    }),
    repeated: [...(readHeader?.repeated ?? []), ...(readClaims?.repeated ?? [])].map((name) =>
      redactKnown(name, vault),
    ),
    ...(keys !== undefined && { keys: keyNamed(keys, readHeader?.object?.kid) }),
    signature: await signatureOf(jwt, readHeader?.object?.alg, clientSecret, keys),
  };
}

function keyNamed({ keys }: JSONWebKeySet, kid: unknown): NonNullable<JwtFacts['keys']> {
  const named = typeof kid === 'string' ? keys.find((key) => key.kid === kid) : undefined;
  const bits = bitsOf(named ?? (keys.length === 1 ? keys[0] : undefined));
  return { count: keys.length, named: named !== undefined, ...(bits !== undefined && { bits }) };
}

function bitsOf(key: JWK | undefined): number | undefined {
  if (key?.kty === 'EC') return Number(/^P-(\d+)$/.exec(String(key.crv))?.[1] ?? 0) || undefined;
  if (key?.kty !== 'RSA' || typeof key.n !== 'string') return undefined;
  const modulus = Buffer.from(key.n, 'base64url').toString('hex');
  return modulus === '' ? 0 : BigInt(`0x${modulus}`).toString(2).length;
}

/** OpenID Connect Core §10.1: an HMAC is keyed with the secret of the client, everything else is signed by the issuer. */
async function signatureOf(
  jwt: string,
  alg: unknown,
  secret: unknown,
  keys: JSONWebKeySet | undefined,
): Promise<JwtFacts['signature']> {
  if (typeof secret === 'string' && secret !== '' && /^HS\d+$/.test(String(alg)))
    return verified(jwt, Buffer.from(secret));
  return keys === undefined ? 'unchecked' : verified(jwt, createLocalJWKSet(keys));
}

/** OpenID Connect Core §3.1.3.6: the left half of the hash that belongs to the alg. Undefined: nothing to compare. */
function isHashOf(claim: unknown, value: unknown, alg: unknown): boolean | undefined {
  // No document says which hash belongs to Ed448.
  if (claim === undefined || typeof value !== 'string' || alg === 'Ed448') return undefined;
  const size = /(?:256|384|512)$/.exec(String(alg))?.[0] ?? '256';
  const digest = createHash(alg === 'EdDSA' || alg === 'Ed25519' ? 'sha512' : `sha${size}`)
    .update(value)
    .digest();
  return claim === digest.subarray(0, digest.length / 2).toString('base64url');
}

async function verified(jwt: string, key: Uint8Array | JWTVerifyGetKey): Promise<'valid' | 'invalid'> {
  const options = { currentDate: new Date(0), clockTolerance: Number.MAX_SAFE_INTEGER };
  try {
    decodeProtectedHeader(jwt);
    await (typeof key === 'function' ? jwtVerify(jwt, key, options) : jwtVerify(jwt, key, options));
    return 'valid';
  } catch (error) {
    // Its times are judged by their claims, not here.
    return error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed
      ? 'valid'
      : 'invalid';
  }
}

function shown(claims: Readonly<Record<string, unknown>>, vault: Vault): Record<string, unknown> {
  const isLong = (name: string, value: unknown): value is string =>
    typeof value === 'string' &&
    !names.includes(name) &&
    (value.length > longestShownClaim || name === 'sts:identity_context');
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) =>
      isLong(name, value)
        ? [redactKnown(name, vault), vault.mark('identityContext', value)]
        : [redactKnown(name, vault), withoutSecrets(value, vault)],
    ),
  );
}

/** A value of a JWT without the secrets that may have slipped into it. */
function withoutSecrets<T>(value: T, vault: Vault): T {
  return mapTexts(value, (text) => redactKnown(text, vault));
}

/** Why a text cannot be a signed JWT, whoever signed it; undefined when it may be one. */
export function whyNoJwt(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 3) return `it has ${parts.length} of 3 parts`;
  const unread = ['header', 'payload'].find(
    (_, at) => readJson(Buffer.from(parts[at] ?? '', 'base64url').toString('utf8')).object === undefined,
  );
  return unread === undefined ? undefined : `its ${unread} is no JSON object in base64url`;
}
