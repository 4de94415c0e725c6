import type { Case } from '../harness/case.ts';
import { granted, refused } from '../harness/expectation.ts';
import type { Observation } from '../harness/probe.ts';
import { notOffered } from '../harness/stop.ts';
import type { Client } from '../harness/world/artefacts.ts';
import { type Call, clientKey, publicJwk, type Sent, type World } from '../harness/world/world.ts';
import { flow } from './kit/cases.ts';
import { without } from './kit/change.ts';
import { registered } from './kit/credentials.ts';
import {
  codeRegistration,
  deviceCodeGrant,
  type Given,
  polling,
  refreshing,
  registration,
} from './kit/given.ts';
import { isPresent, member, show } from './kit/rule.ts';

const about = { operation: 'register', dialects: ['oauth-form'] } as const;

/** As it came, or as it was captured. */
type Answer = { readonly reply: Pick<Observation['reply'], 'members'> };

/**
 * A member that an answer need not have where nothing came of it: RFC 7591 §3.2.1 lets the server replace or leave out
 * what it does not register. That it is registered is seen where the server tells clients apart by it.
 */
interface Told extends Pick<Case, 'needs' | 'presupposes'> {
  readonly member: string;
  readonly title: string;
  readonly given: Given;
  /** Whether the answer has what was asked for. */
  readonly isTold: (seen: Answer, asked: Call['members']) => boolean;
  /** The same request from a client that may make it by what it asked for, and from one that may not. */
  readonly uses: (world: World, client: Client) => Promise<readonly [may: Call, mayNot: Call]>;
  /** What the one is answered that may not. */
  readonly error: string;
}

const listed = (seen: Answer, name: string, value: string): boolean => {
  const list = seen.reply.members[name];
  return Array.isArray(list) && list.includes(value);
};

const asking =
  (more: (world: World) => Promise<Call['members']> | Call['members']): Given =>
  async (world) => {
    const valid = await registration(world);
    return { ...valid, members: { ...valid.members, ...(await more(world)) } };
  };

/** Whatever else is wrong with it: who asks is a question of its own. */
const guessing = (client: Client, world: World): Call => refreshing(client, world.garbage(40));

const keyName = 'registered';

const told: readonly Told[] = [
  {
    member: 'grant_types',
    title: 'the grant types that a client was registered with',
    needs: [],
    presupposes: ['authorization_code', deviceCodeGrant],
    given: registration,
    isTold: (seen) => listed(seen, 'grant_types', deviceCodeGrant),
    uses: async (world, client) => {
      const device_code = world.garbage(40);
      const other = registered(await world.send('another', await codeRegistration(world)), world);
      return [polling(client, { device_code }), polling(other, { device_code })];
    },
    error: 'unauthorized_client',
  },
  {
    member: 'token_endpoint_auth_method',
    title: 'the method that a client was registered for',
    needs: ['auth:client_secret_post'],
    given: asking(() => ({ token_endpoint_auth_method: 'client_secret_post' })),
    isTold: ({ reply }) => reply.members.token_endpoint_auth_method === 'client_secret_post',
    uses: async (world, client) => [
      guessing({ ...client, method: 'client_secret_post' }, world),
      guessing(client, world),
    ],
    error: 'invalid_client',
  },
  {
    member: 'jwks',
    title: 'the keys that a client was registered with',
    needs: ['auth:private_key_jwt'],
    given: asking(async () => ({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [publicJwk(await clientKey(keyName))] },
    })),
    isTold: ({ reply: { members } }, asked) =>
      isPresent(members.jwks_uri) || moduliIn(members.jwks).some((one) => moduliIn(asked.jwks).includes(one)),
    uses: async (world, client) => {
      const withKey: Client = { ...client, method: 'private_key_jwt', kid: keyName };
      const other = await clientKey('other');
      const foreign = guessing(withKey, world);
      return [guessing(withKey, world), { ...foreign, as: { assertion: { key: other.privateKey } } }];
    },
    error: 'invalid_client',
  },
];

/** The moduli of the RSA keys of a JWK Set. */
function moduliIn(jwks: unknown): readonly unknown[] {
  const { keys } = (jwks ?? {}) as { readonly keys?: unknown };
  return Array.isArray(keys) ? keys.map((key) => (key as { readonly n?: unknown } | null)?.n) : [];
}

const [may, mayNot] = ['as it was registered', 'as it was not registered'] as const;

const returned = ({ member: name, isTold, uses, error, given, ...row }: Told): Case =>
  flow({
    ...about,
    ...row,
    id: `register-client/${name.replaceAll('_', '-')}-returned`,
    requirement: 'RFC7591-3.2.1-metadata-returned',
    expect: { probe: granted(), [may]: refused(), [mayNot]: refused() },
    optional: { [may]: 'the answer has what was asked for', [mayNot]: '' },
    holds: ({ [may]: uses = [], [mayNot]: others = [] }) => {
      const isKept = uses.some(({ reply }) => reply.error !== error);
      const isAsked = others.some(({ reply }) => reply.error === error);
      return isKept && isAsked
        ? [`the answer does not have the ${name} that the client asked for and is held to`]
        : [];
    },
    run: async (world) => {
      const call = await given(world);
      if (call.members.token_endpoint_auth_method !== world.usualMethod) await findMethod(call, world);
      const sent = await world.send('probe', call);
      if (isTold(sent, call.members)) return;
      const [one, other] = await uses(world, clientFrom(sent));
      await world.send(may, one);
      await world.send(mayNot, other);
    },
  });

/** Which methods a server offers beside the usual one is its own affair. */
async function findMethod(call: Call, world: World): Promise<void> {
  const { reply } = await world.send('given: registration', call);
  const { token_endpoint_auth_method: wished } = call.members;
  const { token_endpoint_auth_method: given = wished } = reply.members;
  if (reply.error === 'invalid_client_metadata' || given !== wished) throw notOffered('method');
}

const clientFrom = (sent: Sent): Client => ({
  method: 'client_secret_basic',
  client_id: sent.text('client_id'),
  ...(typeof sent.reply.members.client_secret === 'string' && {
    client_secret: sent.reply.members.client_secret,
  }),
  redirect_uri: '',
});

/** RFC 7591 §2 has defaults for these. */
const defaulted = ['grant_types', 'response_types', 'token_endpoint_auth_method'] as const;

/** What a client is registered with is told to it (RFC 7591 §2, §3.2.1). */
export const registeredMetadata: readonly Case[] = [
  flow({
    ...about,
    presupposes: ['authorization_code'],
    id: 'register-client/redirect-uris-returned',
    title: 'the redirect URIs that a client was registered with',
    requirement: 'RFC7591-3.2.1-metadata-returned',
    expect: { probe: granted() },
    // RFC 7591 §2: a server that registers clients of this flow has to register them. Which ones, is for it to say.
    holds: ({ probe = [] }) =>
      probe.flatMap((seen) => {
        const uris = member(seen, 'redirect_uris');
        const isOfFlow =
          member(seen, 'grant_types') === undefined || listed(seen, 'grant_types', 'authorization_code');
        return isOfFlow && !(Array.isArray(uris) && uris.length > 0)
          ? [`the answer to a client that asks for codes has no redirect_uris: ${show(uris)}`]
          : [];
      }),
    run: async (world) => {
      await world.send('probe', await codeRegistration(world));
    },
  }),
  ...told.map(returned),
  flow({
    ...about,
    presupposes: ['authorization_code'],
    id: 'register-client/defaults-returned',
    title: 'a registration that leaves out what there are defaults for',
    requirement: 'RFC7591-3.2.1-defaults-returned',
    expect: { probe: granted() },
    holds: ({ probe = [] }) =>
      probe.flatMap((seen) =>
        defaulted
          .filter((name) => !isPresent(member(seen, name)))
          .map((name) => `the answer does not say which ${name} the client has`),
      ),
    run: async (world) => {
      const leaving = async () => without(...defaulted)(await codeRegistration(world), world);
      const { reply } = await world.send('first', await leaving());
      if (reply.outcome === 'rejected') throw notOffered('defaults');
      await world.send('probe', await leaving());
    },
  }),
];
