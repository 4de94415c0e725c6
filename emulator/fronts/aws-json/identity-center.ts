import { seconds } from '../../clock.ts';
import type { Attempt } from '../../core/attempt.ts';
import { signedJwt } from '../../core/jws.ts';
import type { User } from '../../core/state.ts';
import type { Key } from '../../keys.ts';
import { randomBytes } from '../../random.ts';
import type { JsonObject } from '../../wire.ts';

/** The AWS account of the instance, and its identity store. */
export const accountId = '123456789012';
const identityStoreId = 'd-1234567890';

/** Who signed in, and when (milliseconds). */
export interface SignIn {
  readonly user: User | undefined;
  readonly at: number;
  readonly nonce: string | undefined;
}

/** What CreateTokenWithIAM tells about the user. */
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

  /** Opaque to everybody but AWS STS. */
  'new-identity-context': (): string => randomBytes(192).toString('base64'),

  'id-token-claims': (
    { client, now, state }: Attempt,
    { user, at, nonce }: SignIn,
    identityContext: string,
  ): JsonObject => ({
    iss: `https://identitycenter.amazonaws.com/${state.instance}`,
    aud: client?.id,
    sub: user?.id,
    nonce,
    'sts:identity_context': identityContext,
    'sts:audit_context': randomBytes(96).toString('base64'),
    'aws:identity_store_id': identityStoreId,
    'aws:identity_store_arn': `arn:aws:identitystore::${accountId}:identitystore/${identityStoreId}`,
    'aws:instance_arn': `arn:aws:sso:::instance/${state.instance}`,
    'aws:instance_account': accountId,
    'aws:credential_id': randomBytes(96).toString('base64url'),
    auth_time: seconds(at),
    iat: seconds(now),
    exp: seconds(now) + 3600,
  }),

  'sign-id-token': (claims: JsonObject, key: Key): Promise<string> => signedJwt(claims, key),
};
