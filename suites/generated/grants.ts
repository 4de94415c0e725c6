import type { Case } from '../../harness/case.ts';
import { documented, type Expectation, inferred, rejected } from '../../harness/expectation.ts';
import { ofAws } from '../aws/evidence.ts';
import * as iam from '../aws/given.ts';
import {
  anyRefreshToken,
  approvedDevice,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  type Given,
} from '../kit/given.ts';

/** What generated requests have to know of a grant: each row is one. */
export interface GeneratedGrant {
  readonly folder: string;
  readonly operation: 'token' | 'iam_token';
  readonly grant: string;
  readonly needs: Case['needs'];
  readonly given: Given;
  /** The member that carries what is presented. */
  readonly artefact: string;
  /** The rule that the valid request is granted. */
  readonly granted: string;
  /** The rule about an artefact that was never issued, and its answer. */
  readonly unknown: { readonly requirement: string; readonly expect: Expectation };
  readonly required: string;
  readonly unknownGrant: string;
  readonly unknownClient: { readonly requirement: string; readonly expect: Expectation };
  readonly hasSecret: boolean;
  readonly hasCode: boolean;
}

const invalidGrant = rejected('invalid_grant');

const createToken = {
  operation: 'token',
  required: 'AWS-CreateToken-required-members',
  unknownGrant: 'RFC6749-5.2-unsupported_grant_type',
  unknownClient: {
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    expect: rejected('invalid_client'),
  },
  hasSecret: true,
} as const;

const withIam = {
  operation: 'iam_token',
  required: 'AWS-CreateTokenWithIAM-required-members',
  unknownGrant: 'AWS-CreateTokenWithIAM-grants',
  unknownClient: {
    requirement: 'AWS-CreateTokenWithIAM-InvalidClient',
    expect: rejected(
      'invalid_client',
      ofAws(inferred('access_denied', 'AWS authorizes a principal for an application first')),
      ofAws(inferred('unauthorized_client', 'no answer of the live service is known')),
      ofAws(inferred('invalid_request', 'such a client id is no ARN')),
    ),
  },
  hasSecret: false,
} as const;

const malformed = rejected('invalid_grant', inferred('invalid_request', 'a malformed parameter'));

export const generatedGrants: readonly GeneratedGrant[] = [
  {
    ...createToken,
    folder: 'authorization-code',
    grant: 'authorization_code',
    needs: ['authorization-code'],
    given: freshCode,
    artefact: 'code',
    granted: 'RFC6749-4.1.4-code-exchange-success',
    unknown: { requirement: 'RFC6749-4.1.3-unknown-code', expect: invalidGrant },
    hasCode: true,
  },
  {
    ...createToken,
    folder: 'device-code',
    grant: deviceCodeGrant,
    needs: ['device-decision'],
    given: approvedDevice,
    artefact: 'device_code',
    granted: 'RFC8628-3.5-success',
    unknown: { requirement: 'RFC8628-3.4-unknown-device_code', expect: invalidGrant },
    hasCode: false,
  },
  {
    ...createToken,
    folder: 'refresh-token',
    grant: 'refresh_token',
    needs: [anyRefreshToken],
    given: freshRefreshToken,
    artefact: 'refresh_token',
    granted: 'RFC6749-6-refresh-success',
    unknown: { requirement: 'RFC6749-6-unknown-refresh_token', expect: invalidGrant },
    hasCode: false,
  },
  {
    ...withIam,
    folder: 'iam-authorization-code',
    grant: 'authorization_code',
    needs: ['authorization-code'],
    given: iam.freshCode,
    artefact: 'code',
    granted: 'RFC6749-4.1.4-code-exchange-success',
    unknown: { requirement: 'RFC6749-4.1.3-unknown-code', expect: invalidGrant },
    hasCode: true,
  },
  {
    ...withIam,
    folder: 'iam-refresh-token',
    grant: 'refresh_token',
    needs: [iam.anyRefreshToken],
    given: iam.freshRefreshToken,
    artefact: 'refresh_token',
    granted: 'RFC6749-6-refresh-success',
    unknown: { requirement: 'RFC6749-6-unknown-refresh_token', expect: invalidGrant },
    hasCode: false,
  },
  {
    ...withIam,
    folder: 'jwt-bearer',
    grant: iam.jwtBearerGrant,
    needs: ['assertion'],
    given: iam.freshAssertion,
    artefact: 'assertion',
    granted: 'RFC7523-3.1-success',
    unknown: { requirement: 'RFC7523-3-signature', expect: malformed },
    hasCode: false,
  },
  {
    ...withIam,
    folder: 'token-exchange',
    grant: iam.tokenExchangeGrant,
    needs: ['subject-token'],
    given: iam.freshSubjectToken,
    artefact: 'subject_token',
    granted: 'RFC8693-2.2.1-success-members',
    unknown: {
      requirement: 'RFC8693-2.2.2-invalid-subject_token',
      expect: rejected(
        'invalid_request',
        ofAws(documented('invalid_grant', 'AWS: InvalidGrantException, a request contains an invalid grant')),
      ),
    },
    hasCode: false,
  },
];
