import { compactVerify, importJWK, type JWK } from 'jose';
import { type CompactJws, readCompact } from '../../core/jws.ts';
import { jsonObject, memberNames } from '../../json.ts';
import type { JsonObject } from '../../wire.ts';
import type { OAuthClient } from './state.ts';

/** The JWT by which a client says who it is (RFC 7523 section 2.2), read before anything of it is believed. */
export interface ClientAssertion extends CompactJws {
  /** By the secret or a registered key of the client that it names. */
  readonly signed: boolean;
}

export const clientAssertionReading = {
  'read-client-assertion': async (
    value: string,
    client: OAuthClient | undefined,
    keysOf: (client: OAuthClient) => Promise<readonly JWK[]>,
  ): Promise<ClientAssertion> => {
    const read = readCompact(value, objectOfOwnNames);
    const signed =
      read.wellFormed &&
      client !== undefined &&
      (await isSignedBy(value, read.header, client, await keysOf(client)));
    return { ...read, signed };
  },

  /** Asked each time, so that a key which the client has just published counts (OpenID Connect Core section 10.1.1). */
  'client-keys': async (client: OAuthClient): Promise<readonly JWK[]> => {
    if (client.keysUri === undefined) return client.keys ?? [];
    try {
      const response = await fetch(client.keysUri, { redirect: 'error', signal: AbortSignal.timeout(5000) });
      const { keys } = (await response.json()) as { readonly keys?: unknown };
      return Array.isArray(keys) ? keys : [];
    } catch {
      return [];
    }
  },
};

async function isSignedBy(
  value: string,
  header: JsonObject,
  client: OAuthClient,
  keys: readonly JWK[],
): Promise<boolean> {
  const alg = String(header.alg);
  const verified = (key: Parameters<typeof compactVerify>[1]) =>
    compactVerify(value, key, { algorithms: [alg] }).then(
      () => true,
      () => false,
    );
  if (client.method === 'client_secret_jwt')
    return alg.startsWith('HS') && verified(Buffer.from(client.secret));
  if (alg.startsWith('HS') || alg === 'none') return false;
  for (const jwk of keys) {
    if (header.kid !== undefined && jwk.kid !== undefined && jwk.kid !== header.kid) continue;
    if ((jwk.alg !== undefined && jwk.alg !== alg) || (jwk.use !== undefined && jwk.use !== 'sig')) continue;
    const key = await importJWK(jwk, alg).catch(() => undefined);
    if (key !== undefined && (await verified(key))) return true;
  }
  return false;
}

/** One in which no name stands twice. */
function objectOfOwnNames(text: string): JsonObject | undefined {
  const object = jsonObject(text);
  const names = object === undefined ? [] : memberNames(text);
  return new Set(names).size === names.length ? object : undefined;
}
