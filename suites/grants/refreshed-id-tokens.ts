import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { refreshing, refreshTokenOf } from '../kit/given.ts';
import { assertionAt, type GrantAt, ofGrant } from '../kit/grant.ts';
import { renewed } from './descent.ts';

const claimsOf = ({ exchange }: Pick<Observation, 'exchange'>): Readonly<Record<string, unknown>> =>
  exchange.jwts?.find((jwt) => jwt.member === 'idToken')?.claims ?? {};

/** What an ID token says in one claim, in words that can be compared; one audience may be in a list. */
const claimOf = (seen: Pick<Observation, 'exchange'>, name: string): string =>
  JSON.stringify(name === 'aud' ? [claimsOf(seen)[name]].flat() : claimsOf(seen)[name]);

/** The claims of refreshed ID tokens that are not those of the grant. */
const changedClaims =
  (...names: readonly string[]): NonNullable<Case['holds']> =>
  ({ 'control: grant': grants = [], probe = [] }) =>
    probe.flatMap((seen) =>
      names.flatMap((name) => {
        const [before, now] = grants
          .slice(0, 1)
          .flatMap((grant) => [claimOf(grant, name), claimOf(seen, name)]);
        return before === now ? [] : [`${name} is ${now}, where the grant had ${before}`];
      }),
    );

/** Sends a grant, and refreshes twice what came of it; ends the case where a refresh brings no ID token. */
async function refreshWithIdToken(
  world: World,
  refresh: GrantAt,
  grant: Call,
  between: () => Promise<void>,
): Promise<void> {
  const sent = await world.send('control: grant', grant);
  if (claimsOf(sent).sub === undefined) throw new Stop('step', 'the grant brought no ID token');
  let newest = refreshing(await refresh.client(world), refreshTokenOf(sent), refresh.operation);
  await between();
  for (let turn = 0; turn < 2; turn++) {
    const refreshed = await world.send('probe', newest);
    if (refreshed.reply.outcome === 'granted' && !refreshed.reply.members.id_token)
      throw notOffered('refreshIdToken');
    newest = renewed(refreshed, newest);
  }
}

const same = 'OIDC-12.2-same-iss-sub-aud';

/** The grants of one operation whose ID tokens a refresh repeats. */
interface Origins {
  readonly code: GrantAt;
  readonly assertion: GrantAt;
}

/** OpenID Connect Core §12.2: what refreshed ID tokens say is what that of the grant said. */
export const refreshedIdTokens = (refresh: GrantAt, { code, assertion }: Origins): readonly Case[] => [
  flow({
    ...ofGrant(refresh),
    needs: code.needs,
    id: `${refresh.folder}/generations/id-token-of-a-code`,
    title: 'the ID tokens of two refreshes, and that of the code',
    requirement: same,
    expect: { 'control: grant': granted(), probe: granted() },
    holds: changedClaims('iss', 'sub', 'aud'),
    run: async (world) => {
      await refreshWithIdToken(world, refresh, await code.given(world), async () => undefined);
    },
  }),
  flow({
    ...ofGrant(refresh),
    needs: [...assertion.needs, 'assertion/subject'],
    id: `${refresh.folder}/generations/id-token-of-an-assertion`,
    title: 'the ID tokens of two refreshes, and that of the assertion, while another user signs in',
    requirement: same,
    expect: { 'control: grant': granted(), 'control: another user': granted(), probe: granted() },
    holds: changedClaims('iss', 'sub', 'aud'),
    run: async (world) => {
      const of = (subject: string) => assertionAt(assertion, { subject })(world);
      await refreshWithIdToken(world, refresh, await of('token-conformance-user'), async () => {
        await world.send('control: another user', await of('token-conformance-other-user'));
      });
    },
  }),
  flow({
    ...ofGrant(refresh),
    needs: [...code.needs, 'clock'],
    overTime: true,
    id: `${refresh.folder}/generations/time-of-sign-in`,
    title: 'the time of the sign-in in the ID tokens of two refreshes ten minutes later',
    requirement: 'OIDC-12.2-auth_time-kept',
    expect: { 'control: grant': granted(), probe: granted() },
    holds: (seen, samples) =>
      (seen.probe ?? []).every((one) => claimsOf(one).auth_time === undefined)
        ? []
        : changedClaims('auth_time')(seen, samples),
    run: async (world) => {
      await refreshWithIdToken(world, refresh, await code.given(world), () => world.pass(600));
    },
  }),
];
