import { seconds } from '../clock.ts';
import type { Key } from '../keys.ts';
import type { JsonObject } from '../wire.ts';
import type { Attempt } from './attempt.ts';
import { signedJwt } from './jws.ts';
import type { SignIn } from './state.ts';

/** What an ID token tells about the user. */
export const identity = {
  'sign-in': (attempt: Attempt): SignIn => {
    const { grant, code, device, refreshToken, subjectToken, assertedUser, members, state, now } = attempt;
    if (grant === 'authorization_code') {
      return { user: code?.user, at: code?.issuedAt ?? now, nonce: code?.nonce, acr: code?.acr };
    }
    // OpenID Connect Core section 12.2: of the same sign-in, and without its nonce.
    if (grant === 'refresh_token' && refreshToken?.family.signIn) {
      return { ...refreshToken.family.signIn, nonce: undefined };
    }
    if (grant === 'urn:ietf:params:oauth:grant-type:device_code') {
      return { user: device?.user, at: device?.issuedAt ?? now, nonce: undefined };
    }
    if (grant === 'password') {
      return { user: state.users.get(members.username ?? ''), at: now, nonce: undefined };
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
