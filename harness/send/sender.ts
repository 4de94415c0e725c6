import type { JSONWebKeySet } from 'jose';
import { presented, proven, ready } from '../../targets/authentication/all.ts';
import type { Credentials } from '../../targets/authentication/aws-signature.ts';
import type { Call, Dialect, Operation } from '../../targets/dialect.ts';
import { limitOnSecrets } from '../../targets/target/limits.ts';
import type { Target } from '../../targets/target/target.ts';
import { withExtraHeaders } from '../../targets/transport/extra-headers.ts';
import type { Transport, WireResponse } from '../../targets/transport/transport.ts';
import { capture } from '../capture/capture.ts';
import { factsOf, whyNoJwt } from '../capture/jwt.ts';
import { camel, isSecret } from '../capture/names.ts';
import type { Vault } from '../capture/vault.ts';
import { type Exchange, raceStep, type Step } from '../exchange.ts';
import { type Expectation, granted } from '../expectation.ts';
import { isOutOfPlace, problemsWithStep, strayFault, summary } from '../judge/judge.ts';
import { isNotNow, observe } from '../judge/observe.ts';
import type { Probe } from '../probe.ts';
import { Stop } from '../stop.ts';
import type { Clock } from './clock.ts';
import type { Fault, FaultsAtLarge } from './faults.ts';
import type { Issued } from './issued.ts';
import { type RawReply, rawReply } from './raw-reply.ts';

/** What was sent and came back. */
export interface Sent {
  /** As it came, secrets included: it stays within the case. */
  readonly reply: RawReply;
  /** As a report shows it. */
  readonly exchange: Exchange;
  /** What is wrong with the answer, in sentences without a secret; empty when nothing is. */
  problems(expectation: Expectation): readonly string[];
  /** One line on what came back, without a secret. */
  says(): string;
  /** A member of the response that is a non-empty string. Stops the case when it is not there. */
  text(member: string): string;
}

/** Sends the requests of one case and captures them. */
export interface Sender {
  send(step: Step, call: Call): Promise<Sent>;
  /** Sends what a case needs first; without it the case is not tested. */
  given(what: string, call: Call): Promise<Sent>;
  /** The next request of this operation is one that the fault fixture was asked about. */
  expectFault(fault: Fault): void;
}

export interface SenderParts {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly transport: Transport;
  readonly vault: Vault;
  readonly strict: boolean;
  readonly clock: Clock;
  /** The keys that sign the target's ID tokens, when they are known. */
  readonly keys: Promise<JSONWebKeySet | undefined> | undefined;
  /** The credentials that requests are signed with. */
  readonly credentials: () => Promise<Credentials>;
  readonly probe: Probe;
  /** Remembers the tokens of the run. */
  readonly issued: Issued;
  /** Counts what is sent, repeats included. */
  readonly sent: { requests: number };
  /** Receives what is captured. */
  readonly exchanges: Exchange[];
  /** Receives what could be captured, in place of `exchanges`: of generated requests few are kept. */
  readonly later?: (captureNow: () => Exchange, about: Later) => void;
  readonly faults: FaultsAtLarge;
  /** When the case may send no more, by the clock of `performance.now`. */
  readonly until?: number | undefined;
}

/** What is told at once of a generated request. */
export interface Later {
  /** Whether it was answered as the operation answers. */
  readonly isAnswer: boolean;
  /** What tells the problems that the answer has with its shape from those of others. */
  readonly malformation?: string;
  /** What stood in members of the request that hold secrets. */
  readonly secrets: () => readonly unknown[];
}

/** What a request may present, by its members. */
const artefacts = ['code', 'device_code', 'refresh_token', 'assertion', 'subject_token'];

const longestCounterexample = 300_000;

export function createSender(parts: SenderParts): Sender {
  const { target, dialect, transport, probe, exchanges, vault } = parts;
  const race = {};
  let pendingFault: Fault | undefined;

  async function send(step: Step, wanted: Call): Promise<Sent> {
    if (parts.until !== undefined && performance.now() > parts.until)
      throw new Stop('silent', `the case has taken more than ${target.timeouts?.caseSeconds} s`);
    const operation = dialect.nameOf(wanted.operation);
    const limit = target.limits.find((one) => one.operation === operation);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    // Where clients have no secrets, another secret is the same request.
    const open =
      wanted.by?.client_secret === undefined ? undefined : limitOnSecrets(wanted.by.method, target.limits);
    if (open !== undefined) throw new Stop('out-of-scope', open.reason);
    const { credentials, clock } = parts;
    const proof = { target, ahead: clock.advanced, credentials, tokenEndpoint };
    const by = await ready(wanted.by, wanted.as, proof);
    const call = by === undefined ? wanted : { ...wanted, by };
    const encoded = dialect.encode(call, target);
    // What only must yield no token is no request of the contract, so its shape is free.
    const addressed = probe.expect[step]?.kind === 'no-token' ? undefined : encoded.operation;
    const documented = dialect.spec.operations[operation]?.exceptions;
    const wire = withExtraHeaders(await proven(encoded, by, call.as, proof), target);
    // Where polls are not meant to be too fast, slow_down says that there were too many requests.
    const isTooMany = (response: WireResponse) =>
      parts.later !== undefined &&
      response.status !== 200 &&
      !isPoll(call) &&
      response.body.includes('slow_down') &&
      rawReply(dialect, operation, response).error === 'slow_down';
    const isBusy = (response: WireResponse) =>
      ((response.status === 429 || response.status === 503) &&
        isNotNow(response.status, rawReply(dialect, operation, response), documented)) ||
      isTooMany(response);
    const outcome = await transport.send(wire, isBusy, step === raceStep ? race : undefined);
    parts.sent.requests += outcome.attempts;
    let known: RawReply | undefined;
    const reply = () => {
      known ??= rawReply(dialect, operation, outcome.response);
      return known;
    };
    if (outcome.response?.status === 200) {
      const { members } = reply();
      const artefact = artefacts
        .map((name) => call.members[name])
        .find((value) => typeof value === 'string' && value !== '');
      const origin = { client: call.by?.client_id, presented: artefact, next: members.refresh_token };
      for (const kind of ['access_token', 'refresh_token']) {
        const value = members[kind];
        if (typeof value === 'string' && value !== call.members[kind])
          parts.issued.add(`${operation} ${kind}`, value, origin);
      }
    }
    // Of generated requests there are too many to look into what they bring.
    const { id_token: idToken, access_token: accessToken } = parts.later === undefined ? reply().members : {};
    const grant = call.members.grant_type;
    const asked = pendingFault?.operation === operation ? pendingFault : undefined;
    if (asked !== undefined) pendingFault = undefined;
    if (asked !== undefined && outcome.response === undefined) parts.faults.lost(asked);
    const clientId = typeof call.by?.client_id === 'string' ? call.by.client_id : undefined;
    const { error } = outcome.response?.status === 200 ? {} : reply();
    const isStray =
      asked === undefined && error !== undefined && parts.faults.isOne({ operation, error, clientId });
    const fault = isStray ? error : asked?.error;
    const { advanced } = parts.clock;
    const factsIn = async (member: string, jwt: string) =>
      factsOf(
        spelt(operation, call.operation, member),
        jwt,
        {
          accessToken,
          code: call.members.code,
          // Who signs its requests has a secret that no ID token was ever keyed with.
          ...(call.by?.method !== 'sigv4' && { clientSecret: call.by?.client_secret }),
        },
        await parts.keys,
        vault,
      );
    const jwts = [
      ...(typeof idToken === 'string' ? [await factsIn('id_token', idToken)] : []),
      ...(dialect.spec.dialect === 'oauth-form' &&
      typeof accessToken === 'string' &&
      whyNoJwt(accessToken) === undefined
        ? [await factsIn('access_token', accessToken)]
        : []),
    ];
    let exchange: Exchange | undefined;
    const secrets = () =>
      Object.entries(presented(call.members, call.by, call.as)).filter(([name]) => isSecret(name));
    const captureNow = () => {
      if (exchange !== undefined) return exchange;
      for (const [name, value] of secrets())
        if (typeof value === 'string') vault.remember(camel(name), value);
      const label = {
        step,
        ...(addressed !== undefined && { operation: addressed }),
        ...(addressed !== undefined && typeof grant === 'string' && { grant }),
        ...(fault !== undefined && { fault }),
        ...(advanced !== 0 && { clockAdvanced: advanced }),
        ...(jwts.length > 0 && { jwts }),
      };
      // A counterexample is kept whole, so that it can be sent again.
      exchange = capture(label, wire, outcome, vault, parts.later && longestCounterexample);
      return exchange;
    };
    const says = () => summary(observe(dialect, captureNow()));
    if (parts.later === undefined) exchanges.push(captureNow());
    else {
      const { outcome: kind, malformation, status } = reply();
      // What is no answer of the operation may be a page that something in between sent, and need not come again.
      const isMisshapen =
        kind !== 'malformed' && status < 500 && addressed !== undefined && !outcome.isNotNow;
      parts.later(captureNow, {
        isAnswer: kind !== 'malformed',
        secrets: () => secrets().map(([, value]) => value),
        ...(isMisshapen && malformation !== undefined && { malformation }),
      });
      if (outcome.response === undefined || outcome.isNotNow || reply().unread !== undefined)
        throw new Stop(outcome.failure?.kind === 'reset' ? 'lost' : 'silent', says());
    }
    if (isStray) throw new Stop('lost', strayFault);
    const expectation = probe.expect[step];
    // What nobody looks at has to be an answer all the same, before anything follows from it.
    if (expectation === undefined && parts.later === undefined && !step.startsWith('given'))
      if (outcome.response !== undefined && isOutOfPlace(observe(dialect, captureNow())))
        throw new Stop('step', `${step}: ${says()}`);
    if (step.startsWith('control') && expectation !== undefined)
      if (problemsWithStep(expectation, captureNow(), dialect, parts.strict).length > 0)
        throw new Stop('control');
    return {
      get exchange() {
        return captureNow();
      },
      get reply() {
        return reply();
      },
      says,
      problems: (asked) =>
        reply().meets(asked, parts.strict)
          ? []
          : problemsWithStep(asked, captureNow(), dialect, parts.strict),
      text(member) {
        const value = reply().members[member];
        if (typeof value === 'string' && value !== '') return value;
        throw new Stop('step', `${step} gave no ${member}: ${says()}`);
      },
    };
  }

  const tokenEndpoint = () => dialect.encode({ operation: 'token', members: {} }, target).url;

  /** How the responses of an operation spell a member. */
  function spelt(named: string, operation: Operation, member: string): string {
    const members = Object.keys(dialect.spec.operations[named]?.response ?? {});
    return members.find((name) => dialect.memberSpelt(operation, name) === member) ?? member;
  }

  async function given(what: string, call: Call): Promise<Sent> {
    const sent = await send(`given: ${what}`, call);
    if (sent.reply.outcome !== 'granted') {
      const problems = problemsWithStep(granted(), sent.exchange, dialect, false);
      throw new Stop('fixture', `the ${what} that this case needs failed: ${problems.join('; ')}`);
    }
    return sent;
  }

  return {
    send,
    given,
    expectFault: (fault) => {
      pendingFault = fault;
    },
  };
}

/** Whether an answer may be that it came too fast (RFC 8628 §3.5). */
function isPoll({ members }: Call): boolean {
  return members.device_code !== undefined;
}
