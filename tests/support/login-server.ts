import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a browser asks of a page. */
export interface PageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** What was filled in, where a form was sent. */
  readonly form: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
}

/** A page: its markup, or all that is said of it. */
export type PageAnswer =
  | string
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string | string[]>>;
      readonly html?: string;
    };

/** What is answered at each path; what is not there is a 404. */
export type Pages = Readonly<Record<string, (request: PageRequest) => PageAnswer>>;

export interface LoginServer {
  readonly url: string;
  /** What was asked for, such as `POST /login`. */
  readonly asked: readonly PageRequest[];
  close(): Promise<void>;
}

/** A server of pages, to be walked through by a browser. */
export async function startLoginServer(pages: Pages): Promise<LoginServer> {
  const asked: PageRequest[] = [];
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const one: PageRequest = {
      method: request.method ?? 'GET',
      path: pathname,
      query: searchParams,
      form: new URLSearchParams(await text(request)),
      cookies: new Map(
        (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('=', 2) as [string, string]),
      ),
    };
    asked.push(one);
    const answer = pages[pathname]?.(one) ?? { status: 404, html: '<title>Not here</title>' };
    const { status = 200, headers = {}, html = '' } = typeof answer === 'string' ? { html: answer } : answer;
    response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export const to = (
  location: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): PageAnswer => ({
  status: 302,
  headers: { Location: location, ...headers },
});
