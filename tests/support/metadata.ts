import type { Middleware } from '../../emulator/wire.ts';

type Document = Readonly<Record<string, unknown>>;

/** Has a server say something else of itself than the emulator does. */
export const saying =
  (change: (document: Document) => Document): Middleware =>
  async (request, next) => {
    const response = await next(request);
    if (!request.path.includes('/.well-known/')) return response;
    const document: Document = JSON.parse(Buffer.from(response.body ?? '').toString());
    return { ...response, body: JSON.stringify({ ...document, ...change(document) }) };
  };
