import fc from 'fast-check';
import type { Case } from '../harness/case.ts';
import type { Sample } from '../harness/exchange.ts';
import { Stop } from '../harness/stop.ts';
import type { World } from '../harness/world/world.ts';
import * as iam from './aws/given.ts';
import { registered, secretOf } from './kit/credentials.ts';
import { anyGrant, anyWay, codeClient, deviceClient, refreshTokenOf, registration } from './kit/given.ts';

/**
 * An estimate from a sample is uncertain: only what is clearly too little counts. 96 of 128 bits is
 * the bound that the OpenID Foundation's suite measures by.
 */
const certain = 0.75;

interface Secret {
  readonly name: string;
  readonly kind: string;
  /** The least bits that may be unpredictable, and which requirement says so. */
  readonly bounds: readonly (readonly [bits: number, requirement: string])[];
  readonly about: Pick<Case, 'operation' | 'needs'> & Partial<Pick<Case, 'grant' | 'ways'>>;
  /** A value, and whose it is where each has to have an owner of its own. */
  readonly draw: (world: World) => Promise<string | readonly [value: string, owner: string]>;
}

const token = { operation: 'token', ways: anyWay, needs: [] } as const;
const code = { operation: 'token', grant: 'authorization_code', needs: ['authorization-code'] } as const;
const device = { operation: 'device_authorization', needs: [] } as const;

const secrets: readonly Secret[] = [
  {
    name: 'access-token',
    kind: 'accessToken',
    bounds: [
      [128, 'RFC6749-10.10-access-token-entropy-128'],
      [160, 'RFC6749-10.10-access-token-entropy-160'],
    ],
    about: token,
    draw: async (world) => (await world.send('probe', await anyGrant(world))).text('access_token'),
  },
  {
    name: 'refresh-token',
    kind: 'refreshToken',
    bounds: [
      [128, 'RFC6749-10.10-refresh-token-entropy-128'],
      [160, 'RFC6749-10.10-refresh-token-entropy-160'],
    ],
    about: token,
    draw: async (world) => refreshTokenOf(await world.send('probe', await anyGrant(world))),
  },
  {
    name: 'iam-refresh-token',
    kind: 'refreshToken',
    bounds: [
      [128, 'RFC6749-10.10-refresh-token-entropy-128'],
      [160, 'RFC6749-10.10-refresh-token-entropy-160'],
    ],
    about: { operation: 'iam_token', ways: iam.refreshTokenWays, needs: [] },
    draw: async (world) => {
      const { given } = world.way(iam.refreshTokenWays);
      return refreshTokenOf(await world.send('probe', await given(world)));
    },
  },
  {
    name: 'code',
    kind: 'code',
    bounds: [
      [128, 'RFC6749-10.10-code-entropy-128'],
      [160, 'RFC6749-10.10-code-entropy-160'],
    ],
    about: code,
    draw: async (world) => (await world.authorizationCode(await codeClient(world))).code,
  },
  {
    name: 'client-secret',
    kind: 'clientSecret',
    bounds: [
      [128, 'RFC6749-10.10-client-secret-entropy-128'],
      [160, 'RFC6749-10.10-client-secret-entropy-160'],
    ],
    about: { operation: 'register', needs: [] },
    draw: async (world) => {
      const sent = await world.send('probe', await registration(world));
      return [secretOf(registered(sent, world), world), sent.text('client_id')];
    },
  },
  {
    name: 'device-code',
    kind: 'deviceCode',
    bounds: [[128, 'RFC8628-5.2-device_code-entropy']],
    about: device,
    draw: async (world) => (await world.device(await deviceClient(world))).device_code,
  },
  {
    name: 'user-code',
    kind: 'userCode',
    bounds: [[20, 'RFC8628-5.1-user_code-strength']],
    about: device,
    draw: async (world) => (await world.device(await deviceClient(world))).user_code,
  },
];

/** What is wrong with a sample of secrets: two alike, or too little that cannot be predicted. */
export function weakness(sample: Sample | undefined, bits: number): string[] {
  if (sample === undefined) return ['no value was seen'];
  return [
    ...(sample.distinct < sample.count
      ? [`${sample.count} values, only ${sample.distinct} of them distinct`]
      : []),
    ...(sample.bits < bits * certain
      ? [`about ${sample.bits} unpredictable bits, clearly less than ${bits}`]
      : []),
  ];
}

export const unpredictability: readonly Case[] = secrets.flatMap(({ name, kind, bounds, about, draw }) =>
  bounds.map(
    ([bits, requirement]): Case => ({
      ...about,
      id: `unpredictability/${name}-${bits}`,
      title: `as many values of this kind as the budget allows`,
      requirement,
      property: `${bits} bits or more that cannot be predicted, and no two alike`,
      expect: {},
      holds: (_, samples) =>
        weakness(
          samples.find((one) => one.kind === kind),
          bits,
        ),
      run: async (world) => {
        const values: string[] = [];
        const owners: string[] = [];
        await world.forAll(fc.nat(), async (_, inner) => {
          const [value, ...owner] = [await draw(inner)].flat();
          if (value !== undefined) values.push(value);
          owners.push(...owner);
          return undefined;
        });
        if (new Set(owners).size < owners.length)
          throw new Stop('silent', 'this target registers the same client twice');
        world.sample('probe', kind, values);
      },
    }),
  ),
);
