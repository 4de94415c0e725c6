import type { Case } from '../../harness/case.ts';
import { documented, observed, rejected } from '../../harness/expectation.ts';
import { expiry, grant, refusal } from '../kit/cases.ts';
import { altered, garbage, set, without } from '../kit/change.ts';
import { ofAws } from './evidence.ts';
import {
  accessTokenType,
  application,
  exchange,
  exchanging,
  otherRegion,
  refreshTokenType,
} from './given.ts';
import { regionProblems } from './region.ts';

/** RFC 8693 §2.2.2 says invalid_request of a bad subject token; AWS documents invalid_grant for a bad grant. */
const badSubject = rejected(
  'invalid_request',
  ofAws(documented('invalid_grant', 'AWS: InvalidGrantException, a request contains an invalid grant')),
);

export const tokenExchange: readonly Case[] = [
  grant({
    ...exchange,
    id: 'token-exchange/valid',
    title: 'a subject token',
    requirement: 'RFC8693-2.2.1-success-members',
    exact: true,
  }),
  ...(
    [
      ['access-token', accessTokenType],
      ['refresh-token', refreshTokenType],
    ] as const
  ).map(([name, type]) =>
    grant({
      ...exchange,
      id: `token-exchange/for-${name}`,
      title: `a subject token for a token of the type ${name}`,
      requirement: 'RFC8693-2.2.1-issued_token_type',
      change: set('requested_token_type', type),
      holds: ({ probe = [] }) =>
        probe
          .filter(({ reply }) => reply.members.issued_token_type !== type)
          .map(({ reply }) => `issuedTokenType is ${JSON.stringify(reply.members.issued_token_type)}`),
    }),
  ),
  ...[
    {
      name: 'missing-subject-token',
      title: 'no subject token',
      requirement: 'RFC8693-2.1-missing-subject',
      change: without('subject_token'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'missing-subject-token-type',
      title: 'no subject token type',
      requirement: 'RFC8693-2.1-missing-subject',
      change: without('subject_token_type'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-subject-token-type',
      title: 'a subject token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('subject_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-requested-token-type',
      title: 'a requested token type that AWS does not document',
      requirement: 'RFC8693-2.1-unsupported-token-types',
      change: set('requested_token_type', 'urn:ietf:params:oauth:token-type:saml2'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-subject-token',
      title: 'a subject token that was never issued',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      change: garbage('subject_token'),
      expect: badSubject,
    },
    {
      name: 'altered-subject-token',
      title: 'a subject token with one character changed',
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      change: altered('subject_token'),
      expect: badSubject,
    },
  ].map(({ name, ...row }) => refusal({ ...exchange, ...row, id: `token-exchange/${name}` })),
  expiry({
    ...exchange,
    id: 'token-exchange/expired',
    title: 'a subject token that has expired',
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    kind: 'subjectToken',
    member: 'subject_token',
    expect: rejected(
      'invalid_request',
      documented('invalid_grant', 'RFC 6749 §5.2'),
      ofAws(documented('expired_token', 'AWS: ExpiredTokenException')),
    ),
  }),
  refusal({
    ...exchange,
    needs: ['subject-token/region'],
    id: 'token-exchange/other-region',
    title: 'a subject token of another region',
    requirement: 'AWS-CreateTokenWithIAM-region',
    change: async (_, world) => {
      const app = await application(world);
      return exchanging(app, await world.subjectToken(app, otherRegion(world)));
    },
    expect: rejected(
      'invalid_request_region',
      ofAws(
        observed(
          'invalid_request',
          'live service, CreateToken: "Invalid token provided" in the wrong region',
        ),
      ),
    ),
    holds: ({ probe = [] }) => regionProblems(probe),
  }),
];
