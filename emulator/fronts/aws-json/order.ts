import type { GrantType } from '../../core/attempt.ts';
import { authenticated, type CheckName, identified, redeemable, trusted } from '../../core/checks/order.ts';
import type { Operation } from '../../core/operation.ts';
import type { AwsCheckName } from './checks.ts';

type Order = readonly (CheckName | AwsCheckName)[];

/** The questions of an operation, in the order in which they are asked. */
export function orderOfChecks(operation: Operation, grant: GrantType | undefined): Order {
  if (operation === 'register') return register;
  if (operation === 'device_authorization') return deviceAuthorization;
  if (operation === 'iam_token') return (grant && iamToken[grant]) ?? identifiedApplication;
  return (grant && token[grant]) ?? identified;
}

type ByGrant = Readonly<Partial<Record<GrantType, Order>>>;

const token: ByGrant = {
  authorization_code: [
    ...identified,
    'code-present',
    'redirect-uri-present',
    'no-fault-armed',
    ...authenticated,
    ...redeemable,
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

const identifiedApplication: Order = ['client-id-present', 'grant-type-present', 'grant-type-known'];

const authorized: Order = [
  'no-fault-armed',
  'principal-allowed',
  'client-known',
  'grant-allowed',
  'scope-of-application',
];

const iamToken: ByGrant = {
  authorization_code: [
    ...identifiedApplication,
    'code-present',
    'redirect-uri-present',
    ...authorized,
    ...redeemable,
    'scope-within-grant',
  ],
  refresh_token: [
    ...identifiedApplication,
    'refresh-token-present',
    ...authorized,
    'refresh-token-known',
    'refresh-token-bound-to-client',
    'refresh-token-not-expired',
    'refresh-token-not-rotated',
    'refresh-token-not-revoked',
    'refresh-token-usable-here',
    'scope-within-grant',
  ],
  'urn:ietf:params:oauth:grant-type:jwt-bearer': [
    ...identifiedApplication,
    'assertion-present',
    ...authorized,
    ...trusted,
  ],
  'urn:ietf:params:oauth:grant-type:token-exchange': [
    ...identifiedApplication,
    'subject-token-present',
    'subject-token-type-present',
    'subject-token-type-known',
    'requested-token-type-known',
    ...authorized,
    'subject-token-known',
    'subject-token-not-expired',
    'subject-token-bound-to-client',
    'subject-token-of-this-region',
    'scope-within-grant',
  ],
};

const register: Order = [
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
const deviceAuthorization: Order = [
  'client-id-present',
  'client-secret-present',
  'start-url-present',
  'no-fault-armed',
  'client-known',
  'client-secret-right',
  'device-grant-allowed',
  'start-url-allowed',
];
