import type { Case } from '../../harness/case.ts';
import { documented, granted, observed, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import { expiry, flow, grant, refusal } from '../kit/cases.ts';
import { altered, garbage, set, without } from '../kit/change.ts';
import { grantedOrRevoked } from '../kit/given.ts';
import { ofAws } from './evidence.ts';
import {
  application,
  codeWith,
  freshRefreshToken,
  otherRegion,
  refresh,
  refreshing,
  refreshTokenFor,
} from './given.ts';
import { regionProblems } from './region.ts';

const invalidGrant = rejected('invalid_grant');

const holdsScope = (scope: unknown, one: string) => Array.isArray(scope) && scope.includes(one);

export const iamRefreshToken: readonly Case[] = [
  grant({
    ...refresh,
    id: 'iam-refresh-token/valid',
    title: 'a refresh token that was never used',
    requirement: 'RFC6749-6-refresh-success',
  }),
  ...[
    {
      name: 'missing-refresh-token',
      title: 'no refresh token',
      requirement: 'RFC6749-6-missing-refresh_token',
      change: without('refresh_token'),
      expect: rejected('invalid_request'),
    },
    {
      name: 'unknown-refresh-token',
      title: 'a refresh token that was never issued',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: garbage('refresh_token'),
      expect: invalidGrant,
    },
    {
      name: 'altered-refresh-token',
      title: 'a refresh token with one character changed',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: altered('refresh_token'),
      expect: invalidGrant,
    },
  ].map(({ name, ...row }) => refusal({ ...refresh, ...row, id: `iam-refresh-token/${name}` })),
  expiry({
    ...refresh,
    id: 'iam-refresh-token/expired',
    title: 'a refresh token that has expired',
    requirement: 'RFC6749-6-expired-refresh_token',
    kind: 'refreshToken',
    member: 'refresh_token',
    expect: rejected(
      'invalid_grant',
      ofAws(documented('expired_token', 'AWS: ExpiredTokenException, "issued by the service is expired"')),
    ),
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/other-clients-refresh-token',
    title: 'a refresh token that was issued to another application',
    requirement: 'RFC6749-6-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant, 'the rightful client': grantedOrRevoked },
    run: async (world) => {
      await world.send('control', await freshRefreshToken(world));
      const request = await freshRefreshToken(world);
      await world.send(
        'probe',
        refreshing(await application(world, { name: 'other' }), String(request.members.refresh_token)),
      );
      await world.send('the rightful client', request);
    },
  }),
  refusal({
    ...refresh,
    needs: ['refresh-token/region'],
    id: 'iam-refresh-token/other-region',
    title: 'a refresh token of another region',
    requirement: 'AWS-CreateTokenWithIAM-region',
    change: async (_, world) => {
      const app = await application(world);
      return refreshing(app, await world.refreshToken(app, { region: otherRegion(world) }));
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
  flow({
    ...refresh,
    needs: ['authorization-code/scope'],
    id: 'iam-refresh-token/scope-beyond-the-grant',
    title: 'a scope that the user did not authorize',
    requirement: 'RFC8693-2.1-scope-not-widened',
    expect: {
      control: granted(),
      probe: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope and say so'),
    },
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted' && holdsScope(reply.members.scope, 'aws'))
        .map(() => 'the refresh got a scope that the user did not authorize'),
    run: async (world) => {
      // RFC 6749 §6 allows whatever the user authorized, also what the code exchange left out.
      const sent = await world.send('control', await codeWith({ scope: ['openid'] })(world));
      if (holdsScope(sent.reply.members.scope, 'aws'))
        throw new Stop(
          'fixture',
          'the fixture "authorization-code" gave a code for more than the scope "openid"',
        );
      const request = refreshing(await application(world), sent.text('refresh_token'));
      await world.send('probe', await set('scope', ['openid', 'aws'])(request, world));
    },
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/refresh-token-of-create-token',
    title: 'a refresh token that CreateToken issued',
    requirement: 'AWS-client-kinds',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      await world.send('control', await freshRefreshToken(world));
      const other = await world.client({
        name: 'other kind',
        grants: ['authorization_code', 'refresh_token'],
      });
      await world.send('probe', refreshing(await application(world), await refreshTokenFor(world, other)));
    },
  }),
];
