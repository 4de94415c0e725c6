import type { Case } from '../../harness/case.ts';
import { fault } from '../kit/cases.ts';
import { anyGrant, anyWay, deviceCodeGrant, type Given } from '../kit/given.ts';

/** Exceptions that no circumstance provokes under a grant: the fault fixture is asked for them. */
const faults: Readonly<Record<string, readonly string[]>> = {
  authorization_code: [
    'access_denied',
    'authorization_pending',
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
  [deviceCodeGrant]: [
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
  refresh_token: [
    'access_denied',
    'authorization_pending',
    'expired_token',
    'server_error',
    'invalid_scope',
    'slow_down',
    'unauthorized_client',
    'unsupported_grant_type',
  ],
};

const exceptionRequirement: Readonly<Record<string, string>> = {
  access_denied: 'AWS-CreateToken-AccessDenied',
  authorization_pending: 'AWS-CreateToken-AuthorizationPending',
  expired_token: 'AWS-CreateToken-ExpiredToken',
  server_error: 'AWS-CreateToken-InternalServer',
  invalid_scope: 'AWS-CreateToken-InvalidScope',
  slow_down: 'AWS-CreateToken-SlowDown',
  unauthorized_client: 'AWS-CreateToken-UnauthorizedClient',
  unsupported_grant_type: 'AWS-CreateToken-UnsupportedGrantType',
};

const kmsReasons = {
  access_denied: ['KMS_AccessDeniedException'],
  invalid_request: [
    'KMS_NotFoundException',
    'KMS_InvalidKeyUsageException',
    'KMS_InvalidStateException',
    'KMS_DisabledException',
  ],
};

/** The exceptions of CreateToken that the fault fixture is asked for under a grant. */
export function faultsOf(
  about: Pick<Case, 'needs'> & { readonly grant: string; readonly given: Given },
  folder: string,
): Case[] {
  return (faults[about.grant] ?? []).map((error) =>
    fault({
      ...about,
      id: `${folder}/fault-${error.replaceAll('_', '-')}`,
      title: `${error}, provoked by the fault fixture`,
      requirement: exceptionRequirement[error] ?? '',
      error,
    }),
  );
}

/** The documented `reason` values of the two exceptions that have them, shown on any grant. */
export function reasonCases(
  about: Pick<Case, 'operation' | 'ways'> & { readonly given: Given },
  folder: string,
  requirementOf: (error: string) => string,
): Case[] {
  return Object.entries(kmsReasons).flatMap(([error, values]) =>
    values.map((reason) =>
      fault({
        ...about,
        id: `${folder}/fault-${error.replaceAll('_', '-')}-${kebab(reason.replace(/^KMS_|Exception$/g, ''))}`,
        title: `${error} with the reason ${reason}, provoked by the fault fixture`,
        requirement: requirementOf(error),
        error,
        members: { reason },
      }),
    ),
  );
}

function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

export const reasons: readonly Case[] = reasonCases(
  { operation: 'token', ways: anyWay, given: anyGrant },
  'authorization-code',
  (error) => (error === 'access_denied' ? 'AWS-CreateToken-AccessDenied' : 'AWS-CreateToken-InvalidRequest'),
);
