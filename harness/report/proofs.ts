import { isDeepStrictEqual } from 'node:util';
import type { Dialect, Operation } from '../../targets/dialect.ts';
import type { Members } from '../../targets/members.ts';
import { type Absence, longestTokenLife } from '../absences.ts';
import { marksIn, readMark } from '../capture/vault.ts';
import { basicOf, type Exchange } from '../exchange.ts';
import { observe } from '../judge/observe.ts';
import type { Observation, Probe } from '../probe.ts';

/** What a proof may look at: the case, and what was seen of it. */
interface Evidence {
  readonly probe: Probe;
  readonly dialect: Dialect;
  readonly seen: readonly Observation[];
  readonly granted: readonly Observation[];
}

type Proof = (evidence: Evidence) => boolean;

/** Whether the exchanges of a case show an absence, as far as exchanges can. */
export function isShown(
  absence: Absence,
  probe: Probe,
  exchanges: readonly Exchange[],
  dialect: Dialect,
): boolean {
  const seen = exchanges.map((exchange) => observe(dialect, exchange));
  const granted = seen.filter(({ reply }) => reply.outcome === 'granted');
  return proofs[absence]({ probe, dialect, seen, granted });
}

/** What shows each absence. One that is shown by nothing but a word of the case asks that the case ended early. */
const proofs: Readonly<Record<Absence, Proof>> = {
  rotation: ({ granted }) =>
    granted.some((one) => {
      const next = readMark(one.reply.members.refresh_token);
      return isRefresh(one) && (next === undefined || presents(one, next.fingerprint));
    }),
  grace: (evidence) => unasked(evidence, 'granted').some((one) => isRepeated(one, 'refreshToken', evidence)),
  refreshToken: lacks('refresh_token', 'token', 'iam_token'),
  refreshIdToken: ({ granted }) => granted.some((one) => isRefresh(one) && !one.reply.members.id_token),
  oneScope: (evidence) =>
    of(evidence, 'token', 'iam_token').some(({ exchange, reply: { members } }) => {
      const isTold =
        members.scope !== undefined || exchange.operation === evidence.dialect.nameOf('iam_token');
      return isTold && new Set(scopesOf(members)).size < 2;
    }) || mayLack('oneScope')(evidence),
  codeWithoutChallenge: mayLack('codeWithoutChallenge'),
  codeWithoutOpenid: mayLack('codeWithoutOpenid'),
  plainChallenge: mayLack('plainChallenge'),
  codeWithoutRedirectUri: mayLack('codeWithoutRedirectUri'),
  otherRedirectUri: mayLack('otherRedirectUri'),
  redirectUris: mayLack('redirectUris'),
  metadata: mayLack('metadata'),
  sessionExpiry: mayLack('sessionExpiry'),
  sameClient: (evidence) => {
    const ids = of(evidence, 'register').map(({ reply }) => reply.members.client_id);
    return new Set(ids).size < ids.length;
  },
  completeUri: lacks('verification_uri_complete', 'device_authorization'),
  tokenEndpoint: lacks('token_endpoint', 'register'),
  // The client may have been registered by another case.
  secretLife: ({ probe }) => probe.overTime === true,
  secretEnd: (evidence) => evidence.probe.expect.registration !== undefined && endedEarly(evidence),
  deviceLife: (evidence) =>
    devicesOf(evidence).some(({ expiresIn, interval }) => expiresIn < 3 * interval + 60),
  shortInterval: (evidence) =>
    evidence.probe.overTime === true &&
    endedEarly(evidence) &&
    (devicesOf(evidence).some(isTooShort) || areAllSlowedDown(evidence)),
  slowDown: (evidence) =>
    evidence.seen.filter(isPoll).length >= 10 && slowDownsOf(evidence).length < mostSlowDowns,
  scopes: (evidence) => unasked(evidence, 'rejected').some((one) => scopesOf(one.asked()).length > 1),
  reuse: (evidence) => unasked(evidence, 'rejected').some((one) => isRepeated(one, 'subjectToken', evidence)),
  requestedType: (evidence) =>
    unasked(evidence, 'rejected').some((one) => one.asked().requested_token_type !== undefined),
  otherScope: (evidence) => unasked(evidence, 'rejected').some((one) => scopesOf(one.asked()).length > 0),
  method: (evidence) => endedEarly(evidence) && evidence.seen.some((one) => refusesMethod(one, evidence)),
  assertionUses: (evidence) =>
    unasked(evidence, 'granted').some((one) => isRepeated(one, 'clientAssertion', evidence)),
  plainCredentials: ({ granted }) => granted.some(isByPlainCredentials),
  defaults: (evidence) => endedEarly(evidence) && unasked(evidence, 'rejected').some(leavesDefaultsOut),
  change: changesNothing,
  endpoint: mayLack('endpoint'),
  look: refusedBy('introspection', 'userinfo'),
  revocation: refusedBy('revocation'),
  tokenLife: (evidence) =>
    evidence.probe.overTime === true &&
    of(evidence, 'token').some(({ reply: { members } }) => !isShort(members.expires_in)),
  givenAgain: (evidence) => {
    const tokens = of(evidence, 'token').map(
      ({ reply }) => readMark(reply.members.access_token)?.fingerprint,
    );
    return tokens.length > 1 && new Set(tokens).size === tokens.length;
  },
  resource: mayLack('resource'),
  unrestricted: (evidence) =>
    evidence.probe.readsTokens === true &&
    endedEarly(evidence) &&
    !audiencesOf(evidence).some((one) => evidence.seen.some((seen) => seen.asked().resource === one)),
  untoldScope: (evidence) =>
    evidence.probe.readsTokens === true && evidence.granted.every(({ reply }) => !reply.members.scope),
  untoldAudience: untold('aud'),
  untoldActor: untold('sub', 'act'),
  // One alone of either kind can be compared with nothing.
  subject: (evidence) =>
    evidence.probe.readsTokens === true &&
    of(evidence, 'introspection').filter(({ reply }) => reply.members.sub).length < 2 &&
    evidence.granted.filter(({ exchange }) => exchange.jwts?.some(({ claims }) => claims?.sub)).length < 2,
  bothGrants: mayLack('bothGrants'),
  actor: (evidence) => unasked(evidence, 'rejected').some((one) => one.asked().actor_token !== undefined),
};

const isShort = (seconds: unknown): boolean =>
  typeof seconds === 'number' && seconds > 0 && seconds <= longestTokenLife;

/** A helper refuses what only finds out whether the case applies. */
function refusedBy(...helpers: readonly Operation[]): Proof {
  return (evidence) =>
    unasked(evidence, 'rejected').some(({ exchange }) =>
      helpers.some((one) => evidence.dialect.nameOf(one) === exchange.operation),
    );
}

/** Access tokens are no JWTs here, and introspection tells none of these of them. */
function untold(...names: readonly string[]): Proof {
  return (evidence) =>
    evidence.probe.readsTokens === true &&
    evidence.granted.every(
      ({ exchange }) => !exchange.jwts?.some(({ member }) => member === 'access_token'),
    ) &&
    of(evidence, 'introspection').every(({ reply }) => names.every((name) => !reply.members[name]));
}

/** Whom access tokens are for, as they say themselves, or as introspection does. */
const audiencesOf = ({ granted }: Evidence): unknown[] =>
  granted.flatMap(({ exchange, reply }) =>
    [reply.members, ...(exchange.jwts ?? []).map(({ claims }) => claims)].flatMap((told) => told?.aud ?? []),
  );

/** A registration that is refused, or that brings a client of another method. */
function refusesMethod({ exchange, reply, asked }: Observation, { dialect }: Evidence): boolean {
  if (exchange.operation !== dialect.nameOf('register')) return false;
  const { token_endpoint_auth_method: wished } = asked();
  const { token_endpoint_auth_method: given = wished } = reply.members;
  return wished !== undefined && (reply.error === 'invalid_client_metadata' || given !== wished);
}

/** A registration that says neither what a client is for nor how it authenticates. */
const leavesDefaultsOut = (one: Observation): boolean => {
  const { redirect_uris, grant_types, token_endpoint_auth_method } = one.asked();
  return redirect_uris !== undefined && grant_types === undefined && token_endpoint_auth_method === undefined;
};

/** Of a secret it can only be told whether it was spelt otherwise than it is. */
function isByPlainCredentials({ exchange }: Observation): boolean {
  const { client_id = '', client_secret } = basicOf(exchange);
  return /^[A-Za-z0-9]+$/.test(client_id) && readMark(client_secret)?.kind === 'clientSecret';
}

/** So many times a case wants to be told to slow down. */
const mostSlowDowns = 3;

const isPoll = ({ exchange }: Observation) => exchange.step === 'control: polls';
const slowDownsOf = ({ seen }: Evidence) =>
  seen.filter((one) => isPoll(one) && one.reply.error === 'slow_down');
const isRefresh = ({ exchange }: Observation) => exchange.grant === 'refresh_token';

/** What was granted of an operation. */
const of = ({ granted, dialect }: Evidence, ...operations: readonly Operation[]) =>
  granted.filter(({ exchange }) => operations.some((one) => dialect.nameOf(one) === exchange.operation));

/** A response of an operation that does not bring a member. */
function lacks(member: string, ...operations: readonly Operation[]): Proof {
  return (evidence) => of(evidence, ...operations).some(({ reply }) => !reply.members[member]);
}

/** The case says that a fixture provider may refuse this, and went no further. */
function mayLack(absence: Absence): Proof {
  return (evidence) => evidence.probe.mayLack?.includes(absence) === true && endedEarly(evidence);
}

/** Whether the last step of a case was not sent. */
function endedEarly({ probe, seen }: Evidence): boolean {
  const last = Object.keys(probe.expect).at(-1);
  return seen.every(({ exchange }) => exchange.step !== last);
}

/** Exchanges that only find out whether the case applies: nothing is expected of them. */
const unasked = ({ probe, seen }: Evidence, outcome: 'granted' | 'rejected') =>
  seen.filter(
    ({ exchange: { step }, reply }) =>
      reply.outcome === outcome && probe.expect[step] === undefined && !step.startsWith('given'),
  );

const presents = ({ exchange }: Observation, fingerprint: string): boolean =>
  (exchange.request.body ?? '').includes(`#${fingerprint}]`);

/** Whether a request presents what one before it was granted for. */
function isRepeated(one: Observation, kind: string, { seen, granted }: Evidence): boolean {
  const before = granted.filter((other) => seen.indexOf(other) < seen.indexOf(one));
  return marksIn(one.exchange.request.body ?? '')
    .filter((mark) => mark.kind === kind)
    .some(({ fingerprint }) => before.some((other) => presents(other, fingerprint)));
}

interface DeviceTimes {
  readonly expiresIn: number;
  readonly interval: number;
}

/** The times of the device codes of a case. */
const devicesOf = (evidence: Evidence): DeviceTimes[] =>
  of(evidence, 'device_authorization').map(({ reply: { members } }) => ({
    expiresIn: Number(members.expires_in),
    interval: Number(members.interval ?? 5),
  }));

/** Whether as many polls were told to slow down as there are devices, the one of the control aside. */
function areAllSlowedDown(evidence: Evidence): boolean {
  const slowed = slowDownsOf(evidence).length;
  return slowed > 0 && slowed >= devicesOf(evidence).length - 1;
}

/** Whether half a dozen polls, or one and a wait for a secret to end, do not fit into a life, with some time to spare. */
const isTooShort = ({ expiresIn, interval }: DeviceTimes): boolean =>
  interval > 10 || expiresIn < 120 + 7 * (interval + 1);

/** The scopes that members name, as a list or as text. */
function scopesOf({ scope }: Readonly<Record<string, unknown>>): unknown[] {
  if (Array.isArray(scope)) return scope;
  return typeof scope === 'string' ? scope.split(' ') : [];
}

/** Whether the change of a case leaves the request of its control as it is. */
function changesNothing(evidence: Evidence): boolean {
  const { edits = [] } = evidence.probe;
  const control = evidence.seen.find(({ exchange }) => exchange.step === 'control');
  if (control === undefined || edits.length === 0) return false;
  const members: Members = { ...basicOf(control.exchange), ...control.asked() };
  if (Object.keys(members).length === 0) return false;
  return edits.every(({ member, of: made }) => {
    const mark = readMark(members[member]);
    // Of a secret it can only be told whether one without letters would stay.
    const value = mark === undefined ? members[member] : '0'.repeat(mark.length);
    return isDeepStrictEqual(made(value), value);
  });
}
