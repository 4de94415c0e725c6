/** A request as it came, before any dialect has looked at it. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case; a header that was sent more than once has more than one value. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Undefined when the body was longer than the endpoint reads. */
  readonly body: Uint8Array | undefined;
  /** SHA-256 of the whole body in hexadecimal, however long it was; empty without an Authorization header. */
  readonly bodyHash: string;
}

export type Header = readonly [name: string, value: string];

export interface WireResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string | Uint8Array;
  /** Sent in chunks, without a Content-Length. */
  readonly chunked?: boolean;
}

/** Answers one request. */
export type Endpoint = (request: WireRequest) => Promise<WireResponse>;

/** Stands in front of an endpoint and may change what goes in and what comes out. */
export type Middleware = (request: WireRequest, endpoint: Endpoint) => Promise<WireResponse>;

export type JsonObject = Readonly<Record<string, unknown>>;
