import type { Case } from '../../harness/case.ts';
import type { Expectation } from '../../harness/expectation.ts';
import { notOffered } from '../../harness/stop.ts';
import type {
  AssertionWishes,
  Client,
  ClientWishes,
  CodeWishes,
  Device,
  ExpirableKind,
} from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import { asserting, type Given, redeeming } from './given.ts';

/** What a request of a grant presents, in words; undefined of none in the generated life cycles. */
export type Kind = 'code' | 'device' | 'refresh token' | 'assertion' | 'subject token';

/** Something that a client was given, and the request with which any client presents it. */
export interface Obtained {
  readonly value: string;
  readonly request: (presenter: Client) => Call;
  readonly device?: Device;
}

/** A rule, and what has to be answered by it. */
export interface Ruled {
  readonly requirement: string;
  readonly expect: Expectation;
}

/** One grant at one operation, whether or not it presents anything: all that the suites have to know of it. */
export interface AnyGrantAt {
  /** The first part of the ids of its cases, for ever. */
  readonly folder: string;
  readonly operation: 'token' | 'iam_token';
  /** What the operation calls who asks. */
  readonly who: 'client' | 'application';
  readonly grant: string;
  /** The fixtures that it takes. */
  readonly needs: Case['needs'];
  /** A client that may use it. */
  readonly client: (world: World, wishes?: ClientWishes) => Promise<Client>;
  /** A request that has to be granted. */
  readonly given: Given;
  /** A spelling of the grant type that is nearly right. */
  readonly misspelt: string;
  /** The rule that the valid request is granted. */
  readonly granted: string;
  /** Members that the operation needs are left out. */
  readonly required: string;
  readonly unknownGrant: string;
  readonly unknownClient: Ruled;
}

/** A grant that is given for something that was issued before. */
export interface GrantAt extends AnyGrantAt {
  readonly kind: Kind;
  /** The operation that begins it. */
  readonly through?: 'device_authorization';
  /** The member that carries what is presented, and what the `expire` fixture calls it. */
  readonly artefact: string;
  readonly expirable: ExpirableKind;
  readonly obtain: (world: World, client: Client) => Promise<Obtained>;
  /** What is presented was never issued. */
  readonly unknown: Ruled;
  /** What is presented comes several times at once; absent where it may. */
  readonly race?: { readonly requirement: string; readonly losers: Expectation };
}

/** What every case of a grant has from its row. */
export const ofGrant = ({ operation, grant, needs, given }: AnyGrantAt) => ({
  operation,
  grant,
  needs,
  given,
});

/** A request of a code that was issued as wished. */
export const codeAt =
  ({ client, operation }: GrantAt, wishes: CodeWishes): Given =>
  async (world) => {
    const owner = await client(world);
    return redeeming(owner, await world.authorizationCode(owner, wishes), operation);
  };

/**
 * A request of a code for some of the scopes. What a server does with a request for others than openid, OpenID Connect
 * Core §3.1.2.1 leaves open: a case does not apply where it refuses.
 */
export const codeForScopes =
  ({ client, operation }: GrantAt, scope: readonly string[]): Given =>
  async (world) => {
    const owner = await client(world);
    const isUnspecified = world.target.scopes.includes('openid') && !scope.includes('openid');
    if (!isUnspecified) return redeeming(owner, await world.authorizationCode(owner, { scope }), operation);
    const code = await world.authorizationCodeIfAllowed(owner, { scope });
    if (code === undefined) throw notOffered('codeWithoutOpenid');
    return redeeming(owner, code, operation);
  };

/** A request of an assertion that was written as wished. */
export const assertionAt =
  ({ client, operation }: GrantAt, wishes: AssertionWishes): Given =>
  async (world) => {
    const owner = await client(world);
    return asserting(owner, await world.assertion(owner, wishes), operation);
  };

/** What it presents, in words or as a part of an id. */
export const thingOf = ({ artefact }: GrantAt, between: ' ' | '-' = ' '): string =>
  artefact.replaceAll('_', between);

/** What makes an authorization request one of OpenID Connect (Core §3.1.2.1); those of AWS's signed operation are. */
export const openIdScope = (
  { operation }: GrantAt,
  { target: { scopes } }: World,
): Pick<CodeWishes, 'scope'> =>
  operation === 'iam_token' || scopes.includes('openid') ? {} : { scope: ['openid', ...scopes] };

/** A request of a code that brings an ID token. */
export const openIdCode =
  (at: GrantAt): Given =>
  async (world) => {
    const wishes = openIdScope(at, world);
    return wishes.scope === undefined ? at.given(world) : codeAt(at, wishes)(world);
  };
