import type { JWK } from 'jose';
import type { Members } from '../../core/attempt.ts';
import { type Refusal, refusalFor } from '../../core/refusal.ts';
import { parsed } from '../../core/uris.ts';
import type { OAuthAttempt } from './attempt.ts';
import { scopeToken } from './grant-checks.ts';
import { type AuthMethod, assertionAlgorithms, authMethods } from './methods.ts';

/** What a client says of itself (RFC 7591 section 2), its defaults filled in. */
export interface ClientMetadata extends Members {
  readonly grant_types: readonly string[];
  readonly response_types: readonly string[];
  readonly token_endpoint_auth_method: string;
  readonly token_endpoint_auth_signing_alg?: string | undefined;
  readonly id_token_signed_response_alg?: string | undefined;
  readonly jwks?: { readonly keys: readonly JWK[] } | undefined;
  readonly jwks_uri?: string | undefined;
  readonly grants_offered: readonly string[];
}

type MetadataCheck = (
  attempt: Omit<OAuthAttempt, 'members'> & { readonly members: ClientMetadata },
) => Refusal | undefined;

/** Is that a client that this server can serve (RFC 7591 section 3.2.2)? */
export const registrationMetadataChecks = {
  'metadata-grant-types-known': ({ members }) =>
    refuseUnless(members.grant_types.every((one) => members.grants_offered.includes(one))),

  'metadata-method-known': ({ members }) =>
    refuseUnless(authMethods.some((one) => one === members.token_endpoint_auth_method)),

  /** RFC 7591 section 2.1: `code` and `authorization_code` belong together. */
  'metadata-response-types-known': ({ members: { grant_types, response_types } }) =>
    refuseUnless(
      response_types.every((one) => one === 'code') &&
        response_types.includes('code') === grant_types.includes('authorization_code'),
    ),

  'metadata-redirect-uris-present': ({ members }) =>
    members.grant_types.includes('authorization_code') && (members.redirect_uris ?? []).length === 0
      ? refusalFor('invalid_redirect_uri')
      : undefined,

  'metadata-scopes-well-formed': ({ members }) =>
    refuseUnless(members.scope?.every((one) => scopeToken.test(one)) !== false),

  'metadata-keys-present': ({ members: { token_endpoint_auth_method: method, jwks, jwks_uri } }) =>
    refuseUnless(method !== 'private_key_jwt' || jwks !== undefined || jwks_uri !== undefined),

  /** RFC 7591 section 2: never both; and what is public has no private part. */
  'metadata-keys-told-once': ({ members: { jwks, jwks_uri } }) =>
    refuseUnless(
      (jwks === undefined || jwks_uri === undefined) &&
        (jwks_uri === undefined || /^https?:$/.test(parsed(jwks_uri)?.protocol ?? '')) &&
        (jwks?.keys ?? []).every((key) => typeof key.kty === 'string' && !('d' in key) && !('k' in key)),
    ),

  'metadata-algorithm-fitting': ({ members }) => {
    const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg } = members;
    const { id_token_signed_response_alg: idTokenAlg = 'RS256' } = members;
    const fitting = alg === undefined || assertionAlgorithms[method as AuthMethod]?.includes(alg) === true;
    return refuseUnless(fitting && idTokenAlg === 'RS256');
  },

  'metadata-public-client-without-own-grant': ({ members }) =>
    refuseUnless(
      members.token_endpoint_auth_method !== 'none' || !members.grant_types.includes('client_credentials'),
    ),
} satisfies Record<string, MetadataCheck>;

const refuseUnless = (right: boolean): Refusal | undefined =>
  right ? undefined : refusalFor('invalid_client_metadata');
