import { Agent } from 'undici';
import { operationOf } from './fronts/aws-json/format.ts';
import { isSigned } from './fronts/aws-json/signature.ts';
import { type Listener, type ListenOptions, listen } from './http.ts';
import type { Endpoint, Header, Middleware } from './wire.ts';

/** Headers that belong to one connection (RFC 9110 section 7.6.1), or that follow from the body. */
const ofTheConnection = new Set(
  'connection keep-alive proxy-connection te trailer transfer-encoding upgrade content-length expect'.split(
    ' ',
  ),
);

/**
 * Serves what another endpoint answers. What its operations answer is changed by middleware; anything else, such as
 * fixtures and keys, passes as it is.
 *
 * A signed request keeps its Host, which its signature covers; any other one gets that of the upstream.
 * An upstream that cannot be reached closes the connection.
 */
export async function startProxy(
  upstream: string,
  middleware: Middleware,
  options: ListenOptions = {},
): Promise<Listener> {
  const agent = new Agent();
  const { origin, host, pathname } = new URL(upstream);
  const base = pathname.replace(/\/$/, '');
  const forward: Endpoint = async ({ method, path, query, headers, body }) => {
    const signed = isSigned({ headers });
    const sent = [...headers].flatMap(([name, values]) =>
      ofTheConnection.has(name) || (name === 'host' && !signed)
        ? []
        : values.flatMap((value) => [name, value]),
    );
    const response = await agent.request({
      origin,
      method: method as 'POST',
      path: base + path + (query.size > 0 ? `?${query}` : ''),
      headers: signed ? sent : [...sent, 'host', host],
      body: body === undefined || body.length === 0 ? null : body,
      responseHeaders: 'raw',
    });
    const raw = response.headers as unknown as readonly Buffer[];
    return {
      status: response.statusCode,
      headers: headersOf(raw.map(String)),
      body: new Uint8Array(await response.body.arrayBuffer()),
    };
  };
  const { url, close } = await listen(
    (request) => (operationOf(request) ? middleware(request, forward) : forward(request)),
    options,
  );
  return {
    url,
    close: async () => {
      await close();
      await agent.destroy();
    },
  };
}

function headersOf(raw: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) headers.push([String(raw[at]), String(raw[at + 1])]);
  return headers.filter(([name]) => !ofTheConnection.has(name.toLowerCase()));
}
