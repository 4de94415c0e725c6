import type { Capability } from '../dialect.ts';
import type { FixtureVerb, Limit, Target } from './target.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * The parts of a fixture that a target may lack while it offers the rest. Those of `fault` are the exceptions of the
 * dialect.
 */
export const fixtureParts = {
  'authorization-code': ['nonce', 'scope', 'resource'],
  'device-decision': ['deny'],
  'refresh-token': ['region'],
  assertion: ['claims', 'sub', 'subject', 'untrusted', 'nobody'],
  'subject-token': ['region'],
  credentials: ['not-allowed'],
  expire: ['code', 'deviceCode', 'refreshToken', 'clientSecret', 'assertion', 'subjectToken', 'sessionToken'],
} as const;

type PartOf<Verb> = Verb extends keyof typeof fixtureParts ? (typeof fixtureParts)[Verb][number] : never;

/** A fixture, or one part of it, such as `device-decision/deny`. */
export type FixtureNeed =
  | FixtureVerb
  | `fault/${string}`
  | { [Verb in keyof typeof fixtureParts]: `${Verb}/${PartOf<Verb>}` }[keyof typeof fixtureParts];

type OneNeed = FixtureNeed | Capability;

/** What a case cannot do without; of several one is enough. */
export type Need = OneNeed | readonly OneNeed[];

/** The limit that takes a need away; of several that would do, all have to be limited. */
export function limitOn(need: Need, limits: readonly Limit[]): Limit | undefined {
  if (typeof need === 'string')
    return limits.find(
      ({ fixture, without, method }) =>
        need === (without === undefined ? fixture : `${fixture}/${without}`) ||
        (without === undefined && need.startsWith(`${fixture}/`)) ||
        (method !== undefined && (need === `auth:${method}` || need === withoutSecret[method])),
    );
  const each = need.map((one) => limitOn(one, limits));
  return each.includes(undefined) ? undefined : each[0];
}

/** What is another word for a client of this method. */
const withoutSecret: Readonly<Record<string, Capability>> = { none: 'feature:public-clients' };

/** The limit on clients that authenticate in this way. */
export const limitOnMethod = (method: string, limits: readonly Limit[]): Limit | undefined =>
  limits.find((limit) => limit.method === method);

/** Whether a client of this method has a secret. */
export const hasSecret = (method: string): boolean => method !== 'none' && method !== 'private_key_jwt';

/** The limit on all that shows a secret, for clients that have none. */
export const limitOnSecrets = (method: string, limits: readonly Limit[]): Limit | undefined =>
  hasSecret(method) ? undefined : limitOnMethod('client_secret_basic', limits);

/** The limit on a whole fixture. */
export const wholeLimitOn = (fixture: Limit['fixture'], limits: readonly Limit[]): Limit | undefined =>
  limits.find((limit) => limit.fixture === fixture && limit.without === undefined);

/** The limit on what a fixture is asked for. */
export function limitOnAsking(verb: FixtureVerb, input: Input, target: Target): Limit | undefined {
  const parts = partsIn[verb]?.(input, target) ?? [];
  return target.limits.find(
    ({ fixture, without }) => fixture === verb && (without === undefined || parts.includes(without)),
  );
}

/** Which parts of a fixture a case needs that asks for this. */
export function needsOf(verb: keyof typeof fixtureParts, input: Input): FixtureNeed[] {
  const parts = partsIn[verb]?.(input, { scopes: [] }) ?? [];
  return fixtureParts[verb]
    .filter((part) => parts.includes(part))
    .map((part) => `${verb}/${part}` as FixtureNeed);
}

/** Which parts of a fixture an input asks for. */
const partsIn: Partial<
  Record<FixtureVerb, (input: Input, target: Pick<Target, 'scopes'>) => readonly unknown[]>
> = {
  'authorization-code': ({ nonce, scope, resource }, { scopes }) => [
    nonce !== undefined && 'nonce',
    resource !== undefined && 'resource',
    scope !== undefined && String(scope) !== String(scopes) && 'scope',
  ],
  'device-decision': ({ decision }) => [decision],
  'refresh-token': ({ region }) => [region !== undefined && 'region'],
  assertion: ({ claims, signedBy, subject }) => [
    signedBy,
    subject !== undefined && 'subject',
    claims !== undefined && 'claims',
    typeof (claims as Input | undefined)?.sub === 'string' && 'sub',
  ],
  'subject-token': ({ region }) => [region !== undefined && 'region'],
  credentials: ({ allowed }) => [allowed === false && 'not-allowed'],
  expire: ({ kind }) => [kind],
  fault: ({ exception }) => [exception],
};
