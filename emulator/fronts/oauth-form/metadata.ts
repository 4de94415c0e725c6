import type { State } from '../../core/state.ts';
import type { JsonObject } from '../../wire.ts';
import { assertionAlgorithms, authMethods } from './methods.ts';
import { endpointOf } from './paths.ts';
import { oauthOf } from './state.ts';

/** What RFC 8414 and OpenID Connect Discovery have a server say of itself; both documents are the same here. */
export const metadata = {
  'server-metadata': (state: State, issuer: string, scopes: readonly string[]): JsonObject => ({
    issuer,
    authorization_endpoint: endpointOf(issuer, 'authorization'),
    token_endpoint: endpointOf(issuer, 'token'),
    device_authorization_endpoint: endpointOf(issuer, 'device_authorization'),
    registration_endpoint: endpointOf(issuer, 'register'),
    introspection_endpoint: endpointOf(issuer, 'introspection'),
    revocation_endpoint: endpointOf(issuer, 'revocation'),
    userinfo_endpoint: endpointOf(issuer, 'userinfo'),
    jwks_uri: endpointOf(issuer, 'jwks'),
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: oauthOf(state).grants,
    code_challenge_methods_supported: ['S256'],
    ...methodsOf('token_endpoint', authMethods),
    ...methodsOf(
      'introspection_endpoint',
      authMethods.filter((one) => one !== 'none'),
    ),
    ...methodsOf('revocation_endpoint', authMethods),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claim_types_supported: ['normal'],
    claims_supported: [
      ...['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'at_hash'],
      ...['name', 'preferred_username', 'email', 'email_verified'],
    ],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  }),
};

const methodsOf = (endpoint: string, methods: readonly string[]): JsonObject => ({
  [`${endpoint}_auth_methods_supported`]: methods,
  [`${endpoint}_auth_signing_alg_values_supported`]: Object.values(assertionAlgorithms).flat(),
});
