import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Dialect } from '../../targets/dialect.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';
import { beforeFrontChannel, openFixtures } from '../../targets/fixtures/open.ts';
import type { FixtureProvider, Offer } from '../../targets/fixtures/provider.ts';
import { keysAt } from '../../targets/keys.ts';
import { isLoopback } from '../../targets/loopback.ts';
import { concurrencyOf, type Target } from '../../targets/target/target.ts';
import { proxySecrets } from '../../targets/transport/dispatcher.ts';
import { endingsOf } from '../../targets/transport/endings.ts';
import { transportTo } from '../../targets/transport/to-target.ts';
import { requestsAtOnce } from '../../targets/transport/transport.ts';
import type { Trace } from '../capture/sieve.ts';
import { createVault, type Vault } from '../capture/vault.ts';
import type { Case } from '../case.ts';
import { longestRun, type PlannedCase } from '../plan/plan.ts';
import { createClock, secondsAhead } from '../send/clock.ts';
import { faultsAtLarge } from '../send/faults.ts';
import { createIssued } from '../send/issued.ts';
import type { Budget, Place } from '../trial.ts';
import { sharingOf } from '../world/clients.ts';
import { credentialsOf } from '../world/credentials.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { type Refused, smoke } from './smoke.ts';

/** What the suites are given to do. Data: it crosses from the command to the process of the suites. */
export interface Job {
  readonly target: Target;
  readonly cases: readonly PlannedCase[];
  readonly seed: number;
  readonly strict: boolean;
  readonly budget: Budget;
  /** Milliseconds before each repeat of what was answered "not now"; those of the transport when they are not given. */
  readonly retryDelaysMs?: readonly number[];
  /** Keys the fingerprints of secrets, for a process that looks for the same ones; drawn when it is not given. */
  readonly key?: string;
  /** Operations that cannot be judged, as is known before. */
  readonly refused?: readonly Refused[];
  /** By case: the one generated value to try again. */
  readonly replay?: Readonly<Record<string, Place>>;
}

export interface Runner {
  /** All cases share the clients of the target file. */
  readonly declaresClients: boolean;
  /** How many cases run at the same time. */
  readonly concurrency: number;
  run(probe: Case, planned: PlannedCase): Promise<CaseResult>;
  /** Traces of the secrets that were sent or received since this was last asked. */
  learned(): readonly Trace[];
  /** What is to be said first where the target has stopped answering: why the rest was not tried. */
  ended(): string | undefined;
  close(): Promise<void>;
}

const dialects: Record<Target['dialect'], Dialect> = { 'aws-json': awsJson, 'oauth-form': oauthForm };

/** The dialect of a target, with what is usual there. */
export function dialectOf({ dialect, usualMethod }: Pick<Target, 'dialect' | 'usualMethod'>): Dialect {
  return usualMethod === undefined ? dialects[dialect] : { ...dialects[dialect], usualMethod };
}

/** Milliseconds that a timer may be early by, amply. */
const timerSlack = 20;

/** Brings the time of a target forward by so many seconds, as its clock fixture would. */
export type MoveTime = (seconds: number) => Promise<Offer>;

/**
 * Opens what all cases of a run share: connections, fixtures, credentials, and the vault of its secrets. A fixture
 * provider within this process takes the place of the one that the target names. With `moveTime` nothing waits for
 * real, even where the target is said to have no clock; what runs and what does not stays the same.
 */
export async function openRunner(
  { target, cases, seed, strict, budget, retryDelaysMs, replay, key, refused = [] }: Job,
  provider?: FixtureProvider,
  moveTime?: MoveTime,
  interrupted?: AbortSignal,
): Promise<Runner> {
  const over = new AbortController();
  interrupted?.addEventListener('abort', () => over.abort(new Error('interrupted')), { once: true });
  const seconds = longestRun(cases, budget, target);
  const timer = setTimeout(() => over.abort(new Error(timeIsUp(seconds))), seconds * 1_000).unref();
  const transport = transportTo(target, {
    signal: over.signal,
    mostFailures: isRemote(target) ? mostFailures : undefined,
    ...(retryDelaysMs && { retryDelaysMs }),
  });
  const vault = vaultFor(target, key);
  const isSlow = target.rate !== undefined || target.concurrency !== undefined;
  const fixtures = until(
    over.signal,
    provider ? beforeFrontChannel(provider, target) : await openFixtures(target),
  );
  const dialect = dialectOf(target);
  const signed = cases.some(
    ({ operation }) => dialect.spec.operations[operation ?? '']?.authentication === 'sigv4',
  );
  const move = moveTime ?? ((advanceSeconds) => fixtures('clock', { advanceSeconds }));
  const moves = moveTime !== undefined || !target.limits.some(({ fixture }) => fixture === 'clock');
  const clock = createClock(moves ? await advancedSoFar(move) : 0, move);
  const parts = {
    target,
    dialect,
    transport,
    fixtures,
    vault,
    seed,
    strict,
    budget,
    inTurn: pLimit(isSlow ? concurrencyOf(target) : requestsAtOnce),
    replay,
    issued: createIssued(),
    sharing: sharingOf(target, fixtures),
    faults: faultsAtLarge(),
    clock,
    wait: (seconds: number) =>
      moveTime === undefined ? clock.idle(() => sleep(seconds * 1_000 + timerSlack)) : clock.pass(seconds),
    // Nobody waits for the keys but who has an ID token.
    keys: target.jwks === undefined ? undefined : keysAt(target.jwks, transport),
    credentials: credentialsOf(target, fixtures, vault, clock),
  };
  const unsigned = signed
    ? await smoke(
        parts,
        refused.some(({ verdict }) => verdict === 'inconclusive'),
      )
    : undefined;
  const known = [...refused, ...(unsigned ? [unsigned] : [])];
  return {
    declaresClients: target.clients !== undefined,
    concurrency: concurrencyOf(target),
    run: (probe, planned) => clock.busy(() => runCase(probe, planned, { ...parts, refused: known })),
    learned: vault.learned,
    ended: () => transport.ended && vault.scrub(stoppedAnswering(transport.ended)),
    close: () => {
      clearTimeout(timer);
      return transport.close();
    },
  };
}

/** After so many failures in a row a target that is not on this machine is left alone. */
const mostFailures = 3;

function isRemote({ endpoint }: Target): boolean {
  const urls = typeof endpoint === 'string' ? [endpoint] : Object.values(endpoint);
  return !urls.some(isLoopback);
}

const stoppedAnswering = (why: string): string =>
  `The target stopped answering, and was left alone: ${why}. What had not been seen by then is inconclusive; run it again when the target is back.`;

const timeIsUp = (seconds: number): string =>
  `the run has taken ${seconds} s, the longest that its plan may take: the target answers too slowly`;

/** A provider that is not asked any more, nor waited for, when the run is over. */
function until(signal: AbortSignal, provider: FixtureProvider): FixtureProvider {
  const endings = endingsOf(signal);
  const failed = (why: Error): Offer => ({ kind: 'failed', message: why.message });
  return async (verb, input, by) => {
    if (signal.aborted) return failed(signal.reason as Error);
    const { promise, resolve } = Promise.withResolvers<Offer>();
    const forget = endings((why) => resolve(failed(why)));
    try {
      return await Promise.race([provider(verb, input, by), promise]);
    } finally {
      forget();
    }
  };
}

/** What keeps the secrets of a run apart from what everybody knows. */
export function vaultFor(target: Target, key: string | undefined): Vault {
  const vault = createVault({ key, words: wordsOf(target) });
  for (const text of publicWordsOf(target)) vault.publish(text);
  const { password, fields = {} } = target.login ?? {};
  for (const secret of [password, ...Object.values(fields)]) if (secret) vault.remember('password', secret);
  for (const secret of Object.values(target.headers ?? {})) vault.remember('gatewayHeader', secret);
  for (const secret of proxySecrets(process.env)) vault.remember('proxyPassword', secret);
  for (const line of linesOf(target.tls?.key)) vault.remember('privateKey', line);
  return vault;
}

/** A key in PEM, whole and by its lines: it may come back in other lines. */
const linesOf = (pem = ''): string[] =>
  [pem, ...pem.split(/\r?\n/)].filter((line) => line.length > 16 && !/^-----.*-----$/.test(line));

/** Values and names that come with nearly every message. */
function publicWordsOf({ scopes, startUrl, dialect }: Target): string[] {
  const operations = Object.values(dialectOf({ dialect }).spec.operations);
  const named = operations.flatMap(({ grants = {}, request, response }) => [grants, request, response]);
  return [...scopes, startUrl, ...named.flatMap((one) => Object.keys(one ?? {}))];
}

/** What everybody knows of a target: its contract, and what its file says in clear. */
function wordsOf(target: Target): string {
  const { spec } = dialectOf(target);
  const { name, endpoint, scopes, startUrl, region } = target;
  return JSON.stringify([spec, name, endpoint, scopes, startUrl, region]);
}

/** By how many seconds the target's clock is ahead already: an earlier run may have moved it. */
async function advancedSoFar(move: MoveTime): Promise<number> {
  const offer = await move(0);
  const now = offer.kind === 'given' ? Number(offer.output.now) : Number.NaN;
  return Number.isFinite(now) ? secondsAhead(now) : 0;
}
