import type { CheckName } from '../../core/checks/order.ts';
import { invalidGrant } from '../../core/refusal.ts';
import { trustedIssuer } from '../../core/trusted-issuer.ts';
import { atIamToken, type Defect, refusing, replacing, skipping, skippingWhen } from '../defect.ts';

const signature = 'RFC7523-3-signature';
const rows: readonly [name: string, changes: string, requirement: string, ...checks: CheckName[]][] = [
  [
    'assertion-algorithm-unchecked',
    'An assertion may be unsigned: alg none.',
    signature,
    'assertion-algorithm-right',
  ],
  [
    'assertion-signature-unchecked',
    'The signature of an assertion is not verified.',
    signature,
    'assertion-signature-right',
  ],
  [
    'assertion-issuer-unchecked',
    'An assertion may come from any issuer.',
    'RFC7523-3-iss',
    'assertion-issuer-trusted',
  ],
  [
    'assertion-audience-unchecked',
    'An assertion may be meant for anybody.',
    'RFC7523-3-aud',
    'assertion-audience-right',
  ],
  [
    'assertion-expiry-optional',
    'An assertion may have no expiry.',
    'RFC7523-3-exp',
    'assertion-expiry-present',
  ],
  ['assertion-expiry-ignored', 'An expired assertion is accepted.', 'RFC7523-3-exp', 'assertion-not-expired'],
  [
    'assertion-not-before-ignored',
    'An assertion counts before its nbf.',
    'RFC7523-3-nbf-iat',
    'assertion-already-valid',
  ],
  [
    'assertion-subject-optional',
    'An assertion may have no subject.',
    'RFC7523-3-sub',
    'assertion-subject-present',
  ],
  [
    'assertion-subject-unknown',
    'An assertion may name a user that does not exist.',
    'RFC7523-3-sub',
    'assertion-user-known',
  ],
  [
    'assertion-reusable',
    'An assertion can be used any number of times.',
    'AWS-CreateTokenWithIAM-jti-single-use',
    'assertion-not-used',
  ],
  [
    'assertion-missing-as-invalid-grant',
    'A missing or empty assertion is taken for a bad one.',
    'RFC7523-2.1-missing-assertion',
    'assertion-present',
  ],
];
const refused: readonly [
  name: string,
  changes: string,
  error: string,
  requirement: string,
  ...checks: CheckName[],
][] = [
  [
    'bad-assertion-as-invalid-client',
    'A bad assertion is answered with InvalidClientException.',
    'invalid_client',
    signature,
    'assertion-algorithm-right',
    'assertion-signature-right',
  ],
  [
    'expired-assertion-as-access-denied',
    'An expired assertion is answered with AccessDeniedException.',
    'access_denied',
    'RFC7523-3-exp',
    'assertion-not-expired',
  ],
  [
    'used-assertion-as-access-denied',
    'A used assertion is answered with AccessDeniedException.',
    'access_denied',
    'AWS-CreateTokenWithIAM-jti-single-use',
    'assertion-not-used',
  ],
];

export const assertions: readonly Defect[] = [
  ...rows.map(
    ([name, changes, requirement, ...checks]): Defect => ({
      name,
      changes,
      breaks: [requirement],
      at: atIamToken,
      ...skipping(...checks),
    }),
  ),
  ...refused.map(
    ([name, changes, error, requirement, ...checks]): Defect => ({
      name,
      changes,
      breaks: [requirement],
      at: atIamToken,
      ...refusing(error, checks as readonly CheckName[]),
    }),
  ),
  {
    name: 'assertion-not-parsed',
    changes: 'Text that is no JWT is taken for an assertion.',
    breaks: ['RFC7523-3.1-malformed'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => assertion !== undefined && !assertion.wellFormed,
      'assertion-well-formed',
      'assertion-algorithm-right',
      'assertion-signature-right',
      'assertion-issuer-trusted',
      'assertion-audience-right',
      'assertion-expiry-present',
      'assertion-subject-present',
    ),
  },
  {
    name: 'assertion-of-untrusted-key',
    changes: 'An assertion is accepted when it is well signed, whoever signed it.',
    breaks: [signature],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => assertion?.header.alg === 'RS256' && hasKeyOfItsOwn(assertion.value),
      'assertion-signature-right',
    ),
  },
  {
    name: 'assertion-audience-optional',
    changes: 'An assertion may have no audience, but not a wrong one.',
    breaks: ['RFC7523-3-aud'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => assertion !== undefined && assertion.claims.aud === undefined,
      'assertion-audience-right',
    ),
  },
  {
    name: 'assertion-issuer-optional',
    changes: 'An assertion may have no issuer, but not a wrong one.',
    breaks: ['RFC7523-3-iss'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => assertion !== undefined && assertion.claims.iss === undefined,
      'assertion-issuer-trusted',
    ),
  },
  {
    name: 'assertion-audience-by-prefix',
    changes: 'An assertion may be meant for anybody whose name begins with the right one.',
    breaks: ['RFC7523-3-aud'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion, client }) =>
        client !== undefined &&
        'audience' in client &&
        String(assertion?.claims.aud).startsWith(client.audience),
      'assertion-audience-right',
    ),
  },
  {
    name: 'assertion-audience-list-empty',
    changes: 'An assertion with an empty list of audiences is meant for everybody.',
    breaks: ['RFC7523-3-aud'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => Array.isArray(assertion?.claims.aud) && assertion.claims.aud.length === 0,
      'assertion-audience-right',
    ),
  },
  {
    name: 'assertion-issuer-by-prefix',
    changes: 'An assertion may come from anybody whose name begins like the trusted issuer.',
    breaks: ['RFC7523-3-iss'],
    at: atIamToken,
    ...skippingWhen(
      ({ assertion }) => String(assertion?.claims.iss).startsWith(trustedIssuer),
      'assertion-issuer-trusted',
    ),
  },
  {
    name: 'assertion-expiry-as-text',
    changes: 'An assertion whose expiry is text never expires.',
    breaks: ['RFC7523-3-exp'],
    at: atIamToken,
    ...skippingWhen(({ assertion }) => typeof assertion?.claims.exp === 'string', 'assertion-expiry-present'),
  },
  {
    name: 'assertion-subject-empty',
    changes: 'An assertion with an empty subject is somebody.',
    breaks: ['RFC7523-3-sub'],
    at: atIamToken,
    ...skippingWhen(({ assertion }) => assertion?.claims.sub === '', 'assertion-user-known'),
  },
  {
    name: 'rs256-refused',
    changes: 'Assertions that are signed with RS256 are refused.',
    breaks: ['RFC7523-5-rs256-mti', 'RFC7523-3.1-success'],
    at: atIamToken,
    ...replacing(() => ({ 'assertion-algorithm-right': () => invalidGrant('assertion') })),
  },
];

/** Whether anybody's key may have made this signature: it has the length of one. */
const hasKeyOfItsOwn = (assertion: string): boolean =>
  Buffer.from(assertion.split('.')[2] ?? '', 'base64url').length === 256;
