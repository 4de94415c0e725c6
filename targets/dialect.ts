import type { DialectSpec } from '../specs/read.ts';
import type { Credentials, WrittenDates } from './authentication/sigv4.ts';
import type { JsonText } from './json.ts';
import type { Target } from './target/target.ts';
import type { WireRequest } from './transport/transport.ts';

/** The operations by their standard names, and AWS's signed variant of the first; a dialect names each its own way. */
export type Operation = 'token' | 'device_authorization' | 'register' | 'iam_token';

/** A request in the standards' names (`client_id`, `grant_type` …), before a dialect spells it. */
export interface TokenRequest {
  readonly operation: Operation;
  /** `undefined` leaves a member out, `null` sends null. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly wire?: WireChange;
}

/** What a case changes below the members. */
export interface WireChange {
  readonly method?: string;
  /** Members that go into the query of the URL. */
  readonly query?: Readonly<Record<string, string>>;
  /** Members written a second time, behind all others, with these values. */
  readonly repeat?: Readonly<Record<string, string>>;
  /** Added to the headers that the dialect sends; a value of undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: (encoded: string) => string | Buffer | undefined;
  readonly chunked?: boolean;
  /** How the signature of a signed operation differs from a right one. */
  readonly signing?: SigningChange;
}

export interface SigningChange {
  /** Leaves the signature out. */
  readonly none?: true;
  /** In place of the credentials of the target. */
  readonly credentials?: Credentials;
  readonly region?: string;
  readonly service?: string;
  /** Headers that the signature leaves out. */
  readonly unsigned?: readonly string[];
  /** By how many seconds the date of the signature is off. */
  readonly skewSeconds?: number;
  /** How the signature writes its date. */
  readonly written?: (dates: WrittenDates) => WrittenDates;
  /** Changes the request after it was signed. */
  readonly tamper?: (signed: WireRequest) => WireRequest;
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

/** How requests and responses look on the wire. */
export interface Dialect {
  readonly spec: DialectSpec;
  /** The dialect's name of an operation: `CreateToken`. */
  nameOf(operation: Operation): string;
  /** The name of the JSON Schema of an operation's requests. */
  requestSchema(operation: Operation): string;
  /** The standard name of a member that the wire spells so. */
  memberSpelt(operation: Operation, name: string): string;
  /** The exception that an operation documents for an `error` value; undefined when it documents none. */
  exceptionFor(operation: string, error: string): string | undefined;
  /** `operation` is absent when a change makes the request address none (another method, say). */
  encode(request: TokenRequest, target: Target): WireRequest & { readonly operation?: string };
  /** Reads the response to an operation, called by the dialect's name. Never throws. */
  read(operation: string, response: ResponseText): Reply;
}
