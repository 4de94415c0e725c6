import { defaultBehaviours as usual } from '../../behaviours.ts';
import type { SignatureAttempt } from '../../fronts/aws-json/signature.ts';
import { orderOfSignatureChecks, type SignatureCheckName } from '../../fronts/aws-json/signature-checks.ts';
import { atIamToken, atToken, type Defect, replacing, skipping } from '../defect.ts';

const required = 'AWS-CreateTokenWithIAM-signature-required';
const ofRegion = 'AWS-CreateTokenWithIAM-signature-region';
const rows: readonly [name: string, changes: string, ...checks: SignatureCheckName[]][] = [
  [
    'signature-header-unread',
    'An Authorization header that cannot be read is let through.',
    'authorization-well-formed',
  ],
  ['access-key-any', 'An access key that nobody has is let through.', 'access-key-known'],
  ['scope-date-unchecked', 'The credential scope may name another day.', 'scope-date-right'],
  ['scope-region-unchecked', 'The credential scope may name another region.', 'scope-region-right'],
  ['scope-service-unchecked', 'The credential scope may name another service.', 'scope-service-right'],
  [
    'scope-terminator-unchecked',
    'The credential scope may end in anything.',
    'scope-terminator-right',
    'signature-right',
  ],
  [
    'signing-date-optional',
    'The date of the signature may be missing.',
    'amz-date-present',
    'amz-date-signed',
    'signature-right',
  ],
  [
    'signing-date-malformed',
    'The date of the signature may be any text.',
    'amz-date-well-formed',
    'scope-date-right',
  ],
  ['signature-never-too-old', 'A signature of any age is accepted.', 'amz-date-not-too-early'],
  ['signature-of-the-future', 'A signature from the future is accepted.', 'amz-date-not-too-late'],
  ['host-unsigned', 'The host need not be signed.', 'host-signed'],
  ['payload-unsigned', 'The hash of the body is not compared with the body.', 'content-sha256-right'],
  ['session-token-unchecked', 'The session token may be any.', 'session-token-right'],
  ['session-token-expiry-ignored', 'Expired session credentials are accepted.', 'session-token-not-expired'],
  ['signature-unchecked', 'The signature itself is never compared.', 'signature-right'],
  [
    'only-access-key-checked',
    'Only the access key of a signature is looked at.',
    'signature-right',
    'content-sha256-right',
  ],
];

/** Each step of Signature Version 4, left out. */
export const signatures: readonly Defect[] = [
  ...rows.map(
    ([name, changes, ...checks]): Defect => ({
      name,
      changes,
      breaks: [name === 'scope-region-unchecked' ? ofRegion : required],
      at: atIamToken,
      ...skipping(...checks),
    }),
  ),
  {
    name: 'signature-optional',
    changes: 'A request that is not signed at all is served.',
    breaks: [required],
    at: atIamToken,
    ...replacing(() =>
      Object.fromEntries(
        orderOfSignatureChecks().map((name) => [
          name,
          (attempt: SignatureAttempt) =>
            attempt.authorization.length === 0 ? undefined : usual[name](attempt),
        ]),
      ),
    ),
  },
  {
    name: 'signature-by-its-beginning',
    changes: 'Only the first 32 digits of the signature are compared.',
    breaks: [required],
    at: atIamToken,
    ...replacing(() => ({
      'signature-right': ({ claim, expected, ...rest }) =>
        claim?.signature.slice(0, 32) === expected?.slice(0, 32)
          ? undefined
          : usual['signature-right']({ claim, expected, ...rest }),
    })),
  },
  {
    name: 'query-unsigned',
    changes: 'The query is left out of the signature.',
    breaks: [required],
    at: atIamToken,
    ...replacing(() => ({
      'expected-signature': (request, ...rest) =>
        usual['expected-signature']({ ...request, query: new URLSearchParams('aws_iam=t') }, ...rest),
    })),
  },
  {
    name: 'create-token-signed',
    changes: 'CreateToken wants a signature too.',
    breaks: ['AWS-CreateToken-unsigned'],
    at: atToken,
    middleware: () => async (request, endpoint) =>
      request.path === '/token' && request.query.get('aws_iam') !== 't'
        ? endpoint({ ...request, query: new URLSearchParams('aws_iam=t') })
        : endpoint(request),
  },
  {
    name: 'iam-variant-unsigned',
    changes: 'An unsigned request to /token?aws_iam=t is served like CreateToken.',
    breaks: ['AWS-CreateToken-unsigned'],
    at: atToken,
    ...replacing(() => ({
      route: (request) =>
        request.path === '/token' && !request.headers.has('authorization')
          ? usual.route({ ...request, query: new URLSearchParams() })
          : usual.route(request),
    })),
  },
];
