import type { Operation } from '../../core/operation.ts';
import { names, operations, specOf } from '../../fronts/aws-json/contract.ts';
import type { WireResponse } from '../../wire.ts';
import { type Change, type Defect, everywhere, leaving, tokens, withHeader } from '../defect.ts';
import { answering, awsError, editing, isError, naming } from './kit.ts';

const only = (exception: string, change: (response: WireResponse) => WireResponse): Change =>
  answering((passing) => (naming(exception)(passing) ? change(passing.response) : passing.response));
const toStatus = (exception: string, code: number) =>
  only(exception, (response) => ({ ...response, status: code }));
const toError = (exception: string, error: string) =>
  editing(naming(exception), (body) => ({ ...body, error }));
const toHeader = (exception: string, name: string | undefined) =>
  only(exception, (response) => withHeader(response, 'x-amzn-ErrorType', name));
const rows: readonly [
  name: string,
  exception: string,
  changes: string,
  also: readonly string[],
  change: Change,
][] = [
  [
    'access-denied-as-403',
    'AccessDeniedException',
    'AccessDeniedException has status 403.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('AccessDeniedException', 403),
  ],
  [
    'authorization-pending-misspelt',
    'AuthorizationPendingException',
    'AuthorizationPendingException says authorization-pending.',
    ['RFC6749-5.2-error-code-registered', 'AWS-error-shape'],
    toError('AuthorizationPendingException', 'authorization-pending'),
  ],
  [
    'expired-token-as-401',
    'ExpiredTokenException',
    'ExpiredTokenException has status 401.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('ExpiredTokenException', 401),
  ],
  [
    'internal-server-error-as-400',
    'InternalServerException',
    'InternalServerException has status 400.',
    ['AWS-error-status'],
    toStatus('InternalServerException', 400),
  ],
  [
    'invalid-client-as-400',
    'InvalidClientException',
    'InvalidClientException has status 400.',
    ['AWS-error-status'],
    toStatus('InvalidClientException', 400),
  ],
  [
    'invalid-client-as-403',
    'InvalidClientException',
    'InvalidClientException has status 403.',
    ['RFC6749-5.2-invalid_client-status', 'RFC6749-5.2-status-400', 'AWS-error-status'],
    toStatus('InvalidClientException', 403),
  ],
  [
    'invalid-grant-contradicted',
    'InvalidGrantException',
    'The body of InvalidGrantException says invalid_request.',
    ['AWS-error-shape'],
    toError('InvalidGrantException', 'invalid_request'),
  ],
  [
    'invalid-request-unnamed',
    'InvalidRequestException',
    'InvalidRequestException has no error code in its body.',
    ['AWS-error-shape', 'RFC6749-5.2-error-member'],
    editing(naming('InvalidRequestException'), (body) => leaving(body, 'error')),
  ],
  [
    'invalid-request-region-misspelt',
    'InvalidRequestRegionException',
    'InvalidRequestRegionException says invalid_region.',
    ['RFC6749-5.2-error-code-registered', 'AWS-error-shape'],
    toError('InvalidRequestRegionException', 'invalid_region'),
  ],
  [
    'invalid-scope-misspelt',
    'InvalidScopeException',
    'InvalidScopeException says invalid_scopes.',
    ['RFC6749-5.2-error-code-registered', 'AWS-error-shape'],
    toError('InvalidScopeException', 'invalid_scopes'),
  ],
  [
    'slow-down-as-429',
    'SlowDownException',
    'SlowDownException has status 429.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('SlowDownException', 429),
  ],
  [
    'unauthorized-client-as-401',
    'UnauthorizedClientException',
    'UnauthorizedClientException has status 401.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('UnauthorizedClientException', 401),
  ],
  [
    'unsupported-grant-type-in-camel-case',
    'UnsupportedGrantTypeException',
    'UnsupportedGrantTypeException says unsupportedGrantType.',
    ['RFC6749-5.2-error-code-registered', 'AWS-error-shape'],
    toError('UnsupportedGrantTypeException', 'unsupportedGrantType'),
  ],
  [
    'invalid-client-metadata-as-422',
    'InvalidClientMetadataException',
    'InvalidClientMetadataException has status 422.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('InvalidClientMetadataException', 422),
  ],
  [
    'invalid-redirect-uri-as-409',
    'InvalidRedirectUriException',
    'InvalidRedirectUriException has status 409.',
    ['AWS-error-status', 'RFC6749-5.2-status-400'],
    toStatus('InvalidRedirectUriException', 409),
  ],
  [
    'invalid-redirect-uri-named-otherwise',
    'InvalidRedirectUriException',
    'The header of InvalidRedirectUriException names InvalidRequestException.',
    ['AWS-error-shape'],
    toHeader('InvalidRedirectUriException', 'InvalidRequestException'),
  ],
  [
    'internal-server-error-as-text',
    'InternalServerException',
    'InternalServerException is a stack trace in plain text.',
    ['RFC6749-5.2-content-type-json', 'RFC6749-5.2-error-member'],
    only('InternalServerException', (response) => ({
      ...withHeader(response, 'Content-Type', 'text/plain'),
      body: 'java.lang.NullPointerException\n\tat com.amazonaws.sso.oidc.Token(Token.java:42)\n',
    })),
  ],
];

/** One exception in the place of another: right in shape, and another meaning. */
const swapped: readonly (readonly [name: string, exception: string, other: string])[] = [
  ['access-denied-as-invalid-request', 'AccessDeniedException', 'InvalidRequestException'],
  ['authorization-pending-as-invalid-request', 'AuthorizationPendingException', 'InvalidRequestException'],
  ['expired-token-as-invalid-grant', 'ExpiredTokenException', 'InvalidGrantException'],
  ['server-error-as-invalid-request', 'InternalServerException', 'InvalidRequestException'],
  ['invalid-client-as-invalid-request', 'InvalidClientException', 'InvalidRequestException'],
  ['invalid-grant-as-invalid-request', 'InvalidGrantException', 'InvalidRequestException'],
  ['invalid-request-as-invalid-grant', 'InvalidRequestException', 'InvalidGrantException'],
  ['other-region-as-invalid-request', 'InvalidRequestRegionException', 'InvalidRequestException'],
  ['invalid-scope-as-invalid-request', 'InvalidScopeException', 'InvalidRequestException'],
  ['slow-down-as-invalid-request', 'SlowDownException', 'InvalidRequestException'],
  ['unauthorized-client-as-invalid-client', 'UnauthorizedClientException', 'InvalidClientException'],
  ['unsupported-grant-type-as-invalid-request', 'UnsupportedGrantTypeException', 'InvalidRequestException'],
  ['invalid-metadata-as-invalid-request', 'InvalidClientMetadataException', 'InvalidRequestException'],
];

/** Each exception is wrong in a way of its own. */
export const exceptions: readonly Defect[] = [
  ...rows.map(
    ([name, exception, changes, also, change]): Defect => ({
      name,
      changes,
      breaks: [requirementsOf(exception)[0] ?? '', ...requirementsOf(exception).slice(1), ...also],
      at: atAll(exception),
      ...change,
    }),
  ),
  ...swapped.map(
    ([name, exception, other]): Defect => ({
      name,
      changes: `${exception} is answered as ${other}, header and body alike.`,
      breaks: [requirementsOf(exception)[0] ?? '', ...requirementsOf(exception).slice(1)],
      at: atAll(exception),
      ...only(exception, () => awsError(other)),
    }),
  ),
  {
    name: 'reason-dropped',
    changes: 'The documented reason of an exception is left out.',
    breaks: [
      'AWS-CreateTokenWithIAM-reason',
      'AWS-CreateToken-AccessDenied',
      'AWS-CreateToken-InvalidRequest',
    ],
    at: tokens,
    ...editing(isError, (body) => leaving(body, 'reason')),
  },
  {
    name: 'reason-misspelt',
    changes: 'Every documented reason is KMS_Exception.',
    breaks: [
      'AWS-CreateTokenWithIAM-reason',
      'AWS-CreateToken-AccessDenied',
      'AWS-CreateToken-InvalidRequest',
    ],
    at: tokens,
    ...editing(isError, (body) => ('reason' in body ? { ...body, reason: 'KMS_Exception' } : body)),
  },
];

/** The operations that have an exception. */
function atAll(exception: string): readonly Operation[] {
  return everywhere.filter((operation) => specOf(operation).exceptions.includes(exception));
}

/** The requirement of an exception, for each operation that has it. */
function requirementsOf(exception: string): string[] {
  return operations
    .filter((operation) => specOf(operation).exceptions.includes(exception))
    .map((operation) => `AWS-${names[operation]}-${exception.replace(/Exception$/, '')}`);
}
