import type { Case } from '../../harness/case.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import { type Call, clientKey, type World } from '../../harness/world/world.ts';
import { flow, type Grant, grant, refusal } from '../kit/cases.ts';
import { unchanged } from '../kit/change.ts';
import { assertedWith } from '../kit/credentials.ts';
import { type Given, passWith } from '../kit/given.ts';
import {
  beside,
  claim,
  claims,
  hour,
  named,
  onlyOfKeys,
  onlyOfSecrets,
  signatures,
} from './assertion-mistakes.ts';
import { asserted, ways } from './kit.ts';

const methods = {
  'private-key-jwt': { method: 'private_key_jwt', need: 'auth:private_key_jwt' },
  'client-secret-jwt': { method: 'client_secret_jwt', need: 'auth:client_secret_jwt' },
} as const;
type Folder = keyof typeof methods;

const ofMethod = (folder: Folder) => {
  const { method, need } = methods[folder];
  return { dialects: ['oauth-form'], ways, needs: [need], given: asserted({ method }) } as const;
};

const success: Readonly<Record<Folder, string>> = {
  'private-key-jwt': 'RFC7523-2.2-private_key_jwt-success',
  'client-secret-jwt': 'OIDC-9-client_secret_jwt-success',
};

const alike = (
  folder: Folder,
): readonly (Pick<Grant, 'title' | 'requirement' | 'change'> & { name: string })[] => [
  { name: 'valid', title: 'an assertion alone', requirement: success[folder] },
  {
    name: 'with-client-id',
    title: 'an assertion, and the client_id of the client',
    requirement: success[folder],
    change: named(unchanged),
  },
];

/** It has a row of its own, since it is not only for clients with a key: with their own the suite signs so. */
const rs256 = grant({
  ...ofMethod('private-key-jwt'),
  id: 'private-key-jwt/rs256',
  title: 'an assertion that is signed with RS256',
  requirement: 'RFC7523-5-rs256-mti',
  change: async (valid) => {
    const { alg } = await clientKey(String(valid.by?.kid));
    if (alg !== 'RS256')
      throw new Stop('fixture', `the target file declares a client that signs with ${alg}`);
    return valid;
  },
});

/** Clients that authenticate with an assertion (RFC 7521 §4.2, RFC 7523 §2.2, OpenID Connect Core §9). */
export const clientAssertion: readonly Case[] = (['private-key-jwt', 'client-secret-jwt'] as const).flatMap(
  (folder): readonly Case[] => [
    ...(folder === 'private-key-jwt' ? [rs256] : []),
    ...alike(folder).map(({ name, ...row }) =>
      grant({ ...ofMethod(folder), ...row, id: `${folder}/${name}` }),
    ),
    ...[
      ...claims,
      ...signatures,
      ...beside,
      ...(folder === 'private-key-jwt' ? onlyOfKeys : onlyOfSecrets),
    ].map(({ name, needs = [], ...row }) =>
      refusal({
        ...ofMethod(folder),
        expect: rejected('invalid_client'),
        ...row,
        needs: [methods[folder].need, ...needs],
        id: `${folder}/${name}`,
      }),
    ),
    flow({
      ...ofMethod(folder),
      id: `${folder}/aud-issuer`,
      title: 'an assertion whose aud is the issuer of the server',
      requirement: 'RFC7523-3-client-aud-issuer',
      expect: { control: granted(), probe: granted() },
      run: async (world) => {
        const { given } = ofMethod(folder);
        const { issuer } = world.target;
        if (issuer === undefined) throw new Stop('fixture', 'the issuer of this server is not known');
        await world.send('control', await given(world));
        await world.send('probe', await claim('aud', () => issuer)(await given(world), world));
      },
    }),
    flow({
      ...ofMethod(folder),
      id: `${folder}/second-use`,
      title: 'an assertion for the second time',
      requirement: 'OIDC-9-client-jti-single-use',
      expect: { control: granted(), probe: rejected('invalid_client') },
      run: async (world) => {
        const again = repeating(world, ofMethod(folder).given, 60);
        await world.send('control', await again());
        await world.send('probe', await again());
      },
    }),
    flow({
      ...ofMethod(folder),
      id: `${folder}/second-use-after-another`,
      title: 'an assertion for the second time, after another one',
      requirement: 'OIDC-9-client-jti-single-use',
      expect: { control: granted(), another: granted(), probe: rejected('invalid_client') },
      run: async (world) => {
        const { given } = ofMethod(folder);
        const again = repeating(world, given, 60);
        await world.send('control', await again());
        await world.send('another', await given(world));
        await world.send('probe', await again());
      },
    }),
    flow({
      ...ofMethod(folder),
      id: `${folder}/second-use-later`,
      title: 'an assertion for the second time, shortly before it expires',
      requirement: 'OIDC-9-client-jti-remembered',
      overTime: true,
      expect: { control: granted(), probe: rejected('invalid_client') },
      run: async (world) => {
        const { given } = ofMethod(folder);
        await world.send('control', await given(world));
        const { again, life } = await longLived(world, given);
        const { reply } = await world.send('second', await again());
        if (reply.outcome === 'granted') throw notOffered('assertionUses');
        const client = await world.way(ways).client(world, { method: methods[folder].method });
        await passWith(client, life - 30, world);
        await world.send('probe', await again());
      },
    }),
  ],
);

/** Requests that have the same assertion, to the last character: some algorithms draw something for each. */
function repeating(world: World, given: Given, life: number): () => Promise<Call> {
  const [jti, iat] = [world.garbage(24), world.now()];
  let first: string | undefined;
  const same = assertedWith({
    claims: (right) => ({ ...right, jti, iat, exp: iat + life }),
    text: (right) => {
      first ??= right;
      return first;
    },
  });
  return async () => same(await given(world), world);
}

/** A server may refuse what lives longer than it likes (RFC 7523 §3), so the longest that it takes is used. */
async function longLived(world: World, given: Given) {
  for (const life of [hour, 300, 60]) {
    const again = repeating(world, given, life);
    const { reply } = await world.send('first', await again());
    if (reply.outcome === 'granted') return { again, life };
  }
  throw new Stop('step', 'no assertion of a known length of life was taken');
}
