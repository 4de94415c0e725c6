import { onTestFinished } from 'vitest';
import { httpServer } from '../targets/support.ts';

/** A server in front of another that lets so many requests through in any so many milliseconds. */
export async function limited(upstream: string, most: number, milliseconds: number) {
  const times: number[] = [];
  let refused = 0;
  const url = await httpServer(async (request, response) => {
    const now = performance.now();
    while ((times[0] ?? now) <= now - milliseconds) times.shift();
    if (times.length >= most) {
      refused += 1;
      request.resume();
      response.writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': '0' });
      return void response.end('{"message":"Too Many Requests"}');
    }
    times.push(now);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _, connection: __, ...headers } = request.headers;
    const answer = await fetch(upstream + request.url, {
      method: request.method ?? 'GET',
      headers: headers as Record<string, string>,
      redirect: 'manual',
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const { 'transfer-encoding': ___, connection: ____, ...others } = Object.fromEntries(answer.headers);
    response.writeHead(answer.status, others).end(Buffer.from(await answer.arrayBuffer()));
  });
  onTestFinished(() => void times.splice(0));
  return {
    url,
    get refused() {
      return refused;
    },
  };
}
