import type { Case } from '../../harness/case.ts';
import { granted } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { accessTokenType, inScope, redeeming } from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import { lookAt, looking, tokenClaims, toldOf } from '../kit/looking.ts';
import { withMember } from '../kit/member.ts';
import { claimOf } from '../kit/rule.ts';
import { clientGrant, exchangeGrant } from './more-grants.ts';
import { codeGrant } from './table.ts';

/** The subjects that answers name: as marks at a helper, which hides who it is, and as they are in a JWT. */
const subjectsIn = (tokens: readonly Observation[], looks: readonly Observation[]): unknown[] =>
  toldOf(tokens, looks)
    .map(({ sub }) => sub)
    .filter((sub) => sub !== undefined && sub !== null);

/** A client that may ask for itself and for a user; undefined where none can be had. */
async function clientOfBoth(world: World): Promise<Client | undefined> {
  try {
    return await world.client({
      grants: inScope(['authorization_code', 'refresh_token', clientGrant.grant], world),
    });
  } catch (error) {
    if (error instanceof Stop && error.kind === 'fixture') return undefined;
    throw error;
  }
}

/** What a client gets for itself, after a user signed in. */
const ofItself = (
  { name, title }: { readonly name: string; readonly title: string },
  requests: (world: World) => Promise<{ readonly user: Call; readonly own: Call }>,
): Case => ({
  ...flow({
    ...ofGrant(clientGrant),
    needs: codeGrant.needs,
    mayLack: ['bothGrants'],
    presupposes: [codeGrant.grant],
    id: `${clientGrant.folder}/${name}`,
    title,
    requirement: 'RFC9700-4.15-sub-distinct',
    expect: { 'control: user': granted(), probe: granted(), 'look at user': looking, look: looking },
    optional: { 'look at user': '', look: '' },
    holds: ({ 'control: user': user = [], probe = [], 'look at user': before = [], look = [] }) => {
      const users = new Set([...subjectsIn(user, before), ...user.map((seen) => claimOf(seen, 'sub'))]);
      return subjectsIn(probe, look)
        .filter((sub) => users.has(sub))
        .map(() => 'the subject of a token that a client got for itself is a user');
    },
    run: async (world) => {
      const { user, own } = await requests(world);
      const users = await world.send('control: user', user);
      const before = await lookAt(world, user.by as Client, users, 'look at user');
      const sent = await world.send('probe', own);
      const look = await lookAt(world, own.by as Client, sent);
      if (!canCompare(users, before, sent, look)) throw notOffered('subject');
    },
  }),
  readsTokens: true,
});

/** Whether two subjects can be compared: helpers' are marks, and those of JWTs are as they stand there. */
function canCompare(users: Sent, before: Sent | undefined, own: Sent, look: Sent | undefined): boolean {
  const areSeen = (some: readonly unknown[]) => some.every((sub) => sub !== undefined && sub !== null);
  return (
    areSeen([before, look].map((sent) => sent?.reply.members.sub)) ||
    areSeen([users, own].map(({ exchange }) => exchange.jwts?.find(({ claims }) => claims?.sub)))
  );
}

const subjects: readonly Case[] = [
  ofItself(
    {
      name: 'subject-beside-a-user',
      title: 'the subject of what a client gets for itself, and that of a user of another client',
    },
    async (world) => ({
      user: await codeGrant.given(world),
      own: await clientGrant.given(world),
    }),
  ),
  ofItself(
    {
      name: 'subject-beside-its-user',
      title: 'the subject of what a client gets for itself, and that of a user who signed in with it',
    },
    async (world) => {
      const own = await clientGrant.given(world);
      const client = await clientOfBoth(world);
      if (client === undefined) throw notOffered('bothGrants');
      const code = await world.authorizationCode(client);
      return { user: redeeming(client, code), own: { ...own, by: client } };
    },
  ),
];

/** Members of an act claim that may say who acts (RFC 8693 §4.1). */
const actorIn = (act: unknown): readonly unknown[] =>
  typeof act === 'object' && act !== null && !Array.isArray(act)
    ? Object.values(act).filter((value) => value !== undefined && value !== null && value !== '')
    : [];

function actProblems({ act, sub }: Readonly<Record<string, unknown>>): string[] {
  if (actorIn(act).length === 0) return ['the token of a delegation has no act claim that names the actor'];
  const { sub: actor } = act as { readonly sub?: unknown };
  return actor !== undefined && actor === sub ? ['the act claim names the subject as its own actor'] : [];
}

/** A client that acts for a user. */
const actor: Case = {
  ...flow({
    ...ofGrant(exchangeGrant),
    presupposes: [clientGrant.grant],
    id: `${exchangeGrant.folder}/actor-in-token`,
    title: 'an exchange with the token of a client as the actor, and what the issued token says of it',
    requirement: 'RFC8693-4.1-act-claim',
    expect: { 'control: actor': granted(), probe: granted(), look: looking },
    optional: { look: '' },
    // Introspection may tell as little as it likes (RFC 7662 §2.2): of whom it tells, it tells who acts.
    holds: ({ probe = [], look = [] }) => [
      ...toldOf(probe, []).flatMap(actProblems),
      ...toldOf([], look)
        .filter(({ sub, act }) => sub || act)
        .flatMap(actProblems),
    ],
    run: async (world) => {
      const own = await world.send('control: actor', await clientGrant.given(world));
      const delegated = async () =>
        withMember(
          withMember(await exchangeGrant.given(world), 'actor_token', own.text('access_token')),
          'actor_token_type',
          accessTokenType,
        );
      const { reply } = await world.send('asked', await delegated());
      if (reply.outcome !== 'granted') throw notOffered('actor');
      const request = await delegated();
      const sent = await world.send('probe', request);
      const look = await lookAt(world, request.by as Client, sent);
      const { sub, act } = look?.reply.members ?? {};
      if (tokenClaims(sent) === undefined && !sub && !act) throw notOffered('untoldActor');
    },
  }),
  readsTokens: true,
};

/** Whom tokens name: as their subject, and as the one who acts. */
export const namedInTokens: readonly Case[] = [...subjects, actor];
