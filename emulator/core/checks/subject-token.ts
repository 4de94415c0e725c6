import type { Check } from '../attempt.ts';
import { invalidRequest, type Refusal } from '../refusal.ts';

export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
export const refreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';
export const idTokenType = 'urn:ietf:params:oauth:token-type:id_token';

/** RFC 8693 sections 2.1 and 2.2.2: a subject token that is invalid for any reason is an invalid request. */
export const subjectTokenChecks = {
  'subject-token-type-known': ({ members: { subject_token_type: subjectTokenType } }) =>
    subjectTokenType !== undefined && subjectTokenType !== accessTokenType
      ? invalidRequest('subject token type')
      : undefined,

  'requested-token-type-known': ({ members: { requested_token_type: requestedTokenType } }) =>
    requestedTokenType !== undefined && !requestable.has(requestedTokenType)
      ? invalidRequest('requested token type')
      : undefined,

  'subject-token-known': ({ subjectToken }) => refuseIf(!subjectToken),

  'subject-token-not-expired': ({ subjectToken, now }) =>
    refuseIf(subjectToken && now >= subjectToken.expiresAt),

  'subject-token-bound-to-client': ({ subjectToken, client }) =>
    refuseIf(subjectToken && client && subjectToken.clientId !== client.id),
} satisfies Record<string, Check>;

const requestable = new Set([accessTokenType, refreshTokenType]);

const refuseIf = (wrong: boolean | undefined): Refusal | undefined =>
  wrong ? invalidRequest('subject token') : undefined;
