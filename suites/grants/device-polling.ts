import type { Case } from '../../harness/case.ts';
import { granted, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { pendingOrTooFast } from '../kit/evidence.ts';
import { deviceClient, deviceCodeGrant, outlives, pendingDevice, polling, undecided } from '../kit/given.ts';

/** Polls without a pause until it was told so many times to slow down; a case does not apply where nobody says so. */
async function hurry(world: World, request: Call, slowDowns: number): Promise<void> {
  let told = 0;
  for (let poll = 0; poll < 10 + 5 * slowDowns && told < slowDowns; poll++) {
    const { reply } = await world.send('control: polls', request);
    if (reply.error === 'slow_down') told += 1;
  }
  if (told < slowDowns) throw notOffered('slowDown');
}

/** RFC 8628 §3.5: each slow_down asks for five seconds more. */
const afterSlowDowns = (interval: number, slowDowns: number): number => interval + 5 * slowDowns;

/** What comes of polls that keep to the interval, to the second, and of those that did not. */
export const devicePolling: readonly Case[] = [
  flow({
    grant: deviceCodeGrant,
    overTime: true,
    id: 'device-code/polled-exactly-at-the-interval',
    title: 'three polls, each as long after the answer to the last one as the interval asks',
    requirement: 'RFC8628-3.5-no-slow_down-at-interval',
    expect: {
      [undecided.step]: undecided.expect,
      probe: rejected('authorization_pending'),
    },
    // The service sees at least the interval between them: what a request takes on its way comes on top.
    run: async (world) => {
      await world.send(undecided.step, await pendingDevice(world));
      const client = await deviceClient(world);
      const started = await world.device(client);
      outlives(started, 3 * started.interval);
      for (let poll = 0; poll < 3; poll++) {
        await world.pass(started.interval);
        await world.send('probe', polling(client, started));
      }
    },
  }),
  flow({
    grant: deviceCodeGrant,
    overTime: true,
    id: 'device-code/slow-down-ends',
    title: 'a poll that waits as long as a slow_down asks',
    requirement: 'RFC8628-3.5-no-slow_down-at-interval',
    expect: { 'control: polls': pendingOrTooFast, probe: rejected('authorization_pending') },
    run: async (world) => {
      const client = await deviceClient(world);
      const started = await world.device(client);
      await hurry(world, polling(client, started), 1);
      const wait = afterSlowDowns(started.interval, 1);
      outlives(started, wait);
      await world.pass(wait);
      await world.send('probe', polling(client, started));
    },
  }),
  ...[
    {
      name: 'approved-and-polled-too-fast',
      title: 'a device code that is polled too fast before and after its approval, and then in time',
      slowDowns: 1,
      atOnce: true,
    },
    {
      name: 'approved-after-many-slow-downs',
      title: 'a device code that was polled too fast three times, then approved and polled in time',
      slowDowns: 3,
      atOnce: false,
    },
  ].map(({ name, title, slowDowns, atOnce }) =>
    flow({
      grant: deviceCodeGrant,
      needs: ['device-decision', 'clock'],
      overTime: true,
      id: `device-code/${name}`,
      title,
      requirement: 'RFC8628-3.5-success',
      expect: {
        'control: polls': pendingOrTooFast,
        ...(atOnce && { 'at once': rejectedOrIgnored('slow_down', 'a server need not police the interval') }),
        probe: granted(),
      },
      ...(atOnce && { optional: { probe: '' } }),
      run: async (world) => {
        const client = await deviceClient(world);
        const started = await world.device(client);
        await hurry(world, polling(client, started), slowDowns);
        const wait = afterSlowDowns(started.interval, slowDowns + (atOnce ? 1 : 0));
        outlives(started, wait);
        await world.decide(started, 'approve');
        if (atOnce) {
          const { reply } = await world.send('at once', polling(client, started));
          if (reply.outcome === 'granted') return;
        }
        await world.pass(wait);
        await world.send('probe', polling(client, started));
      },
    }),
  ),
];
