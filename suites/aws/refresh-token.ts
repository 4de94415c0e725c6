import type { Case } from '../../harness/case.ts';
import { granted, rejectedOrIgnored } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import { lostRefreshTokens, presentedRefreshTokens } from '../grants/refresh-token.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { invalidGrant } from '../kit/evidence.ts';
import { ofGrant } from '../kit/grant.ts';
import { application, codeWith, freshRefreshToken, refreshing, refreshTokenFor } from './given.ts';
import { iamRefresh } from './grants.ts';
import { ofOtherRegion } from './region.ts';
import { rowsOf } from './rows.ts';

const holdsScope = (scope: unknown, one: string) => Array.isArray(scope) && scope.includes(one);

const row = rowsOf([...presentedRefreshTokens(iamRefresh), ...lostRefreshTokens(iamRefresh)]);

export const iamRefreshToken: readonly Case[] = [
  row('valid'),
  row('missing-refresh-token'),
  row('unknown-refresh-token'),
  row('altered-refresh-token'),
  row('expired'),
  row('other-clients-refresh-token'),
  ofOtherRegion(iamRefresh, async (app, region, world) =>
    refreshing(app, await world.refreshToken(app, { region })),
  ),
  flow({
    ...ofGrant(iamRefresh),
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
    ...ofGrant(iamRefresh),
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
