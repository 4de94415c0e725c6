import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { refreshing, refreshTokenOf } from '../kit/given.ts';
import { assertionAt, codeAt, type GrantAt, ofGrant, openIdCode, openIdScope } from '../kit/grant.ts';
import { idTokenOf } from '../kit/rule.ts';
import { renewed } from './descent.ts';

const claimsOf = ({ exchange }: Pick<Observation, 'exchange'>): Readonly<Record<string, unknown>> =>
  idTokenOf({ exchange })?.claims ?? {};

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

const rightAway = async () => undefined;

/** The case of one rule over the ID tokens of two refreshes, and that of the code that they descend from. */
const ofCode = (
  refresh: GrantAt,
  code: GrantAt,
  row: Pick<Case, 'id' | 'title' | 'requirement' | 'holds'> & Partial<Pick<Case, 'dialects' | 'presupposes'>>,
  later?: { readonly seconds: number },
): Case =>
  flow({
    ...ofGrant(refresh),
    needs: later === undefined ? code.needs : [...code.needs, 'clock'],
    ...(later !== undefined && { overTime: true }),
    expect: { 'control: grant': granted(), probe: granted() },
    run: async (world) => {
      const pass = later === undefined ? rightAway : () => world.pass(later.seconds);
      await refreshWithIdToken(world, refresh, await openIdCode(code)(world), pass);
    },
    ...row,
    id: `${refresh.folder}/generations/${row.id}`,
  });

/** OpenID Connect Core §12.2: what refreshed ID tokens say of a code is what that of the code said. */
const same = (refresh: GrantAt, code: GrantAt, own: Partial<Pick<Case, 'dialects' | 'presupposes'>> = {}) =>
  ofCode(refresh, code, {
    ...own,
    id: 'id-token-of-a-code',
    title: 'the ID tokens of two refreshes, and that of the code',
    requirement: sameClaims,
    holds: changedClaims('iss', 'sub', 'aud'),
  });

const sameClaims = 'OIDC-12.2-same-iss-sub-aud';

const sameTime = (
  refresh: GrantAt,
  code: GrantAt,
  own: Partial<Pick<Case, 'dialects' | 'presupposes'>> = {},
) =>
  ofCode(
    refresh,
    code,
    {
      ...own,
      id: 'time-of-sign-in',
      title: 'the time of the sign-in in the ID tokens of two refreshes ten minutes later',
      requirement: 'OIDC-12.2-auth_time-kept',
      holds: (seen, samples) =>
        (seen.probe ?? []).every((one) => claimsOf(one).auth_time === undefined)
          ? []
          : changedClaims('auth_time')(seen, samples),
    },
    { seconds: 600 },
  );

/** What refreshed ID tokens say at AWS. */
export const refreshedIdTokens = (
  refresh: GrantAt,
  { code, assertion }: { readonly code: GrantAt; readonly assertion: GrantAt },
): readonly Case[] => [
  same(refresh, code),
  flow({
    ...ofGrant(refresh),
    needs: [...assertion.needs, 'assertion/subject'],
    id: `${refresh.folder}/generations/id-token-of-an-assertion`,
    title: 'the ID tokens of two refreshes, and that of the assertion, while another user signs in',
    requirement: sameClaims,
    expect: { 'control: grant': granted(), 'control: another user': granted(), probe: granted() },
    holds: changedClaims('iss', 'sub', 'aud'),
    run: async (world) => {
      const of = (subject: string) => assertionAt(assertion, { subject })(world);
      await refreshWithIdToken(world, refresh, await of('token-conformance-user'), async () => {
        await world.send('control: another user', await of('token-conformance-other-user'));
      });
    },
  }),
  sameTime(refresh, code),
];

/** What they say at every other token endpoint. */
export function standardRefreshedIdTokens(refresh: GrantAt, code: GrantAt): readonly Case[] {
  const own = { dialects: ['oauth-form'], presupposes: [code.grant] } as const;
  return [
    same(refresh, code, own),
    sameTime(refresh, code, own),
    ofCode(
      refresh,
      code,
      {
        ...own,
        id: 'time-of-issue',
        title: 'the time of issue of the ID tokens of two refreshes ten minutes later',
        requirement: 'OIDC-12.2-new-iat',
        holds: ({ 'control: grant': grants = [], probe = [] }) =>
          probe.flatMap((seen) => {
            const [before, now] = [claimsOf(grants[0] ?? seen).iat, claimsOf(seen).iat];
            // Clocks of several machines may differ, by less than half of what passed.
            return Number(now) - Number(before) > 300
              ? []
              : [`iat is ${JSON.stringify(now)} ten minutes after ${JSON.stringify(before)}`];
          }),
      },
      { seconds: 600 },
    ),
    ofCode(refresh, code, {
      ...own,
      id: 'authorized-party',
      title: 'azp of the ID tokens of two refreshes, and that of the code',
      requirement: 'OIDC-12.2-azp-kept',
      holds: changedClaims('azp'),
    }),
    flow({
      ...ofGrant(refresh),
      ...own,
      needs: [...code.needs, 'authorization-code/nonce'],
      id: `${refresh.folder}/generations/nonce`,
      title: 'the nonce of the ID tokens of two refreshes',
      requirement: 'OIDC-12.2-nonce',
      expect: { 'control: grant': granted(), probe: granted() },
      holds: ({ probe = [] }) =>
        probe
          .map((seen) => claimsOf(seen).nonce)
          .filter((nonce) => nonce !== undefined)
          .map((nonce) =>
            nonce === sentNonce
              ? 'the ID token of a refresh has the nonce of the authorization request'
              : `the ID token of a refresh has a nonce of its own, ${JSON.stringify(nonce)}`,
          ),
      run: async (world) => {
        const given = await codeAt(code, { nonce: sentNonce, ...openIdScope(code, world) })(world);
        await refreshWithIdToken(world, refresh, given, rightAway);
      },
    }),
  ];
}

const sentNonce = 'n-of-a-code-refreshed';
