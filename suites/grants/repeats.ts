import type { Case } from '../../harness/case.ts';
import { granted, inferred, rejected } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import { expiry, flow, type Refusal, refusal, replay } from '../kit/cases.ts';
import { type Change, drawn, garbage } from '../kit/change.ts';
import { askedBy, wrongSecret } from '../kit/credentials.ts';
import {
  expiredRefreshToken,
  invalidGrant,
  invalidGrantOrTooFast,
  ofAnotherClient,
  ofAnotherClientOrTooFast,
  tooOld,
} from '../kit/evidence.ts';
import { codeClient, deviceClient, polling, redeeming } from '../kit/given.ts';
import { type GrantAt, ofGrant, thingOf } from '../kit/grant.ts';
import { codeGrant, deviceGrant, grants, refreshGrant } from './table.ts';

type Row = Pick<Refusal, 'title' | 'requirement' | 'needs' | 'change' | 'expect'> & { readonly name: string };

const invalidClient = rejected('invalid_client');
const guessed = rejected(
  'invalid_client',
  inferred('slow_down', 'RFC 6749 §2.3.1: a server has to protect secrets from being guessed'),
  inferred('invalid_grant', 'a server may end what was presented with a wrong secret'),
);

/** The same refusal time after time: some services count them, or take for known what they have refused. */
export const fourTimes = (at: GrantAt, { name, ...row }: Row): Case =>
  refusal({
    ...ofGrant(at),
    ...row,
    id: `${at.folder}/${name}-again`,
    title: `${row.title}, four times`,
    times: 4,
  });

export const unknownAgain = (at: GrantAt): Case =>
  fourTimes(at, {
    name: `unknown-${thingOf(at, '-')}`,
    title: `a ${thingOf(at)} that was never issued`,
    requirement: at.unknown.requirement,
    change: garbage(at.artefact),
    expect: at.kind === 'device' ? invalidGrantOrTooFast : at.unknown.expect,
  });

export const wrongVerifierAgain = (at: GrantAt): Case =>
  fourTimes(at, {
    name: 'wrong-verifier',
    title: 'another well-formed verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: drawn('code_verifier', (world) => world.verifier()),
    expect: invalidGrant,
  });

const wrongSecretAgain = (at: GrantAt): Case =>
  fourTimes(at, {
    name: 'wrong-secret',
    title: 'a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: wrongSecret(),
    expect: guessed,
  });

export const otherClientsCodeAgain = (at: GrantAt): Case =>
  fourTimes(at, {
    name: 'other-clients-code',
    title: `a code of another ${at.who}, from ${at.who === 'client' ? 'a client' : 'one'} with a code of its own`,
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: async (_, world) => {
      const other = await at.client(world, { name: 'other' });
      await at.obtain(world, other);
      return (await at.obtain(world, await at.client(world))).request(other);
    },
    expect: ofAnotherClient,
  });

const otherClientsDeviceAgain = fourTimes(deviceGrant, {
  name: 'other-clients-device-code',
  title: 'a device code of another client, from a client with a device of its own',
  requirement: 'RFC8628-3.4-bound-to-client',
  change: async (_, world) => {
    const other = await deviceClient(world, { name: 'other' });
    await world.device(other);
    return polling(other, await world.device(await deviceClient(world), 'approve'));
  },
  expect: ofAnotherClientOrTooFast,
});

/** What has expired, time after time. */
export const expiredFourTimes = (at: GrantAt, { name, ...row }: Omit<Row, 'change'>): Case =>
  expiry({
    ...ofGrant(at),
    ...row,
    id: `${at.folder}/${name}-again`,
    title: `${row.title}, four times`,
    kind: at.expirable,
    member: at.artefact,
    times: 4,
  });

export const expiredCodeAgain = (at: GrantAt): Case =>
  expiredFourTimes(at, {
    name: 'expired-code',
    title: 'a code that has expired',
    requirement: 'RFC6749-4.1.2-code-expiry',
    expect: tooOld,
  });

export const redeemedCodeAgain = (at: GrantAt): Case =>
  replay({
    ...ofGrant(at),
    id: `${at.folder}/redeemed-again`,
    title: 'a code that was redeemed before, four times',
    requirement: 'RFC6749-4.1.2-code-single-use',
    times: 4,
    expect: invalidGrant,
  });

/** What was granted once comes again, with something wrong: the answer of then may be kept for those who lost it alone. */
export const answered = (at: GrantAt, { name, change, expect, ...row }: Row): Case =>
  flow({
    ...ofGrant(at),
    ...row,
    id: `${at.folder}/${name}`,
    cell: expect === invalidClient ? 'invalid_client' : 'invalid_grant',
    expect: { control: granted(), probe: expect },
    run: async (world) => {
      const request = await at.given(world);
      await world.send('control', request);
      await world.send('probe', await change(request, world));
    },
  });

export const byAnother =
  ({ client }: GrantAt): Change =>
  async (granted, world) =>
    askedBy(granted, await client(world, { name: 'other' }));

export const redeemedThen = (at: GrantAt): readonly Case[] => [
  answered(at, {
    name: 'redeemed-then-by-another-client',
    title: `a code that its ${at.who} has redeemed, from another ${at.who}`,
    requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
    change: byAnother(at),
    expect: ofAnotherClient,
  }),
  answered(at, {
    name: 'redeemed-then-with-another-verifier',
    title: 'a code that was redeemed, with another verifier',
    requirement: 'RFC7636-4.6-wrong-verifier',
    change: drawn('code_verifier', (world) => world.verifier()),
    expect: invalidGrant,
  }),
];

export const refreshedThenByAnother = (at: GrantAt): Case =>
  answered(at, {
    name: 'refreshed-then-by-another-client',
    title: `a refresh token that its ${at.who} has used, from another ${at.who}`,
    requirement: 'RFC6749-6-bound-to-client',
    change: byAnother(at),
    expect: ofAnotherClient,
  });

/** The two redirect URIs of one client. */
const redirectUris = ['http://127.0.0.1:8400/oauth/callback', 'http://127.0.0.1:8400/oauth/other'] as const;

export const repeats: readonly Case[] = [
  ...grants.map(unknownAgain),
  wrongVerifierAgain(codeGrant),
  ...grants.map(wrongSecretAgain),
  otherClientsCodeAgain(codeGrant),
  otherClientsDeviceAgain,
  expiredCodeAgain(codeGrant),
  redeemedCodeAgain(codeGrant),
  replay({
    ...ofGrant(deviceGrant),
    id: 'device-code/redeemed-again',
    title: 'a device code that was redeemed before, four times',
    requirement: 'RFC8628-3.4-device_code-single-use',
    times: 4,
    expect: invalidGrantOrTooFast,
  }),
  ...redeemedThen(codeGrant),
  answered(deviceGrant, {
    name: 'redeemed-then-by-another-client',
    title: 'a device code that its client has redeemed, from another client',
    requirement: 'RFC8628-3.4-bound-to-client',
    change: byAnother(deviceGrant),
    expect: ofAnotherClientOrTooFast,
  }),
  refreshedThenByAnother(refreshGrant),
  answered(refreshGrant, {
    name: 'refreshed-then-with-a-wrong-secret',
    title: 'a refresh token that was used, with a wrong client secret',
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    change: wrongSecret(),
    expect: invalidClient,
  }),
  answered(refreshGrant, {
    needs: [...refreshGrant.needs, 'expire/refreshToken'],
    name: 'refreshed-and-expired-since',
    title: 'a refresh token that was used, and has expired since',
    requirement: 'RFC6749-6-expired-refresh_token',
    change: async (granted, world) => {
      await world.expire('refreshToken', String(granted.members.refresh_token));
      return granted;
    },
    expect: expiredRefreshToken,
  }),
  flow({
    ...ofGrant(codeGrant),
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
