import type { WireRequest, WireResponse } from '../wire.ts';

/** One thing that happens on a connection. */
export type Step =
  | { readonly write: string | Uint8Array }
  | { readonly waitMs: number }
  /** Ends the connection when all is written. */
  | 'close'
  /** Ends it with an RST, whatever is still under way. */
  | 'reset';

/** Bytes, or steps; a generator may go on for ever, and no step at all is silence. The connection stays open. */
export type Answer = string | Uint8Array | Iterable<Step>;

/** A request as it came over the socket. */
export interface RawRequest extends WireRequest {
  /** Path and query as they were sent. */
  readonly target: string;
  /** How many requests have come so far, this one included. */
  readonly nth: number;
}

/**
 * One way in which an endpoint does not even keep to HTTP, or makes a fool of whoever reads its answers. Without
 * `answer` and `spoil` no request is read at all.
 */
export interface Misbehaviour {
  /** Kebab case; it never changes. */
  readonly name: string;
  /** In one sentence, for people. */
  readonly what: string;
  /** Sent as soon as somebody connects. */
  readonly greet?: () => Answer;
  /** Answers a request; undefined leaves it to the honest endpoint behind. */
  readonly answer?: (request: RawRequest) => Answer | undefined;
  /** What is made of the honest answer. */
  readonly spoil?: (honest: WireResponse, request: RawRequest) => Answer;
  /** Takes back out of a request what `spoil` has put into earlier answers. */
  readonly undo?: (request: RawRequest) => RawRequest;
}
