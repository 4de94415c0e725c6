import type { Header, WireRequest, WireResponse } from '../wire.ts';

/** Markup that may stand in a page as it is. */
export interface Markup {
  readonly markup: string;
}

/** Joins text into markup and escapes whatever is not markup already. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Markup)[]): Markup {
  const filled = values.map((value) => (typeof value === 'string' ? escaped(value) : value.markup));
  return { markup: parts.map((part, at) => part + (filled[at] ?? '')).join('') };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => entities[one] ?? one);

/** A page for a person: no script, no style, nothing from elsewhere, in nobody's frame. */
export function page(
  now: number,
  status: number,
  title: string,
  content: Markup,
  { formAction = "'self'", headers = [] }: { formAction?: string; headers?: readonly Header[] } = {},
): WireResponse {
  const policy = `default-src 'none'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`;
  const { markup } = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head>
<body><main><h1>${title}</h1>
${content}
</main></body></html>
`;
  return {
    status,
    headers: [
      ...personal(now),
      ['Content-Type', 'text/html; charset=utf-8'],
      ['Content-Security-Policy', policy],
      ['X-Content-Type-Options', 'nosniff'],
      ...headers,
    ],
    body: markup,
  };
}

/** Sends the browser elsewhere, by GET. */
export function redirect(now: number, location: string): WireResponse {
  return { status: 303, headers: [...personal(now), ['Location', location]], body: '' };
}

/** Reads only: what else comes is told which methods there are. */
export function wrongMethod(now: number): WireResponse {
  return page(
    now,
    405,
    'Not this method',
    html`<p>This page is asked for by GET, and its form is sent by POST.</p>`,
    {
      headers: [['Allow', 'GET, POST']],
    },
  );
}

/** The parameters of a page: the query of a GET, the form of a POST; undefined for another method. */
export function parametersOf({ method, query, body }: WireRequest): URLSearchParams | undefined {
  if (method === 'GET') return query;
  return method === 'POST' ? new URLSearchParams(Buffer.from(body ?? []).toString()) : undefined;
}

/** Codes stand in what is answered here: they are for one browser, and for one time. */
const personal = (now: number): readonly Header[] => [
  ['Date', new Date(now).toUTCString()],
  ['Cache-Control', 'no-store'],
  ['Referrer-Policy', 'no-referrer'],
];
