import type { Service } from '../core/service.ts';
import { publicJwk } from '../keys.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** Where the key of the ID tokens is published. */
export const jwksPath = '/_jwks';

export async function answerJwks({ clock, keys }: Service, { method }: WireRequest): Promise<WireResponse> {
  const headers = [
    ['Date', new Date(clock.now()).toUTCString()],
    ['Content-Type', 'application/json'],
  ] as const;
  if (method !== 'GET') {
    return { status: 405, headers: [...headers, ['Allow', 'GET']], body: '{"message":"only GET"}' };
  }
  return { status: 200, headers, body: JSON.stringify({ keys: [await publicJwk(await keys.idTokens())] }) };
}
