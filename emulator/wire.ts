/** A request as it came, before any dialect has looked at it. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Undefined when the body was longer than the endpoint reads. */
  readonly body: Uint8Array | undefined;
}

export type Header = readonly [name: string, value: string];

export interface WireResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
}

export type JsonObject = Readonly<Record<string, unknown>>;
