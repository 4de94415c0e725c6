import type { WireRequest } from '../wire.ts';

/** A request with its target as it was sent. */
export interface HeardRequest extends Omit<WireRequest, 'bodyHash'> {
  readonly target: string;
  readonly body: Uint8Array;
}

/** The requests of one connection, one after another (RFC 9112); ends, or throws, when the connection does. */
export async function* requestsOn(chunks: AsyncIterable<Buffer>): AsyncGenerator<HeardRequest> {
  const { line, take } = reading(chunks);
  for (;;) {
    const first = await line();
    if (first === undefined) return;
    // A client may send an empty line before its next request (RFC 9112 section 2.2).
    if (first === '') continue;
    const [method = '', target = ''] = first.split(' ');
    const headers = new Map<string, string[]>();
    for (let field = await line(); field; field = await line()) {
      const at = field.indexOf(':');
      const name = field.slice(0, at).toLowerCase();
      headers.set(name, [...(headers.get(name) ?? []), field.slice(at + 1).trim()]);
    }
    const isChunked = /chunked/i.test(headers.get('transfer-encoding')?.[0] ?? '');
    const body = isChunked ? await chunked() : await take(Number(headers.get('content-length')?.[0] ?? 0));
    const at = target.indexOf('?');
    yield {
      method,
      target,
      path: at < 0 ? target : target.slice(0, at),
      query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
      headers,
      body,
    };
  }

  async function chunked(): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt((await line()) ?? '', 16);
      if (!(size > 0)) break;
      parts.push(await take(size));
      await line();
    }
    while (await line());
    return Buffer.concat(parts);
  }
}

/** Reads lines and bytes, however they are cut into pieces. */
function reading(chunks: AsyncIterable<Buffer>) {
  const source = chunks[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const { value, done } = await source.next();
    if (done) return false;
    held = Buffer.concat([held, value]);
    return true;
  }

  return {
    /** Without its end; undefined when nothing more comes. */
    async line(): Promise<string | undefined> {
      while (!held.includes('\r\n')) if (!(await more())) return undefined;
      const at = held.indexOf('\r\n');
      const text = held.toString('latin1', 0, at);
      held = held.subarray(at + 2);
      return text;
    },
    async take(length: number): Promise<Buffer> {
      while (held.length < length) if (!(await more())) throw new Error('the connection ended within a body');
      const bytes = held.subarray(0, length);
      held = held.subarray(length);
      return bytes;
    },
  };
}
