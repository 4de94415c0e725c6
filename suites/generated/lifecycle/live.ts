import { Stop } from '../../../harness/stop.ts';
import type { Client } from '../../../harness/world/artefacts.ts';
import type { World } from '../../../harness/world/world.ts';
import * as createToken from '../../kit/given.ts';
import type { Kind } from '../../kit/grant.ts';
import { tooFast } from '../property.ts';
import { allowedFor, answerOf, expiredErrors, grantedTo, refusedTo } from './answers.ts';
import { anHourLater, type Command } from './commands.ts';
import {
  type Artefact,
  age,
  ageOf,
  artefact,
  day,
  doubt,
  type History,
  isOver,
  longestGrace,
  shortestSecretLife,
  slack,
} from './model.ts';

/** A client of this history; when its secret ends is kept in mind. */
export async function clientIn(history: History, kind: Kind, which: 0 | 1): Promise<Client> {
  const { flavour, world } = history;
  const client = await flavour.client(world, kind, flavour.named(which));
  if (client.client_secret !== undefined) {
    const end = client.secret_expires_at ?? history.begin + shortestSecretLife;
    history.secretsEnd = Math.min(history.secretsEnd, end);
  }
  return client;
}

/** Carries commands out against the target and the model; what they disagree about, in one sentence. */
export async function live(history: History, commands: readonly Command[]): Promise<string | undefined> {
  const { flavour, world, artefacts } = history;
  for (const command of commands) {
    if (command.do === 'wait') {
      await waitUntil(history, command.until);
      continue;
    }
    if (command.do === 'obtain') {
      const { kind, client: owner } = command;
      const client = await clientIn(history, kind, owner);
      if (world.now() + slack > history.secretsEnd) continue;
      const born = world.now();
      const obtained = await flavour.obtain(world, kind, client);
      artefacts.push(artefact(kind, owner, obtained, { count: artefacts.length, born }));
      continue;
    }
    const one = artefacts[command.which % artefacts.length];
    if (one === undefined) continue;
    if (command.do === 'expire') {
      one.expired ||= await world.expireIfOffered(flavour.of(one.kind).expirable, one.value);
      // A token may live as long as the session that it belongs to.
      if (one.expired) doubt(one.family);
    } else if (command.do === 'decide') {
      if (one.device === undefined || one.decision !== 'pending' || one.expired) continue;
      if (ageOf(one, world) !== 'young') continue;
      await world.decide(one.device, command.decision);
      one.decision = command.decision;
    } else {
      const presenter = command.client === 0 ? one.owner : one.owner === 0 ? 1 : 0;
      const problem = await present(history, one, presenter, command.spoilt);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

/** Whatever was left alone has to work still. */
export async function end(history: History): Promise<string | undefined> {
  const { world, artefacts } = history;
  for (const one of [...artefacts]) {
    if (one.state !== 'fresh' || one.expired || ageOf(one, world) !== 'young') continue;
    if (one.device !== undefined && one.decision === 'pending') {
      await world.decide(one.device, 'approve');
      one.decision = 'approve';
    }
    const problem = await present(history, one, one.owner, false);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** What is spent, denied or expired does not come back. */
async function afterwards(history: History): Promise<string | undefined> {
  for (const one of history.artefacts) age(one, history.world);
  for (const one of history.artefacts.filter(isOver)) {
    const problem = await present(history, one, one.owner, false);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Time passes up to so many seconds after the beginning, where there is something that it makes older. */
async function waitUntil(history: History, until: number): Promise<void> {
  const { world, passed, artefacts } = history;
  if (until <= passed || artefacts.length === 0 || declaredSecretsGrowOld(world)) return;
  await world.pass(until - passed);
  history.passed = until;
}

/** An hour after the last command, what is spent is still spent: some servers forget. */
export async function liveOverTime(
  history: History,
  commands: readonly Command[],
): Promise<string | undefined> {
  const problem =
    (await live(history, commands)) ??
    (await end(history)) ??
    (history.passed > 0 ? await afterwards(history) : undefined);
  if (problem !== undefined) return problem;
  const { passed } = history;
  await waitUntil(history, passed < anHourLater ? anHourLater : passed + longestGrace + 2 * slack);
  return afterwards(history);
}

/** Clients of the target file are not registered anew, and no run may outlive their secrets. */
const declaredSecretsGrowOld = ({ target, now }: World) =>
  target.clients !== undefined && now() - Date.now() / 1_000 > 30 * day;

export async function present(
  history: History,
  one: Artefact,
  by: 0 | 1,
  spoilt: boolean,
): Promise<string | undefined> {
  const { world, passed, flavour } = history;
  const client = await clientIn(history, one.kind, by);
  const right = one.request(client);
  const isSpoilt = spoilt && 'code_verifier' in right.members;
  const request = isSpoilt
    ? { ...right, members: { ...right.members, code_verifier: world.verifier() } }
    : right;
  const known = age(one, world);
  const allowed = allowedFor(flavour, one, by !== one.owner, isSpoilt);
  if (known === 'unknown') for (const error of expiredErrors(flavour, one.kind)) allowed.add(error);
  if (world.now() + slack > history.secretsEnd) allowed.add('invalid_client');
  const how = isSpoilt ? ' with a wrong verifier' : '';
  const step = `${one.name} by client ${by + 1}${how}${passed > 0 ? ` after ${passed} s` : ''}`;
  const sent = await world.send(step, request);
  const answer = answerOf(sent);
  if (answer === 'slow_down' && !allowed.has(answer)) throw tooFast;
  one.polled = true;
  if (answer === 'granted' && one.decision === 'pending') await mustWaitForUsers(history);
  if (answer === 'granted' && !allowed.has(answer)) world.givenAway();
  // What is no answer of the contract says itself what is wrong with it.
  const [said = answer] = answer === 'malformed' ? world.problems({ kind: 'granted' }, sent) : [];
  if (!allowed.has(answer))
    return `${step}: ${said}, where what happened before allows ${[...allowed].join(' or ')}`;
  if (answer === 'granted') {
    const [problem] = world.problems({ kind: 'granted' }, sent);
    if (problem !== undefined) return `${step}: ${problem}`;
    grantedTo(history, one, by, sent);
  } else {
    const onlyAge = by === one.owner && !isSpoilt && one.state === 'fresh';
    // What was found too old stays so.
    if (known === 'unknown' && onlyAge && expiredErrors(flavour, one.kind).includes(answer))
      one.expired = true;
    refusedTo(history, one, by !== one.owner, isSpoilt);
  }
  return undefined;
}

/** Where every device code is approved at once, a history of decisions says nothing. */
async function mustWaitForUsers({ world, flavour }: History): Promise<void> {
  const client = await flavour.client(world, 'device', {});
  const sent = await world.send('a new device code', createToken.polling(client, await world.device(client)));
  if (answerOf(sent) === 'granted')
    throw new Stop('silent', 'this target approves device codes that nobody has decided about');
}
