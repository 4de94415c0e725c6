import { compactVerify } from 'jose';
import { jsonObject } from '../json.ts';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';
import { type CompactJws, readCompact } from './jws.ts';

/** What an assertion says (RFC 7523), read before anything of it is believed. */
export interface Assertion extends CompactJws {
  readonly value: string;
  /** By the key of the trusted token issuer; an unsecured JWS has none to check. */
  readonly signature: 'right' | 'wrong' | 'absent';
}

export const assertionReading = {
  'read-assertion': async (value: string, trusted: Key): Promise<Assertion> => {
    const read = readCompact(value, jsonObject);
    const { header } = read;
    const isUnsigned = header.alg === 'none' && value.split('.')[2] === '';
    return {
      ...read,
      value,
      signature: isUnsigned ? 'absent' : await signatureOf(value, header, trusted),
    };
  },
};

async function signatureOf(value: string, { kid }: JsonObject, trusted: Key): Promise<'right' | 'wrong'> {
  if (kid !== undefined && kid !== trusted.kid) return 'wrong';
  return compactVerify(value, trusted.publicKey, { algorithms: ['RS256'] }).then(
    () => 'right',
    () => 'wrong',
  );
}
