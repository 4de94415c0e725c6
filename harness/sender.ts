import type { JSONWebKeySet } from 'jose';
import type { Dialect, Reply, TokenRequest } from '../targets/dialect.ts';
import { regionOf } from '../targets/endpoints.ts';
import { type Credentials, sign } from '../targets/sigv4.ts';
import type { Target } from '../targets/target.ts';
import type { Transport, WireOutcome, WireRequest, WireResponse } from '../targets/transport.ts';
import { capture } from './capture.ts';
import type { Case } from './case.ts';
import type { Clock } from './clock.ts';
import type { Exchange, Step } from './exchange.ts';
import { granted } from './expectation.ts';
import type { Issued } from './issued.ts';
import { isNotNow, noReply, observe, problemsWithStep, summary } from './judge.ts';
import { factsOf } from './jwt.ts';
import { Stop } from './stop.ts';
import type { Vault } from './vault.ts';

/** What was sent and came back; the members are not redacted, so they stay within the case. */
export interface Sent {
  readonly exchange: Exchange;
  /** As it came, secrets included. */
  readonly outcome: WireOutcome;
  readonly reply: Reply;
  /** A member of the response that is a non-empty string. Stops the case when it is not there. */
  text(member: string): string;
}

/** Sends the requests of one case and captures them. */
export interface Sender {
  send(step: Step, request: TokenRequest): Promise<Sent>;
  /** Sends what a case needs first; without it the case is not tested. */
  given(what: string, request: TokenRequest): Promise<Sent>;
  /** The next request of this operation is one that the fault fixture was asked about. */
  expectFault(operation: string, error: string): void;
}

export interface SenderParts {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly transport: Transport;
  readonly vault: Vault;
  readonly strict: boolean;
  readonly clock: Clock;
  /** The keys that sign the target's ID tokens, when they are known. */
  readonly keys: JSONWebKeySet | undefined;
  /** The credentials that requests are signed with. */
  readonly credentials: () => Promise<Credentials>;
  readonly probe: Case;
  /** Remembers the tokens of the run. */
  readonly issued: Issued;
  /** Counts what is sent, repeats included. */
  readonly sent: { requests: number };
  /** Receives what is captured. */
  readonly exchanges: Exchange[];
  /** Receives what could be captured, in place of `exchanges`: of generated requests few are kept. */
  readonly later?: (captureNow: () => Exchange) => void;
  /** Where captured secrets are remembered; `vault` when absent. */
  readonly captureVault?: Vault;
}

const secretMembers = new Set(
  [
    'client_secret code device_code user_code refresh_token access_token id_token code_verifier assertion',
    'subject_token password',
  ]
    .join(' ')
    .split(' '),
);

const longestCounterexample = 300_000;

export function createSender(parts: SenderParts): Sender {
  const { target, dialect, transport, probe, exchanges, captureVault: vault = parts.vault } = parts;
  let pendingFault: { operation: string; error: string } | undefined;

  async function send(step: Step, request: TokenRequest): Promise<Sent> {
    const operation = dialect.nameOf(request.operation);
    const limit = target.limits.find((one) => one.operation === operation);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    const encoded = dialect.encode(request, target);
    // What only must yield no token is no request of the contract, so its shape is free.
    const addressed = probe.expect[step]?.kind === 'no-token' ? undefined : encoded.operation;
    const documented = dialect.spec.operations[operation]?.exceptions;
    const isSigned = dialect.spec.operations[operation]?.authentication === 'sigv4';
    const wire = isSigned ? await signed(encoded, request) : encoded;
    const read = (response: {
      status: number;
      headers: readonly (readonly [string, string])[];
      body: Buffer;
    }) => dialect.read(operation, { ...response, body: response.body.toString('utf8') });
    // Where polls are not meant to be too fast, slow_down says that there were too many requests.
    const isTooMany = (response: WireResponse) =>
      parts.later !== undefined &&
      response.status !== 200 &&
      !isPoll(request) &&
      response.body.includes('slow_down') &&
      read(response).error === 'slow_down';
    const isBusy = (response: WireResponse) =>
      ((response.status === 429 || response.status === 503) &&
        isNotNow(response.status, read(response), documented)) ||
      isTooMany(response);
    const outcome = await transport.send(wire, isBusy);
    parts.sent.requests += outcome.attempts;
    let known: Reply | undefined;
    const reply = () => {
      known ??= outcome.response === undefined ? noReply : read(outcome.response);
      return known;
    };
    if (outcome.response?.status === 200)
      for (const kind of ['access_token', 'refresh_token']) {
        const value = reply().members[kind];
        if (typeof value === 'string' && value !== request.members[kind])
          parts.issued.add(`${operation} ${kind}`, value);
      }
    const idToken = isSigned && parts.later === undefined ? reply().members.id_token : undefined;
    const grant = request.members.grant_type;
    const fault = pendingFault?.operation === operation ? pendingFault.error : undefined;
    if (fault !== undefined) pendingFault = undefined;
    const { advanced } = parts.clock;
    const facts =
      typeof idToken === 'string'
        ? await factsOf(
            'idToken',
            idToken,
            { accessToken: reply().members.access_token, code: request.members.code },
            parts.keys,
            vault,
          )
        : undefined;
    let exchange: Exchange | undefined;
    const captureNow = () => {
      if (exchange !== undefined) return exchange;
      for (const [name, value] of Object.entries(request.members))
        if (secretMembers.has(name) && typeof value === 'string') vault.mark(camel(name), value);
      const label = {
        step,
        ...(addressed !== undefined && { operation: addressed }),
        ...(addressed !== undefined && typeof grant === 'string' && { grant }),
        ...(fault !== undefined && { fault }),
        ...(advanced !== 0 && { clockAdvanced: advanced }),
        ...(facts !== undefined && { jwts: [facts] }),
      };
      // A counterexample is kept whole, so that it can be sent again.
      exchange = capture(label, wire, outcome, vault, parts.later && longestCounterexample);
      return exchange;
    };
    if (parts.later === undefined) exchanges.push(captureNow());
    else {
      parts.later(captureNow);
      if (outcome.response === undefined || outcome.isNotNow)
        throw new Stop(
          outcome.failure?.kind === 'reset' ? 'lost' : 'silent',
          outcome.failure?.message ?? `status ${outcome.response?.status} ${reply().error ?? ''}`.trimEnd(),
        );
    }
    const expectation = probe.expect[step];
    if (step.startsWith('control') && expectation !== undefined)
      if (problemsWithStep(expectation, captureNow(), dialect, parts.strict).length > 0)
        throw new Stop('control');
    return {
      get exchange() {
        return captureNow();
      },
      outcome,
      get reply() {
        return reply();
      },
      text(member) {
        const value = reply().members[member];
        if (typeof value === 'string' && value !== '') return value;
        throw new Stop('step', `${step} gave no ${member}: ${summary(observe(dialect, captureNow()))}`);
      },
    };
  }

  async function signed(wire: WireRequest, { wire: change = {} }: TokenRequest): Promise<WireRequest> {
    const { signing = {} } = change;
    if (signing.none) return wire;
    const credentials = signing.credentials ?? (await parts.credentials());
    const seconds = parts.clock.advanced + (signing.skewSeconds ?? 0);
    const result = await sign(wire, {
      credentials,
      region: signing.region ?? regionOf(target),
      ...(signing.service !== undefined && { service: signing.service }),
      ...(signing.unsigned !== undefined && { unsigned: signing.unsigned }),
      ...(signing.written !== undefined && { written: signing.written }),
      date: new Date(Date.now() + seconds * 1_000),
    });
    return signing.tamper?.(result) ?? result;
  }

  async function given(what: string, request: TokenRequest): Promise<Sent> {
    const sent = await send(`given: ${what}`, request);
    if (sent.reply.outcome !== 'granted') {
      const problems = problemsWithStep(granted(), sent.exchange, dialect, false);
      throw new Stop('fixture', `the ${what} that this case needs failed: ${problems.join('; ')}`);
    }
    return sent;
  }

  return {
    send,
    given,
    expectFault: (operation, error) => {
      pendingFault = { operation, error };
    },
  };
}

/** Whether an answer may be that it came too fast (RFC 8628 §3.5). */
function isPoll({ members }: TokenRequest): boolean {
  return members.device_code !== undefined;
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
