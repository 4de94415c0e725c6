import type { JSONWebKeySet } from 'jose';
import type { Dialect, Reply, TokenRequest } from '../targets/dialect.ts';
import { regionOf } from '../targets/endpoints.ts';
import { type Credentials, sign } from '../targets/sigv4.ts';
import type { Target } from '../targets/target.ts';
import type { Transport, WireRequest } from '../targets/transport.ts';
import { capture } from './capture.ts';
import type { Case } from './case.ts';
import type { Exchange, Step } from './exchange.ts';
import { granted } from './expectation.ts';
import { isNotNow, noReply, observe, problemsWithStep, summary } from './judge.ts';
import { factsOf } from './jwt.ts';
import { Stop } from './stop.ts';
import type { Vault } from './vault.ts';

/** What was sent and came back; the members are not redacted, so they stay within the case. */
export interface Sent {
  readonly exchange: Exchange;
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
  /** By how many seconds the target's clock was moved ahead so far; shared by all cases. */
  readonly clock: { advanced: number };
  /** The keys that sign the target's ID tokens, when they are known. */
  readonly keys: JSONWebKeySet | undefined;
  /** The credentials that requests are signed with. */
  readonly credentials: () => Promise<Credentials>;
  readonly probe: Case;
  /** Receives what is captured. */
  readonly exchanges: Exchange[];
}

const secretMembers = new Set(
  [
    'client_secret code device_code user_code refresh_token access_token id_token code_verifier assertion',
    'subject_token password',
  ]
    .join(' ')
    .split(' '),
);

export function createSender(parts: SenderParts): Sender {
  const { target, dialect, transport, vault, probe, exchanges } = parts;
  let pendingFault: { operation: string; error: string } | undefined;

  async function send(step: Step, request: TokenRequest): Promise<Sent> {
    for (const [name, value] of Object.entries(request.members))
      if (secretMembers.has(name) && typeof value === 'string') vault.mark(camel(name), value);
    const operation = dialect.nameOf(request.operation);
    const limit = target.limits.find((one) => one.operation === operation);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    const { operation: encoded, ...unsigned } = dialect.encode(request, target);
    // What only must yield no token is no request of the contract, so its shape is free.
    const addressed = probe.expect[step]?.kind === 'no-token' ? undefined : encoded;
    const isSigned = dialect.spec.operations[operation]?.authentication === 'sigv4';
    const wire = isSigned ? await signed(unsigned, request) : unsigned;
    const read = (response: {
      status: number;
      headers: readonly (readonly [string, string])[];
      body: Buffer;
    }) => dialect.read(operation, { ...response, body: response.body.toString('utf8') });
    const outcome = await transport.send(
      wire,
      (response) =>
        (response.status === 429 || response.status === 503) &&
        isNotNow(response.status, read(response), dialect.spec.operations[operation]?.exceptions),
    );
    let known: Reply | undefined;
    const reply = () => {
      known ??= outcome.response === undefined ? noReply : read(outcome.response);
      return known;
    };
    const idToken = isSigned ? reply().members.id_token : undefined;
    const grant = request.members.grant_type;
    const fault = pendingFault?.operation === operation ? pendingFault.error : undefined;
    if (fault !== undefined) pendingFault = undefined;
    const label = {
      step,
      ...(addressed !== undefined && { operation: addressed }),
      ...(addressed !== undefined && typeof grant === 'string' && { grant }),
      ...(fault !== undefined && { fault }),
      ...(parts.clock.advanced > 0 && { clockAdvanced: parts.clock.advanced }),
      ...(typeof idToken === 'string' && {
        jwts: [
          await factsOf(
            'idToken',
            idToken,
            { accessToken: reply().members.access_token, code: request.members.code },
            parts.keys,
            vault,
          ),
        ],
      }),
    };
    const exchange = capture(label, wire, outcome, vault);
    exchanges.push(exchange);
    const expectation = probe.expect[step];
    if (step.startsWith('control') && expectation !== undefined)
      if (problemsWithStep(expectation, exchange, dialect, parts.strict).length > 0)
        throw new Stop('control');
    return {
      exchange,
      get reply() {
        return reply();
      },
      text(member) {
        const value = reply().members[member];
        if (typeof value === 'string' && value !== '') return value;
        throw new Stop('step', `${step} gave no ${member}: ${summary(observe(dialect, exchange))}`);
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
    const problems = problemsWithStep(granted(), sent.exchange, dialect, false);
    if (sent.reply.outcome !== 'granted')
      throw new Stop('fixture', `the ${what} that this case needs failed: ${problems.join('; ')}`);
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

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
