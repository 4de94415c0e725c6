import type { Case } from '../../harness/case.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import {
  type Beginning,
  besideEachOther,
  descend,
  descentCases,
  grantedFirst,
  newestOf,
  replayEndsAll,
  twoFamilies,
} from '../grants/descent.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { refreshTokenOf } from '../kit/given.ts';
import {
  anyRefreshToken,
  application,
  asserting,
  exchanging,
  freshAssertion,
  freshCode,
  jwtBearerGrant,
  redeeming,
  refreshing,
  refreshTokenFor,
  refreshTokenType,
  tokenExchangeGrant,
} from './given.ts';

const beginnings: readonly Beginning[] = [
  {
    name: '',
    title: 'whatever it is',
    needs: [anyRefreshToken],
    client: application,
    first: async (world, client) => refreshing(client, await refreshTokenFor(world, client)),
  },
  {
    name: 'a-code',
    title: 'a code',
    needs: ['authorization-code'],
    presupposes: ['authorization_code'],
    client: application,
    first: grantedFirst(
      async (world, client) => redeeming(client, await world.authorizationCode(client)),
      refreshing,
    ),
  },
  {
    name: 'an-assertion',
    title: 'an assertion',
    needs: ['assertion'],
    presupposes: [jwtBearerGrant],
    client: application,
    first: grantedFirst(
      async (world, client) => asserting(client, await world.assertion(client)),
      refreshing,
    ),
  },
  {
    name: 'an-exchange',
    title: 'a token exchange',
    needs: ['subject-token'],
    presupposes: [tokenExchangeGrant],
    client: application,
    first: grantedFirst(
      async (world, client) =>
        set('requested_token_type', refreshTokenType)(
          exchanging(client, await world.subjectToken(client)),
          world,
        ),
      refreshing,
    ),
  },
];

const descents = { operation: 'iam_token', folder: 'iam-refresh-token', beginnings } as const;
const refresh = { operation: 'iam_token', grant: 'refresh_token' } as const;

/** What began a family stays spent, whatever becomes of the family. */
const spent = [
  {
    id: 'iam-authorization-code/redeemed-and-refreshed',
    title: 'a code that was redeemed before',
    grant: 'authorization_code',
    needs: ['authorization-code'],
    requirement: 'RFC6749-4.1.2-code-single-use',
    given: freshCode,
  },
  {
    id: 'jwt-bearer/used-and-refreshed',
    title: 'an assertion that was used before',
    grant: jwtBearerGrant,
    needs: ['assertion'],
    requirement: 'AWS-CreateTokenWithIAM-jti-single-use',
    given: freshAssertion,
  },
] as const;

const listOf = (scope: unknown): string[] => (Array.isArray(scope) ? scope.map(String).sort() : []);
const scopeOf = ({ reply }: { readonly reply: Pick<Observation['reply'], 'members'> }): string =>
  JSON.stringify(listOf(reply.members.scope));

/** The one scope of several that is asked for alone: every application has openid. */
const oneOf = (scopes: readonly string[]): string | undefined =>
  scopes.find((scope) => scope === 'openid') ?? scopes[0];

/** What these answers say of the scope, where it is not what it has to be. */
const otherScopes = (seen: readonly Observation[], right: string, what: string): string[] =>
  seen.map(scopeOf).flatMap((scope) => (scope === right ? [] : [`scope is ${scope}, not ${right}: ${what}`]));

/** The request with the refresh token of an answer, where it has a new one. */
function after({ reply }: Sent, before: Call): Call {
  const token = reply.members.refresh_token;
  if (typeof token !== 'string' || token === '') return before;
  return { ...before, members: { ...before.members, refresh_token: token } };
}

/** Refreshes a family, with and without a scope in turn; the one scope is one of those that it has. */
async function refreshInTurn(world: World, steps: readonly ('narrowed' | 'probe')[]): Promise<void> {
  const app = await application(world);
  const first = refreshing(app, await refreshTokenFor(world, app));
  const whole = await world.send('whole', first);
  const scopes = listOf(whole.reply.members.scope);
  const one = oneOf(scopes);
  if (one === undefined || scopes.length < 2) throw notOffered('oneScope');
  let newest = after(whole, first);
  for (const step of steps) {
    const request = step === 'narrowed' ? await set('scope', [one])(newest, world) : newest;
    newest = after(await world.send(step, request), newest);
  }
}

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
  app: Client,
  grant: Call,
  between: () => Promise<void>,
): Promise<void> {
  const sent = await world.send('control: grant', grant);
  if (claimsOf(sent).sub === undefined) throw new Stop('step', 'the grant brought no ID token');
  let newest = refreshing(app, refreshTokenOf(sent));
  await between();
  for (let turn = 0; turn < 2; turn++) {
    const refreshed = await world.send('probe', newest);
    if (refreshed.reply.outcome === 'granted' && !refreshed.reply.members.id_token)
      throw notOffered('refreshIdToken');
    newest = after(refreshed, newest);
  }
}

const same = 'OIDC-12.2-same-iss-sub-aud';

/** Families of refresh tokens at CreateTokenWithIAM, from the first generation to the last. */
export const iamGenerations: readonly Case[] = [
  ...descentCases(descents),
  ...twoFamilies(descents),
  ...besideEachOther(descents),
  ...spent.map(({ given, title, ...about }) =>
    flow({
      ...about,
      operation: 'iam_token',
      title: `${title}, after three refreshes with what came of it`,
      cell: 'invalid_grant',
      expect: { 'control: grant': granted(), control: granted(), probe: rejected('invalid_grant') },
      run: async (world) => {
        const request = await given(world);
        const token = refreshTokenOf(await world.send('control: grant', request));
        await descend(world, refreshing(await application(world), token), 3);
        await world.send('probe', request);
      },
    }),
  ),
  replayEndsAll({
    operation: 'iam_token',
    id: 'iam-authorization-code/replay-revokes-later-tokens',
    given: freshCode,
    next: async (world, token) => refreshing(await application(world), token),
  }),
  flow({
    ...refresh,
    needs: ['authorization-code', 'authorization-code/scope'],
    id: 'iam-refresh-token/generations/authorized-scope',
    title: 'refreshes without a scope, where the user authorized one, and another one more in between',
    requirement: 'RFC6749-6-scope-omitted',
    expect: { control: granted(), before: granted(), 'control: more': granted(), probe: granted() },
    // Whether the first has what the user authorized, or all of the application as AWS documents: the others have it too.
    holds: ({ before = [], probe = [] }) =>
      before.flatMap((first) => otherScopes(probe, scopeOf(first), 'that is what the first refresh got')),
    run: async (world) => {
      const app = await application(world);
      const one = await world.send(
        'control',
        redeeming(app, await world.authorizationCode(app, { scope: ['openid'] })),
      );
      const first = refreshing(app, refreshTokenOf(one));
      const next = newestOf(await descend(world, first, 1, 'before'));
      const more = await world.send('control: more', redeeming(app, await world.authorizationCode(app)));
      if (scopeOf(one) === scopeOf(more))
        throw new Stop('fixture', 'the fixture "authorization-code" gave all codes for the same scope');
      await descend(world, next, 2, 'probe');
    },
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/generations/narrowed-once',
    title: 'refreshes without a scope, after others that asked for one scope alone',
    requirement: 'RFC6749-6-scope-omitted',
    expect: { whole: granted(), narrowed: granted(), probe: granted() },
    holds: ({ whole = [], probe = [] }) =>
      whole.flatMap((first) => otherScopes(probe, scopeOf(first), 'a refresh token keeps its scope')),
    run: (world) => refreshInTurn(world, ['narrowed', 'probe', 'narrowed', 'probe', 'probe']),
  }),
  flow({
    ...refresh,
    id: 'iam-refresh-token/generations/narrowed',
    title: 'four refreshes in a row that ask for one scope alone',
    requirement: 'AWS-CreateTokenWithIAM-scope-narrowed',
    expect: { whole: granted(), narrowed: granted() },
    holds: ({ whole = [], narrowed = [] }) =>
      whole.flatMap(({ reply }) => {
        const asked = JSON.stringify([oneOf(listOf(reply.members.scope))]);
        return otherScopes(narrowed, asked, 'no more was asked for');
      }),
    run: (world) => refreshInTurn(world, ['narrowed', 'narrowed', 'narrowed', 'narrowed']),
  }),
  flow({
    ...refresh,
    needs: ['authorization-code'],
    id: 'iam-refresh-token/generations/id-token-of-a-code',
    title: 'the ID tokens of two refreshes, and that of the code',
    requirement: same,
    expect: { 'control: grant': granted(), probe: granted() },
    holds: changedClaims('iss', 'sub', 'aud'),
    run: async (world) => {
      const app = await application(world);
      await refreshWithIdToken(
        world,
        app,
        redeeming(app, await world.authorizationCode(app)),
        async () => undefined,
      );
    },
  }),
  flow({
    ...refresh,
    needs: ['assertion', 'assertion/subject'],
    id: 'iam-refresh-token/generations/id-token-of-an-assertion',
    title: 'the ID tokens of two refreshes, and that of the assertion, while another user signs in',
    requirement: same,
    expect: { 'control: grant': granted(), 'control: another user': granted(), probe: granted() },
    holds: changedClaims('iss', 'sub', 'aud'),
    run: async (world) => {
      const app = await application(world);
      const of = async (subject: string) => asserting(app, await world.assertion(app, { subject }));
      await refreshWithIdToken(world, app, await of('token-conformance-user'), async () => {
        await world.send('control: another user', await of('token-conformance-other-user'));
      });
    },
  }),
  flow({
    ...refresh,
    needs: ['authorization-code', 'clock'],
    overTime: true,
    id: 'iam-refresh-token/generations/time-of-sign-in',
    title: 'the time of the sign-in in the ID tokens of two refreshes ten minutes later',
    requirement: 'OIDC-12.2-auth_time-kept',
    expect: { 'control: grant': granted(), probe: granted() },
    holds: (seen, samples) =>
      (seen.probe ?? []).every((one) => claimsOf(one).auth_time === undefined)
        ? []
        : changedClaims('auth_time')(seen, samples),
    run: async (world) => {
      const app = await application(world);
      await refreshWithIdToken(world, app, redeeming(app, await world.authorizationCode(app)), () =>
        world.pass(600),
      );
    },
  }),
];
