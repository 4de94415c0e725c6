import type { Check } from '../attempt.ts';
import { invalidRequest, refusalFor } from '../refusal.ts';
import { redirectUriAllowed } from '../uris.ts';

/** What a registration is asked of the values that it is given (RFC 7591). */
export const registrationChecks = {
  'grant-types-supported': ({ members }) =>
    members.grant_types?.every((grantType) => supported.has(grantType)) === false
      ? refusalFor('unsupported_grant_type')
      : undefined,

  'redirect-uris-present': ({ members }) =>
    members.grant_types?.includes('authorization_code') && members.redirect_uris === undefined
      ? invalidRequest('redirect URIs')
      : undefined,

  'redirect-uris-allowed': ({ members }) =>
    members.redirect_uris?.every(redirectUriAllowed) === false
      ? refusalFor('invalid_redirect_uri')
      : undefined,

  'scopes-well-formed': ({ members }) =>
    members.scope?.every((scope) => scopeToken.test(scope)) === false
      ? refusalFor('invalid_scope')
      : undefined,
} satisfies Record<string, Check>;

const supported = new Set([
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
]);

/** RFC 6749 section 3.3. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
