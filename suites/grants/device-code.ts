import type { Case } from '../../harness/case.ts';
import {
  documented,
  granted,
  inferred,
  noToken,
  observed,
  rejected,
  rejectedOrIgnored,
} from '../../harness/expectation.ts';
import { ofAws } from '../aws/evidence.ts';
import { expiry, flow, grant, race, refusal, replay, strangerExpectations } from '../kit/cases.ts';
import { invalidGrantOrTooFast, ofAnotherClient, pendingOrTooFast } from '../kit/evidence.ts';
import {
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  outlives,
  pendingDevice,
  polling,
  strangerTo,
  undecided,
} from '../kit/given.ts';
import { presentsNothing, presentsUnknown } from './artefacts.ts';
import { deviceGrant } from './table.ts';

const device = { grant: deviceCodeGrant, needs: ['device-decision'] } as const;
const expired = rejected(
  'expired_token',
  ofAws(
    observed(
      'invalid_grant',
      'live service: "Invalid device code provided" for a device code older than ten minutes',
    ),
  ),
);

/** Polls may be counted for a device code, whoever sends them. */
const grantedOrTooFast = rejectedOrIgnored('slow_down', 'the poll before was that of another client');

export const deviceCode: readonly Case[] = [
  grant({
    ...device,
    id: 'device-code/approved',
    title: 'a device code that its user approved',
    requirement: 'RFC8628-3.5-success',
    given: approvedDevice,
  }),
  flow({
    ...device,
    overTime: true,
    id: 'device-code/approved-while-polling',
    title: 'a device code that is approved between two polls',
    requirement: 'RFC8628-3.5-success',
    expect: { 'control: pending': rejected('authorization_pending'), probe: granted() },
    run: async (world) => {
      const client = await deviceClient(world);
      const started = await world.device(client);
      outlives(started, started.interval + 1);
      await world.send('control: pending', polling(client, started));
      await world.decide(started, 'approve');
      await world.pass(started.interval + 1);
      await world.send('probe', polling(client, started));
    },
  }),
  refusal({
    ...device,
    id: 'device-code/pending',
    title: 'a device code that nobody has decided about',
    requirement: 'RFC8628-3.5-authorization_pending',
    given: approvedDevice,
    change: (_, world) => pendingDevice(world),
    expect: rejected('authorization_pending'),
  }),
  flow({
    grant: deviceCodeGrant,
    id: 'device-code/polled-twice',
    title: 'two polls in a row',
    requirement: 'RFC8628-3.5-authorization_pending',
    cell: 'authorization_pending',
    expect: { probe: pendingOrTooFast },
    run: async (world) => {
      const request = await pendingDevice(world);
      await world.send('probe', request);
      await world.send('probe', request);
    },
  }),
  flow({
    grant: deviceCodeGrant,
    id: 'device-code/first-polls',
    title: 'two polls in a row right after the start',
    requirement: 'AWS-first-polls',
    expect: {
      [undecided.step]: undecided.expect,
      probe: rejected('authorization_pending'),
    },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const request = await pendingDevice(world);
      await world.send('probe', request);
      await world.send('probe', request);
    },
  }),
  flow({
    grant: deviceCodeGrant,
    id: 'device-code/polled-too-fast',
    title: 'ten polls in a row without a pause',
    requirement: 'RFC8628-3.5-slow_down',
    cell: 'slow_down',
    expect: {
      [undecided.step]: undecided.expect,
      burst: rejected(
        'slow_down',
        documented('authorization_pending', 'RFC 8628 §3.5: a server may let it pass'),
      ),
    },
    holds: ({ burst = [] }) =>
      burst.some(({ reply }) => reply.error === 'slow_down')
        ? []
        : ['ten polls in a row are never answered slow_down'],
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const request = await pendingDevice(world);
      for (let poll = 0; poll < 10; poll++) await world.send('burst', request);
    },
  }),
  flow({
    grant: deviceCodeGrant,
    overTime: true,
    id: 'device-code/polled-at-the-interval',
    title: 'three polls, each a second later than the interval asks',
    requirement: 'RFC8628-3.5-no-slow_down-at-interval',
    expect: {
      [undecided.step]: undecided.expect,
      probe: rejected('authorization_pending'),
    },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const client = await deviceClient(world);
      const started = await world.device(client);
      outlives(started, 2 * (started.interval + 1));
      for (let poll = 0; poll < 3; poll++) {
        if (poll > 0) await world.pass(started.interval + 1);
        await world.send('probe', polling(client, started));
      }
    },
  }),
  refusal({
    ...device,
    needs: ['device-decision/deny'],
    id: 'device-code/denied',
    title: 'a device code that its user denied',
    requirement: 'RFC8628-3.5-access_denied',
    given: approvedDevice,
    change: async (_, world) => {
      const client = await deviceClient(world);
      return polling(client, await world.device(client, 'deny'));
    },
    expect: rejected('access_denied'),
  }),
  ...(
    [
      ['denied', 'access_denied', 'RFC8628-3.5-access_denied', 'device-decision/deny'],
      ['expired', 'expired_token', 'RFC8628-3.5-expired_token', 'expire/deviceCode'],
    ] as const
  ).map(([name, error, requirement, part]) =>
    flow({
      ...device,
      needs: ['device-decision', part],
      id: `device-code/polled-on-after-${name}`,
      title: `two polls in a row with a device code that is ${name}`,
      requirement,
      cell: error,
      expect: {
        control: granted(),
        probe: rejected(
          error,
          inferred('invalid_grant', 'a server may forget a device code that has come to its end'),
          inferred('expired_token', 'a server may let a device code end that has come to its end'),
          documented('slow_down', 'RFC 8628 §3.5'),
        ),
      },
      run: async (world) => {
        await world.send('control', await approvedDevice(world));
        const client = await deviceClient(world);
        const started = await world.device(client, name === 'denied' ? 'deny' : undefined);
        if (name === 'expired') await world.expire('deviceCode', started.device_code);
        await world.send('probe', polling(client, started));
        await world.send('probe', polling(client, started));
      },
    }),
  ),
  flow({
    ...device,
    overTime: true,
    id: 'device-code/approved-after-slow-down',
    title: 'a device code that was polled too fast, then approved and polled in time',
    requirement: 'RFC8628-3.5-success',
    expect: {
      'control: polls': pendingOrTooFast,
      probe: granted(),
    },
    run: async (world) => {
      const client = await deviceClient(world);
      const started = await world.device(client);
      outlives(started, started.interval + 6);
      for (let poll = 0; poll < 8; poll++) {
        const { reply } = await world.send('control: polls', polling(client, started));
        if (reply.error === 'slow_down') break;
      }
      await world.decide(started, 'approve');
      // RFC 8628 §3.5: each slow_down asks for five seconds more.
      await world.pass(started.interval + 6);
      await world.send('probe', polling(client, started));
    },
  }),
  flow({
    ...device,
    id: 'device-code/polled-by-one-of-two',
    title: 'the first poll of one device while another device of the same client polls too fast',
    requirement: 'AWS-first-polls',
    expect: {
      'control: other': pendingOrTooFast,
      probe: rejected('authorization_pending'),
    },
    run: async (world) => {
      const client = await deviceClient(world);
      const [one, other] = [await world.device(client), await world.device(client)];
      for (let poll = 0; poll < 6; poll++) await world.send('control: other', polling(client, other));
      await world.send('probe', polling(client, one));
    },
  }),
  flow({
    ...device,
    needs: ['device-decision', 'authorization-code'],
    presupposes: ['authorization_code'],
    id: 'device-code/pending-with-a-code',
    title: 'a pending device code together with a valid authorization code',
    requirement: 'RFC8628-3.5-authorization_pending',
    expect: { control: granted(), probe: noToken() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const pending = await pendingDevice(world);
      const { code } = await world.authorizationCode(await codeClient(world));
      await world.send('probe', { ...pending, members: { ...pending.members, code } });
    },
  }),
  refusal({
    ...device,
    needs: ['device-decision', 'expire/deviceCode'],
    id: 'device-code/expired',
    title: 'a pending device code that has expired',
    requirement: 'RFC8628-3.5-expired_token',
    given: approvedDevice,
    change: async (_, world) => {
      const pending = await pendingDevice(world);
      await world.expire('deviceCode', String(pending.members.device_code));
      return pending;
    },
    expect: expired,
  }),
  expiry({
    ...device,
    id: 'device-code/expired-after-approval',
    title: 'an approved device code that has expired',
    requirement: 'RFC8628-3.5-expired_token',
    given: approvedDevice,
    kind: 'deviceCode',
    member: 'device_code',
    expect: expired,
  }),
  flow({
    ...device,
    needs: ['device-decision', 'clock'],
    overTime: true,
    id: 'device-code/after-its-lifetime',
    title: 'two approved device codes, one just before and one just after expires_in',
    requirement: 'RFC8628-3.5-expired_token',
    cell: 'expired_token',
    expect: { control: granted(), probe: expired },
    run: async (world) => {
      const client = await deviceClient(world);
      const [early, late] = [await world.device(client, 'approve'), await world.device(client, 'approve')];
      await world.pass(early.expires_in - 30);
      await world.send('control', polling(client, early));
      await world.pass(60);
      await world.send('probe', polling(client, late));
    },
  }),
  replay({
    ...device,
    id: 'device-code/redeemed',
    title: 'a device code that was redeemed before',
    requirement: 'RFC8628-3.4-device_code-single-use',
    given: approvedDevice,
    expect: rejected('invalid_grant'),
  }),
  race({
    ...device,
    id: 'device-code/redeemed-in-parallel',
    title: 'one approved device code redeemed eight times at once',
    requirement: 'RFC8628-3.4-device_code-single-use',
    given: approvedDevice,
    losers: invalidGrantOrTooFast,
  }),
  ...(['aws-json', 'oauth-form'] as const).map((dialect) =>
    flow({
      ...device,
      dialects: [dialect],
      id: 'device-code/other-clients-device-code',
      title: 'an approved device code that another client started',
      requirement: 'RFC8628-3.4-bound-to-client',
      cell: 'invalid_grant',
      expect: {
        control: granted(),
        probe: ofAnotherClient,
        'the rightful client': dialect === 'aws-json' ? granted() : grantedOrTooFast,
      },
      run: async (world) => {
        await world.send('control', await approvedDevice(world));
        const client = await deviceClient(world);
        const started = await world.device(client, 'approve');
        await world.send('probe', polling(await deviceClient(world, { name: 'other' }), started));
        await world.send('the rightful client', polling(client, started));
      },
    }),
  ),
  flow({
    ...device,
    id: 'device-code/user-code-as-device-code',
    title: 'the user code in place of the device code',
    requirement: 'RFC8628-3.4-unknown-device_code',
    cell: 'invalid_grant',
    expect: { control: granted(), probe: rejected('invalid_grant') },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const client = await deviceClient(world);
      const { user_code } = await world.device(client, 'approve');
      await world.send('probe', polling(client, { device_code: user_code }));
    },
  }),
  flow({
    ...device,
    id: 'device-code/grant-not-registered',
    title: 'a client that was not registered for the grant',
    requirement: 'RFC6749-5.2-unauthorized_client',
    cell: 'unauthorized_client',
    ...strangerExpectations,
    optional: { ...strangerExpectations.optional, probe: '' },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const stranger = await strangerTo(deviceCodeGrant, world);
      const started = await world.device(await deviceClient(world), 'approve');
      await world.send('probe, artefact of another client', polling(stranger, started));
    },
  }),
  flow({
    grant: deviceCodeGrant,
    id: 'device-code/junk-code-and-client',
    title: 'an unknown device code from an unknown client',
    requirement: 'RFC8628-3.4-unknown-device_code',
    cell: 'invalid_grant',
    expect: {
      control: rejected('authorization_pending'),
      probe: rejected(
        'invalid_grant',
        documented('invalid_client', 'RFC 6749 §5.2: client authentication failed'),
      ),
    },
    run: async (world) => {
      await world.send('control', await pendingDevice(world));
      const client = await deviceClient(world);
      const junk = { ...client, client_id: world.garbage(), client_secret: world.garbage() };
      await world.send('probe', polling(junk, { device_code: world.garbage(86) }));
    },
  }),
  ...presentsUnknown(deviceGrant),
  ...presentsNothing(deviceGrant, 'RFC8628-3.4-missing-device_code'),
];
