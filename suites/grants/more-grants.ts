import { rejected } from '../../harness/expectation.ts';
import { Stop } from '../../harness/stop.ts';
import type { Client, ClientWishes } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { badSubject, noAssertion } from '../kit/evidence.ts';
import {
  asserting,
  exchanging,
  type Given,
  inScope,
  jwtBearerGrant,
  strangerToAll,
  tokenExchangeGrant,
} from '../kit/given.ts';
import type { AnyGrantAt, GrantAt } from '../kit/grant.ts';
import type { ByClient, GrantType } from './table.ts';

/** A grant that the standard token endpoint has and AWS has not, or at its signed operation. */
export type MoreGrant = AnyGrantAt &
  ByClient & {
    /** A client that may not use it, with a request that would be right otherwise. */
    readonly byStranger: Given;
    readonly unauthorized: string;
    /** The rule that scopes are held to which nobody heard of. */
    readonly scoped: string;
  };

/** A client for some grants, as far as the target has them. */
export const clientFor =
  (...grants: readonly string[]) =>
  (world: World, wishes: ClientWishes = {}): Promise<Client> =>
    world.client({ grants: inScope(grants, world), ...wishes });

/** The request of a client for what it has just obtained, whether or not it may. */
const ofOwner =
  (client: (world: World) => Promise<Client>, obtain: GrantAt['obtain']): Given =>
  async (world) => {
    const owner = await client(world);
    return (await obtain(world, owner)).request(owner);
  };

/** What these grants have in common. */
export const token = {
  operation: 'token',
  who: 'client',
  required: 'RFC6749-5.2-missing-grant_type',
  unknownGrant: 'RFC6749-5.2-unsupported_grant_type',
  unknownClient: {
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    expect: rejected('invalid_client'),
  },
} as const;

/** Scopes that only a user can grant, since they ask for what is told of one. */
const ofUsers = new Set(['openid', 'profile', 'email', 'address', 'phone', 'offline_access']);

/** The first scope of the target that a client may have for itself. */
export const ownScope = ({ target }: World): string | undefined =>
  target.scopes.find((one) => !ofUsers.has(one));

const grantType = 'client_credentials';
const clientOfItself = clientFor(grantType);

/** The request of a client for itself. */
const askingForItself = (by: Client, scope: string | undefined) => ({
  operation: 'token' as const,
  by,
  members: { grant_type: grantType, ...(scope !== undefined && { scope: [scope] }) },
});

/** The same without a scope. */
export const namingNoScope: Given = async (world) => askingForItself(await clientOfItself(world), undefined);

const asked = new WeakMap<World, Promise<void>>();

/** RFC 6749 §3.3: a server without a default scope refuses a request that names none. */
async function mayNameNone(request: Call, world: World): Promise<void> {
  const { reply } = await world.send('given: default scope', request);
  if (reply.error === 'invalid_scope')
    throw new Stop('fixture', 'the server has no default scope, and the target file names none of a client');
}

const ownRequest: Given = async (world) => {
  const scope = ownScope(world);
  const request = askingForItself(await clientOfItself(world), scope);
  if (scope === undefined) {
    const answered = asked.get(world) ?? mayNameNone(request, world);
    asked.set(world, answered);
    await answered;
  }
  return request;
};

export const clientGrant: MoreGrant = {
  ...token,
  folder: 'client-credentials',
  grant: grantType,
  needs: [],
  client: clientOfItself,
  given: ownRequest,
  misspelt: 'client-credentials',
  granted: 'RFC6749-4.4.3-success',
  authentication: 'RFC6749-4.4.2-client-auth-required',
  identification: 'RFC6749-4.4.2-client-auth-required',
  byStranger: async (world) => askingForItself(await strangerToAll(grantType, world), ownScope(world)),
  unauthorized: 'RFC6749-5.2-unauthorized_client',
  scoped: 'RFC6749-5.2-invalid_scope',
};

const asserter = clientFor(jwtBearerGrant);

const assertion: GrantAt['obtain'] = async (world, client) => {
  const value = await world.assertion(client);
  return { value, request: (presenter) => asserting(presenter, value, 'token') };
};

export const assertionGrant: MoreGrant & GrantType = {
  ...token,
  folder: 'jwt-bearer',
  grant: jwtBearerGrant,
  kind: 'assertion',
  needs: ['assertion'],
  artefact: 'assertion',
  expirable: 'assertion',
  client: asserter,
  obtain: assertion,
  given: ofOwner(asserter, assertion),
  misspelt: 'urn:ietf:params:oauth:grant-type:jwt_bearer',
  granted: 'RFC7523-3.1-success',
  unknown: { requirement: 'RFC7523-3-signature', expect: noAssertion },
  authentication: 'RFC7521-4.1-client-auth-optional',
  identification: 'RFC7521-4.1-client-auth-optional',
  byStranger: ofOwner((world) => strangerToAll(jwtBearerGrant, world), assertion),
  unauthorized: 'RFC6749-5.2-unauthorized_client',
  scoped: 'RFC6749-5.2-invalid_scope',
};

const exchanger = clientFor(tokenExchangeGrant, 'refresh_token');

const subjectToken: GrantAt['obtain'] = async (world, client) => {
  const subject = await world.subjectToken(client);
  return { value: subject.subject_token, request: (presenter) => exchanging(presenter, subject, 'token') };
};

export const exchangeGrant: MoreGrant & GrantType = {
  ...token,
  folder: 'token-exchange',
  grant: tokenExchangeGrant,
  kind: 'subject token',
  needs: ['subject-token'],
  artefact: 'subject_token',
  expirable: 'subjectToken',
  client: exchanger,
  obtain: subjectToken,
  given: ofOwner(exchanger, subjectToken),
  misspelt: 'urn:ietf:params:oauth:grant-type:token_exchange',
  granted: 'RFC8693-2.2.1-success-members',
  unknown: { requirement: 'RFC8693-2.2.2-invalid-subject_token', expect: badSubject },
  authentication: 'RFC8693-2.1-client-auth',
  identification: 'RFC8693-2.1-client-auth',
  byStranger: ofOwner((world) => strangerToAll(tokenExchangeGrant, world), subjectToken),
  unauthorized: 'RFC8693-2.1-client-auth',
  scoped: 'RFC8693-2.1-scope-not-widened',
};

export const moreGrants: readonly MoreGrant[] = [clientGrant, assertionGrant, exchangeGrant];
