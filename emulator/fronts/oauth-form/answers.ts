import { seconds } from '../../clock.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { DeviceAuthorization } from '../../core/state.ts';
import type { Tokens } from '../../core/tokens.ts';
import type { Header, JsonObject } from '../../wire.ts';
import { secretMethods } from './methods.ts';
import type { OAuthClient } from './state.ts';

/** A refusal with what a fault may add to its body. */
export interface OAuthRefusal extends Refusal {
  readonly members?: JsonObject;
}

/** What a grant comes to, besides the tokens. */
export interface Granted extends Tokens {
  readonly scope: readonly string[];
  readonly id_token: string | undefined;
  /** Of a token exchange only. */
  readonly issued_token_type: string | undefined;
  readonly token_type: string;
}

/** How responses are written. */
export const oauthAnswers = {
  'token-body': (granted: Granted): JsonObject => ({
    access_token: granted.access_token,
    token_type: granted.token_type,
    expires_in: granted.expires_in,
    refresh_token: granted.refresh_token,
    scope: granted.scope.length === 0 ? undefined : granted.scope.join(' '),
    id_token: granted.id_token,
    issued_token_type: granted.issued_token_type,
  }),

  'device-authorization-body': (device: DeviceAuthorization, verificationUri: string): JsonObject => ({
    device_code: device.deviceCode,
    user_code: device.userCode,
    verification_uri: verificationUri,
    verification_uri_complete: `${verificationUri}?user_code=${device.userCode}`,
    expires_in: seconds(device.expiresAt - device.issuedAt),
    interval: device.interval,
  }),

  /** RFC 7591 section 3.2.1: all that is registered, defaults included. */
  'registration-body': (client: OAuthClient, registrationUri: string): JsonObject => ({
    client_id: client.id,
    client_id_issued_at: seconds(client.issuedAt),
    ...(secretMethods.includes(client.method) && {
      client_secret: client.secret,
      client_secret_expires_at: seconds(client.secretExpiresAt),
    }),
    registration_access_token: client.registrationToken,
    registration_client_uri: registrationUri,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    grant_types: client.grantTypes,
    response_types: client.responseTypes,
    token_endpoint_auth_method: client.method,
    token_endpoint_auth_signing_alg: client.assertionAlgorithm,
    scope: client.scopes.length === 0 ? undefined : client.scopes.join(' '),
    jwks: client.keys && { keys: client.keys },
    jwks_uri: client.keysUri,
  }),

  'error-status': (refusal: Refusal): number => statuses[refusal.error] ?? 400,
  /** RFC 9110 section 15.5.2: whoever answers 401 says how to authenticate. */
  'error-headers': (refusal: Refusal): readonly Header[] =>
    refusal.error === 'invalid_client' ? [['WWW-Authenticate', 'Basic realm="oauth2"']] : [],
  'error-body': (refusal: OAuthRefusal): JsonObject => ({
    error: refusal.error,
    error_description: refusal.description,
    ...refusal.members,
  }),

  /** RFC 6749 section 5.1. */
  'cache-headers': (): readonly Header[] => [
    ['Cache-Control', 'no-store'],
    ['Pragma', 'no-cache'],
  ],
  /** For a client that is a page in a browser (RFC 9700 section 2.6); what a person looks at is not for it. */
  'cors-headers': (): readonly Header[] => [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Expose-Headers', 'WWW-Authenticate'],
  ],
  'preflight-headers': (methods: readonly string[]): readonly Header[] => [
    ['Access-Control-Allow-Methods', methods.join(', ')],
    ['Access-Control-Allow-Headers', 'Authorization, Content-Type'],
    ['Access-Control-Max-Age', '600'],
  ],
  'content-type': (): string => 'application/json',
  serialise: (body: JsonObject): string => JSON.stringify(body),
  date: (now: number): string => new Date(now).toUTCString(),
};

const statuses: Readonly<Record<string, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};
