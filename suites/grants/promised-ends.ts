import type { Case } from '../../harness/case.ts';
import { granted, noToken, rejected } from '../../harness/expectation.ts';
import { notOffered, Stop } from '../../harness/stop.ts';
import type { World } from '../../harness/world/world.ts';
import { flow } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { registered } from '../kit/credentials.ts';
import { tooOld } from '../kit/evidence.ts';
import { deviceCodeGrant, passWith, pendingDevice, registration, undecided } from '../kit/given.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { dayOldCode } from './authorization-code.ts';
import { margin, poll, type Started } from './promises.ts';
import { codeGrant, codeGrants } from './table.ts';

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
  const client = registered(sent, world, { secret_expires_at: end });
  const wanted = end - 2 * margin;
  if (wanted < world.now()) throw notOffered('secretEnd');
  // Where there is no clock at all, that is what is told.
  await world.pass(margin);
  await world.pass(wanted - margin - world.now()).catch((error) => {
    throw error instanceof Stop && error.kind === 'fixture' ? notOffered('secretEnd') : error;
  });
  await world.pass(wanted - world.now());
  const born = world.now();
  if (born > end - margin) throw new Stop('silent', 'more time went by than the client secret had left');
  const started = await world.send('start', world.starting(client));
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

/** What a registration promises about the client secret. */
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
      registration: granted(),
      start: granted(),
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
      registration: granted(),
      start: granted(),
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

const day = 86_400;

const attemptedCode = (at: GrantAt): Case =>
  flow({
    ...ofGrant(at),
    needs: [...at.needs, 'clock'],
    overTime: true,
    id: `${at.folder}/attempted-a-day-ago`,
    title: 'a code that was issued a day ago and presented with a wrong verifier then',
    requirement: 'RFC6749-4.1.2-code-expiry',
    cell: 'invalid_grant',
    expect: { control: granted(), attempt: noToken(), probe: tooOld },
    run: async (world) => {
      await world.send('control', await at.given(world));
      const request = await at.given(world);
      await world.send('attempt', await set('code_verifier', world.verifier())(request, world));
      await passWith(await at.client(world), day, world);
      await world.send('probe', request);
    },
  });

export const promisedEnds: readonly Case[] = [
  ...secrets,
  ...codeGrants.flatMap((at) =>
    // CreateToken has the first among its other cases of codes.
    at === codeGrant ? [attemptedCode(at)] : [dayOldCode(at), attemptedCode(at)],
  ),
];
