import { inferred, refused, rejected } from '../../harness/expectation.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { badSubject, invalidGrant, noAssertion } from '../kit/evidence.ts';
import { jwtBearerGrant, tokenExchangeGrant } from '../kit/given.ts';
import type { GrantAt } from '../kit/grant.ts';
import { ofAws } from './evidence.ts';
import {
  anyRefreshToken,
  application,
  asserting,
  exchanging,
  freshAssertion,
  freshCode,
  freshRefreshToken,
  freshSubjectToken,
  redeeming,
  refreshing,
  refreshTokenFor,
} from './given.ts';

/** A grant of the signed operation. */
export interface IamGrant extends GrantAt {
  /**
   * A request of a client that may not use the grant, with an artefact of its own; undefined where it gets none. Absent
   * where nobody can be asked for one.
   */
  readonly own?: (world: World, stranger: Client) => Promise<Call | undefined>;
  /** Exceptions of the documented twelve that only the fault fixture provokes here. */
  readonly faults: readonly string[];
}

const always = ['authorization_pending', 'expired_token', 'server_error', 'slow_down'];
/** What a circumstance provokes too, but a conformant service may answer otherwise. */
const also = ['access_denied', 'invalid_client', 'invalid_scope', 'invalid_request'];

const signed = {
  operation: 'iam_token',
  who: 'application',
  client: application,
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
  faults: [...always, ...also, 'invalid_request_region'],
} as const;

export const iamCode: IamGrant = {
  ...signed,
  folder: 'iam-authorization-code',
  grant: 'authorization_code',
  kind: 'code',
  needs: ['authorization-code'],
  artefact: 'code',
  expirable: 'code',
  obtain: async (world, app) => {
    const code = await world.authorizationCode(app);
    return { value: code.code, request: (presenter) => redeeming(presenter, code) };
  },
  given: freshCode,
  misspelt: 'authorization-code',
  granted: 'RFC6749-4.1.4-code-exchange-success',
  unknown: { requirement: 'RFC6749-4.1.3-unknown-code', expect: invalidGrant },
  race: { requirement: 'RFC6749-10.5-code-concurrent-redemption', losers: refused() },
  own: async (world, stranger) => {
    const code = await world.authorizationCodeIfAllowed(stranger);
    return code === undefined ? undefined : redeeming(stranger, code);
  },
};

export const iamRefresh: IamGrant = {
  ...signed,
  folder: 'iam-refresh-token',
  grant: 'refresh_token',
  kind: 'refresh token',
  needs: [anyRefreshToken],
  artefact: 'refresh_token',
  expirable: 'refreshToken',
  obtain: async (world, app) => {
    const value = await refreshTokenFor(world, app);
    return { value, request: (presenter) => refreshing(presenter, value) };
  },
  given: freshRefreshToken,
  misspelt: 'refresh-token',
  granted: 'RFC6749-6-refresh-success',
  unknown: { requirement: 'RFC6749-6-unknown-refresh_token', expect: invalidGrant },
};

export const iamAssertion: IamGrant = {
  ...signed,
  folder: 'jwt-bearer',
  grant: jwtBearerGrant,
  kind: 'assertion',
  needs: ['assertion'],
  artefact: 'assertion',
  expirable: 'assertion',
  obtain: async (world, app) => {
    const value = await world.assertion(app);
    return { value, request: (presenter) => asserting(presenter, value) };
  },
  given: freshAssertion,
  misspelt: 'urn:ietf:params:oauth:grant-type:jwt_bearer',
  granted: 'RFC7523-3.1-success',
  unknown: { requirement: 'RFC7523-3-signature', expect: noAssertion },
  race: { requirement: 'AWS-CreateTokenWithIAM-jti-single-use', losers: invalidGrant },
  own: async (world, stranger) => asserting(stranger, await world.assertion(stranger)),
};

export const iamExchange: IamGrant = {
  ...signed,
  folder: 'token-exchange',
  grant: tokenExchangeGrant,
  kind: 'subject token',
  needs: ['subject-token'],
  artefact: 'subject_token',
  expirable: 'subjectToken',
  obtain: async (world, app) => {
    const subject = await world.subjectToken(app);
    return { value: subject.subject_token, request: (presenter) => exchanging(presenter, subject) };
  },
  given: freshSubjectToken,
  misspelt: 'urn:ietf:params:oauth:grant-type:token_exchange',
  granted: 'RFC8693-2.2.1-success-members',
  unknown: {
    requirement: 'RFC8693-2.2.2-invalid-subject_token',
    expect: badSubject,
  },
  own: async (world, stranger) => exchanging(stranger, await world.subjectToken(stranger)),
  faults: [...signed.faults, 'invalid_grant'],
};

export const iamGrants: readonly IamGrant[] = [iamCode, iamRefresh, iamAssertion, iamExchange];
