import type { Case } from '../../harness/case.ts';
import { type Expectation, granted, inferred, rejected } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Client, ClientWishes } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { flow, grant } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { codeClient, redeeming, refreshing, refreshTokenOf } from '../kit/given.ts';
import { lookAt, looking, tokenClaims, toldOf } from '../kit/looking.ts';
import { withMember } from '../kit/member.ts';
import { show } from '../kit/rule.ts';

/** As URLs are compared (RFC 3986 §6.2.2, §6.2.3): an identifier of MCP may be spelt in more ways than one. */
const plain = (resource: unknown): string => URL.parse(String(resource))?.href ?? String(resource);

/** The resource of the target file, for which tokens can be had. */
function resourceOf(world: World): string {
  const { resource } = world.target;
  if (resource === undefined) throw notOffered('resource');
  // It comes back as an audience, in either spelling, and is shown.
  world.publish(resource);
  world.publish(plain(resource));
  return resource;
}

/** A code whose authorization request named the resource, redeemed for it: what every client of MCP sends. */
async function forResource(world: World, wishes: ClientWishes = {}): Promise<Call> {
  const resource = resourceOf(world);
  const client = await codeClient(world, wishes);
  const code = await world.authorizationCode(client, { resource });
  return withMember(redeeming(client, code), 'resource', resource);
}

/** A refresh for the resource, of the refresh token that such a code has brought. */
async function refreshFor(world: World, wishes: ClientWishes = {}): Promise<Call> {
  const call = await forResource(world, wishes);
  const sent = await world.send('control', call);
  return withMember(refreshing(call.by as Client, refreshTokenOf(sent)), 'resource', resourceOf(world));
}

const about = {
  dialects: ['oauth-form'],
  grant: 'authorization_code',
  needs: ['authorization-code', 'authorization-code/resource'],
  mayLack: ['resource'],
} as const;

const aboutRefresh = {
  ...about,
  grant: 'refresh_token',
  presupposes: ['authorization_code'],
} as const;

const ofPublicClients = ['auth:none', 'feature:public-clients'] as const;

/** The resource is no reason to refuse. */
const taken: readonly Case[] = [
  grant({
    ...about,
    id: 'authorization-code/with-resource',
    title: 'the resource that the code was asked for with',
    requirement: 'MCP-resource-taken',
    given: forResource,
  }),
  grant({
    ...about,
    needs: [...about.needs, ...ofPublicClients],
    id: 'authorization-code/with-resource-of-public-client',
    title: 'the resource that the code of a public client was asked for with',
    requirement: 'MCP-resource-taken',
    given: (world) => forResource(world, world.publicly),
  }),
  flow({
    ...aboutRefresh,
    id: 'refresh-token/with-resource',
    title: 'the resource that the first code was asked for with',
    requirement: 'MCP-resource-taken',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('probe', await refreshFor(world));
    },
  }),
  flow({
    ...aboutRefresh,
    needs: [...about.needs, ...ofPublicClients],
    id: 'refresh-token/with-resource-of-public-client',
    title: 'the resource that the first code of a public client was asked for with',
    requirement: 'MCP-resource-taken',
    expect: { control: granted(), probe: granted() },
    run: async (world) => {
      await world.send('probe', await refreshFor(world, world.publicly));
    },
  }),
  grant({
    ...about,
    id: 'authorization-code/resource-in-upper-case',
    title: 'the resource with its scheme and host in upper case',
    requirement: 'MCP-resource-letters',
    given: forResource,
    change: set('resource', (valid: string) =>
      valid.replace(/^[^:]+:(?:\/\/[^/?#]*)?/, (start) => start.toUpperCase()),
    ),
  }),
];

type Told = ReturnType<typeof toldOf>;

const audiencesIn = (told: Told): readonly unknown[] =>
  told.flatMap(({ aud }) => aud ?? []).filter((one) => one !== '');

const names = (told: Told, resource: unknown): boolean =>
  audiencesIn(told).some((one) => plain(one) === plain(resource));

/** Whether access tokens are seen to be for the resource that they were asked for with. */
const isRestricted = (sent: readonly Observation[], looks: readonly Observation[]): boolean =>
  sent.some((one) => names(toldOf([one], looks), one.asked().resource));

const isFor = (resource: string, sent: Sent, seen: Sent | undefined): boolean =>
  names(toldOf([sent], seen === undefined ? [] : [seen]), resource);

const restricted = (
  row: Pick<Case, 'id' | 'title' | 'grant' | 'presupposes' | 'expect'>,
  given: (world: World) => Promise<Call>,
): Case =>
  flow({
    ...about,
    ...row,
    requirement: 'RFC8707-2-audience-restricted',
    optional: { look: '' },
    holds: ({ probe = [], look = [] }) => {
      const told = toldOf(probe, look);
      const audiences = audiencesIn(told);
      if (isRestricted(probe, look) || told.length === 0) return [];
      return [
        audiences.length === 0
          ? 'the access token has no audience'
          : `the access token is for ${show(audiences.map(String))}`,
      ];
    },
    run: async (world) => {
      const call = await given(world);
      const sent = await world.send('probe', call);
      const seen = await lookAt(world, call.by as Client, sent);
      const isTold = tokenClaims(sent) !== undefined || seen?.reply.members.aud !== undefined;
      if (sent.reply.outcome === 'granted' && !isTold) throw notOffered('untoldAudience');
    },
  });

/** Whom a token is for that was asked for with a resource. */
const audiences: readonly Case[] = [
  restricted(
    {
      id: 'authorization-code/audience',
      title: 'whom the access token of a code is for, where a resource was named',
      expect: { probe: granted(), look: looking },
    },
    forResource,
  ),
  restricted(
    {
      ...aboutRefresh,
      id: 'refresh-token/audience',
      title: 'whom a refreshed access token is for, where a resource was named',
      expect: { control: granted(), probe: granted(), look: looking },
    },
    refreshFor,
  ),
];

/** A token for the resource, and whether it is seen to be for it. */
async function seeRestriction(world: World): Promise<{ readonly owner: Client; readonly isSeen: boolean }> {
  const call = await forResource(world);
  const owner = call.by as Client;
  const sent = await world.send('control', call);
  const seen = await lookAt(world, owner, sent, 'look at control');
  return { owner, isSeen: isFor(resourceOf(world), sent, seen) };
}

const refusedTarget: Expectation = {
  ...rejected(
    'invalid_target',
    ...['invalid_request', 'invalid_grant'].map((error) =>
      inferred(error, 'RFC 8707 §2 has invalid_target, for servers that know resources'),
    ),
  ),
  orGranted: 'RFC 6749 §3.2: a server may not know the parameter',
} as Expectation;

const wrongResources: readonly Case[] = (
  [
    [
      'unknown-resource',
      'a resource at an address that cannot exist',
      'RFC8707-2-unknown-resource',
      () => 'https://token-conformance.invalid/',
    ],
    [
      'relative-resource',
      'a resource that is a relative reference',
      'RFC8707-2-resource-syntax',
      () => '/token-conformance',
    ],
    [
      'resource-with-fragment',
      'the resource with a fragment',
      'RFC8707-2-resource-syntax',
      (known: string) => `${known}#part`,
    ],
  ] as const
).map(([name, title, requirement, wrong]) =>
  flow({
    ...about,
    id: `authorization-code/${name}`,
    title,
    requirement,
    expect: { control: granted(), 'look at control': looking, probe: refusedTarget, look: looking },
    optional: { 'look at control': '', look: '' },
    holds: ({ control = [], 'look at control': before = [], probe = [], look = [] }) =>
      probe
        .filter(({ reply }) => reply.outcome === 'granted')
        .flatMap((seen) => {
          const { resource } = seen.asked();
          if (names(toldOf([seen], look), resource)) return [`the access token is for ${show(resource)}`];
          return isRestricted(control, before)
            ? ['it is granted, by a server that issues tokens for resources']
            : [];
        }),
    run: async (world) => {
      const { owner, isSeen } = await seeRestriction(world);
      const value = wrong(resourceOf(world));
      world.publish(value);
      const sent = await world.send('probe', withMember(await forResource(world), 'resource', value));
      if (sent.reply.outcome !== 'granted') return;
      const seen = await lookAt(world, owner, sent);
      if (!isSeen && !isFor(value, sent, seen)) throw notOffered('unrestricted');
    },
  }),
);

const severalResources: Case = flow({
  ...about,
  id: 'authorization-code/two-resources',
  title: 'the resource twice, and with another one',
  requirement: 'RFC8707-2-multiple',
  expect: {
    control: granted(),
    'look at control': looking,
    probe: {
      ...rejected('invalid_target', inferred('invalid_grant', 'RFC 8707 §2.2: the user authorized one')),
      orGranted: 'RFC 8707 §2: several are allowed',
    } as Expectation,
  },
  optional: { 'look at control': '' },
  run: async (world) => {
    const { isSeen } = await seeRestriction(world);
    if (!isSeen) throw notOffered('unrestricted');
    const resource = resourceOf(world);
    for (const second of [resource, `${resource}/token-conformance`])
      await world.send('probe', { ...(await forResource(world)), raw: { repeat: { resource: second } } });
  },
});

/** What becomes of the `resource` of RFC 8707 in codes and refreshes. */
export const resources: readonly Case[] = [
  ...taken,
  ...[...audiences, ...wrongResources, severalResources].map((one) => ({
    ...one,
    readsTokens: true as const,
  })),
];
