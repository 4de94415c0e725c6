import fc, { type Arbitrary } from 'fast-check';
import { type Case, limitOn, type Need } from '../../harness/case.ts';
import { Stop } from '../../harness/stop.ts';
import type { Client, ClientWishes, ExpirableKind } from '../../harness/world/artefacts.ts';
import type { Sent, TokenRequest, World } from '../../harness/world/world.ts';
import * as withIam from '../aws/given.ts';
import * as createToken from '../kit/given.ts';
import { property, tooFast } from './property.ts';
import { manyOf } from './side-by-side.ts';

/** What somebody does next. Numbers choose among what there is, so that every sequence has a meaning. */
type Command =
  | { readonly do: 'obtain'; readonly kind: Kind; readonly client: 0 | 1 }
  | {
      readonly do: 'present';
      readonly which: number;
      readonly client: 0 | 1;
      /** With a wrong verifier, where there is one. */
      readonly spoilt: boolean;
    }
  | { readonly do: 'decide'; readonly which: number; readonly decision: 'approve' | 'deny' }
  | { readonly do: 'expire'; readonly which: number }
  /** Waits until so many seconds have passed since the beginning. */
  | { readonly do: 'wait'; readonly until: number };

type Kind = 'code' | 'device' | 'refresh token' | 'assertion' | 'subject token';

/** What the model knows of a code, a device code, a token or an assertion. */
interface Artefact {
  readonly kind: Kind;
  readonly name: string;
  readonly owner: 0 | 1;
  readonly value: string;
  readonly request: (client: Client) => TokenRequest;
  readonly device?: Awaited<ReturnType<World['device']>>;
  /** Tokens that descend from one authorization. */
  readonly family: Artefact[];
  /** The target's time in seconds when it was asked for. */
  readonly born: number;
  decision: 'pending' | 'approve' | 'deny' | undefined;
  polled: boolean;
  expired: boolean;
  /** The target's time in seconds when a newer token took its place. */
  replacedAt?: number;
  /** `unsure`: documents leave open whether it still works. */
  state: 'fresh' | 'spent' | 'unsure';
}

interface Flavour {
  readonly operation: 'token' | 'iam_token';
  readonly kinds: readonly Kind[];
  readonly decisions: readonly ('approve' | 'deny')[];
  /** What a refresh token takes. */
  readonly refreshToken: Need;
  readonly client: (world: World, kind: Kind, wishes: ClientWishes) => Promise<Client>;
  readonly named: (which: 0 | 1) => ClientWishes;
  readonly obtain: (world: World, kind: Kind, client: Client) => Promise<Obtained>;
  readonly refreshing: (client: Client, token: string) => TokenRequest;
}

type Obtained = Pick<Artefact, 'value' | 'request'> & Partial<Pick<Artefact, 'device'>>;

const named = (which: 0 | 1) => (which === 0 ? {} : { name: 'other' });
/** Clients of one value alone: while time passes, secrets grow old, and a reuse may end all tokens of a client. */
const withFreshClients = (flavour: Flavour, { target, garbage }: World): Flavour => {
  const suffix = garbage(12);
  return target.clients === undefined
    ? { ...flavour, named: (which) => ({ ...named(which), fresh: suffix }) }
    : flavour;
};

const flavours: Record<'token' | 'iam_token', Flavour> = {
  token: {
    operation: 'token',
    kinds: ['code', 'device', 'refresh token'],
    decisions: ['approve', 'deny'],
    refreshToken: createToken.anyRefreshToken,
    named,
    client: (world, kind, wishes) => {
      if (kind === 'device') return createToken.deviceClient(world, wishes);
      return (kind === 'code' ? createToken.codeClient : createToken.refreshClient)(world, wishes);
    },
    obtain: async (world, kind, client) => {
      if (kind === 'device') {
        const device = await world.device(client);
        return {
          value: device.device_code,
          device,
          request: (presenter) => createToken.polling(presenter, device),
        };
      }
      if (kind === 'refresh token') {
        const value = await createToken.refreshTokenFor(world, client);
        return { value, request: (presenter) => createToken.refreshing(presenter, value) };
      }
      const code = await world.authorizationCode(client);
      return { value: code.code, request: (presenter) => createToken.redeeming(presenter, code) };
    },
    refreshing: createToken.refreshing,
  },
  iam_token: {
    operation: 'iam_token',
    kinds: ['code', 'refresh token', 'assertion', 'subject token'],
    decisions: [],
    refreshToken: withIam.anyRefreshToken,
    named,
    client: (world, _, wishes) => withIam.application(world, wishes),
    obtain: async (world, kind, client) => {
      if (kind === 'assertion') {
        const value = await world.assertion(client);
        return { value, request: (presenter) => withIam.asserting(presenter, value) };
      }
      if (kind === 'subject token') {
        const subject = await world.subjectToken(client);
        return {
          value: subject.subject_token,
          request: (presenter) => withIam.exchanging(presenter, subject),
        };
      }
      if (kind === 'refresh token') {
        const value = await withIam.refreshTokenFor(world, client);
        return { value, request: (presenter) => withIam.refreshing(presenter, value) };
      }
      const code = await world.authorizationCode(client);
      return { value: code.code, request: (presenter) => withIam.redeeming(presenter, code) };
    },
    refreshing: withIam.refreshing,
  },
};

/** More than an hour after the shorter waits. */
const anHourLater = 4_400;

/**
 * Seconds: within an interval, around a short lifetime, beyond every grace period; seldom beyond the life of a code.
 * All sequences wait for the same moments, since time passes for all of them at once.
 */
const moment = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(4, 60, 300, 700, anHourLater) },
  { weight: 1, arbitrary: fc.constant(90_000) },
);

const commandsFor = (
  { kinds, decisions }: Flavour,
  { overTime, maxLength }: { readonly overTime: boolean; readonly maxLength: number },
): Arbitrary<Command[]> => {
  const client = fc.constantFrom(0 as const, 1 as const);
  const which = fc.nat(20);
  return fc.noBias(
    fc.array(
      fc.oneof(
        {
          weight: 3,
          arbitrary: fc.record({
            do: fc.constant('obtain' as const),
            kind: fc.constantFrom(...kinds),
            client,
          }),
        },
        {
          weight: 6,
          arbitrary: fc.record({
            do: fc.constant('present' as const),
            which,
            client: fc.oneof(
              { weight: 4, arbitrary: fc.constant(0 as const) },
              { weight: 1, arbitrary: fc.constant(1 as const) },
            ),
            spoilt: fc.oneof(
              { weight: 5, arbitrary: fc.constant(false) },
              { weight: 1, arbitrary: fc.constant(true) },
            ),
          }),
        },
        ...(kinds.includes('device')
          ? [
              {
                weight: 3,
                arbitrary: fc.record({
                  do: fc.constant('decide' as const),
                  which,
                  decision: fc.constantFrom(...decisions),
                }),
              },
            ]
          : []),
        { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
        ...(overTime
          ? [{ weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), until: moment }) }]
          : []),
      ),
      { minLength: 2, maxLength, size: 'max' },
    ),
  );
};

const expirable: Readonly<Record<Kind, ExpirableKind>> = {
  code: 'code',
  device: 'deviceCode',
  'refresh token': 'refreshToken',
  assertion: 'assertion',
  'subject token': 'subjectToken',
};

/** What a target has to offer for a kind: a grant or an operation, and a fixture. */
const presupposed: Readonly<Record<Kind, { readonly names: readonly string[]; readonly need?: Need }>> = {
  code: { names: ['authorization_code'], need: 'authorization-code' },
  device: {
    names: [createToken.deviceCodeGrant, 'StartDeviceAuthorization'],
    need: 'device-decision',
  },
  'refresh token': { names: ['refresh_token'] },
  assertion: { names: [withIam.jwtBearerGrant], need: 'assertion' },
  'subject token': { names: [withIam.tokenExchangeGrant], need: 'subject-token' },
};

const needOf = (kind: Kind, { refreshToken }: Flavour): Need => presupposed[kind].need ?? refreshToken;

/** One of the fixtures that its kinds presuppose. */
const anyNeedOf = (flavour: Flavour): Need => flavour.kinds.flatMap((kind) => needOf(kind, flavour));

/** The flavour with the kinds that are in the target's scope. */
function inScope(flavour: Flavour, world: World): Flavour {
  const { limits } = world.target;
  const limitOf = (kind: Kind) =>
    limits.find(({ grant, operation }) =>
      presupposed[kind].names.some((name) => name === grant || name === operation),
    ) ?? limitOn(needOf(kind, flavour), limits);
  const kinds = flavour.kinds.filter((kind) => limitOf(kind) === undefined);
  const [first] = flavour.kinds;
  if (kinds.length === 0 && first !== undefined) throw new Stop('out-of-scope', limitOf(first)?.reason ?? '');
  return { ...flavour, kinds, decisions: createToken.decisionsOf(world) };
}

/** What happened so far, of one generated value. */
interface History {
  readonly flavour: Flavour;
  readonly world: World;
  readonly artefacts: Artefact[];
  /** The target's time in seconds when it began. */
  readonly begin: number;
  /** The target's time in seconds when the first of its client secrets may end. */
  secretsEnd: number;
  /** Seconds that were let pass since then. */
  passed: number;
}

const historyOf = (flavour: Flavour, world: World): History => ({
  flavour,
  world,
  artefacts: [],
  begin: world.now(),
  secretsEnd: Number.POSITIVE_INFINITY,
  passed: 0,
});

/** A client of this history; when its secret ends is kept in mind. */
async function clientIn(history: History, kind: Kind, which: 0 | 1): Promise<Client> {
  const { flavour, world } = history;
  const client = await flavour.client(world, kind, flavour.named(which));
  if (client.client_secret !== undefined) {
    const end = client.secret_expires_at ?? history.begin + shortestSecretLife;
    history.secretsEnd = Math.min(history.secretsEnd, end);
  }
  return client;
}

/** Carries commands out against the target and the model; what they disagree about, in one sentence. */
async function live(history: History, commands: readonly Command[]): Promise<string | undefined> {
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
      one.expired ||= await world.expireIfOffered(expirable[one.kind], one.value);
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
async function end(history: History): Promise<string | undefined> {
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
async function liveOverTime(history: History, commands: readonly Command[]): Promise<string | undefined> {
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

function artefact(
  kind: Kind,
  owner: 0 | 1,
  obtained: Obtained,
  { count, born }: { readonly count: number; readonly born: number },
  family: Artefact[] = [],
): Artefact {
  const made: Artefact = {
    ...obtained,
    kind,
    owner,
    born,
    name: `${kind} ${count + 1}`,
    family,
    decision: kind === 'device' ? 'pending' : undefined,
    polled: false,
    expired: false,
    state: 'fresh',
  };
  family.push(made);
  return made;
}

/** The slowest run of a few requests, and what clocks may differ by. */
const slack = 30;
const day = 86_400;
/** What replaced a token may leave it valid for a while (RFC 9700 §4.14.2 says "immediately"; grace periods exist). */
const longestGrace = 3_600;
/** No registration that does not say when it ends does so within a day. */
const shortestSecretLife = day;

/**
 * Whether something has outlived itself: a device code says how long it lives, a code lives less than a day, of
 * the others no document says it.
 */
function ageOf({ kind, born, device }: Artefact, world: World): 'young' | 'old' | 'unknown' {
  const age = world.now() - born;
  if (device !== undefined && age > device.expires_in + slack) return 'old';
  if (kind === 'code' && age > day) return 'old';
  return age < (device === undefined ? slack : device.expires_in - 2 * slack) ? 'young' : 'unknown';
}

async function present(
  history: History,
  one: Artefact,
  by: 0 | 1,
  spoilt: boolean,
): Promise<string | undefined> {
  const { world, passed } = history;
  const client = await clientIn(history, one.kind, by);
  const right = one.request(client);
  const isSpoilt = spoilt && 'code_verifier' in right.members;
  const request = isSpoilt
    ? { ...right, members: { ...right.members, code_verifier: world.verifier() } }
    : right;
  const known = age(one, world);
  const allowed = allowedFor(one, by !== one.owner, isSpoilt);
  if (known === 'unknown') for (const error of expiredErrors(one.kind)) allowed.add(error);
  if (world.now() + slack > history.secretsEnd) allowed.add('invalid_client');
  const how = isSpoilt ? ' with a wrong verifier' : '';
  const step = `${one.name} by client ${by + 1}${how}${passed > 0 ? ` after ${passed} s` : ''}`;
  const sent = await world.send(step, request);
  const answer = answerOf(sent);
  if (answer === 'slow_down' && !allowed.has(answer)) throw tooFast;
  one.polled = true;
  if (answer === 'granted' && one.decision === 'pending') await mustWaitForUsers(history);
  if (answer === 'granted' && !allowed.has(answer)) world.givenAway();
  if (!allowed.has(answer))
    return `${step}: ${answer}, where what happened before allows ${[...allowed].join(' or ')}`;
  if (answer === 'granted') {
    const [problem] = world.problems({ kind: 'granted' }, sent);
    if (problem !== undefined) return `${step}: ${problem}`;
    grantedTo(history, one, by, sent);
  } else {
    const onlyAge = by === one.owner && !isSpoilt && one.state === 'fresh';
    // What was found too old stays so.
    if (known === 'unknown' && onlyAge && expiredErrors(one.kind).includes(answer)) one.expired = true;
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

/** Notes what time has done to it, and says what is known of its age. */
function age(one: Artefact, world: World): ReturnType<typeof ageOf> {
  const known = ageOf(one, world);
  if (known === 'old') one.expired = true;
  if (one.replacedAt !== undefined && world.now() - one.replacedAt > longestGrace + slack)
    one.state = 'spent';
  return known;
}

const isOver = ({ state, decision, expired }: Artefact): boolean =>
  state === 'spent' || decision === 'deny' || expired;

/** Of these, nobody knows any more whether they still work. */
function doubt(some: readonly Artefact[]): void {
  for (const one of some) if (one.state === 'fresh') one.state = 'unsure';
}

const badErrors = (kind: Kind) =>
  kind === 'subject token' ? ['invalid_request', 'invalid_grant'] : ['invalid_grant'];
const expiredErrors = (kind: Kind) => [...badErrors(kind), 'expired_token'];

/**
 * Whether only its owner may present it. No document says who may exchange a subject token, and an assertion is
 * bound to an audience, which two applications may share.
 */
const isBound = (kind: Kind) => kind !== 'subject token' && kind !== 'assertion';

/** What documents allow as an answer; all that is wrong counts, for no document says what is told first. */
function allowedFor(one: Artefact, stranger: boolean, spoilt: boolean): Set<string> {
  const allowed = new Set<string>();
  const allow = (...errors: readonly string[]) => {
    for (const error of errors) allowed.add(error);
  };
  const bad = badErrors(one.kind);
  if (stranger) allow(...bad, ...(isBound(one.kind) ? [] : ['granted']));
  if (spoilt) allow('invalid_grant', 'invalid_request');
  if (one.expired) allow(...expiredErrors(one.kind));
  if (one.state === 'spent') allow(...bad);
  if (one.kind === 'device') {
    if (one.decision === 'pending') allow('authorization_pending', 'slow_down');
    if (one.decision === 'deny') allow('access_denied', 'slow_down', 'invalid_grant', 'expired_token');
    if (one.polled || allowed.size > 0) allow('slow_down');
  }
  if (one.state === 'unsure') allow(...bad);
  const hindered = (stranger && isBound(one.kind)) || spoilt || one.expired || one.state === 'spent';
  const decided = one.decision === undefined || one.decision === 'approve';
  if (!hindered && decided) allow('granted');
  return allowed;
}

function grantedTo({ flavour, world, artefacts }: History, one: Artefact, by: 0 | 1, { reply }: Sent): void {
  const next = reply.members.refresh_token;
  const isNew = typeof next === 'string' && next !== '' && next !== one.value;
  if (one.kind === 'refresh token') {
    // A grace period may let the old one work for a while.
    if (isNew) {
      // One that was replaced before may bring a newer token in place of those of then.
      if (one.state !== 'fresh') doubt(one.family);
      one.state = 'unsure';
      // Only public clients need rotation (RFC 9700 §2.2.2), so only there the old one has to end.
      if (flavour.operation === 'token') one.replacedAt ??= world.now();
    }
  } else {
    // No document says how often a subject token may be exchanged.
    one.state = one.kind === 'subject token' ? 'unsure' : 'spent';
  }
  if (!isNew || artefacts.some(({ value }) => value === next)) return;
  if (!flavour.kinds.includes('refresh token')) return;
  const kind = one.kind === 'device' ? 'device' : 'refresh token';
  const obtained = { value: next, request: (client: Client) => flavour.refreshing(client, next) };
  // The refresh token of a device authorization belongs to a client of the device flow.
  if (kind === 'refresh token')
    artefacts.push(artefact(kind, by, obtained, { count: artefacts.length, born: world.now() }, one.family));
}

function refusedTo({ artefacts }: History, one: Artefact, stranger: boolean, spoilt: boolean): void {
  const again = one.state !== 'fresh' && !stranger && !spoilt;
  // No document says how much of what its client has may end with it.
  const kin = [...one.family, ...artefacts.filter((other) => isKin(other, one))];
  // A code that is presented twice, or a replaced refresh token, may cost the whole family.
  if (one.state !== 'fresh' && (again || stranger || spoilt)) doubt(kin);
  // Whoever presents another's refresh token may have stolen it, and that may end it (RFC 9700 §4.14.2).
  if (stranger && one.kind === 'refresh token') doubt(kin);
  const burnt = one.kind === 'code' || one.kind === 'assertion';
  if (burnt && (stranger || spoilt)) doubt([one]);
}

const isKin = ({ kind, owner }: Artefact, one: Artefact): boolean =>
  kind === 'refresh token' && owner === one.owner;

const answerOf = ({ reply }: Sent): string =>
  reply.outcome === 'rejected' ? (reply.error ?? 'an unknown error') : reply.outcome;

/** What is wrong with an artefact at once: two things or more. */
const circumstances = ['spent', 'expired', 'stranger', 'spoilt'] as const;

/** An artefact with several things wrong: whatever is told first, nothing is granted and nothing breaks. */
async function several(
  flavour: Flavour,
  kind: Kind,
  what: readonly (typeof circumstances)[number][],
  world: World,
): Promise<string | undefined> {
  const history = historyOf(flavour, world);
  const owner = await clientIn(history, kind, 0);
  const born = world.now();
  const one = artefact(kind, 0, await flavour.obtain(world, kind, owner), { count: 0, born });
  if (one.device) {
    await world.decide(one.device, 'approve');
    one.decision = 'approve';
  }
  if (what.includes('spent')) {
    const problem = await present(history, one, 0, false);
    if (problem !== undefined) return problem;
  }
  if (what.includes('expired')) one.expired = await world.expireIfOffered(expirable[kind], one.value);
  return present(history, one, what.includes('stranger') ? 1 : 0, what.includes('spoilt'));
}

/** Only a code can be badly presented, with a wrong verifier. */
const severalOf = ({ kinds }: Flavour) =>
  fc.oneof(
    ...kinds.map((kind) => ({
      weight: kind === 'code' ? 3 : 1,
      arbitrary: fc.record({
        kind: fc.constant(kind),
        what: fc.subarray(
          circumstances.filter((one) => kind === 'code' || one !== 'spoilt'),
          { minLength: 2 },
        ),
      }),
    })),
  );

/** So many are tried for each value of the budget. */
const severalEach = 3;

const about = {
  property: 'every answer is one that the history allows, and what was left alone still works',
};

const models = [
  {
    name: 'create-token',
    title: 'codes, device codes and refresh tokens of two clients, interleaved',
    requirement: 'AWS-CreateToken-InvalidGrant',
    operation: 'token',
  },
  {
    name: 'create-token-with-iam',
    title: 'codes, refresh tokens, assertions and subject tokens of two applications, interleaved',
    requirement: 'AWS-CreateTokenWithIAM-InvalidGrant',
    operation: 'iam_token',
  },
] as const;

export const lifecycles: readonly Case[] = [
  ...(['token', 'iam_token'] as const).map((operation) =>
    property(
      {
        property: 'refused with an error that fits one of them',
        id: `generated/lifecycle/several-mistakes${operation === 'token' ? '' : '-with-iam'}`,
        title:
          'codes and tokens that are used, expired, of another client or badly presented, two or more at once',
        requirement:
          operation === 'token' ? 'AWS-CreateToken-InvalidGrant' : 'AWS-CreateTokenWithIAM-InvalidGrant',
        operation,
        needs: [anyNeedOf(flavours[operation])],
      },
      (world) => manyOf(severalOf(inScope(flavours[operation], world)), severalEach),
      async (all, world) => {
        // One after another: what is drawn at random would else follow from who is first.
        const flavour = withFreshClients(flavours[operation], world);
        for (const { kind, what } of all) {
          const problem = await several(flavour, kind, what, world);
          if (problem !== undefined) return problem;
        }
        return undefined;
      },
      { lists: true },
    ),
  ),
  ...models.map(({ name, operation, ...rest }) =>
    property(
      {
        ...about,
        ...rest,
        id: `generated/lifecycle/${name}`,
        operation,
        needs: [anyNeedOf(flavours[operation])],
      },
      (world) => commandsFor(inScope(flavours[operation], world), { overTime: false, maxLength: 18 }),
      async (commands, world) => {
        const flavour = withFreshClients(inScope(flavours[operation], world), world);
        const history = historyOf(flavour, world);
        return (await live(history, commands)) ?? end(history);
      },
    ),
  ),
  ...models.map(({ name, operation, title, requirement }) => ({
    ...property(
      {
        ...about,
        id: `generated/lifecycle/${name}-over-time`,
        title: `${title}, while time passes`,
        requirement,
        operation,
        needs: [anyNeedOf(flavours[operation]), 'clock'],
      },
      (world) => commandsFor(inScope(flavours[operation], world), { overTime: true, maxLength: 16 }),
      (commands, world) =>
        liveOverTime(
          historyOf(withFreshClients(inScope(flavours[operation], world), world), world),
          commands,
        ),
    ),
    overTime: true as const,
  })),
];
