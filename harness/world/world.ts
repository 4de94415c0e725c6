import type { Arbitrary } from 'fast-check';
import type { LimitFunction } from 'p-limit';
import type { AuthChange } from '../../targets/authentication/authentication.ts';
import type { Credentials } from '../../targets/authentication/aws-signature.ts';
import type { BodyType } from '../../targets/bodies/body.ts';
import type { Call, Operation, RawChange, RegistrationWishes } from '../../targets/dialect.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { limitOnAsking, limitOnSecrets } from '../../targets/target/limits.ts';
import type { Limit, Target } from '../../targets/target/target.ts';
import { whyNoJwt } from '../capture/jwt.ts';
import { jwtSignature, patientVault } from '../capture/vault.ts';
import type { Exchange, Sample, Step } from '../exchange.ts';
import type { Expectation } from '../expectation.ts';
import { contractOf, type Member } from '../generate/contract.ts';
import { forAll, type Generation, type Outcome } from '../generate/for-all.ts';
import { createShapes } from '../generate/shapes.ts';
import { unpredictableBits } from '../send/sample.ts';
import { createSender, type SenderParts, type Sent } from '../send/sender.ts';
import { Stop } from '../stop.ts';
import { textsIn } from '../texts.ts';
import type { Budget, Place, Trial } from '../trial.ts';
import { takesAway, type Way, type Ways, wayOf } from '../way.ts';
import type {
  AssertionWishes,
  Client,
  ClientWishes,
  Device,
  ExpirableKind,
  RefreshTokenWishes,
  SubjectToken,
} from './artefacts.ts';
import { createAsking, outputOf, shown, wasTried, working } from './asking.ts';
import { clientsOf, type Sharing } from './clients.ts';
import { type Codes, codesOf } from './codes.ts';
import { challengeOf, type Random, randomFor } from './random.ts';

export { presented } from '../../targets/authentication/all.ts';
export { clientKey, publicJwk } from '../../targets/authentication/client-keys.ts';
export type { AuthChange, Call, Credentials, RawChange, Sent };

/** What a case can do. Everything it sends is captured under the name of a step. */
export interface World extends Random, Codes {
  readonly target: Target;
  /** The first way that the target can give, by its limits. */
  readonly way: <W extends Way>(ways: Ways<W>) => W;
  /** How clients authenticate here when a case wishes nothing else. */
  readonly usualMethod: Client['method'];
  /** What makes it a public client. */
  readonly publicly: Pick<ClientWishes, 'method'>;
  /** The limit on all that shows a secret, where clients have none here. */
  readonly limitOnSecrets: Limit | undefined;
  /** What a registration of a client with these wishes says. */
  readonly registration: (wishes: Omit<RegistrationWishes, 'scopes' | 'method'>) => Call['members'];
  /** The request that starts a device authorization. */
  readonly starting: (owner: Client) => Call;
  /** The limit that takes a way away. */
  readonly limitOn: (way: Way) => Limit | undefined;
  readonly client: (wishes?: ClientWishes) => Promise<Client>;
  readonly device: (client: Client, decision?: 'approve' | 'deny') => Promise<Device>;
  readonly decide: (device: Device, decision: 'approve' | 'deny') => Promise<void>;
  /** A refresh token from the fixture provider, else from what a request brings that must be granted. */
  readonly refreshToken: (client: Client, wishes: RefreshTokenWishes) => Promise<string>;
  /** A refresh token from the fixture provider, or undefined when it gives this client none. */
  readonly refreshTokenIfAllowed: (client: Client) => Promise<string | undefined>;
  readonly assertion: (client: Client, wishes?: AssertionWishes) => Promise<string>;
  readonly subjectToken: (client: Client, region?: string) => Promise<SubjectToken>;
  /** Credentials of a principal that may, or may not, use the signed operation. */
  readonly credentials: (allowed: boolean) => Promise<Credentials>;
  readonly expire: (kind: ExpirableKind, value: string) => Promise<void>;
  /** False when the provider cannot let this kind expire, which it need not. */
  readonly expireIfOffered: (kind: ExpirableKind, value: string) => Promise<boolean>;
  /** Has the next request of an operation (of one client) answered with an error. */
  readonly fault: (call: Call, error: string, members?: Record<string, unknown>) => Promise<void>;
  /**
   * Lets time pass on the target, for all that wait for it at once: by its clock fixture, else by waiting when it is
   * short enough. Only for cases `overTime`.
   */
  readonly pass: (seconds: number) => Promise<void>;
  /** The target's time in epoch seconds. */
  readonly now: () => number;
  /** Whether cases have to share a client with a secret, so that what is done to it meets others. */
  readonly sharesClients: () => Promise<boolean>;
  readonly send: (step: Step, call: Call) => Promise<Sent>;
  /** Records how unpredictable these values are; the values themselves stay here. */
  readonly sample: (step: Step, kind: string, values: readonly string[]) => void;
  /** Records how unpredictable the tokens are that the whole run has seen so far. */
  readonly sampleIssued: (step: Step, operation: Operation, member: string) => void;
  /** What the bodies of an operation's requests are written in. */
  readonly bodyType: (operation: Operation) => BodyType;
  /** The members of an operation's requests, as its schema describes them. */
  readonly contract: (operation: Operation, grant?: string) => readonly Member[];
  /**
   * Tries a property on generated values: as many as the budget says, until one breaks it. `check` says in one
   * sentence what is wrong, or nothing; what it sends through the world that it is given is captured only then.
   */
  readonly forAll: <T>(
    arbitrary: Arbitrary<T>,
    check: (value: T, world: World) => Promise<string | undefined>,
    options?: Pick<Generation, 'weight' | 'lists'>,
  ) => Promise<void>;
  /** What is wrong with an answer to a generated request; empty when nothing is. */
  readonly problems: (expectation: Expectation, sent: Sent) => readonly string[];
  /** Notes that a generated request was granted which may not be: that needs no second time to be wrong. */
  readonly givenAway: () => void;
  /** Declares a text that the case made up: it is no secret wherever it is sent. */
  readonly publish: (text: string) => void;
  /** The S256 challenge of a verifier. */
  readonly challenge: (verifier: string) => string;
}

export interface WorldParts extends SenderParts {
  /** Whether what is done to a client would meet other cases. */
  readonly sharing: Sharing;
  readonly fixtures: FixtureProvider;
  readonly seed: number;
  readonly samples: Sample[];
  readonly trials: Trial[];
  readonly budget: Budget;
  /** Lets so many generated values of the whole run be under way at once that none grows old waiting for others. */
  readonly inTurn: LimitFunction;
  /** The one value to try again. */
  readonly replay?: Place | undefined;
  /** Waits for so many seconds where the target offers no clock. */
  readonly wait: (seconds: number) => Promise<unknown>;
  /** How often the case was run before: what it draws must not have been sent already. */
  readonly turn: number;
  readonly givenAway?: () => void;
}

/** Seconds that a case may really wait when the target offers no clock. */
export const longestWait = 10;

/** The world of one case: a target with its fixtures, and everything captured on the way. */
export function createWorld(parts: WorldParts, shared: Partial<Shared> = {}): World {
  const { target, dialect, vault, samples } = parts;
  const sender = createSender(parts);
  const { ask, must, secret, text } = createAsking(target, parts.fixtures, vault);
  const random = shared.random ?? randomFor(parts.seed, () => nameOf(parts));
  const client = shared.client ?? clientsOf({ target, dialect, vault, sender, random, ask });
  const codes = codesOf({ target, vault, random, ask, secret });

  const withoutSecrets = limitOnSecrets(dialect.usualMethod, target.limits);

  const starting = (by: Client): Call => ({
    operation: 'device_authorization',
    by,
    members: dialect.deviceRequest(target),
  });

  async function device(owner: Client, decision?: 'approve' | 'deny'): Promise<Device> {
    const sent = await sender.given('device authorization', starting(owner));
    const { expires_in, interval, verification_uri, verification_uri_complete } = sent.reply.members;
    const started = {
      device_code: sent.text('device_code'),
      user_code: sent.text('user_code'),
      ...(typeof verification_uri === 'string' && { verification_uri }),
      ...(typeof verification_uri_complete === 'string' && { verification_uri_complete }),
      expires_in: typeof expires_in === 'number' ? expires_in : 600,
      interval: typeof interval === 'number' ? interval : 5,
    };
    if (decision !== undefined) await decide(started, decision);
    return started;
  }

  async function decide(device: Device, decision: 'approve' | 'deny'): Promise<void> {
    const { user_code: userCode, verification_uri, verification_uri_complete } = device;
    await must('device-decision', {
      userCode,
      decision,
      ...(verification_uri !== undefined && { verificationUri: verification_uri }),
      ...(verification_uri_complete !== undefined && { verificationUriComplete: verification_uri_complete }),
    });
  }

  async function refreshToken(
    { client_id, method }: Client,
    { earnedBy, region }: RefreshTokenWishes,
  ): Promise<string> {
    const asked = async () => {
      const scope = method === 'sigv4' ? {} : { scope: target.scopes };
      const input = { clientId: client_id, ...scope, ...(region !== undefined && { region }) };
      return secret('refresh-token', await must('refresh-token', input), 'refreshToken');
    };
    if (earnedBy === undefined) return asked();
    const earned = async () => (await sender.given('refresh token', await earnedBy())).text('refresh_token');
    return firstOf(asked, earned);
  }

  async function pass(seconds: number): Promise<void> {
    const limit = target.limits.find(({ fixture }) => fixture === 'clock');
    const offer =
      limit === undefined ? working('clock', shown(await parts.clock.pass(seconds), vault)) : undefined;
    if (offer?.kind === 'given') return;
    if (seconds <= longestWait) await parts.wait(seconds);
    else if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    else if (offer !== undefined) outputOf('clock', offer);
  }

  return {
    ...random,
    target,
    registration: (wishes) => {
      // Who registers keys has them made before: that is what `client` is for.
      if (dialect.usualMethod === 'private_key_jwt' && withoutSecrets !== undefined)
        throw new Stop('out-of-scope', withoutSecrets.reason);
      return dialect.registration({ scopes: target.scopes, method: dialect.usualMethod, ...wishes }, target);
    },
    starting,
    usualMethod: dialect.usualMethod,
    limitOnSecrets: withoutSecrets,
    publicly: dialect.publicMethod === dialect.usualMethod ? {} : { method: dialect.publicMethod },
    way: (ways) => wayOf(ways, target.limits, dialect),
    limitOn: (way) => target.limits.find((limit) => takesAway(limit, way, dialect)),
    client,
    ...codes,
    device,
    decide,
    refreshToken,
    refreshTokenIfAllowed: async ({ client_id }) => {
      const input = { clientId: client_id, scope: target.scopes };
      if (limitOnAsking('refresh-token', input, target) !== undefined) return undefined;
      const offer = await ask('refresh-token', input);
      return offer.kind === 'given' ? secret('refresh-token', offer.output, 'refreshToken') : undefined;
    },
    assertion: async ({ client_id }, { subject, claims, signedBy = 'trusted' } = {}) => {
      const wishes = {
        ...(subject !== undefined && { subject }),
        ...(claims !== undefined && { claims }),
        signedBy,
      };
      const output = await must('assertion', { clientId: client_id, ...wishes });
      const value = secret('assertion', output, 'assertion');
      const problem = whyNoJwt(value);
      if (problem === undefined) return value;
      throw new Stop('fixture', `the fixture "assertion" gave no signed JWT: ${problem}`);
    },
    subjectToken: async ({ client_id }, region) => {
      const output = await must('subject-token', {
        clientId: client_id,
        ...(region !== undefined && { region }),
      });
      return {
        subject_token: secret('subject-token', output, 'subjectToken'),
        subject_token_type: text('subject-token', output, 'subjectTokenType'),
      };
    },
    credentials: async (allowed) => {
      const output = await must('credentials', { allowed });
      return {
        accessKeyId: text('credentials', output, 'accessKeyId'),
        secretAccessKey: secret('credentials', output, 'secretAccessKey'),
        ...(output.sessionToken !== undefined && {
          sessionToken: secret('credentials', output, 'sessionToken'),
        }),
      };
    },
    expire: async (kind, value) => {
      if (kind === 'clientSecret' && (await parts.sharing(dialect.usualMethod)))
        throw new Stop('silent', 'all cases share one client here, and need its secret');
      await must('expire', { kind, value });
    },
    expireIfOffered: async (kind, value) =>
      limitOnAsking('expire', { kind, value }, target) === undefined &&
      (await ask('expire', { kind, value })).kind === 'given',
    fault: async (call, error, members) => {
      const { method = dialect.usualMethod, client_id: clientId } = call.by ?? {};
      if (target.clients === undefined && (await parts.sharing(method)))
        throw new Stop('silent', 'this target gives the same client twice: a fault would meet other cases');
      const operation = dialect.nameOf(call.operation);
      const exception = dialect.exceptionFor(operation, error);
      await must('fault', {
        operation,
        exception,
        times: 1,
        ...(members && { members }),
        ...(clientId !== undefined && { clientId }),
      });
      sender.expectFault({ operation, error, ...(typeof clientId === 'string' && { clientId }) });
    },
    pass,
    sharesClients: () => parts.sharing(dialect.usualMethod),
    now: () => Math.floor(Date.now() / 1_000) + parts.clock.advanced,
    send: sender.send,
    sample: (step, kind, all) => {
      // A JWT that says the same is the same, and no easier to guess for that.
      const values = all.filter((value, at) => !jwtSignature.test(value) || all.indexOf(value) === at);
      samples.push({
        step,
        kind,
        count: values.length,
        distinct: new Set(values).size,
        bits: unpredictableBits(values),
      });
    },
    sampleIssued: (step, operation, member) => {
      samples.push(parts.issued.sample(step, `${dialect.nameOf(operation)} ${member}`));
    },
    bodyType: (operation) => dialect.bodyOf(operation).type,
    contract: (operation, grant) => contractOf(dialect, operation, grant),
    problems: (expectation, sent) => sent.problems(expectation),
    givenAway: parts.givenAway ?? (() => undefined),
    forAll: async (arbitrary, check, options) => {
      const { seed, probe, budget, replay } = parts;
      const { clock } = parts;
      const shapes = createShapes();
      const tryOne = async (value: Parameters<typeof check>[0]) => {
        const tryIt = () => clock.busy(() => tryValue(parts, { client }, value, check));
        // Who waits for time to pass must not keep others waiting.
        const outcome = await (probe.overTime ? tryIt() : parts.inTurn(tryIt));
        shapes.add(value, outcome);
        return outcome;
      };
      const { trial, exchanges } = await clock.idle(() =>
        forAll(arbitrary, tryOne, { seed, name: probe.id, budget, replay, ...options }),
      );
      parts.trials.push(trial);
      parts.exchanges.push(...shapes.kept(), ...exchanges);
    },
    publish: vault.publish,
    challenge: challengeOf,
  };
}

const nameOf = ({ probe, turn }: WorldParts): string => (turn === 0 ? probe.id : `${probe.id} again ${turn}`);

/** What the worlds of generated values share with that of their case. */
interface Shared {
  readonly client: World['client'];
  readonly random: Random;
}

/** Tries one generated value in a world of its own, whose exchanges are captured only when they are wanted. */
async function tryValue<T>(
  parts: WorldParts,
  { client }: Pick<Shared, 'client'>,
  value: T,
  check: (value: T, world: World) => Promise<string | undefined>,
): Promise<Outcome> {
  const captures: (() => Exchange)[] = [];
  const { probe } = parts;
  const vault = patientVault(parts.vault, () => textsIn(value));
  const misshapen = new Map<string, () => Exchange>();
  let answers = 0;
  const noted: { givenAway?: true } = {};
  const world = createWorld(
    {
      ...parts,
      vault,
      givenAway: () => {
        noted.givenAway = true;
      },
      exchanges: [],
      later: (captureNow, { isAnswer, malformation, secrets }) => {
        captures.push(captureNow);
        if (isAnswer) answers += 1;
        if (malformation === undefined || misshapen.has(malformation)) return;
        // A value that stands where a secret does is told of a counterexample alone, made as small as it can be.
        const madeUp = new Set(textsIn(value));
        if (!secrets().some((text) => typeof text === 'string' && madeUp.has(text)))
          misshapen.set(malformation, captureNow);
      },
    },
    // What is drawn follows from the value alone, so that a replay needs nothing else.
    { client, random: randomFor(0, () => `${probe.id} ${JSON.stringify(value)}`) },
  );
  const problem = await check(value, world);
  return {
    problem,
    requests: captures.length,
    answers,
    ...noted,
    misshapen,
    keep: () => captures.map((captureNow) => captureNow()),
  };
}

/** The first that can be had; when none can, the reason of the first that was declared or refused. */
async function firstOf<T>(...ways: readonly (() => Promise<T>)[]): Promise<T> {
  const stops: Stop[] = [];
  for (const way of ways)
    try {
      return await way();
    } catch (error) {
      if (!(error instanceof Stop) || error.kind === 'control') throw error;
      stops.push(error);
    }
  throw stops.find(({ kind }) => kind === 'out-of-scope') ?? stops.find(wasTried) ?? stops[0];
}
