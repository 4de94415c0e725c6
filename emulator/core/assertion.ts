import { compactVerify } from 'jose';
import { jsonObject, utf8Text } from '../json.ts';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';

/** What an assertion says (RFC 7523), read before anything of it is believed. */
export interface Assertion {
  readonly value: string;
  /** One compact JWS whose header and payload are objects, each part in its only spelling. */
  readonly wellFormed: boolean;
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** By the key of the trusted token issuer; an unsecured JWS has none to check. */
  readonly signature: 'right' | 'wrong' | 'absent';
}

export const assertionReading = {
  'read-assertion': async (value: string, trusted: Key): Promise<Assertion> => {
    const parts = value.split('.');
    const header = decoded(parts[0]);
    const claims = decoded(parts[1]);
    return {
      value,
      wellFormed:
        parts.length === 3 && parts.every(isBase64url) && header !== undefined && claims !== undefined,
      header: header ?? {},
      claims: claims ?? {},
      signature:
        header?.alg === 'none' && parts[2] === ''
          ? 'absent'
          : await signatureOf(value, header ?? {}, trusted),
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

/** What decodes to the same bytes is not the same text: a changed last character may change no byte. */
const isBase64url = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

function decoded(part = ''): JsonObject | undefined {
  const text = utf8Text(Buffer.from(part, 'base64url'));
  return text === undefined ? undefined : jsonObject(text);
}
