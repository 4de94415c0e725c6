import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JSONWebKeySet, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../harness/capture/jwt.ts';
import { createVault } from '../../harness/capture/vault.ts';

/** What is derived of an ID token, by how it was signed and what keys there are. */

const accessToken = 'an-access-token';
const secret = 'a-secret-of-more-than-thirty-two-characters';
const { 0: rsa, 1: other } = [2_048, 1_024].map((modulusLength) =>
  generateKeyPairSync('rsa', { modulusLength }),
);
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');

const jwkOf = (key: KeyObject | undefined, kid?: string) => ({
  ...(key?.export({ format: 'jwk' }) as JSONWebKeySet['keys'][number]),
  ...(kid && { kid }),
});
const half = (hash: string) => {
  const digest = createHash(hash).update(accessToken).digest();
  return digest.subarray(0, digest.length / 2).toString('base64url');
};

async function factsWith(
  { alg, kid, key, at_hash }: { alg: string; kid?: string; key: KeyObject | Uint8Array; at_hash?: string },
  keys: JSONWebKeySet['keys'] | undefined,
  clientSecret?: string,
) {
  const jwt = await new SignJWT({ iss: 'https://example.com', ...(at_hash && { at_hash }) })
    .setProtectedHeader({ alg, ...(kid && { kid }) })
    .sign(key);
  const sent = { accessToken, code: undefined, ...(clientSecret && { clientSecret }) };
  return factsOf('id_token', jwt, sent, keys && { keys }, createVault({ key: 'k' }));
}

const hmac = { alg: 'HS256', key: Buffer.from(secret) };
const signed = { alg: 'RS256', kid: 'a', key: rsa?.privateKey as KeyObject };

describe('the signature', () => {
  const published = [jwkOf(rsa?.publicKey, 'a')];
  test.each([
    ['of a published key', signed, published, undefined, 'valid'],
    ['of a published key, for a client with a secret', signed, published, secret, 'valid'],
    ['of a key that is not published', signed, [jwkOf(curve.publicKey, 'b')], undefined, 'invalid'],
    ['of a key that nobody knows', signed, undefined, secret, 'unchecked'],
    ['keyed with the secret of the client', hmac, published, secret, 'valid'],
    ['keyed with the secret of the client, where no keys are known', hmac, undefined, secret, 'valid'],
    ['keyed with another secret', hmac, published, 'another', 'invalid'],
    ['keyed with a secret, for a client without one', hmac, published, undefined, 'invalid'],
  ] as const)('%s', async (_, token, keys, own, signature) => {
    expect(await factsWith(token, keys && [...keys], own)).toMatchObject({ signature });
  });
});

describe('the key', () => {
  const two = [jwkOf(rsa?.publicKey, 'a'), jwkOf(curve.publicKey, 'b')];
  test.each([
    ['that is named', signed, two, { count: 2, named: true, bits: 2_048 }],
    ['of a curve', { ...signed, kid: 'b' }, two, { count: 2, named: true, bits: 256 }],
    ['that is not named, of two', { alg: 'RS256', key: signed.key }, two, { count: 2, named: false }],
    ['that is not in the set', { ...signed, kid: 'c' }, two, { count: 2, named: false }],
    [
      'that is the only one',
      { alg: 'RS256', key: signed.key },
      [jwkOf(other?.publicKey)],
      { count: 1, named: false, bits: 1_024 },
    ],
    [
      'whose type has no sizes',
      { alg: 'EdDSA', kid: 'd', key: edwards.privateKey },
      [jwkOf(edwards.publicKey, 'd')],
      { count: 1, named: true },
    ],
  ] as const)('%s', async (_, token, keys, expected) => {
    expect((await factsWith(token, [...keys])).keys).toEqual(expected);
  });
});

test.each([
  ['RS256', rsa?.privateKey, 'sha256'],
  ['PS384', rsa?.privateKey, 'sha384'],
  ['ES256', curve.privateKey, 'sha256'],
  ['EdDSA', edwards.privateKey, 'sha512'],
  ['Ed25519', edwards.privateKey, 'sha512'],
] as const)('at_hash of %s', async (alg, key, hash) => {
  const facts = (at_hash: string) => factsWith({ alg, key: key as KeyObject, at_hash }, undefined);
  expect((await facts(half(hash))).hashes?.at_hash).toBe(true);
  expect((await facts(half('sha224'))).hashes?.at_hash).toBe(false);
});
