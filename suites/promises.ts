import type { Case } from '../harness/case.ts';
import {
  documented,
  granted,
  inferred,
  issued,
  noToken,
  observed,
  rejected,
} from '../harness/expectation.ts';
import { notOffered, Stop } from '../harness/stop.ts';
import type { Client, Device, World } from '../harness/world.ts';
import { flow } from './cases.ts';
import { set } from './change.ts';
import {
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  type Given,
  passWith,
  pendingDevice,
  polling,
  registration,
  undecided,
} from './given.ts';
import * as iam from './iam/given.ts';

/** What answers promise: how long something lives, when it ends, how often it may be asked for. */
const device = {
  grant: deviceCodeGrant,
  needs: ['device-decision', 'clock'],
  overTime: true,
} as const;

const slowDown = documented('slow_down', 'RFC 8628 §3.5');
const stillPending = rejected('authorization_pending', slowDown);
const expired = rejected(
  'expired_token',
  observed(
    'invalid_grant',
    'live service: "Invalid device code provided" for a device code older than ten minutes',
  ),
);

/** Seconds before or after an end: clocks may differ, and a request takes its time. */
const margin = 30;

/** A device code and the target's time when it was asked for. */
interface Started {
  readonly client: Client;
  readonly device: Device;
  readonly born: number;
}

async function startDevice(world: World): Promise<Started> {
  const client = await deviceClient(world);
  const born = world.now();
  return { client, device: await world.device(client), born };
}

/** Lets time pass until a device code has this age in seconds; time that went by really counts too. */
async function passToAge({ client, born }: Started, age: number, world: World): Promise<void> {
  await passWith(client, born + age - world.now(), world);
}

/** The same, up to a moment before the device code ends; nothing can be said when that was missed. */
async function passToTheEnd(started: Started, world: World): Promise<void> {
  const { device: one, born } = started;
  const wanted = one.expires_in - margin;
  // While others wait for their moments real time goes by, which the second wait makes up for.
  await passToAge(started, wanted - margin, world);
  await passToAge(started, wanted, world);
  if (world.now() - born > wanted + margin / 2)
    throw new Stop('silent', 'more time went by than the device code had left');
}

const poll = (world: World, step: string, { client, device: one }: Started) =>
  world.send(step, polling(client, one));

/** How often each of these devices is polled before it is approved. */
const pollsBefore = [1, 2, 3, 4, 5, 6];
/** So many polls are far from the interval, and few beside all that a life has room for. */
const manyPolls = 15;
/** A client waits five seconds more after each (RFC 8628 §3.5). */
const severalSlowDowns = 3;

const devices: readonly Case[] = [
  flow({
    ...device,
    id: 'device-code/late-in-its-life',
    title: 'a device code that was approved at once, first polled shortly before expires_in is over',
    requirement: 'RFC8628-3.5-success',
    expect: { control: issued(), probe: granted() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const started = await startDevice(world);
      await world.decide(started.device, 'approve');
      await passToTheEnd(started, world);
      await poll(world, 'probe', started);
    },
  }),
  flow({
    ...device,
    id: 'device-code/approved-late-in-its-life',
    title: 'a device code that was polled and then approved shortly before expires_in is over',
    requirement: 'RFC8628-3.5-success',
    expect: { control: issued(), 'control: pending': stillPending, probe: granted() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const started = await startDevice(world);
      if (started.device.interval + 1 > margin / 2) throw notOffered('shortInterval');
      await passToTheEnd(started, world);
      await poll(world, 'control: pending', started);
      await world.decide(started.device, 'approve');
      await world.pass(started.device.interval + 1);
      await poll(world, 'probe', started);
    },
  }),
  flow({
    ...device,
    needs: ['clock'],
    id: 'device-code/pending-late-in-its-life',
    title: 'a device code that nobody decides about, polled now and then until expires_in is nearly over',
    requirement: 'RFC8628-3.5-authorization_pending',
    expect: { [undecided.step]: undecided.expect, probe: stillPending },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const started = await startDevice(world);
      for (const part of [0.25, 0.5, 0.75]) {
        await passToAge(started, part * started.device.expires_in, world);
        await poll(world, 'probe', started);
      }
      await passToTheEnd(started, world);
      await poll(world, 'probe', started);
    },
  }),
  flow({
    ...device,
    needs: ['clock'],
    id: 'device-code/polled-often',
    title: `${manyPolls} polls with a device code that nobody decides about, each in its time`,
    requirement: 'RFC8628-3.5-authorization_pending',
    expect: { [undecided.step]: undecided.expect, probe: stillPending },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const started = await startDevice(world);
      let wait = started.device.interval + 1;
      for (let turn = 0; turn < manyPolls; turn++) {
        if (world.now() - started.born + wait > started.device.expires_in - margin) break;
        await world.pass(wait);
        const { reply } = await poll(world, 'probe', started);
        if (reply.error === 'slow_down') wait += 5;
      }
    },
  }),
  flow({
    ...device,
    id: 'device-code/approved-after-polls',
    title: `device codes that are approved after ${pollsBefore.join(', ')} polls, each polled in its time`,
    requirement: 'RFC8628-3.5-success',
    expect: { control: issued(), 'control: polls': stillPending, probe: granted() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const all = [];
      for (const polls of pollsBefore) all.push({ ...(await startDevice(world)), polls });
      const interval = Math.max(...all.map((one) => one.device.interval)) + 1;
      const shortest = Math.min(...all.map((one) => one.device.expires_in));
      if (interval * (pollsBefore.length + 1) > shortest - margin) throw notOffered('shortInterval');
      const slowed = new Set<Started>();
      for (let turn = 1; turn <= pollsBefore.length + 1; turn++) {
        await world.pass(interval);
        for (const one of all.filter((each) => !slowed.has(each) && turn <= each.polls + 1)) {
          const { reply } = await poll(world, turn > one.polls ? 'probe' : 'control: polls', one);
          // That it is too fast is told elsewhere; from then on this one would have to wait for longer.
          if (turn <= one.polls && reply.error === 'slow_down') slowed.add(one);
          if (turn === one.polls && !slowed.has(one)) await world.decide(one.device, 'approve');
        }
      }
      if (slowed.size === all.length) throw notOffered('shortInterval');
    },
  }),
  flow({
    ...device,
    id: 'device-code/approved-after-several-slow-downs',
    title: 'a device code that was polled too fast several times, then approved and polled in its time',
    requirement: 'RFC8628-3.5-success',
    expect: { control: issued(), 'control: polls': stillPending, probe: granted() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const started = await startDevice(world);
      let slowDowns = 0;
      for (let turn = 0; turn < 12 && slowDowns < severalSlowDowns; turn++) {
        const { reply } = await poll(world, 'control: polls', started);
        if (reply.error === 'slow_down') slowDowns += 1;
      }
      await world.decide(started.device, 'approve');
      await world.pass(started.device.interval + 5 * slowDowns + 1);
      await poll(world, 'probe', started);
    },
  }),
  ...(
    [
      ['polled-until-it-ends', 'polled now and then', [0.25, 0.5, 0.75], false],
      ['approved-half-way', 'polled and approved in the middle of its life', [0.5], true],
    ] as const
  ).map(([name, what, polls, approved]) =>
    flow({
      ...device,
      ...(!approved && { needs: ['clock'] as const }),
      id: `device-code/${name}`,
      title: `a device code that was ${what}, after expires_in`,
      requirement: 'RFC8628-3.5-expired_token',
      cell: 'expired_token',
      expect: {
        [undecided.step]: undecided.expect,
        'control: polls': stillPending,
        probe: expired,
        'probe, again': rejected(
          'expired_token',
          inferred('invalid_grant', 'a server may forget a device code that has come to its end'),
          slowDown,
        ),
      },
      run: async (world) => {
        await world.send(undecided.step, await pendingDevice(world));
        const started = await startDevice(world);
        for (const part of polls) {
          await passToAge(started, part * started.device.expires_in, world);
          await poll(world, 'control: polls', started);
        }
        if (approved) await world.decide(started.device, 'approve');
        await passToAge(started, started.device.expires_in + margin, world);
        await poll(world, 'probe', started);
        await passToAge(started, started.device.expires_in + margin + started.device.interval + 1, world);
        await poll(world, 'probe, again', started);
      },
    }),
  ),
];

/** Registrations that last longer than this are left alone: time that passes, passes for everything on the target. */
const longestSecretLife = 100 * 86_400;

/**
 * A client that was registered now, right before its secret ends: with a device code that was started then, and
 * that lives until some time after that.
 */
async function withDyingSecret(world: World): Promise<Started & { readonly end: number }> {
  const { target } = world;
  // What others still need has to outlive this.
  if (target.credentials !== undefined || (await world.sharesClients())) throw notOffered('secretEnd');
  const sent = await world.send('registration', await registration(world));
  const other = await world.send('registration', await registration(world));
  if (sent.reply.members.client_id === other.reply.members.client_id) throw notOffered('secretEnd');
  const end = sent.reply.members.client_secret_expires_at;
  const isNear = typeof end === 'number' && end > 0 && end < world.now() + longestSecretLife;
  if (!isNear) throw notOffered('secretEnd');
  const client = {
    client_id: sent.text('client_id'),
    client_secret: sent.text('client_secret'),
    secret_expires_at: end,
    redirect_uri: '',
  };
  const wanted = end - 2 * margin;
  if (wanted < world.now()) throw notOffered('secretEnd');
  await world.pass(wanted - margin - world.now()).catch((error) => {
    throw error instanceof Stop && error.kind === 'fixture' ? notOffered('secretEnd') : error;
  });
  await world.pass(wanted - world.now());
  const born = world.now();
  if (born > end - margin) throw new Stop('silent', 'more time went by than the client secret had left');
  const started = await world.send('start', {
    operation: 'device_authorization',
    members: {
      client_id: client.client_id,
      client_secret: client.client_secret,
      start_url: target.startUrl,
    },
  });
  const { expires_in, interval } = started.reply.members;
  return {
    client,
    end,
    born,
    device: {
      device_code: started.text('device_code'),
      user_code: started.text('user_code'),
      expires_in: typeof expires_in === 'number' ? expires_in : 0,
      interval: typeof interval === 'number' ? interval : 5,
    },
  };
}

const secrets: readonly Case[] = [
  flow({
    grant: deviceCodeGrant,
    needs: ['clock'],
    overTime: true,
    id: 'device-code/shortly-before-the-secret-ends',
    title: 'a poll with a client secret shortly before client_secret_expires_at',
    requirement: 'RFC8628-3.5-authorization_pending',
    expect: {
      [undecided.step]: undecided.expect,
      registration: issued(),
      start: issued(),
      probe: rejected('authorization_pending'),
    },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      await poll(world, 'probe', await withDyingSecret(world));
    },
  }),
  flow({
    grant: deviceCodeGrant,
    needs: ['clock'],
    overTime: true,
    id: 'device-code/shortly-after-the-secret-ended',
    title: 'a poll with a client secret shortly after client_secret_expires_at',
    requirement: 'RFC7591-3.2.1-expired-secret',
    cell: 'invalid_client',
    expect: {
      [undecided.step]: undecided.expect,
      registration: issued(),
      start: issued(),
      'control: before': rejected('authorization_pending'),
      probe: rejected('invalid_client'),
    },
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const started = await withDyingSecret(world);
      await poll(world, 'control: before', started);
      const after = started.end + margin;
      if (after > started.born + started.device.expires_in - margin / 2) throw notOffered('shortInterval');
      await world.pass(after - world.now());
      await poll(world, 'probe', started);
    },
  }),
];

const tooOld = rejected(
  'invalid_grant',
  inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general'),
);

interface Codes {
  readonly folder: string;
  readonly operation: 'token' | 'iam_token';
  readonly given: Given;
  readonly aDayLater: (world: World) => Promise<void>;
}

const day = 86_400;

const codes = (
  [
    {
      folder: 'authorization-code',
      operation: 'token',
      given: freshCode,
      aDayLater: async (world) => passWith(await codeClient(world), day, world),
    },
    {
      folder: 'iam-authorization-code',
      operation: 'iam_token',
      given: iam.freshCode,
      aDayLater: (world) => world.pass(day),
    },
  ] satisfies Codes[]
).flatMap(({ folder, operation, given, aDayLater }) => {
  const about = {
    operation,
    grant: 'authorization_code',
    needs: ['authorization-code', 'clock'],
    overTime: true,
    requirement: 'RFC6749-4.1.2-code-expiry',
    cell: 'invalid_grant',
  } as const;
  return [
    // The unsigned operation has this one among its other cases of codes.
    ...(operation === 'token'
      ? []
      : [
          flow({
            ...about,
            id: `${folder}/a-day-old`,
            title: 'a code that was issued a day ago',
            expect: { control: issued(), probe: tooOld },
            run: async (world) => {
              await world.send('control', await given(world));
              const request = await given(world);
              await aDayLater(world);
              await world.send('probe', request);
            },
          }),
        ]),
    flow({
      ...about,
      id: `${folder}/attempted-a-day-ago`,
      title: 'a code that was issued a day ago and presented with a wrong verifier then',
      expect: { control: issued(), attempt: noToken(), probe: tooOld },
      run: async (world) => {
        await world.send('control', await given(world));
        const request = await given(world);
        await world.send('attempt', await set('code_verifier', world.verifier())(request, world));
        await aDayLater(world);
        await world.send('probe', request);
      },
    }),
  ];
});

export const promises: readonly Case[] = [...devices, ...secrets, ...codes];
