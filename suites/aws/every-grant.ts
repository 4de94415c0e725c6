import type { Case } from '../../harness/case.ts';
import { documented, inferred, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { fault, flow, grant, refusal, strangerExpectations } from '../kit/cases.ts';
import { type Change, set, without } from '../kit/change.ts';
import { askedBy, withoutId } from '../kit/credentials.ts';
import { tokenExchangeGrant } from '../kit/given.ts';
import { withMember } from '../kit/member.ts';
import { ofAws } from './evidence.ts';
import { reasonCases } from './faults.ts';
import { anyWay, applicationWithout, byAssertion } from './given.ts';
import { type IamGrant, iamGrants } from './grants.ts';

const unsupported = rejected(
  'unsupported_grant_type',
  ofAws(
    documented(
      'invalid_grant',
      'AWS: InvalidGrantException "can occur if a client makes a request with an invalid grant type"',
    ),
  ),
);

interface Row {
  readonly name: string;
  readonly title: string;
  readonly requirement: string;
  readonly change: (of: IamGrant) => Change;
  readonly expect: ReturnType<typeof rejected>;
  readonly needs?: Case['needs'];
}

const wrong: readonly Row[] = [
  {
    name: 'unknown-application',
    title: 'an application that does not exist',
    requirement: 'AWS-CreateTokenWithIAM-InvalidClient',
    change: () => set('client_id', (valid: string) => valid.replace(/[^:/]*$/, 'apl-0000000000000000')),
    expect: rejected(
      'invalid_client',
      ofAws(
        inferred(
          'access_denied',
          'AWS authorizes a principal for an application before it looks at the application',
        ),
      ),
      ofAws(inferred('unauthorized_client', 'no answer of the live service is known')),
      ofAws(inferred('invalid_request', 'no answer of the live service is known')),
    ),
  },
  {
    name: 'client-of-create-token',
    title: 'a client that was registered for CreateToken',
    requirement: 'AWS-client-kinds',
    change: () => async (valid, world) => {
      const { client_id } = await world.client({
        name: 'other kind',
        grants: ['authorization_code', 'refresh_token'],
      });
      return withMember(valid, 'client_id', client_id);
    },
    expect: rejected(
      'invalid_client',
      ofAws(inferred('access_denied', 'no answer of the live service is known')),
      ofAws(inferred('unauthorized_client', 'no answer of the live service is known')),
      ofAws(inferred('invalid_request', 'such a client id is no ARN')),
    ),
  },
  {
    name: 'no-client-id',
    title: 'no client id',
    requirement: 'AWS-CreateTokenWithIAM-required-members',
    change: withoutId,
    expect: rejected('invalid_request'),
  },
  {
    name: 'no-grant-type',
    title: 'no grant type',
    requirement: 'AWS-CreateTokenWithIAM-required-members',
    change: () => without('grant_type'),
    expect: rejected('invalid_request'),
  },
  {
    name: 'unknown-grant-type',
    title: 'a grant type that does not exist',
    requirement: 'AWS-CreateTokenWithIAM-grants',
    change: () => set('grant_type', 'urn:token-conformance:no-such-grant'),
    expect: unsupported,
  },
  {
    name: 'misspelt-grant-type',
    title: 'the grant type nearly spelt right',
    requirement: 'AWS-CreateTokenWithIAM-grants',
    change: ({ misspelt }) => set('grant_type', misspelt),
    expect: unsupported,
  },
  {
    name: 'device-code-grant',
    title: 'the device grant, which only CreateToken has',
    requirement: 'AWS-CreateTokenWithIAM-grants',
    change: () => (valid, world) => ({
      ...valid,
      members: {
        ...valid.members,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: world.garbage(),
      },
    }),
    expect: unsupported,
  },
  {
    name: 'principal-not-allowed',
    title: 'a principal that the application does not allow',
    requirement: 'AWS-CreateTokenWithIAM-AccessDenied',
    needs: ['credentials/not-allowed'],
    change: () => async (valid, world) => ({
      ...valid,
      as: { signing: { credentials: await world.credentials(false) } },
    }),
    expect: rejected(
      'access_denied',
      ofAws(inferred('unauthorized_client', 'no answer of the live service is known')),
    ),
  },
  {
    name: 'empty-artefact',
    title: 'an empty code or token',
    requirement: 'RFC6749-3.2-empty-required-param',
    change: ({ artefact }) => set(artefact, ''),
    expect: rejected('invalid_request'),
  },
];

const requirementOfFault: Readonly<Record<string, string>> = {
  access_denied: 'AccessDenied',
  authorization_pending: 'AuthorizationPending',
  expired_token: 'ExpiredToken',
  server_error: 'InternalServer',
  invalid_client: 'InvalidClient',
  invalid_grant: 'InvalidGrant',
  invalid_request: 'InvalidRequest',
  invalid_request_region: 'InvalidRequestRegion',
  invalid_scope: 'InvalidScope',
  slow_down: 'SlowDown',
};

const region = { endpoint: 'https://oidc.eu-west-1.amazonaws.com', region: 'eu-west-1' };

export const iamEveryGrant: readonly Case[] = iamGrants.flatMap((of) => {
  const about = { operation: 'iam_token', grant: of.grant, given: of.given } as const;
  return [
    ...wrong.map((row) =>
      refusal({
        ...about,
        ...row,
        id: `${of.folder}/${row.name}`,
        needs: [...of.needs, ...(row.needs ?? [])],
        change: row.change(of),
      }),
    ),
    refusal({
      ...about,
      needs: of.needs,
      id: `${of.folder}/unknown-scope`,
      title: 'a scope that the application does not have',
      requirement: 'RFC8693-2.1-scope-not-widened',
      change: set('scope', ['token-conformance:never-granted']),
      expect: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope and say so'),
      holds: ({ probe = [] }) =>
        probe
          .filter(({ reply }) => JSON.stringify(reply.members.scope ?? '').includes('never-granted'))
          .map(() => 'the response says that the unknown scope was granted'),
    }),
    flow({
      ...about,
      needs: of.needs,
      id: `${of.folder}/grant-not-registered`,
      title: 'an application that is not set up for the grant',
      requirement:
        of.grant === tokenExchangeGrant
          ? 'RFC8693-2.1-client-auth'
          : 'AWS-CreateTokenWithIAM-UnauthorizedClient',
      cell: 'unauthorized_client',
      ...strangerExpectations,
      ...(of.own === undefined && { optional: { ...strangerExpectations.optional, probe: '' } }),
      run: async (world) => {
        await world.send('control', await of.given(world));
        const stranger = await applicationWithout(world, of.grant);
        const own = await of.own?.(world, stranger);
        if (own !== undefined) return void (await world.send('probe', own));
        await world.send('probe, artefact of another client', askedBy(await of.given(world), stranger));
      },
    }),
    grant({
      ...about,
      needs: of.needs,
      id: `${of.folder}/with-unknown-members`,
      title: 'a member that no document knows',
      requirement: 'RFC6749-3.2-unknown-params-ignored',
      change: set('hello', 'world'),
    }),
    grant({
      ...about,
      needs: of.needs,
      id: `${of.folder}/with-one-scope`,
      title: 'one of the scopes of the application',
      requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
      change: set('scope', ['openid']),
      holds: ({ probe = [] }) =>
        probe
          .filter(({ reply }) => JSON.stringify(reply.members.scope) !== '["openid"]')
          .map(({ reply }) => `scope is ${JSON.stringify(reply.members.scope)}, not ["openid"]`),
    }),
    ...of.faults.map((error) =>
      fault({
        ...about,
        needs: of.needs,
        id: `${of.folder}/fault-${error.replaceAll('_', '-')}`,
        title: `${error}, provoked by the fault fixture`,
        requirement: `AWS-CreateTokenWithIAM-${requirementOfFault[error]}`,
        error,
        ...(error === 'invalid_request_region' && { members: region }),
      }),
    ),
  ];
});

/** Their ids name assertions, which come first where there are any. */
const reasonWays: typeof anyWay = [byAssertion, ...anyWay];

export const iamReasons: readonly Case[] = reasonCases(
  { operation: 'iam_token', ways: reasonWays, given: (world) => world.way(reasonWays).given(world) },
  'jwt-bearer',
  () => 'AWS-CreateTokenWithIAM-reason',
);
