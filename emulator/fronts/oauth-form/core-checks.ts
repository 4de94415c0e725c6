import type { Attempt } from '../../core/attempt.ts';
import { authorizationCodeChecks } from '../../core/checks/authorization-code.ts';
import { invalidGrant, invalidRequest, type Refusal } from '../../core/refusal.ts';
import { asking } from './attempt.ts';
import { namesOne } from './client-assertion-checks.ts';

/** Checks of the core that ask something else here, since AWS demands PKCE of everybody and names applications. */
export const oauthCoreChecks = {
  /** RFC 7636 section 4.6. */
  'verifier-present': (attempt: Attempt): Refusal | undefined =>
    attempt.code?.challenge === undefined ? undefined : authorizationCodeChecks['verifier-present'](attempt),

  /** RFC 9700 section 4.8.2. */
  'code-has-challenge': ({ code, members }: Attempt): Refusal | undefined =>
    code && code.challenge === undefined && members.code_verifier !== undefined
      ? invalidRequest('code verifier')
      : undefined,

  /** RFC 7523 section 3. */
  'assertion-audience-right': asking(({ assertion, audiences }) =>
    assertion && !namesOne(assertion.claims.aud, audiences) ? invalidGrant('assertion') : undefined,
  ),
};
