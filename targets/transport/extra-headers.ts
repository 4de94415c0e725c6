/** Headers that go with every request to a target: the key of a gateway, say. */
export interface ExtraHeaders {
  /** By name. The values are secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where they go, and nowhere else: what a server points to need not be its own. */
  readonly origins?: readonly string[];
}

interface Request {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A request with the headers that its target wants. One that it has itself stays as it is. */
export function withExtraHeaders<T extends Request>(
  request: T,
  { headers = {}, origins = [] }: ExtraHeaders,
): T {
  const known = new Set(request.headers.map(([name]) => name.toLowerCase()));
  const missing = Object.entries(headers).filter(([name]) => !known.has(name.toLowerCase()));
  if (missing.length === 0 || !origins.includes(URL.parse(request.url)?.origin ?? '')) return request;
  return { ...request, headers: [...request.headers, ...missing] };
}
