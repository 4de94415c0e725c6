import { setTimeout as sleep } from 'node:timers/promises';
import type { Credential } from '../../targets/authentication/authentication.ts';
import type { Call, Dialect, Operation, RawChange } from '../../targets/dialect.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { endpointOf, type Target } from '../../targets/target/target.ts';
import { transportTo } from '../../targets/transport/to-target.ts';
import type { Trace } from '../capture/sieve.ts';
import type { Exchange } from '../exchange.ts';
import { observe } from '../judge/observe.ts';
import { isOfProtected } from '../judge/unserved.ts';
import type { Probe } from '../probe.ts';
import { createClock } from '../send/clock.ts';
import { faultsAtLarge } from '../send/faults.ts';
import { createIssued } from '../send/issued.ts';
import { createSender } from '../send/sender.ts';
import { Stop } from '../stop.ts';
import { defaultRedirectUri, inputFor } from '../world/clients.ts';
import { closedWords, type Shut, unknownClients } from './door-words.ts';
import { isSuccess, speaksOfTheOperation } from './own-words.ts';
import { dialectOf, type Job, vaultFor } from './runner.ts';
import type { Refused } from './smoke.ts';

/** What came of a few requests before a run. */
export interface Knocked {
  /** Operations of which nothing can be judged. */
  readonly refused: readonly Refused[];
  /** Why nothing at all can be judged. */
  readonly closed: Refused | undefined;
  readonly requests: number;
  /** Of the secrets that were sent or received. */
  readonly traces: readonly Trace[];
}

/** Milliseconds before each try: one answer may be an accident. */
const pauses = [0, 100, 200, 400, 800];
/** More of them make nothing more certain, but where connections are lost: many a network loses some. */
const usualTries = 3;
/** After so many milliseconds two tries are enough. */
const longEnough = 4_000;

const stranger = { client_id: 'token-conformance', client_secret: 'token-conformance' };

/** Requests to which every endpoint has an answer, whatever it thinks of them. None is signed. */
const knocks: Readonly<
  Record<
    Exclude<Operation, 'metadata' | 'jwks' | 'introspection' | 'revocation' | 'userinfo'>,
    (target: Target, dialect: Dialect, by: Credential) => Omit<Call, 'operation'>
  >
> = {
  register: (target, dialect) => ({ members: newcomer(target, dialect, {}) }),
  device_authorization: (target, dialect, by) => ({ by, members: dialect.deviceRequest(target) }),
  token: (_, __, by) => ({
    by,
    members: { grant_type: 'refresh_token', refresh_token: 'token-conformance' },
  }),
  iam_token: () => ({ members: { client_id: stranger.client_id, grant_type: 'refresh_token' } }),
};

function newcomer(
  target: Target,
  { registration, usualMethod }: Dialect,
  wishes: { readonly grants?: readonly string[]; readonly redirectUris?: readonly string[] },
): Call['members'] {
  const { grants, ...others } = wishes;
  const named = { name: 'token-conformance', scopes: target.scopes, method: usualMethod, ...others };
  const { grant_types, ...members } = registration({ ...named, grants: grants ?? [] }, target);
  return grants === undefined ? members : { ...members, grant_types };
}

/** What is no request of the operation: only who stands in front of it refuses these for the same reason. */
const others: readonly RawChange[] = [{ body: () => '{}' }, { method: 'GET', body: () => undefined }];

/** Valid registrations that differ: a target need not know every grant. */
const registrations = (target: Target, dialect: Dialect): Call[] =>
  [
    { grants: ['authorization_code', 'refresh_token'], redirectUris: [defaultRedirectUri] },
    { grants: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] },
    {},
  ].map((wishes) => ({ operation: 'register', members: newcomer(target, dialect, wishes) }));

const probe: Probe = {
  id: 'door',
  title: 'a knock',
  requirement: '',
  operation: 'token',
  needs: [],
  expect: {},
};

type Look = 'silent' | 'busy' | 'gone' | `gate ${number}` | 'own' | 'protected' | 'strange';

/** Who answered: nobody, "not now", who stands in front of the endpoint, the endpoint itself, or nobody knows who. */
function lookOf({ response, operation }: Exchange, dialect: Dialect): Look {
  if (response === undefined) return 'silent';
  if (speaksOfTheOperation(response, operation ?? dialect.nameOf('token'), dialect)) return 'own';
  const { status } = response;
  if (status === 429 || status === 503) return 'busy';
  if (status === 401 || status === 403 || status === 407) return `gate ${status}`;
  return isSuccess(response) ? 'own' : 'strange';
}

/**
 * Knocks before a run, so that a closed door is one diagnosis and not a report of cases that saw nothing. It is closed
 * only when every request was answered by nobody, by "not now", or by who stands in front of the endpoint; or when no
 * client can be had. One answer of the endpoint itself is enough to run what can be judged.
 *
 * @param provider gives clients, where there are fixtures; asked only when there seems to be somebody in front
 */
export async function knock(
  job: Job,
  provider: (() => Promise<FixtureProvider>) | undefined,
): Promise<Knocked> {
  const { target } = job;
  const dialect = dialectOf(target);
  const vault = vaultFor(target, job.key);
  const transport = transportTo(target);
  const sent = { requests: 0 };
  const needed = job.cases.filter(({ notApplicable }) => notApplicable === undefined);
  const planned = new Set(needed.map(({ operation }) => operation));
  const operations = (Object.keys(knocks) as (keyof typeof knocks)[]).filter((one) =>
    planned.has(dialect.nameOf(one)),
  );
  const unsigned = operations.filter((one) => specOf(one)?.authentication !== 'sigv4');
  const isGiven = provider !== undefined && !target.limits.some(({ fixture }) => fixture === 'client');
  const hasClients = target.clients !== undefined || isGiven;
  const noRegistration = target.limits.find(({ operation }) => operation === dialect.nameOf('register'));
  try {
    const refused = (await nobodyThere()) ??
      (await somebodyInFront()) ??
      (await nobodyRegistered()) ?? [
        ...((await registrationProtected()) ?? []),
        ...(await nothingAtSomeUrl()),
      ];
    const shut = new Set(refused.map(({ operation }) => operation));
    const isClosed = planned.size > 0 && [...planned].every((one) => one !== null && shut.has(one));
    return {
      refused,
      closed: isClosed ? refused[0] : undefined,
      requests: sent.requests,
      traces: vault.learned(),
    };
  } finally {
    await transport.close();
  }

  function specOf(operation: Operation) {
    return dialect.spec.operations[dialect.nameOf(operation)];
  }

  async function nobodyThere(): Promise<Refused[] | undefined> {
    const seen = await everyTime(
      operations.map((one) => knockAt(one)),
      (look) => look === 'silent' || look === 'busy',
    );
    return seen && refusing(operations, seen.look === 'silent' ? 'silent' : 'busy', seen.last);
  }

  async function somebodyInFront(): Promise<Refused[] | undefined> {
    const isGate = (look: Look) => look.startsWith('gate');
    const requests = unsigned.map((one) => knockAt(one));
    const first = await everyTime(requests, isGate, 1);
    if (first === undefined) return undefined;
    const odd = requests.flatMap((request) => others.map((raw) => ({ ...request, raw })));
    const seen = await everyTime([...requests, ...odd], isGate);
    if (seen === undefined || !hasClients) return seen && refusing(unsigned, 'gate', seen.last);
    // It may let in who has a client.
    const client = await knownClient();
    const known =
      client &&
      (await everyTime(
        unsigned.map((one) => knockAt(one, client)),
        isGate,
      ));
    return known && refusing(unsigned, 'gate', known.last);
  }

  async function knownClient(): Promise<Credential | undefined> {
    const declared = Object.values(target.clients ?? {}).find(
      ({ clientSecret }) => clientSecret !== undefined,
    );
    const asked =
      isGiven && declared === undefined
        ? (await provider())('client', inputFor({ method: dialect.usualMethod }, target))
        : undefined;
    const offer = await asked;
    const { clientId, clientSecret } = declared ?? (offer?.kind === 'given' ? offer.output : {});
    if (typeof clientId !== 'string' || typeof clientSecret !== 'string') return undefined;
    vault.remember('clientSecret', clientSecret);
    return { method: dialect.usualMethod, client_id: clientId, client_secret: clientSecret };
  }

  /** Operations whose URL leads nowhere: metadata and target files may name a wrong one for each. */
  async function nothingAtSomeUrl(): Promise<Refused[]> {
    if (target.dialect !== 'oauth-form') return [];
    const some = await Promise.all(
      unsigned.map(async (operation) => {
        const request = knockAt(operation);
        const isNowhere = (look: Look) => look === 'silent' || look === 'gone';
        const first = await everyTime([request], isNowhere, 1, lookForNothing);
        if (first === undefined) return [];
        const odd = others.map((raw) => ({ ...request, raw }));
        const seen = await everyTime([request, ...odd], isNowhere, usualTries, lookForNothing);
        return seen ? refusing([operation], seen.look === 'gone' ? 'gone' : 'silent', seen.last) : [];
      }),
    );
    return some.flat();
  }

  function lookForNothing(exchange: Exchange): Look {
    return exchange.response?.status === 404 ? 'gone' : lookOf(exchange, dialect);
  }

  /** Nobody can be had who sends the requests of the other operations. */
  async function nobodyRegistered(): Promise<Refused[] | undefined> {
    if (unsigned.length === 0 || hasClients) return undefined;
    if (noRegistration !== undefined)
      return unsigned.map((one) => ({ operation: dialect.nameOf(one), ...unknownClients(noRegistration) }));
    const seen = await everyTime(registrations(target, dialect), () => true, usualTries, isSameTrouble);
    if (seen === undefined) return undefined;
    if (seen.look === 'protected') return refusing(unsigned, 'protected', seen.last);
    // What the endpoint itself says of a registration can be judged.
    const closed = seen.look === 'own' ? unsigned.filter((one) => one !== 'register') : unsigned;
    return closed.length === 0 ? undefined : refusing(closed, 'clients', seen.last);
  }

  /** The clients are others, and nobody from outside can register one. */
  async function registrationProtected(): Promise<Refused[] | undefined> {
    if (!hasClients || !unsigned.includes('register')) return undefined;
    const isIt = (look: Look) => look === 'protected';
    const valid = registrations(target, dialect);
    // An open one is left with a single client more.
    if ((await everyTime(valid.slice(0, 1), isIt, 1, isSameTrouble)) === undefined) return undefined;
    const seen = await everyTime(valid, isIt, usualTries, isSameTrouble);
    return seen && refusing(['register'], 'protected', seen.last);
  }

  function isSameTrouble(exchange: Exchange): Look | undefined {
    if (observe(dialect, exchange).reply.outcome === 'granted') return undefined;
    if (isOfProtected(exchange)) return 'protected';
    const isOurs = lookOf(exchange, dialect) === 'own' && (exchange.response?.status ?? 0) < 500;
    return isOurs ? 'own' : 'strange';
  }

  function knockAt(operation: keyof typeof knocks, client?: Credential): Call {
    const by = client ?? { method: dialect.usualMethod, ...stranger };
    return { operation, ...knocks[operation](target, dialect, by) };
  }

  function refusing(some: readonly Operation[], shut: Shut, last: Exchange): Refused[] {
    const urls = some.map((one) => endpointOf(target, dialect.nameOf(one), specOf(one)?.path ?? ''));
    const words = closedWords[shut](last, [...new Set(urls.map((url) => URL.parse(url)?.origin ?? url))]);
    return some.map((one) => ({ operation: dialect.nameOf(one), ...words }));
  }

  /** Asks again and again while all that comes back has one look, and this one; else undefined. */
  async function everyTime(
    requests: readonly Call[],
    isIt: (look: Look) => boolean,
    times = usualTries,
    look: (exchange: Exchange) => Look | undefined = (one) => lookOf(one, dialect),
  ): Promise<{ readonly look: Look; readonly last: Exchange } | undefined> {
    if (requests.length === 0) return undefined;
    const looks = new Set<Look | undefined>();
    const begin = performance.now();
    let last: Exchange | undefined;
    for (const [turn, pause] of pauses.entries()) {
      if (turn >= times && last?.failure?.kind !== 'reset') break;
      if (turn > 1 && performance.now() - begin > longEnough) break;
      await sleep(pause);
      for (const exchange of await ask(requests)) {
        looks.add(look(exchange));
        last = exchange;
      }
      const [only] = looks;
      if (looks.size !== 1 || only === undefined || !isIt(only)) return undefined;
    }
    const [only] = looks;
    return only === undefined || last === undefined ? undefined : { look: only, last };
  }

  /** Sends requests at the same time and says what came back. */
  async function ask(requests: readonly Call[]): Promise<readonly Exchange[]> {
    const exchanges: Exchange[] = [];
    const sender = createSender({
      target,
      dialect,
      transport,
      vault,
      strict: false,
      clock: createClock(0, async () => ({ kind: 'not-offered' })),
      keys: undefined,
      credentials: () => Promise.reject(new Error('a knock is not signed')),
      probe,
      issued: createIssued(),
      sent,
      exchanges,
      faults: faultsAtLarge(),
    });
    const send = async (call: Call) => {
      try {
        await sender.send('given: knock', call);
      } catch (error) {
        if (!(error instanceof Stop)) throw error;
      }
    };
    await Promise.all(requests.map(send));
    return exchanges;
  }
}
