import type { JSONWebKeySet } from 'jose';
import { headerOf } from './transport/headers.ts';
import type { Transport } from './transport/transport.ts';

const mostRedirects = 5;

/** The JWK Set at a URL; undefined where there is none, which is no token's fault. */
export async function keysAt(
  url: string,
  transport: Pick<Transport, 'send'>,
): Promise<JSONWebKeySet | undefined> {
  let at = url;
  for (let turn = 0; turn <= mostRedirects; turn++) {
    const { response } = await transport.send({
      method: 'GET',
      url: at,
      headers: [
        ['Accept', 'application/json'],
        ['User-Agent', 'token-conformance'],
      ],
    });
    if (response === undefined) return undefined;
    const location = headerOf(response.headers, 'location');
    const next = location === undefined ? undefined : URL.parse(location, at)?.href;
    if (response.status >= 300 && response.status < 400 && next !== undefined) {
      at = next;
      continue;
    }
    return response.status === 200 ? keysIn(response.body) : undefined;
  }
  return undefined;
}

function keysIn(body: Buffer): JSONWebKeySet | undefined {
  try {
    const { keys } = JSON.parse(body.toString('utf8')) as Partial<JSONWebKeySet>;
    return Array.isArray(keys) && keys.length > 0 ? { keys } : undefined;
  } catch {
    return undefined;
  }
}
