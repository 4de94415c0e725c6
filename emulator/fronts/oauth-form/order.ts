import type { Attempt, GrantType } from '../../core/attempt.ts';
import { type CheckName, redeemable, trusted } from '../../core/checks/order.ts';
import type { Operation } from '../../core/operation.ts';
import { ofOAuth } from './attempt.ts';
import type { clientAssertionChecks } from './client-assertion-checks.ts';
import type { oauthClientChecks } from './client-checks.ts';
import type { oauthGrantChecks } from './grant-checks.ts';
import type { AuthMethod } from './methods.ts';
import type { registrationMetadataChecks } from './registration-checks.ts';

export type OAuthCheckName =
  | CheckName
  | keyof typeof oauthClientChecks
  | keyof typeof clientAssertionChecks
  | keyof typeof oauthGrantChecks
  | keyof typeof registrationMetadataChecks;

export type OAuthOrder = readonly OAuthCheckName[];

/** The questions of a request, in the order in which they are asked: who asks comes first. */
export function orderOfOAuthChecks(
  operation: Operation,
  grant: GrantType | undefined,
  attempt: Attempt,
): OAuthOrder {
  if (operation === 'register') return register;
  if (operation === 'device_authorization') return [...authenticationOf(attempt), ...deviceAuthorization];
  const asked = (grant && token[grant]) ?? [];
  // RFC 7521 section 4.1: who has an assertion need not be a client.
  const isAnybody =
    grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
    ofOAuth(attempt).presented.method === undefined;
  return [
    ...(isAnybody ? [] : authenticationOf(attempt)),
    'grant-type-present',
    'grant-type-known',
    'grant-offered',
    ...asked,
  ];
}

/** Who asks: all that introspection and revocation want to know. */
export function authenticationOf(attempt: Attempt): OAuthOrder {
  const { client } = ofOAuth(attempt);
  return [...identified, ...(client ? byMethod[client.method] : [])];
}

const identified: OAuthOrder = [
  'one-method-only',
  'credentials-readable',
  'client-identified',
  'client-named-once',
  'client-known',
  'method-as-registered',
];

const bySecret: OAuthOrder = ['client-secret-right', 'oauth-secret-not-expired'];

const byAssertion: OAuthOrder = [
  'client-assertion-type-right',
  'client-assertion-well-formed',
  'client-assertion-algorithm-right',
  'client-assertion-signature-right',
  'client-assertion-issuer-right',
  'client-assertion-subject-right',
  'client-assertion-audience-right',
  'client-assertion-expiry-present',
  'client-assertion-not-expired',
  'client-assertion-already-valid',
  'client-assertion-issued-in-the-past',
  'client-assertion-id-present',
  'client-assertion-not-used',
];

const byMethod: Readonly<Record<AuthMethod, OAuthOrder>> = {
  client_secret_basic: bySecret,
  client_secret_post: bySecret,
  none: [],
  private_key_jwt: byAssertion,
  client_secret_jwt: ['oauth-secret-not-expired', ...byAssertion],
};

const allowed: OAuthOrder = ['no-fault-armed', 'grant-allowed'];

const token: Readonly<Record<GrantType, OAuthOrder>> = {
  authorization_code: [
    'code-present',
    ...allowed,
    'target-acceptable',
    'code-known',
    'code-of-public-client-has-challenge',
    ...redeemable.filter((name) => name !== 'code-known'),
    'target-within-grant',
  ],
  refresh_token: [
    'refresh-token-present',
    ...allowed,
    'refresh-token-known',
    'refresh-token-bound-to-client',
    'refresh-token-not-rotated',
    'refresh-token-not-revoked',
    'refresh-token-not-expired',
    'scope-well-formed',
    'scope-within-grant',
    'target-acceptable',
    'target-within-grant',
  ],
  client_credentials: [
    ...allowed,
    'client-confidential',
    'scope-well-formed',
    'scope-of-application',
    'scope-for-clients',
    'target-acceptable',
  ],
  password: [
    'username-present',
    'password-present',
    ...allowed,
    'scope-well-formed',
    'scope-of-application',
    'password-right',
  ],
  'urn:ietf:params:oauth:grant-type:device_code': [
    'device-code-present',
    ...allowed,
    'device-code-known',
    'device-code-bound-to-client',
    'device-code-not-redeemed',
    'device-code-not-expired',
    'device-not-denied',
    'poll-not-too-fast',
    'device-approved',
  ],
  'urn:ietf:params:oauth:grant-type:jwt-bearer': [
    'assertion-present',
    ...allowed,
    ...trusted,
    'scope-well-formed',
    'scope-of-application',
    'scope-for-anybody',
    'target-acceptable',
  ],
  'urn:ietf:params:oauth:grant-type:token-exchange': [
    'subject-token-present',
    'subject-token-type-present',
    'actor-token-type-present',
    'actor-token-present',
    ...allowed,
    'subject-token-type-known',
    'actor-token-type-known',
    'requested-token-type-offered',
    'subject-token-known',
    'subject-token-not-expired',
    'subject-token-bound-to-client',
    'actor-token-alive',
    'scope-well-formed',
    'scope-of-application',
    'scope-within-grant',
    'requested-token-type-allowed',
    'target-acceptable',
  ],
};

const deviceAuthorization: OAuthOrder = [
  'no-fault-armed',
  'device-grant-allowed',
  'scope-well-formed',
  'scope-of-application',
];

const register: OAuthOrder = [
  'no-fault-armed',
  'metadata-grant-types-known',
  'metadata-method-known',
  'metadata-response-types-known',
  'metadata-redirect-uris-present',
  'redirect-uris-allowed',
  'metadata-scopes-well-formed',
  'metadata-keys-present',
  'metadata-keys-told-once',
  'metadata-algorithm-fitting',
  'metadata-public-client-without-own-grant',
];
