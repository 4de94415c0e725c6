import fc, { type Arbitrary } from 'fast-check';
import type { Case } from '../../harness/case.ts';
import type { Client, ExpirableKind, Sent, TokenRequest, World } from '../../harness/world.ts';
import * as createToken from '../given.ts';
import * as withIam from '../iam/given.ts';
import { property } from './properties.ts';

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
  | { readonly do: 'expire'; readonly which: number };

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
  decision: 'pending' | 'approve' | 'deny' | undefined;
  expired: boolean;
  /** `unsure`: documents leave open whether it still works. */
  state: 'fresh' | 'spent' | 'unsure';
}

interface Flavour {
  readonly operation: 'token' | 'iam_token';
  readonly kinds: readonly Kind[];
  readonly client: (world: World, kind: Kind, which: 0 | 1) => Promise<Client>;
  readonly obtain: (world: World, kind: Kind, client: Client) => Promise<Obtained>;
  readonly refreshing: (client: Client, token: string) => TokenRequest;
}

type Obtained = Pick<Artefact, 'value' | 'request'> & Partial<Pick<Artefact, 'device'>>;

const nameOf = (which: 0 | 1) => (which === 0 ? {} : { name: 'other' });

const flavours: Record<'token' | 'iam_token', Flavour> = {
  token: {
    operation: 'token',
    kinds: ['code', 'device', 'refresh token'],
    client: (world, kind, which) =>
      kind === 'device'
        ? createToken.deviceClient(world, nameOf(which))
        : createToken.codeClient(world, nameOf(which)),
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
        const value = await world.refreshToken(client);
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
    client: (world, _, which) => withIam.application(world, nameOf(which)),
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
        const value = await world.refreshToken(client);
        return { value, request: (presenter) => withIam.refreshing(presenter, value) };
      }
      const code = await world.authorizationCode(client);
      return { value: code.code, request: (presenter) => withIam.redeeming(presenter, code) };
    },
    refreshing: withIam.refreshing,
  },
};

const commandsFor = ({ kinds }: Flavour): Arbitrary<Command[]> => {
  const client = fc.constantFrom(0 as const, 1 as const);
  const which = fc.nat(20);
  return fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('obtain' as const), kind: fc.constantFrom(...kinds), client }),
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
                decision: fc.constantFrom('approve' as const, 'deny' as const),
              }),
            },
          ]
        : []),
      { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), which }) },
    ),
    { minLength: 2, maxLength: 18, size: 'max' },
  );
};

const expirable: Readonly<Record<Kind, ExpirableKind>> = {
  code: 'code',
  device: 'deviceCode',
  'refresh token': 'refreshToken',
  assertion: 'assertion',
  'subject token': 'subjectToken',
};

/** Carries commands out against the target and the model; what they disagree about, in one sentence. */
async function live(
  flavour: Flavour,
  commands: readonly Command[],
  world: World,
): Promise<string | undefined> {
  const artefacts: Artefact[] = [];
  const chosen = (which: number) => artefacts[which % artefacts.length];
  for (const command of commands) {
    if (command.do === 'obtain') {
      const { kind, client: owner } = command;
      const obtained = await flavour.obtain(world, kind, await flavour.client(world, kind, owner));
      artefacts.push(artefact(kind, owner, obtained, artefacts.length));
      continue;
    }
    const one = chosen(command.which);
    if (one === undefined) continue;
    if (command.do === 'expire') {
      one.expired ||= await world.expireIfOffered(expirable[one.kind], one.value);
    } else if (command.do === 'decide') {
      if (one.device === undefined || one.decision !== 'pending' || one.expired) continue;
      await world.decide(one.device, command.decision);
      one.decision = command.decision;
    } else {
      const presenter = command.client === 0 ? one.owner : one.owner === 0 ? 1 : 0;
      const problem = await present(flavour, one, presenter, command.spoilt, artefacts, world);
      if (problem !== undefined) return problem;
    }
  }
  // Whatever was left alone has to work still.
  for (const one of [...artefacts]) {
    if (one.state !== 'fresh' || one.expired || one.kind === 'device') continue;
    const problem = await present(flavour, one, one.owner, false, artefacts, world);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function artefact(
  kind: Kind,
  owner: 0 | 1,
  obtained: Obtained,
  count: number,
  family: Artefact[] = [],
): Artefact {
  const made: Artefact = {
    ...obtained,
    kind,
    owner,
    name: `${kind} ${count + 1}`,
    family,
    decision: kind === 'device' ? 'pending' : undefined,
    expired: false,
    state: 'fresh',
  };
  family.push(made);
  return made;
}

async function present(
  flavour: Flavour,
  one: Artefact,
  by: 0 | 1,
  spoilt: boolean,
  artefacts: Artefact[],
  world: World,
): Promise<string | undefined> {
  const client = await flavour.client(world, one.kind, by);
  const right = one.request(client);
  const isSpoilt = spoilt && 'code_verifier' in right.members;
  const request = isSpoilt
    ? { ...right, members: { ...right.members, code_verifier: world.verifier() } }
    : right;
  const allowed = allowedFor(one, by !== one.owner, isSpoilt);
  const step = `${one.name} by client ${by + 1}${isSpoilt ? ' with a wrong verifier' : ''}`;
  const sent = await world.send(step, request);
  const answer = answerOf(sent);
  if (!allowed.has(answer))
    return `${step}: ${answer}, where what happened before allows ${[...allowed].join(' or ')}`;
  if (answer === 'granted') {
    const [problem] = world.problems({ kind: 'granted' }, sent);
    if (problem !== undefined) return `${step}: ${problem}`;
    grantedTo(flavour, one, by, sent, artefacts);
  } else refusedTo(one, by !== one.owner, isSpoilt);
  return undefined;
}

/** What documents allow as an answer; all that is wrong counts, for no document says what is told first. */
function allowedFor(one: Artefact, stranger: boolean, spoilt: boolean): Set<string> {
  const allowed = new Set<string>();
  const allow = (...errors: readonly string[]) => {
    for (const error of errors) allowed.add(error);
  };
  const bad = one.kind === 'subject token' ? ['invalid_request', 'invalid_grant'] : ['invalid_grant'];
  if (stranger) allow(...bad, ...(one.kind === 'subject token' ? ['granted'] : []));
  if (spoilt) allow('invalid_grant', 'invalid_request');
  if (one.expired) allow(...bad, 'expired_token');
  if (one.state === 'spent') allow(...bad);
  if (one.kind === 'device') {
    if (one.decision === 'pending') allow('authorization_pending', 'slow_down');
    if (one.decision === 'deny') allow('access_denied', 'slow_down', 'invalid_grant', 'expired_token');
    if (allowed.size > 0) allow('slow_down');
  }
  if (one.state === 'unsure') allow(...bad);
  const hindered =
    (stranger && one.kind !== 'subject token') || spoilt || one.expired || one.state === 'spent';
  const decided = one.decision === undefined || one.decision === 'approve';
  if (!hindered && decided) allow('granted');
  return allowed;
}

function grantedTo(flavour: Flavour, one: Artefact, by: 0 | 1, { reply }: Sent, artefacts: Artefact[]): void {
  const next = reply.members.refresh_token;
  const isNew = typeof next === 'string' && next !== '' && next !== one.value;
  if (one.kind === 'refresh token') {
    // A grace period may let the old one work for a while.
    if (isNew) one.state = 'unsure';
  } else if (one.kind !== 'subject token') one.state = 'spent';
  if (!isNew) return;
  const kind = one.kind === 'device' ? 'device' : 'refresh token';
  const obtained = { value: next, request: (client: Client) => flavour.refreshing(client, next) };
  // The refresh token of a device authorization belongs to a client of the device flow.
  if (kind === 'refresh token') artefacts.push(artefact(kind, by, obtained, artefacts.length, one.family));
}

function refusedTo(one: Artefact, stranger: boolean, spoilt: boolean): void {
  const again = one.state !== 'fresh' && !stranger && !spoilt;
  // A code that is presented twice, or a replaced refresh token, may cost the whole family.
  if (one.state !== 'fresh' && (again || stranger || spoilt))
    for (const relative of one.family) if (relative.state === 'fresh') relative.state = 'unsure';
  const burnt = one.kind === 'code' || one.kind === 'assertion';
  if (one.state === 'fresh' && burnt && (stranger || spoilt)) one.state = 'unsure';
}

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
  const owner = await flavour.client(world, kind, 0);
  const one = artefact(kind, 0, await flavour.obtain(world, kind, owner), 0);
  if (one.device) {
    await world.decide(one.device, 'approve');
    one.decision = 'approve';
  }
  if (what.includes('spent')) {
    const problem = await present(flavour, one, 0, false, [], world);
    if (problem !== undefined) return problem;
  }
  if (what.includes('expired')) one.expired = await world.expireIfOffered(expirable[kind], one.value);
  return present(flavour, one, what.includes('stranger') ? 1 : 0, what.includes('spoilt'), [], world);
}

const severalOf = ({ kinds }: Flavour) =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    what: fc.subarray([...circumstances], { minLength: 2 }),
  });

const about = {
  property: 'every answer is one that the history allows, and what was left alone still works',
};

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
        needs:
          operation === 'token'
            ? ['authorization-code', 'device-decision']
            : ['authorization-code', 'assertion', 'subject-token'],
      },
      () => severalOf(flavours[operation]),
      ({ kind, what }, world) => several(flavours[operation], kind, what, world),
    ),
  ),
  property(
    {
      ...about,
      id: 'generated/lifecycle/create-token',
      title: 'codes, device codes and refresh tokens of two clients, interleaved',
      requirement: 'AWS-CreateToken-InvalidGrant',
      operation: 'token',
      needs: ['authorization-code', 'device-decision'],
    },
    () => commandsFor(flavours.token),
    (commands, world) => live(flavours.token, commands, world),
  ),
  property(
    {
      ...about,
      id: 'generated/lifecycle/create-token-with-iam',
      title: 'codes, refresh tokens, assertions and subject tokens of two applications, interleaved',
      requirement: 'AWS-CreateTokenWithIAM-InvalidGrant',
      operation: 'iam_token',
      needs: ['authorization-code', 'assertion', 'subject-token'],
    },
    () => commandsFor(flavours.iam_token),
    (commands, world) => live(flavours.iam_token, commands, world),
  ),
];
