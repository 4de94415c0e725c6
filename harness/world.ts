import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dialect, Reply, TokenRequest, WireChange } from '../targets/dialect.ts';
import type { FixtureProvider, Offer } from '../targets/fixtures.ts';
import type { FixtureVerb, Target } from '../targets/target.ts';
import type { Transport } from '../targets/transport.ts';
import { capture } from './capture.ts';
import type { Case } from './case.ts';
import type { Exchange, Sample, Step } from './exchange.ts';
import { granted } from './expectation.ts';
import { isNotNow, noReply, observe, problemsWithStep, summary } from './judge.ts';
import { unpredictableBits } from './sample.ts';
import { Stop } from './stop.ts';
import type { Vault } from './vault.ts';

export type { TokenRequest, WireChange };

export interface Client {
  readonly client_id: string;
  readonly client_secret?: string;
  /** Where its authorization codes are sent. */
  readonly redirect_uri: string;
}

export interface ClientWishes {
  /** Tells clients of one case apart: the same name and wishes give the same client. */
  readonly name?: string;
  readonly grants?: readonly string[];
  /** A grant that the client must not be allowed; `grants` do not name it. */
  readonly without?: string;
  readonly redirectUris?: readonly string[];
}

/** An authorization code with what redeems it. */
export interface Code {
  readonly code: string;
  readonly redirect_uri: string;
  readonly code_verifier?: string;
}

export interface CodeWishes {
  readonly redirectUri?: string;
  /** The PKCE verifier whose S256 challenge the code is bound to; null for a code without challenge. */
  readonly verifier?: string | null;
}

/** A device authorization as the target answered it. */
export interface Device {
  readonly device_code: string;
  readonly user_code: string;
  /** Seconds. */
  readonly expires_in: number;
  /** Seconds. */
  readonly interval: number;
}

/** What was sent and came back; the members are not redacted, so they stay within the case. */
export interface Sent {
  readonly exchange: Exchange;
  readonly reply: Reply;
  /** A member of the response that is a non-empty string. Stops the case when it is not there. */
  text(member: string): string;
}

/** What a case can do. Everything it sends is captured under the name of a step. */
export interface World {
  readonly target: Target;
  readonly client: (wishes?: ClientWishes) => Promise<Client>;
  readonly authorizationCode: (client: Client, wishes?: CodeWishes) => Promise<Code>;
  /** An authorization code, or undefined when the target refuses to issue this one. */
  readonly authorizationCodeIfAllowed: (client: Client, wishes?: CodeWishes) => Promise<Code | undefined>;
  readonly device: (client: Client, decision?: 'approve' | 'deny') => Promise<Device>;
  readonly decide: (device: Device, decision: 'approve' | 'deny') => Promise<void>;
  readonly refreshToken: (client: Client) => Promise<string>;
  readonly expire: (
    kind: 'code' | 'deviceCode' | 'refreshToken' | 'clientSecret',
    value: string,
  ) => Promise<void>;
  /** Has the next request of an operation (of one client) answered with an error. */
  readonly fault: (request: TokenRequest, error: string, members?: Record<string, unknown>) => Promise<void>;
  /** Lets time pass on the target: by its clock fixture, else by waiting when it is short enough. */
  readonly pass: (seconds: number) => Promise<void>;
  readonly send: (step: Step, request: TokenRequest) => Promise<Sent>;
  /** Records how unpredictable these values are; the values themselves stay here. */
  readonly sample: (step: Step, kind: string, values: readonly string[]) => void;
  /** A PKCE verifier of this many characters; the same in every run with the same seed. */
  readonly verifier: (length?: number) => string;
  /** The S256 challenge of a verifier (RFC 7636 §4.2). */
  readonly challenge: (verifier: string) => string;
  /** Text that stands for nothing the target ever issued. */
  readonly garbage: (length?: number) => string;
}

export interface WorldParts {
  readonly target: Target;
  readonly dialect: Dialect;
  readonly transport: Transport;
  readonly fixtures: FixtureProvider;
  readonly vault: Vault;
  readonly seed: number;
  readonly strict: boolean;
  /** By how many seconds the target's clock was moved ahead so far; shared by all cases. */
  readonly clock: { advanced: number };
  readonly probe: Case;
  /** Receives what is captured. */
  readonly exchanges: Exchange[];
  readonly samples: Sample[];
}

/** Seconds that a case may really wait when the target offers no clock. */
const longestWait = 10;
const defaultRedirectUri = 'http://127.0.0.1:8400/oauth/callback';
const secretMembers = new Set(
  'client_secret code device_code user_code refresh_token access_token id_token code_verifier assertion'.split(
    ' ',
  ),
);

/** The world of one case: a target with its fixtures, and everything captured on the way. */
export function createWorld(parts: WorldParts): World {
  const { target, dialect, transport, fixtures, vault, probe, exchanges, samples } = parts;
  const clients = new Map<string, Promise<Client>>();
  let drawn = 0;
  let pendingFault: { operation: string; error: string } | undefined;

  function bytes(count: number): Buffer {
    const parts_: Buffer[] = [];
    for (let have = 0; have < count; have += 32)
      parts_.push(createHash('sha256').update(`${parts.seed} ${probe.id} ${drawn++}`).digest());
    return Buffer.concat(parts_).subarray(0, count);
  }

  const garbage = (length = 43) => bytes(length).toString('base64url').slice(0, length);

  async function send(step: Step, request: TokenRequest): Promise<Sent> {
    for (const [name, value] of Object.entries(request.members))
      if (secretMembers.has(name) && typeof value === 'string') vault.mark(camel(name), value);
    const operation = dialect.nameOf(request.operation);
    const read = (response: {
      status: number;
      headers: readonly (readonly [string, string])[];
      body: Buffer;
    }) => dialect.read(operation, { ...response, body: response.body.toString('utf8') });
    const wire = dialect.encode(request, target);
    const outcome = await transport.send(
      wire,
      (response) =>
        (response.status === 429 || response.status === 503) &&
        isNotNow(response.status, read(response), dialect.spec.operations[operation]?.exceptions),
    );
    const grant = request.members.grant_type;
    const fault = pendingFault?.operation === operation ? pendingFault.error : undefined;
    if (fault !== undefined) pendingFault = undefined;
    const label = {
      step,
      ...(wire.operation !== undefined && { operation }),
      ...(wire.operation !== undefined && typeof grant === 'string' && { grant }),
      ...(fault !== undefined && { fault }),
      ...(parts.clock.advanced > 0 && { clockAdvanced: parts.clock.advanced }),
    };
    const exchange = capture(label, wire, outcome, vault);
    exchanges.push(exchange);
    const expectation = probe.expect[step];
    if (step.startsWith('control') && expectation !== undefined)
      if (problemsWithStep(expectation, exchange, dialect, parts.strict).length > 0)
        throw new Stop('control');
    const reply: Reply =
      outcome.response === undefined
        ? { ...noReply, problems: [outcome.failure?.message ?? 'no response'] }
        : read(outcome.response);
    return {
      exchange,
      reply,
      text(member) {
        const value = reply.members[member];
        if (typeof value === 'string' && value !== '') return value;
        throw new Stop('step', `${step} gave no ${member}: ${summary(observe(dialect, exchange))}`);
      },
    };
  }

  async function ask(verb: FixtureVerb, input: Record<string, unknown>): Promise<Offer> {
    const limit = target.limits.find(({ fixture }) => fixture === verb);
    if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
    const offer = await fixtures(verb, JSON.parse(JSON.stringify(input)));
    if (offer.kind === 'failed')
      throw new Stop('fixture', `the fixture provider failed at "${verb}": ${offer.message}`);
    return offer;
  }

  function mustOffer(verb: FixtureVerb, offer: Offer): Readonly<Record<string, unknown>> {
    if (offer.kind === 'given') return offer.output;
    if (offer.kind === 'not-offered')
      throw new Stop(
        'fixture',
        `the target offers no fixture "${verb}"; offer it, or declare a limit with a reason`,
      );
    throw new Stop('fixture', `the fixture "${verb}" was refused: ${offer.message}`);
  }

  function field(verb: FixtureVerb, output: Readonly<Record<string, unknown>>, name: string): string {
    const value = output[name];
    if (typeof value !== 'string' || value === '')
      throw new Stop('fixture', `the fixture "${verb}" answered without a string "${name}"`);
    if (name !== 'clientId') vault.mark(name, value);
    return value;
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
    throw stops.find(({ kind }) => kind === 'out-of-scope') ?? stops[0];
  }

  function client(wishes: ClientWishes = {}): Promise<Client> {
    const key = JSON.stringify(wishes);
    const known = clients.get(key) ?? makeClient(wishes);
    clients.set(key, known);
    return known;
  }

  async function makeClient(wishes: ClientWishes): Promise<Client> {
    const { grants = ['authorization_code', 'refresh_token'], redirectUris = [defaultRedirectUri] } = wishes;
    const usesCodes = grants.includes('authorization_code');
    const redirect_uri = redirectUris[0] ?? defaultRedirectUri;
    if (target.clients !== undefined) return declaredClient(wishes, grants);
    const offer = await ask('client', {
      grantTypes: grants,
      scopes: target.scopes,
      ...(usesCodes && { redirectUris }),
      auth: 'secret',
    });
    if (offer.kind !== 'not-offered') {
      const output = mustOffer('client', offer);
      const secret = output.clientSecret === undefined ? undefined : field('client', output, 'clientSecret');
      return {
        client_id: field('client', output, 'clientId'),
        ...(secret && { client_secret: secret }),
        redirect_uri,
      };
    }
    const sent = await given('registration', {
      operation: 'register',
      members: {
        client_name: `token-conformance ${garbage(8)}`,
        client_type: 'public',
        scope: target.scopes,
        grant_types: grants,
        ...(usesCodes && { redirect_uris: redirectUris, issuer_url: target.startUrl }),
      },
    });
    return { client_id: sent.text('client_id'), client_secret: sent.text('client_secret'), redirect_uri };
  }

  function declaredClient({ name, without }: ClientWishes, grants: readonly string[]): Client {
    const fitting = Object.values(target.clients ?? {}).filter(({ grantTypes }) =>
      grantTypes === undefined ? without === undefined : fits(grantTypes, grants, without),
    );
    const chosen = fitting[name === undefined ? 0 : 1];
    if (chosen === undefined)
      throw new Stop(
        'fixture',
        `the target file declares no ${name === undefined ? '' : 'second '}client with the grants ${grants.join(', ')}${without ? ` and without ${without}` : ''}`,
      );
    if (chosen.clientSecret !== undefined) vault.mark('clientSecret', chosen.clientSecret);
    return {
      client_id: chosen.clientId,
      ...(chosen.clientSecret !== undefined && { client_secret: chosen.clientSecret }),
      redirect_uri: chosen.redirectUris?.[0] ?? defaultRedirectUri,
    };
  }

  /** Sends what a case needs first; without it the case is not tested. */
  async function given(what: string, request: TokenRequest): Promise<Sent> {
    const sent = await send(`given: ${what}`, request);
    const problems = problemsWithStep(granted(), sent.exchange, dialect, false);
    if (sent.reply.outcome !== 'granted')
      throw new Stop('fixture', `the ${what} that this case needs failed: ${problems.join('; ')}`);
    return sent;
  }

  async function authorizationCodeIfAllowed(
    owner: Client,
    wishes: CodeWishes = {},
  ): Promise<Code | undefined> {
    const redirect_uri = wishes.redirectUri ?? owner.redirect_uri;
    const code_verifier = wishes.verifier === undefined ? verifier() : wishes.verifier;
    if (code_verifier !== null) vault.mark('codeVerifier', code_verifier);
    const offer = await ask('authorization-code', {
      clientId: owner.client_id,
      redirectUri: redirect_uri,
      scope: target.scopes,
      ...(code_verifier !== null && {
        codeChallenge: challenge(code_verifier),
        codeChallengeMethod: 'S256',
      }),
    });
    if (offer.kind === 'refused') return undefined;
    const code = field('authorization-code', mustOffer('authorization-code', offer), 'code');
    return { code, redirect_uri, ...(code_verifier !== null && { code_verifier }) };
  }

  async function authorizationCode(owner: Client, wishes?: CodeWishes): Promise<Code> {
    const code = await authorizationCodeIfAllowed(owner, wishes);
    if (code === undefined) throw new Stop('fixture', 'the fixture "authorization-code" was refused');
    return code;
  }

  async function device(owner: Client, decision?: 'approve' | 'deny'): Promise<Device> {
    const sent = await given('device authorization', {
      operation: 'device_authorization',
      members: { client_id: owner.client_id, client_secret: owner.client_secret, start_url: target.startUrl },
    });
    const { expires_in, interval } = sent.reply.members;
    const started = {
      device_code: sent.text('device_code'),
      user_code: sent.text('user_code'),
      expires_in: typeof expires_in === 'number' ? expires_in : 600,
      interval: typeof interval === 'number' ? interval : 5,
    };
    if (decision !== undefined) await decide(started, decision);
    return started;
  }

  async function decide({ user_code }: Device, decision: 'approve' | 'deny'): Promise<void> {
    mustOffer('device-decision', await ask('device-decision', { userCode: user_code, decision }));
  }

  async function refreshToken(owner: Client): Promise<string> {
    return firstOf(
      async () => {
        const offer = await ask('refresh-token', { clientId: owner.client_id, scope: target.scopes });
        return field('refresh-token', mustOffer('refresh-token', offer), 'refreshToken');
      },
      async () => {
        const { client_id, client_secret } = owner;
        const code = await authorizationCode(owner);
        const members = { grant_type: 'authorization_code', client_id, client_secret, ...code };
        return (await given('refresh token', { operation: 'token', members })).text('refresh_token');
      },
    );
  }

  async function pass(seconds: number): Promise<void> {
    const limited = target.limits.some(({ fixture }) => fixture === 'clock');
    const offer = limited ? undefined : await ask('clock', { advanceSeconds: seconds });
    if (offer?.kind === 'given') {
      const now = Number(offer.output.now);
      parts.clock.advanced = Number.isFinite(now)
        ? Math.max(0, Math.round(now - Date.now() / 1_000))
        : parts.clock.advanced + seconds;
      return;
    }
    if (seconds <= longestWait) await sleep(seconds * 1_000);
    else if (offer === undefined) await ask('clock', {});
    else mustOffer('clock', offer);
  }

  function verifier(length = 43): string {
    const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
    return [...bytes(length)].map((byte) => unreserved[byte % unreserved.length]).join('');
  }

  return {
    target,
    client,
    authorizationCode,
    authorizationCodeIfAllowed,
    device,
    decide,
    refreshToken,
    expire: async (kind, value) => {
      mustOffer('expire', await ask('expire', { kind, value }));
    },
    fault: async (request, error, members) => {
      const operation = dialect.nameOf(request.operation);
      const clientId = request.members.client_id;
      const exception = dialect.exceptionFor(operation, error);
      mustOffer(
        'fault',
        await ask('fault', {
          operation,
          exception,
          times: 1,
          ...(members && { members }),
          ...(clientId !== undefined && { clientId }),
        }),
      );
      pendingFault = { operation, error };
    },
    pass,
    send,
    sample: (step, kind, values) => {
      samples.push({
        step,
        kind,
        count: values.length,
        distinct: new Set(values).size,
        bits: unpredictableBits(values),
      });
    },
    verifier,
    challenge,
    garbage,
  };
}

function challenge(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function fits(has: readonly string[], wished: readonly string[], without: string | undefined): boolean {
  return wished.every((grant) => has.includes(grant)) && (without === undefined || !has.includes(without));
}
