import type { GrantType } from '../attempt.ts';
import type { Operation } from '../contract.ts';
import type { authorizationCodeChecks } from './authorization-code.ts';
import type { clientChecks } from './client.ts';
import type { deviceCodeChecks } from './device-code.ts';
import type { refreshTokenChecks } from './refresh-token.ts';
import type { registrationChecks } from './registration.ts';
import type { requestChecks } from './request.ts';

export type CheckName = keyof (typeof requestChecks &
  typeof clientChecks &
  typeof authorizationCodeChecks &
  typeof deviceCodeChecks &
  typeof refreshTokenChecks &
  typeof registrationChecks);

/** The questions of an operation, in the order in which they are asked. */
export function orderOfChecks(operation: Operation, grant: GrantType | undefined): readonly CheckName[] {
  if (operation === 'RegisterClient') return registerClient;
  if (operation === 'StartDeviceAuthorization') return startDeviceAuthorization;
  return grant ? createToken[grant] : identified;
}

const identified: readonly CheckName[] = [
  'client-id-present',
  'client-secret-present',
  'grant-type-present',
  'grant-type-known',
];

const authenticated: readonly CheckName[] = [
  'client-known',
  'client-secret-right',
  'client-secret-not-expired',
  'grant-allowed',
  'scope-acceptable',
];

const createToken: Readonly<Record<GrantType, readonly CheckName[]>> = {
  authorization_code: [
    ...identified,
    'code-present',
    'redirect-uri-present',
    'no-fault-armed',
    ...authenticated,
    'code-known',
    'code-bound-to-client',
    'redirect-uri-same',
    'verifier-present',
    'verifier-long-enough',
    'verifier-short-enough',
    'verifier-unreserved',
    'code-has-challenge',
    'verifier-matches',
    'code-not-redeemed',
    'code-not-expired',
  ],
  // Observed: an unknown device code is told before a wrong client is.
  'urn:ietf:params:oauth:grant-type:device_code': [
    ...identified,
    'device-code-present',
    'no-fault-armed',
    'device-code-known',
    ...authenticated,
    'device-code-bound-to-client',
    'device-code-not-redeemed',
    'device-code-not-expired',
    'device-not-denied',
    'poll-not-too-fast',
    'device-approved',
  ],
  refresh_token: [
    ...identified,
    'refresh-token-present',
    'no-fault-armed',
    ...authenticated,
    'refresh-token-known',
    'refresh-token-bound-to-client',
    'refresh-token-of-this-region',
    'refresh-token-not-rotated',
    'refresh-token-not-revoked',
    'refresh-token-not-expired',
  ],
};

const registerClient: readonly CheckName[] = [
  'client-name-present',
  'client-type-present',
  'no-fault-armed',
  'client-type-public',
  'grant-types-supported',
  'redirect-uris-present',
  'redirect-uris-allowed',
  'scopes-well-formed',
];

// Observed: an expired secret is accepted here.
const startDeviceAuthorization: readonly CheckName[] = [
  'client-id-present',
  'client-secret-present',
  'start-url-present',
  'no-fault-armed',
  'client-known',
  'client-secret-right',
  'device-grant-allowed',
  'start-url-allowed',
];
