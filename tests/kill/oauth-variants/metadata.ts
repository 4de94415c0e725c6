import { withHeader } from '../../../emulator/defects/defect.ts';
import { paths } from '../../../emulator/fronts/oauth-form/paths.ts';
import type { JsonObject } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';
import { answering, editingMetadata } from './kit.ts';

const only = (body: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));

/** What a server may say of itself. */
export const metadataVariants: readonly Variant[] = [
  {
    name: 'least-metadata',
    // OpenID Connect Discovery section 3, RFC 8414 section 2.
    differs: 'The metadata has the members that every provider needs, and how PKCE goes.',
    ...editingMetadata((body) =>
      only(
        body,
        'issuer',
        'authorization_endpoint',
        'token_endpoint',
        'jwks_uri',
        'response_types_supported',
        'subject_types_supported',
        'id_token_signing_alg_values_supported',
        'code_challenge_methods_supported',
      ),
    ),
  },
  {
    name: 'no-pkce-in-metadata',
    // RFC 9700 section 2.1.1: a deployment may tell it in another way.
    differs: 'The metadata says nothing of PKCE.',
    ...editingMetadata(({ code_challenge_methods_supported: _, ...body }) => body),
  },
  {
    name: 'more-metadata',
    differs:
      'The metadata has members of other specifications and of the server, and lists more than is served here.',
    ...editingMetadata((body) => ({
      ...body,
      response_types_supported: ['code', 'none', 'id_token', 'code id_token', 'code id_token token'],
      response_modes_supported: ['query', 'fragment', 'form_post', 'query.jwt'],
      grant_types_supported: [...(body.grant_types_supported as readonly string[]), 'implicit'],
      code_challenge_methods_supported: ['plain', 'S256'],
      token_endpoint_auth_methods_supported: [
        ...(body.token_endpoint_auth_methods_supported as readonly string[]),
        'tls_client_auth',
        'attest_jwt_client_auth',
      ],
      id_token_encryption_alg_values_supported: ['RSA-OAEP'],
      dpop_signing_alg_values_supported: ['ES256'],
      mtls_endpoint_aliases: { token_endpoint: 'https://mtls.server.example/token' },
      tls_client_certificate_bound_access_tokens: true,
      pushed_authorization_request_endpoint: `${body.issuer}/par`,
      require_pushed_authorization_requests: false,
      end_session_endpoint: `${body.issuer}/logout`,
      check_session_iframe: `${body.issuer}/session`,
      frontchannel_logout_supported: true,
      ui_locales_supported: ['en', 'de-AT'],
      service_documentation: 'https://server.example/docs',
      op_policy_uri: 'https://server.example/policy',
      tenant_region_scope: null,
      cloud: { graph: 'https://graph.server.example' },
      resource_indicators_supported: true,
    })),
  },
  {
    name: 'metadata-kept',
    differs: 'The metadata and the keys may be kept, with a tag, and have a charset.',
    ...answering((response, { path }) =>
      path.includes('/.well-known/') || path === paths.jwks
        ? {
            ...withHeader(
              withHeader(withHeader(response, 'Pragma', undefined), 'Cache-Control', 'public, max-age=3600'),
              'Content-Type',
              'application/json; charset=utf-8',
            ),
            chunked: true,
          }
        : response,
    ),
  },
  {
    name: 'keys-as-jwk-set',
    // RFC 7517 section 8.5.2.
    differs: 'The keys are sent as application/jwk-set+json.',
    ...answering((response, { path }) =>
      path === paths.jwks ? withHeader(response, 'Content-Type', 'application/jwk-set+json') : response,
    ),
  },
];
