import type { Case } from '../../harness/case.ts';
import type { Expectation } from '../../harness/expectation.ts';
import type { Client, ClientWishes, Device, ExpirableKind } from '../../harness/world/artefacts.ts';
import type { Call, World } from '../../harness/world/world.ts';
import type { Given } from './given.ts';

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

/** One grant at one operation: all that the suites have to know of it. */
export interface GrantAt {
  /** The first part of the ids of its cases, for ever. */
  readonly folder: string;
  readonly operation: 'token' | 'iam_token';
  readonly grant: string;
  readonly kind: Kind;
  /** The fixtures that it takes. */
  readonly needs: Case['needs'];
  /** The operation that begins it. */
  readonly through?: 'device_authorization';
  /** The member that carries what is presented, and what the `expire` fixture calls it. */
  readonly artefact: string;
  readonly expirable: ExpirableKind;
  /** A client that may use it. */
  readonly client: (world: World, wishes?: ClientWishes) => Promise<Client>;
  readonly obtain: (world: World, client: Client) => Promise<Obtained>;
  /** A request that has to be granted. */
  readonly given: Given;
  /** A spelling of the grant type that is nearly right. */
  readonly misspelt: string;
  /** The rule that the valid request is granted. */
  readonly granted: string;
  /** What is presented was never issued. */
  readonly unknown: Ruled;
  /** Members that the operation needs are left out. */
  readonly required: string;
  readonly unknownGrant: string;
  readonly unknownClient: Ruled;
  /** What is presented comes several times at once; absent where it may. */
  readonly race?: { readonly requirement: string; readonly losers: Expectation };
}
