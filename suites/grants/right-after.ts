import type { Case } from '../../harness/case.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { askedBy, registered, secretOf } from '../kit/credentials.ts';
import { invalidGrant, ofAnotherClient, ofAnotherClientSoon } from '../kit/evidence.ts';
import {
  approvedDevice,
  codeClient,
  codeRegistration,
  deviceAuthorization,
  deviceClient,
  deviceCodeGrant,
  pendingDevice,
  polling,
  redeeming,
  registration,
  undecided,
} from '../kit/given.ts';
import { ofGrant } from '../kit/grant.ts';
import { withMember } from '../kit/member.ts';
import { codeFor } from './look-alikes.ts';
import { codeGrants } from './table.ts';

/** Right after a valid request: what a cache that is asked with too little would take for the same. */
const device = { grant: deviceCodeGrant, needs: ['device-decision'] } as const;

const uris = ['http://127.0.0.1:8400/oauth/callback', 'http://127.0.0.1:8400/oauth/other'] as const;

const codes: readonly Case[] = codeGrants.flatMap((of) => {
  const { folder, given, client } = of;
  const about = { ...ofGrant(of), cell: 'invalid_grant' };
  return [
    flow({
      ...about,
      mayLack: ['redirectUris'],
      id: `${folder}/redirect-uri-of-another-code`,
      title: 'a redirect URI of the client that redeemed another code before',
      requirement: 'RFC6749-4.1.3-redirect_uri-identical',
      expect: { control: granted(), probe: invalidGrant },
      run: async (world) => {
        const other = await codeFor(of, uris, uris[1], world);
        const one = await codeFor(of, uris, uris[0], world);
        await world.send('control', other.request);
        await world.send('probe', withMember(one.request, 'redirect_uri', other.code.redirect_uri));
      },
    }),
    flow({
      ...about,
      id: `${folder}/verifier-that-was-right`,
      title: 'a verifier that redeemed another code of the client before',
      requirement: 'RFC7636-4.6-verifier-bound-to-code',
      expect: { control: granted(), probe: invalidGrant },
      run: async (world) => {
        const before = await given(world);
        await world.send('control', before);
        await world.send(
          'probe',
          withMember(await given(world), 'code_verifier', before.members.code_verifier),
        );
      },
    }),
    flow({
      ...about,
      id: `${folder}/redeemed-by-its-client`,
      title: 'a code right after its client redeemed it, presented by another client',
      requirement: 'RFC6749-4.1.3-code-bound-to-confidential-client',
      expect: { control: granted(), probe: ofAnotherClient },
      run: async (world) => {
        const request = await given(world);
        await world.send('control', request);
        const other = await client(world, {
          name: 'more redirect URIs',
          redirectUris: [String(request.members.redirect_uri)],
        });
        await world.send('probe', askedBy(request, other));
      },
    }),
  ];
});

/** Two devices of one client, of which the first is decided about. */
async function twoDevices(world: World, decision: 'approve' | 'deny') {
  const client = await deviceClient(world);
  const [one, other] = [await world.device(client), await world.device(client)];
  await world.decide(one, decision);
  return { one, other, poll: (which: typeof one) => polling(client, which) };
}

const devices: readonly Case[] = [
  flow({
    ...device,
    id: 'device-code/redeemed-by-its-client',
    title: 'a device code right after its client redeemed it, presented by another client',
    requirement: 'RFC8628-3.4-bound-to-client',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: ofAnotherClientSoon },
    run: async (world) => {
      const request = await approvedDevice(world);
      await world.send('control', request);
      const device_code = String(request.members.device_code);
      await world.send('probe', polling(await deviceClient(world, { name: 'other' }), { device_code }));
    },
  }),
  flow({
    ...device,
    id: 'device-code/other-device-approved',
    title: 'a pending device code while another device of the client is approved',
    requirement: 'RFC8628-3.5-authorization_pending',
    cell: 'authorization_pending',
    expect: {
      [undecided.step]: undecided.expect,
      control: granted(),
      probe: rejected('authorization_pending'),
    },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const { one, other, poll } = await twoDevices(world, 'approve');
      await world.send('control', poll(one));
      await world.send('probe', poll(other));
    },
  }),
  flow({
    ...device,
    needs: [...device.needs, 'device-decision/deny'],
    id: 'device-code/other-device-denied',
    title: 'an approved device code after another device of the client was denied',
    requirement: 'RFC8628-3.5-success',
    expect: { 'control: denied': rejected('access_denied'), probe: granted() },
    run: async (world) => {
      const { one, other, poll } = await twoDevices(world, 'deny');
      await world.send('control: denied', poll(one));
      await world.decide(other, 'approve');
      await world.send('probe', poll(other));
    },
  }),
  flow({
    ...device,
    id: 'device-code/two-devices-approved',
    title: 'two devices that one client started in a row, both approved',
    requirement: 'RFC8628-3.5-success',
    expect: { probe: granted() },
    run: async (world) => {
      const { one, other, poll } = await twoDevices(world, 'approve');
      await world.decide(other, 'approve');
      // The newer one first: it may be all that is remembered of the client.
      await world.send('probe', poll(other));
      await world.send('probe', poll(one));
    },
  }),
  flow({
    ...device,
    id: 'device-code/secret-that-was-right',
    title: "another client's secret, right after it was right for its own client",
    requirement: 'RFC6749-5.2-invalid_client-wrong-secret',
    cell: 'invalid_client',
    expect: { control: granted(), 'control: other': granted(), probe: rejected('invalid_client') },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const other = await deviceClient(world, { name: 'other' });
      await world.send('control: other', polling(other, await world.device(other, 'approve')));
      await world.send(
        'probe',
        withMember(await approvedDevice(world), 'client_secret', secretOf(other, world)),
      );
    },
  }),
  flow({
    operation: 'device_authorization',
    id: 'start-device-authorization/secret-that-was-right',
    title: "another client's secret, right after it was right for its own client",
    requirement: 'RFC8628-3.1-client-auth',
    cell: 'invalid_client',
    expect: { control: granted(), probe: rejected('invalid_client') },
    run: async (world) => {
      const other = await deviceClient(world, { name: 'other' });
      const valid = await deviceAuthorization(world);
      await world.send('control', askedBy(valid, other));
      await world.send('probe', withMember(valid, 'client_secret', secretOf(other, world)));
    },
  }),
  flow({
    operation: 'device_authorization',
    needs: ['authorization-code'],
    presupposes: ['authorization_code'],
    id: 'start-device-authorization/granted-before',
    title: 'a client that was not registered for the device grant, right after it was granted a token',
    requirement: 'RFC8628-3.1-client-auth',
    cell: 'unauthorized_client',
    expect: {
      control: granted(),
      'control: its own grant': granted(),
      probe: rejected('unauthorized_client'),
    },
    run: async (world) => {
      const valid = await deviceAuthorization(world);
      await world.send('control', valid);
      const stranger = await codeClient(world, { name: 'stranger', without: deviceCodeGrant });
      await world.send(
        'control: its own grant',
        redeeming(stranger, await world.authorizationCode(stranger)),
      );
      await world.send('probe', askedBy(valid, stranger));
    },
  }),
];

const registrations: readonly Case[] = [
  flow({
    operation: 'register',
    presupposes: ['authorization_code', deviceCodeGrant],
    id: 'register-client/same-name-other-grants',
    title: 'two registrations under one name, the second with the device grant alone',
    requirement: 'RFC7591-2-metadata-enforced',
    expect: {
      'control: other grants': granted(),
      'control: the same name': granted(),
      probe: granted(),
    },
    run: async (world) => {
      const { members } = await registration(world);
      const { client_name } = members;
      const others = await codeRegistration(world);
      await world.send('control: other grants', {
        ...others,
        members: { ...others.members, client_name, redirect_uris: uris },
      });
      const sent = await world.send('control: the same name', { operation: 'register', members });
      await world.send('probe', world.starting(registered(sent, world)));
    },
  }),
];

export const rightAfter: readonly Case[] = [...codes, ...devices, ...registrations];
