import { createHash } from 'node:crypto';
import type { Check } from '../attempt.ts';
import { invalidGrant } from '../refusal.ts';
import type { ChallengeMethod } from '../state.ts';

/** RFC 6749 section 4.1.3, RFC 7636 section 4.6. */
export const authorizationCodeChecks = {
  'code-known': ({ code }) => (code ? undefined : invalidGrant('code')),

  'code-bound-to-client': ({ code, client }) =>
    code && client && code.clientId !== client.id ? invalidGrant('code') : undefined,

  'redirect-uri-same': ({ code, members }) =>
    code && code.redirectUri !== members.redirect_uri ? invalidGrant('redirect URI') : undefined,

  'verifier-present': ({ members }) =>
    members.code_verifier === undefined ? invalidGrant('code verifier') : undefined,

  'verifier-long-enough': ({ members: { code_verifier: codeVerifier } }) =>
    codeVerifier !== undefined && codeVerifier.length < 43 ? invalidGrant('code verifier') : undefined,

  'verifier-short-enough': ({ members: { code_verifier: codeVerifier } }) =>
    codeVerifier !== undefined && codeVerifier.length > 128 ? invalidGrant('code verifier') : undefined,

  'verifier-unreserved': ({ members: { code_verifier: codeVerifier } }) =>
    codeVerifier !== undefined && !/^[A-Za-z0-9._~-]*$/.test(codeVerifier)
      ? invalidGrant('code verifier')
      : undefined,

  'code-has-challenge': ({ code }) =>
    code && code.challenge === undefined ? invalidGrant('code verifier') : undefined,

  'verifier-matches': ({ code, members: { code_verifier: codeVerifier } }) =>
    code?.challenge !== undefined &&
    codeVerifier !== undefined &&
    code.challenge !== challengeOf(codeVerifier, code.challengeMethod)
      ? invalidGrant('code verifier')
      : undefined,

  'code-not-redeemed': ({ code }) => (code?.redeemed ? invalidGrant('code') : undefined),

  'code-not-expired': ({ code, now }) => (code && now >= code.expiresAt ? invalidGrant('code') : undefined),
} satisfies Record<string, Check>;

const challengeOf = (verifier: string, method: ChallengeMethod = 'S256'): string =>
  method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
