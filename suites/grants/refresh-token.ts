import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import { expiry, flow, grant, refusal, strangerExpectations } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { askedBy } from '../kit/credentials.ts';
import { expiredRefreshToken, invalidGrant, ofAnotherClient } from '../kit/evidence.ts';
import {
  anyRefreshToken,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  grantedOrRevoked,
  polling,
  refreshClient,
  refreshing,
  refreshTokenFor,
  refreshTokenOf,
  strangerTo,
} from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { withMember } from '../kit/member.ts';
import { presentsNothing, presentsUnknown } from './artefacts.ts';
import { rotation } from './rotation.ts';
import { refreshGrant } from './table.ts';

const refresh = { grant: 'refresh_token', needs: [anyRefreshToken] } as const;
/** Refreshes that are right, and refresh tokens that are none. */
export const presentedRefreshTokens = (at: GrantAt): readonly Case[] => [
  grant({
    ...ofGrant(at),
    id: `${at.folder}/valid`,
    title: 'a refresh token that was never used',
    requirement: 'RFC6749-6-refresh-success',
  }),
  grant({
    ...ofGrant(at),
    id: `${at.folder}/without-scope`,
    title: 'a refresh without a scope',
    requirement: 'RFC6749-6-scope-omitted',
  }),
  flow({
    ...ofGrant(at),
    id: `${at.folder}/three-in-a-row`,
    title: 'three refreshes, each with the newest refresh token',
    requirement: 'RFC6749-6-refresh-success',
    expect: { probe: granted() },
    run: async (world) => {
      let request = await at.given(world);
      for (let turn = 0; turn < 3; turn++) {
        const { reply } = await world.send('probe', request);
        const token = reply.members.refresh_token;
        if (typeof token === 'string') request = withMember(request, 'refresh_token', token);
      }
    },
  }),
  ...presentsNothing(at, 'RFC6749-6-missing-refresh_token'),
  ...presentsUnknown(at),
  refusal({
    ...ofGrant(at),
    ...at.unknown,
    id: `${at.folder}/cut-refresh-token`,
    title: 'the first half of a refresh token',
    change: set('refresh_token', (valid: string) => valid.slice(0, valid.length / 2)),
  }),
  flow({
    ...ofGrant(at),
    id: `${at.folder}/access-token-instead`,
    title: 'an access token in place of the refresh token',
    requirement: 'RFC6749-6-other-token-as-refresh_token',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const request = await at.given(world);
      const sent = await world.send('control', request);
      await world.send('probe', withMember(request, 'refresh_token', sent.text('access_token')));
    },
  }),
];

/** Refresh tokens that are none of who presents them, or no longer. */
export const lostRefreshTokens = (at: GrantAt): readonly Case[] => [
  flow({
    ...ofGrant(at),
    id: `${at.folder}/other-clients-refresh-token`,
    title: `a refresh token that was issued to another ${at.who}`,
    requirement: 'RFC6749-6-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: ofAnotherClient, 'the rightful client': grantedOrRevoked },
    run: async (world) => {
      await world.send('control', await at.given(world));
      const request = await at.given(world);
      await world.send('probe', askedBy(request, await at.client(world, { name: 'other' })));
      await world.send('the rightful client', request);
    },
  }),
  expiry({
    ...ofGrant(at),
    id: `${at.folder}/expired`,
    title: 'a refresh token that has expired',
    requirement: 'RFC6749-6-expired-refresh_token',
    kind: 'refreshToken',
    member: 'refresh_token',
    expect: expiredRefreshToken,
  }),
];

export const refreshToken: readonly Case[] = [
  ...presentedRefreshTokens(refreshGrant),
  refusal({
    ...refresh,
    needs: ['authorization-code'],
    presupposes: ['authorization_code'],
    id: 'refresh-token/code-instead',
    title: 'an authorization code in place of the refresh token',
    requirement: 'RFC6749-6-other-token-as-refresh_token',
    given: freshRefreshToken,
    change: async (_, world) =>
      refreshing(await refreshClient(world), String((await freshCode(world)).members.code)),
    expect: invalidGrant,
  }),
  ...lostRefreshTokens(refreshGrant),
  ...rotation,
  flow({
    ...refresh,
    id: 'refresh-token/grant-not-registered',
    title: 'a client that was not registered for the grant',
    requirement: 'RFC7591-2-metadata-enforced',
    cell: 'unauthorized_client',
    ...strangerExpectations,
    run: async (world) => {
      await world.send('control', await freshRefreshToken(world));
      const stranger = await strangerTo('refresh_token', world);
      const own = await world.refreshTokenIfAllowed(stranger);
      if (own !== undefined) await world.send('probe', refreshing(stranger, own));
      else {
        const foreign = await refreshTokenFor(world, await refreshClient(world));
        await world.send('probe, artefact of another client', refreshing(stranger, foreign));
      }
    },
  }),
  flow({
    ...refresh,
    grant: 'refresh_token',
    needs: ['device-decision'],
    presupposes: [deviceCodeGrant],
    id: 'refresh-token/from-device-code',
    title: 'the refresh token of a device authorization',
    requirement: 'RFC6749-6-refresh-success',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      const client = await deviceClient(world);
      const started = await world.device(client, 'approve');
      const sent = await world.send('control', polling(client, started));
      await world.send('probe', refreshing(client, refreshTokenOf(sent)));
    },
  }),
];
