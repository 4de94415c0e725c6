import type { Case } from '../../harness/case.ts';
import { documented, granted, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { World } from '../../harness/world/world.ts';
import { flow, grant, refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { askedBy } from '../kit/credentials.ts';
import { codeClient } from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import { clientGrant, namingNoScope } from './more-grants.ts';

const { folder, grant: grantType } = clientGrant;

/** No answer has this member. */
const lacks =
  (member: string): NonNullable<Case['holds']> =>
  ({ probe = [] }) =>
    probe
      .filter(({ reply }) => reply.outcome === 'granted' && (reply.members[member] ?? '') !== '')
      .map(() => `the answer has ${member}`);

/** A public client with the grant, or without it where none is registered for it. */
async function publicClient(world: World) {
  const wishes = { ...world.publicly, name: 'public' };
  try {
    return await world.client({ ...wishes, grants: [grantType] });
  } catch (error) {
    if (error instanceof Stop && error.kind === 'fixture') return codeClient(world, wishes);
    throw error;
  }
}

const userScope = rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope');

/** What a client asks for itself (RFC 6749 §4.4). */
export const clientCredentials: readonly Case[] = [
  grant({
    ...ofGrant(clientGrant),
    id: `${folder}/valid`,
    title: 'a client that authenticates',
    requirement: 'RFC6749-4.4.3-success',
  }),
  grant({
    ...ofGrant(clientGrant),
    id: `${folder}/without-refresh-token`,
    title: 'the refresh token of the answer',
    requirement: 'RFC6749-4.4.3-no-refresh-token',
    holds: lacks('refresh_token'),
  }),
  ...(
    [
      ['with-offline-access', 'offline_access', 'refresh_token', 'RFC6749-4.4.3-no-refresh-token'],
      ['with-openid', 'openid', 'id_token', 'RFC6749-4.4-no-id_token'],
    ] as const
  ).map(([name, scope, member, requirement]) =>
    flow({
      ...ofGrant(clientGrant),
      id: `${folder}/${name}`,
      title: `the scope ${scope}, which only a user can grant`,
      requirement,
      expect: { control: granted(), probe: userScope },
      holds: lacks(member),
      run: async (world) => {
        const valid = await clientGrant.given(world);
        await world.send('control', valid);
        await world.send('probe', await set('scope', [scope])(valid, world));
      },
    }),
  ),
  flow({
    ...ofGrant(clientGrant),
    id: `${folder}/without-scope`,
    title: 'no scope',
    requirement: 'RFC6749-3.3-default-scope',
    expect: {
      probe: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: the server may have a default scope'),
    },
    run: async (world) => {
      await world.send('probe', await namingNoScope(world));
    },
  }),
  refusal({
    ...ofGrant(clientGrant),
    needs: ['auth:none', 'feature:public-clients'],
    id: `${folder}/public-client`,
    title: 'a public client, which has nothing to prove who it is',
    requirement: 'RFC6749-4.4-public-client-refused',
    change: async (valid, world) => askedBy(valid, await publicClient(world)),
    expect: rejected('unauthorized_client', documented('invalid_client', 'RFC 6749 §4.4.2')),
  }),
];
