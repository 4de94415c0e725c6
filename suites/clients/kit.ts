import { documented } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { Ways } from '../../harness/way.ts';
import type { ClientWishes } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { flows, type Given, refreshClient, refreshing, type TokenFlow } from '../kit/given.ts';

/** The grants on which it is shown how clients authenticate. */
export const ways: Ways<TokenFlow> = [
  ...flows,
  {
    grant: 'refresh_token',
    needs: ['refresh-token'],
    client: refreshClient,
    request: async (world, client) => refreshing(client, await world.refreshToken(client, {})),
  },
];

/** A request that has to be granted, from a client as wished. */
export const asked =
  (wishes: ClientWishes): Given =>
  async (world) => {
    const way = world.way(ways);
    return way.request(world, await way.client(world, wishes));
  };

const audiences = new WeakMap<World, Promise<string | undefined>>();

/**
 * By which name a server knows itself in an assertion: RFC 7523 §3 and OpenID Connect Core §9 name the URL of the token
 * endpoint, the draft that succeeds the former the issuer. It has to be one of the two.
 */
async function findAudience(world: World, request: Given): Promise<string | undefined> {
  const { reply } = await world.send('audience', await request(world));
  if (reply.outcome === 'granted') return undefined;
  const { issuer } = world.target;
  if (issuer !== undefined) return issuer;
  throw new Stop(
    'silent',
    'the URL of the token endpoint is refused as the audience of an assertion, and the issuer is not known',
  );
}

/** A request from a client with an assertion that has to be granted. */
export function asserted(wishes: ClientWishes): Given {
  const request = asked(wishes);
  return async (world) => {
    const found = audiences.get(world) ?? findAudience(world, request);
    audiences.set(world, found);
    const aud = await found;
    const valid = await request(world);
    return aud === undefined
      ? valid
      : { ...valid, as: { assertion: { claims: (right) => ({ ...right, aud }) } } };
  };
}

/** No document orders the checks, so what is no right request may be answered for that alone. */
export const malformed = documented('invalid_request', 'RFC 6749 §5.2: otherwise malformed');
