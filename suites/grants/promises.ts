import type { Case } from '../../harness/case.ts';
import { documented, granted, inferred, observed, rejected } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client, ClientWishes, Device } from '../../harness/world/artefacts.ts';
import type { World } from '../../harness/world/world.ts';
import { ofAws } from '../aws/evidence.ts';
import { flow } from '../kit/cases.ts';
import {
  approvedDevice,
  deviceClient,
  deviceCodeGrant,
  passWith,
  pendingDevice,
  polling,
  undecided,
} from '../kit/given.ts';

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
  ofAws(
    observed(
      'invalid_grant',
      'live service: "Invalid device code provided" for a device code older than ten minutes',
    ),
  ),
);

/** Seconds before or after an end: clocks may differ, and a request takes its time. */
export const margin = 30;

/** A device code and the target's time when it was asked for. */
export interface Started {
  readonly client: Client;
  readonly device: Device;
  readonly born: number;
}

async function startDevice(world: World, wishes: ClientWishes = {}): Promise<Started> {
  const client = await deviceClient(world, wishes);
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

export const poll = (world: World, step: string, { client, device: one }: Started) =>
  world.send(step, polling(client, one));

/** How often each of these devices is polled before it is approved. */
const pollsBefore = [1, 2, 3, 4, 5, 6];
/** So many polls are far from the interval, and few beside all that a life has room for. */
const manyPolls = 15;
/** A client waits five seconds more after each (RFC 8628 §3.5). */
const severalSlowDowns = 3;

/** What a device authorization promises about its device code. */
export const promises: readonly Case[] = [
  flow({
    ...device,
    id: 'device-code/late-in-its-life',
    title: 'a device code that was approved at once, first polled shortly before expires_in is over',
    requirement: 'RFC8628-3.5-success',
    expect: { control: granted(), probe: granted() },
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
    expect: { control: granted(), 'control: pending': stillPending, probe: granted() },
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
      // Too long to wait for really: without a clock this would take a minute.
      await passToAge(started, margin, world);
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
    expect: { control: granted(), 'control: polls': stillPending, probe: granted() },
    run: async (world) => {
      await world.send('control', await approvedDevice(world));
      const all = [];
      // Each of another client, where there are several: nobody has to serve so many polls of one at once.
      const isOne = await world.sharesClients();
      for (const polls of pollsBefore) {
        const wishes = isOne ? {} : { name: `polled ${polls} times` };
        all.push({ ...(await startDevice(world, wishes)), polls });
      }
      const interval = Math.max(...all.map((one) => one.device.interval)) + 1;
      const shortest = Math.min(...all.map((one) => one.device.expires_in));
      if (margin + interval * pollsBefore.length > shortest - margin) throw notOffered('shortInterval');
      const slowed = new Set<Started>();
      for (let turn = 1; turn <= pollsBefore.length + 1; turn++) {
        await world.pass(turn === 1 ? margin : interval);
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
    expect: { control: granted(), 'control: polls': stillPending, probe: granted() },
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
