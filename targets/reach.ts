import {
  type Document,
  endpointMembers,
  endpointsIn,
  type Look,
  lookAt,
  metadataPlaces,
  unofferedIn,
  usualMethodIn,
} from './metadata.ts';
import { isOfMcp, isOfOpenId, type Limit, type Target } from './target/target.ts';
import type { Transport, WireOutcome, WireRequest } from './transport/transport.ts';

/** One request for metadata, and what came of it. */
export interface Asked {
  readonly request: WireRequest;
  readonly outcome: WireOutcome;
}

/** Where the operations of a server are, and what it says of itself. */
export interface Reached {
  /**
   * URLs by operation, those of the target file first. `metadata` is where it was found, `jwks` where its keys are,
   * and `authorization` where users are sent.
   */
  readonly endpoints: Readonly<Record<string, string>>;
  /** What all places together say; absent where there is no metadata. */
  readonly document?: Document;
  /** What the metadata says that the server does not have; nothing where there is no metadata. */
  readonly unoffered: readonly Limit[];
  /** How clients usually authenticate, where the metadata says it. */
  readonly usualMethod?: NonNullable<Target['usualMethod']>;
  /** Every request that was sent, in the order of preference. */
  readonly asked: readonly Asked[];
  /** What is doubtful and stops nothing. */
  readonly warnings: readonly string[];
  /** Why nothing can be asked for a token. */
  readonly trouble?: Trouble;
}

export interface Trouble {
  /** Which URL answered what, and what to do about it. */
  readonly message: string;
  /** Nobody answered at any place, or "not now" only: it says nothing about the server. */
  readonly isSilent: boolean;
}

type Place = Pick<Target, 'issuer' | 'endpoint' | 'profile' | 'jwks' | 'login'>;

const headers = [
  ['Accept', 'application/json'],
  ['User-Agent', 'token-conformance'],
] as const;

/** Asks an issuer, once a run, where its endpoints are. One without an issuer is what its target file says. */
export async function reach(target: Place, transport: Pick<Transport, 'send'>): Promise<Reached> {
  const { issuer } = target;
  if (issuer === undefined) return reachedBy(target, [], []);
  const places = metadataPlaces(issuer, isOfOpenId(target));
  const asked = await Promise.all(
    places.map(async ({ url }): Promise<Asked> => {
      const request = { method: 'GET', url, headers };
      return { request, outcome: await transport.send(request) };
    }),
  );
  const looks = places.map((place, index) => lookAt(place, (asked[index] as Asked).outcome, issuer));
  return reachedBy(target, looks, asked);
}

/** The target with all that was found out about it. What its file says that it cannot offer comes first. */
export function targetReached<T extends Place & Pick<Target, 'limits'>>(
  target: T,
  { endpoints, unoffered, usualMethod }: Reached,
): T {
  const { jwks = endpoints.jwks, limits } = target;
  return {
    ...target,
    endpoint: endpoints,
    limits: [...limits, ...unoffered],
    ...(jwks !== undefined && { jwks }),
    ...(usualMethod && { usualMethod }),
  };
}

/** What the answers of all places come to. */
export function reachedBy(
  { issuer, endpoint, jwks, login, profile }: Place,
  looks: readonly Look[],
  asked: readonly Asked[],
): Reached {
  const found = looks.filter((look) => look.kind === 'found');
  const [first] = found;
  const own = {
    ...(typeof endpoint === 'string' ? { token: endpoint } : endpoint),
    ...(jwks !== undefined && { jwks }),
  };
  const document: Document = Object.assign({}, ...found.toReversed().map((look) => look.document));
  const { endpoints: said, wrong } = endpointsIn(document);
  // A server of MCP must have it: where it is nowhere, cases that read it see that at the first place.
  const place = first ?? (isOfMcp({ profile }) ? looks[0] : undefined);
  const endpoints = { ...(place && { metadata: place.url }), ...said, ...own };
  const warnings = [
    ...found.slice(1).flatMap((look) => differences(first?.document ?? {}, first?.url ?? '', look)),
    ...wrong.map((member) => `the metadata of ${issuer} says a ${member} that is no http or https URL`),
    ...Object.entries(own)
      .filter(([operation, url]) => (said[operation] ?? url) !== url)
      .map(
        ([operation, url]) =>
          `${url} is taken for ${operation} as the target file says, and not ${said[operation]}, as the metadata of ${issuer} does`,
      ),
    ...(first === undefined && looks.length > 0 && 'token' in own
      ? [`the metadata of ${issuer} is not used: ${answersOf(looks)}`]
      : []),
  ];
  const trouble = 'token' in endpoints ? undefined : troubleWith(issuer ?? '', looks, wrong);
  const isDeclared = ({ grant }: Limit) => grant === 'password' && login?.passwordGrant === true;
  const usualMethod = usualMethodIn(document);
  return {
    endpoints,
    ...(first && { document }),
    unoffered: first
      ? unofferedIn(document, first.url, Object.keys(own)).filter((limit) => !isDeclared(limit))
      : [],
    ...(usualMethod && { usualMethod }),
    asked,
    warnings,
    ...(trouble && { trouble }),
  };
}

/** The endpoints on which two documents of one issuer are not of one mind. */
function differences(first: Document, url: string, other: Extract<Look, { kind: 'found' }>): string[] {
  return Object.values(endpointMembers)
    .filter((member) => first[member] !== undefined && other.document[member] !== undefined)
    .filter((member) => first[member] !== other.document[member])
    .map((member) => `${other.url} and ${url} say different URLs for ${member}: that of the latter is taken`);
}

function troubleWith(issuer: string, looks: readonly Look[], wrong: readonly string[]): Trouble {
  const found = looks.find((look) => look.kind === 'found');
  if (found !== undefined) {
    const what = wrong.includes('token_endpoint')
      ? 'a token_endpoint that is no http or https URL'
      : 'no token_endpoint';
    const message = `The metadata of ${issuer} at ${found.url} has ${what}. Give "endpoints: { token: … }" in a target file.`;
    return { message, isSilent: false };
  }
  const isSilent = looks.every(({ kind }) => kind === 'silent');
  const others = looks.flatMap((look) => (look.kind === 'unusable' ? (look.issuer ?? []) : []));
  const advice = isSilent
    ? 'Is it running, and is this its address?'
    : others.length > 0
      ? 'Give the issuer exactly as its metadata has it.'
      : 'Check the issuer, or give "endpoints: { token: … }" in a target file.';
  return { message: `No metadata of ${issuer} was found: ${answersOf(looks)}. ${advice}`, isSilent };
}

const answersOf = (looks: readonly Look[]): string =>
  looks.map((look) => `${look.url} ${'answer' in look ? said(look) : 'was found'}`).join('; ');

const said = ({ kind, answer }: Exclude<Look, { kind: 'found' }>): string =>
  kind === 'silent' && !answer.startsWith('answered') ? `did not answer (${answer})` : answer;
