import type { DialectSpec, OperationSpec } from '../specs/read.ts';
import type { AuthChange, AuthMethod, Credential } from './authentication/authentication.ts';
import type { BodyChange, BodyModel } from './bodies/body.ts';
import type { JsonText } from './json.ts';
import type { Members } from './members.ts';
import type { Target } from './target/target.ts';
import type { WireRequest } from './transport/transport.ts';

export const operations = [
  'token',
  'device_authorization',
  'register',
  'iam_token',
  'metadata',
  'jwks',
  'introspection',
  'revocation',
  'userinfo',
] as const;

/**
 * The operations by their standard names, and AWS's signed variant of the first; a dialect names each its own way.
 * `metadata` and `jwks` are documents that are only read, and the last three are helpers of cases.
 */
export type Operation = (typeof operations)[number];

/** An operation with what a dialect says of it. */
export interface OperationOf extends OperationSpec {
  readonly operation: Operation;
  readonly name: string;
}

/** What a server of a standard may have or not. */
export type Feature = 'openid' | 'pkce' | 'public-clients' | 'scopes' | 'rotation' | 'metadata';

/** What a target offers, besides its operations and grants. */
export type Capability = `auth:${AuthMethod}` | `feature:${Feature}`;

/** One request in the standards' names (`grant_type`, `code` …), before a dialect spells it. */
export interface Call {
  readonly operation: Operation;
  /** Never what says who asks. */
  readonly members: Members;
  /** Who asks; absent where the request does not say. */
  readonly by?: Credential;
  readonly as?: AuthChange;
  readonly raw?: RawChange;
}

/** What a case changes below the members. A dialect or a body that cannot make the change throws. */
export interface RawChange extends BodyChange {
  readonly method?: string;
  /** Members that go into the query of the URL. */
  readonly query?: Readonly<Record<string, string>>;
  /** Added to the headers that the dialect sends; a value of undefined takes one of them away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The part of a captured response that a dialect reads. */
export interface ResponseText {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** `wrong`: the body is not in the coding that Content-Encoding names. */
  readonly coding?: 'decoded' | 'wrong';
}

/** A response as a dialect understands it. */
export interface Reply {
  /** `granted`: what was asked for was issued. `rejected`: an error was named. `malformed`: neither. */
  readonly outcome: 'granted' | 'rejected' | 'malformed';
  /** The error in the standards' spelling: `invalid_grant`. */
  readonly error?: string;
  /** The dialect's name of the error: `InvalidGrantException`. */
  readonly exception?: string;
  /** The body, read as strict JSON. */
  readonly json: JsonText;
  /** The members of the body in the standards' names. */
  readonly members: Readonly<Record<string, unknown>>;
  /** Everything that keeps the response from being what the contract says of such a reply. */
  readonly problems: readonly string[];
}

/** What a client is registered for. */
export interface RegistrationWishes {
  readonly name: string;
  readonly grants: readonly string[];
  /** Absent where no grant sends anything there. */
  readonly redirectUris?: readonly string[];
  readonly scopes: readonly string[];
  readonly method: AuthMethod;
  /** The public keys of a client that signs. */
  readonly jwks?: { readonly keys: readonly Members[] };
}

/** How requests and responses look on the wire. */
export interface Dialect {
  readonly spec: DialectSpec;
  /** What every target that speaks it has, and what one may have; what is not named none has. */
  readonly capabilities: Readonly<Partial<Record<Capability, 'always' | 'maybe'>>>;
  /** The dialect's name of an operation: `CreateToken`. */
  nameOf(operation: Operation): string;
  /** The name of the JSON Schema of an operation's requests. */
  requestSchema(operation: Operation): string;
  /** The standard name of a member that the wire spells so. */
  memberSpelt(operation: Operation, name: string): string;
  /** The exception that an operation documents for an `error` value; undefined when it documents none. */
  exceptionFor(operation: string, error: string): string | undefined;
  /** How a client authenticates when nobody says otherwise. */
  readonly usualMethod: AuthMethod;
  /** How a public client (RFC 6749 §2.1) authenticates; those of AWS have a secret. */
  readonly publicMethod: AuthMethod;
  /** What a registration of such a client says. */
  registration(wishes: RegistrationWishes, target: Target): Members;
  /** What a device authorization says, besides who asks. */
  deviceRequest(target: Target): Members;
  /** How the requests of an operation write their members. */
  bodyOf(operation: Operation): BodyModel;
  /** `operation` is absent when a change makes the request address none (another method, say). */
  encode(call: Call, target: Target): WireRequest & { readonly operation?: string };
  /** Reads the response to an operation, called by the dialect's name. Never throws. */
  read(operation: string, response: ResponseText): Reply;
}

/** The operations of a dialect, in the order of its spec. */
export function operationsOf({ spec, nameOf }: Pick<Dialect, 'spec' | 'nameOf'>): OperationOf[] {
  return Object.entries(spec.operations).flatMap(([name, one]) =>
    operations
      .filter((operation) => nameOf(operation) === name)
      .map((operation) => ({ ...one, operation, name })),
  );
}
