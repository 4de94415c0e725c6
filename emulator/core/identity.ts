import { seconds } from '../clock.ts';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';
import type { Attempt } from './attempt.ts';
import { signedJwt } from './jws.ts';
import type { SignIn } from './state.ts';

/** What an ID token tells about the user. */
export const identity = {
  'sign-in': ({ grant, code, subjectToken, assertedUser, now }: Attempt): SignIn => {
    if (grant === 'authorization_code') {
      return { user: code?.user, at: code?.issuedAt ?? now, nonce: code?.nonce };
    }
    if (grant === 'urn:ietf:params:oauth:grant-type:token-exchange') {
      return { user: subjectToken?.user, at: subjectToken?.issuedAt ?? now, nonce: undefined };
    }
    return { user: assertedUser, at: now, nonce: undefined };
  },

  'id-token-claims': (
    { client, now }: Attempt,
    { user, at, nonce }: SignIn,
    own: JsonObject,
  ): JsonObject => ({
    iss: own.iss,
    aud: client?.id,
    sub: user?.id,
    nonce,
    ...own,
    auth_time: seconds(at),
    iat: seconds(now),
    exp: seconds(now) + 3600,
  }),

  'sign-id-token': (claims: JsonObject, key: Key): Promise<string> => signedJwt(claims, key),
};
