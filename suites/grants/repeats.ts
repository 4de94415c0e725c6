import type { Case } from '../../harness/case.ts';
import { documented, type Expectation, granted, inferred, rejected } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { ofAws } from '../aws/evidence.ts';
import { expiry, flow, refusal, replay } from '../kit/cases.ts';
import { type Change, drawn, garbage } from '../kit/change.ts';
import { askedBy, wrongSecret } from '../kit/credentials.ts';
import {
  anyRefreshToken,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  type Given,
  polling,
  redeeming,
} from '../kit/given.ts';

const code = { grant: 'authorization_code', needs: ['authorization-code'], given: freshCode } as const;
const device = { grant: deviceCodeGrant, needs: ['device-decision'], given: approvedDevice } as const;
const refresh = { grant: 'refresh_token', needs: [anyRefreshToken], given: freshRefreshToken } as const;

const invalidGrant = rejected('invalid_grant');
const invalidGrantOrTooFast = rejected('invalid_grant', documented('slow_down', 'RFC 8628 §3.5'));
const invalidClient = rejected('invalid_client');
const guessed = rejected(
  'invalid_client',
  inferred('slow_down', 'RFC 6749 §2.3.1: a server has to protect secrets from being guessed'),
  inferred('invalid_grant', 'a server may end what was presented with a wrong secret'),
);

/** The same refusal time after time: some services count them, or take for known what they have refused. */
const timeAfterTime: readonly Case[] = [
  ...[
    {
      ...code,
      id: 'authorization-code/unknown-code-again',
      title: 'a code that was never issued',
      requirement: 'RFC6749-4.1.3-unknown-code',
      change: garbage('code'),
      expect: invalidGrant,
    },
    {
      ...device,
      id: 'device-code/unknown-device-code-again',
      title: 'a device code that was never issued',
      requirement: 'RFC8628-3.4-unknown-device_code',
      change: garbage('device_code'),
      expect: invalidGrantOrTooFast,
    },
    {
      ...refresh,
      id: 'refresh-token/unknown-refresh-token-again',
      title: 'a refresh token that was never issued',
      requirement: 'RFC6749-6-unknown-refresh_token',
      change: garbage('refresh_token'),
      expect: invalidGrant,
    },
    {
      ...code,
      id: 'authorization-code/wrong-verifier-again',
      title: 'another well-formed verifier',
      requirement: 'RFC7636-4.6-wrong-verifier',
      change: drawn('code_verifier', (world) => world.verifier()),
      expect: invalidGrant,
    },
    ...[
      { folder: 'authorization-code', ...code },
      { folder: 'device-code', ...device },
      { folder: 'refresh-token', ...refresh },
    ].map(({ folder, ...about }) => ({
      ...about,
      id: `${folder}/wrong-secret-again`,
      title: 'a wrong client secret',
      requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
      change: wrongSecret(),
      expect: guessed,
    })),
    {
      ...code,
      id: 'authorization-code/other-clients-code-again',
      title: 'a code of another client, from a client with a code of its own',
      requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
      change: (async (_, world) => {
        const other = await codeClient(world, { name: 'other' });
        await world.authorizationCode(other);
        return redeeming(other, await world.authorizationCode(await codeClient(world)));
      }) satisfies Change,
      expect: invalidGrant,
    },
    {
      ...device,
      id: 'device-code/other-clients-device-code-again',
      title: 'a device code of another client, from a client with a device of its own',
      requirement: 'RFC8628-3.4-bound-to-client',
      change: (async (_, world) => {
        const other = await deviceClient(world, { name: 'other' });
        await world.device(other);
        return polling(other, await world.device(await deviceClient(world), 'approve'));
      }) satisfies Change,
      expect: invalidGrantOrTooFast,
    },
  ].map((row) => refusal({ ...row, title: `${row.title}, four times`, times: 4 })),
  expiry({
    ...code,
    id: 'authorization-code/expired-code-again',
    title: 'a code that has expired, four times',
    requirement: 'RFC6749-4.1.2-code-expiry',
    kind: 'code',
    member: 'code',
    times: 4,
    expect: rejected(
      'invalid_grant',
      ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
    ),
  }),
  replay({
    ...code,
    id: 'authorization-code/redeemed-again',
    title: 'a code that was redeemed before, four times',
    requirement: 'RFC6749-4.1.2-code-single-use',
    times: 4,
    expect: invalidGrant,
  }),
  replay({
    ...device,
    id: 'device-code/redeemed-again',
    title: 'a device code that was redeemed before, four times',
    requirement: 'RFC8628-3.4-device_code-single-use',
    times: 4,
    expect: invalidGrantOrTooFast,
  }),
];

interface Answered {
  readonly id: string;
  readonly title: string;
  readonly requirement: string;
  readonly grant: string;
  readonly needs: Case['needs'];
  readonly given: Given;
  readonly change: (granted: Call, world: World) => Call | Promise<Call>;
  readonly expect: Expectation;
}

/** What was granted once comes again, with something wrong: the answer of then may be kept for those who lost it alone. */
const answered: readonly Answered[] = [
  {
    ...code,
    id: 'authorization-code/redeemed-then-by-another-client',
    title: 'a code that its client has redeemed, from another client',
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: async (granted, world) => askedBy(granted, await codeClient(world, { name: 'other' })),
    expect: invalidGrant,
  },
  {
    ...code,
    id: 'authorization-code/redeemed-then-with-another-verifier',
    title: 'a code that was redeemed, with another verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: drawn('code_verifier', (world) => world.verifier()),
    expect: invalidGrant,
  },
  {
    ...device,
    id: 'device-code/redeemed-then-by-another-client',
    title: 'a device code that its client has redeemed, from another client',
    requirement: 'RFC8628-3.4-bound-to-client',
    change: async (granted, world) => askedBy(granted, await deviceClient(world, { name: 'other' })),
    expect: invalidGrantOrTooFast,
  },
  {
    ...refresh,
    id: 'refresh-token/refreshed-then-by-another-client',
    title: 'a refresh token that its client has used, from another client',
    requirement: 'RFC6749-6-bound-to-client',
    change: async (granted, world) => askedBy(granted, await codeClient(world, { name: 'other' })),
    expect: invalidGrant,
  },
  {
    ...refresh,
    id: 'refresh-token/refreshed-then-with-a-wrong-secret',
    title: 'a refresh token that was used, with a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: wrongSecret(),
    expect: invalidClient,
  },
  {
    ...refresh,
    needs: [...refresh.needs, 'expire/refreshToken'],
    id: 'refresh-token/refreshed-and-expired-since',
    title: 'a refresh token that was used, and has expired since',
    requirement: 'RFC6749-6-expired-refresh_token',
    change: async (granted, world) => {
      await world.expire('refreshToken', String(granted.members.refresh_token));
      return granted;
    },
    expect: rejected(
      'invalid_grant',
      ofAws(documented('expired_token', 'AWS: ExpiredTokenException, "issued by the service is expired"')),
    ),
  },
];

/** The two redirect URIs of one client. */
const redirectUris = ['http://127.0.0.1:8400/oauth/callback', 'http://127.0.0.1:8400/oauth/other'] as const;

export const repeats: readonly Case[] = [
  ...timeAfterTime,
  ...answered.map(({ given, change, expect, ...about }) =>
    flow({
      ...about,
      cell: expect === invalidClient ? 'invalid_client' : 'invalid_grant',
      expect: { control: granted(), probe: expect },
      run: async (world) => {
        const request = await given(world);
        await world.send('control', request);
        await world.send('probe', await change(request, world));
      },
    }),
  ),
  flow({
    grant: code.grant,
    needs: code.needs,
    mayLack: ['otherRedirectUri'],
    id: 'authorization-code/redirect-uris-swapped',
    title: 'two codes of one client with their redirect URIs swapped',
    requirement: 'RFC6749-4.1.3-redirect_uri-identical',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: invalidGrant },
    run: async (world) => {
      const client = await codeClient(world, { name: 'two addresses', redirectUris });
      const codeTo = async (redirectUri: string) => {
        const given = await world.authorizationCodeIfAllowed(client, { redirectUri });
        if (given === undefined) throw notOffered('otherRedirectUri');
        return given;
      };
      const [one, two] = redirectUris;
      await world.send('control', redeeming(client, await codeTo(two)));
      const [first, second] = [await codeTo(one), await codeTo(two)];
      await world.send('probe', redeeming(client, { ...first, redirect_uri: two }));
      await world.send('probe', redeeming(client, { ...second, redirect_uri: one }));
    },
  }),
];
