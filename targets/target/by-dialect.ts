import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { type DialectName, dialectNames, dialectOfProfile, profileNames } from '../../specs/read.ts';
import { didYouMean } from '../problem.ts';
import type { DeclaredClient, RegisteredMethod, Target } from './target.ts';

/** What a file holds, before anybody knows whether it may. */
export type Given = Readonly<Partial<Record<keyof Target | 'endpoints', unknown>>>;

/** A mistake by the place that it is at, with the key at the end of the path or the value behind it. */
export interface Misplaced {
  readonly path: readonly string[];
  /** A key at that place; the place itself when absent. */
  readonly key?: string;
  readonly text: string;
}

/** The dialect of a target: its profile says it; where it names none, what else there is. */
export function dialectIn({ profile, dialect, issuer, endpoints, endpoint, region }: Given): DialectName {
  const known = typeof profile === 'string' ? dialectOfProfile(profile) : undefined;
  const named = dialectNames.find((name) => name === dialect);
  const isStandard =
    (issuer !== undefined || endpoints !== undefined) && endpoint === undefined && region === undefined;
  return known ?? named ?? (isStandard ? 'oauth-form' : 'aws-json');
}

/** How a client of a server of the standards is authenticated: RFC 7591 §2 says it where nobody does. */
export const methodOf = ({ authMethod = 'client_secret_basic' }: DeclaredClient): RegisteredMethod =>
  authMethod;

const disjunction = new Intl.ListFormat('en', { type: 'disjunction' });

/** Names in quotes, of which one is to be taken. */
export const oneOf = (names: readonly string[]): string =>
  disjunction.format(names.map((name) => `"${name}"`));

/** What is in the file that its dialect does not have, and what is not that it needs. */
export function mistakesByDialect(given: Given): Misplaced[] {
  const { profile, dialect: named } = given;
  const dialect = dialectIn(given);
  const inDialect = profileNames(dialect);
  if (dialectNames.some((one) => one === named) && named !== dialect) {
    const text = `/dialect is "${named}", and the profile "${profile}" is one of "${dialect}". Leave the dialect out: it follows from the profile.`;
    return [{ path: ['dialect'], text }];
  }
  const foreign = Object.keys(elsewhere[dialect]).filter((key) => given[key as keyof Given] !== undefined);
  const isUnknown = typeof profile === 'string' && !inDialect.includes(profile);
  return [
    ...foreign.map((key) => ({ path: [], key, text: foreignText(key, dialect, given) })),
    ...(foreign.some((key) => isPlace(key)) ? [] : placeMistakes(given, dialect)),
    ...(dialect === 'oauth-form' && profile === undefined ? [noProfile(inDialect)] : []),
    ...(dialect === 'oauth-form' && isUnknown ? [unknownProfile(profile, inDialect)] : []),
  ];
}

/** Members that a dialect does not have, and what to write where they say where the target is. */
const elsewhere: Readonly<Record<DialectName, Readonly<Record<string, string>>>> = {
  'aws-json': {
    issuer: 'Give "endpoint" or "region"',
    endpoints: 'Give "endpoint" or "region"',
    login: '',
    resource: '',
  },
  'oauth-form': {
    endpoint: 'Give "issuer", or "endpoints" where it has no metadata',
    region: 'Give "issuer", or "endpoints" where it has no metadata',
    fips: '',
    dualstack: '',
    startUrl: '',
    credentials: '',
  },
};

const isPlace = (key: string): boolean => ['issuer', 'endpoints', 'endpoint', 'region'].includes(key);

function foreignText(key: string, dialect: DialectName, { profile }: Given): string {
  const other = dialect === 'aws-json' ? profileNames('oauth-form') : profileNames('aws-json');
  const whose = typeof profile === 'string' ? `the profile "${profile}"` : 'a target of AWS';
  const instead = elsewhere[dialect][key];
  return `/${key} does not go with ${whose}. ${instead ? `${instead}, or another profile: ` : 'It is for '}${oneOf(other)}.`;
}

function placeMistakes({ endpoint, region, issuer, endpoints }: Given, dialect: DialectName): Misplaced[] {
  if (dialect === 'aws-json')
    return endpoint !== undefined || region !== undefined
      ? []
      : [
          {
            path: [],
            text: 'the file has no "endpoint", and no "region" of AWS that it could follow from',
          },
        ];
  return issuer !== undefined || endpoints !== undefined
    ? []
    : [{ path: [], text: 'the file has no "issuer", and no "endpoints" of a server without metadata' }];
}

const noProfile = (known: readonly string[]): Misplaced => ({
  path: [],
  text: `the file has no "profile". A server of the standards needs one: ${oneOf(known)}`,
});

const unknownProfile = (profile: string, known: readonly string[]): Misplaced => ({
  path: ['profile'],
  text: `/profile must be ${oneOf(known)}.${didYouMean(profile, known)}`,
});

/** What does not go together in a file whose members are all as the schema has them. */
export function combinedMistakes(given: Given): Misplaced[] {
  const { issuer, endpoints } = given as Partial<Record<string, object>>;
  const hasToken = issuer !== undefined || endpoints === undefined || 'token' in endpoints;
  const text = '/endpoints has no "token", and without an "issuer" there is no metadata that says it';
  return [...(hasToken ? [] : [{ path: ['endpoints'], text }]), ...clientMistakes(given)];
}

/** What is missing of clients, or too much, for the way in which they are authenticated. */
function clientMistakes(given: Given): Misplaced[] {
  const check = dialectIn(given) === 'aws-json' ? ofAws : ofTheStandards;
  return Object.entries((given.clients ?? {}) as NonNullable<Target['clients']>).flatMap(([name, client]) => {
    const pointer = `/clients/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return check(client, pointer).map((one) => ({ ...one, path: ['clients', name, ...one.path] }));
  });
}

function ofAws(client: DeclaredClient, pointer: string): Misplaced[] {
  return (['authMethod', 'key'] as const)
    .filter((key) => client[key] !== undefined)
    .map((key) => ({
      path: [],
      key,
      text: `${pointer}/${key} is for servers of the standards: a client of AWS has "auth", which is "secret" or "iam"`,
    }));
}

/** What each method takes besides the id. */
const takes: Readonly<Record<RegisteredMethod, 'clientSecret' | 'key' | undefined>> = {
  client_secret_basic: 'clientSecret',
  client_secret_post: 'clientSecret',
  client_secret_jwt: 'clientSecret',
  private_key_jwt: 'key',
  none: undefined,
};

function ofTheStandards(client: DeclaredClient, pointer: string): Misplaced[] {
  if (client.auth !== undefined) {
    const text = `${pointer}/auth is for clients of AWS: give "authMethod", which is ${oneOf(Object.keys(takes))}`;
    return [{ path: [], key: 'auth', text }];
  }
  const method = methodOf(client);
  const taken = takes[method];
  const said = client.authMethod === undefined ? `${method} (the method where none is given)` : method;
  const missing = taken !== undefined && client[taken] === undefined;
  const others = (['clientSecret', 'key'] as const).filter((one) => one !== taken);
  return [
    ...(missing ? [{ path: [], text: `${pointer} has no "${taken}", which ${said} needs` }] : []),
    ...others
      .filter((key) => client[key] !== undefined)
      .map((key) => ({
        path: [],
        key,
        text: `${pointer}/${key} is not used by ${said}: leave one of them out`,
      })),
    ...(client.key !== undefined && !isPrivateKey(client.key)
      ? [
          {
            path: ['key'],
            text: `${pointer}/key is no private key that can be used: a member is missing or wrong`,
          },
        ]
      : []),
  ];
}

/** What is wrong with it may be part of it, and is not told. */
function isPrivateKey(key: JsonWebKey): boolean {
  try {
    createPrivateKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
