import type { Exchange, Headers } from '../../harness/exchange.ts';
import { html, type Markup, nothing } from './markup.ts';
import { duration, many } from './words.ts';

/** What was sent and what came back, step by step; the exchange that the verdict is about is open. */
export function exchanges(some: readonly Exchange[], about: Exchange | undefined): Markup {
  if (some.length === 0) return nothing;
  const seen = new Map<string, number>();
  const rows = some.map((exchange, at) => {
    const headers = asLines(exchange.request.headers);
    const before = seen.get(headers);
    if (before === undefined) seen.set(headers, at + 1);
    return exchangeOf(exchange, at + 1, exchange === about, before);
  });
  return html`<h4>${some.length === 1 ? 'Exchange' : 'Exchanges'}</h4>${rows}`;
}

function exchangeOf(exchange: Exchange, at: number, open: boolean, before: number | undefined): Markup {
  const { request, response, failure, step } = exchange;
  const came = response === undefined ? (failure?.kind ?? 'no response') : String(response.status);
  const headers = before === undefined ? asLines(request.headers) : `(the headers of request ${before})\n`;
  return html`<details class="exchange"${open ? html` open` : nothing}><summary>${at}. <b>${step}</b>
    <span>${request.method} → ${came}</span> <small>${duration(exchange.durationMs)}</small></summary>
    ${notes(exchange)}
    <pre aria-label="request">${`${request.method} ${request.url}\n${headers}`}${request.body === undefined ? '' : `\n${request.body}`}</pre>
    ${response === undefined ? html`<p>No response: ${failure?.message ?? 'nothing is known of why'}</p>` : html`<pre aria-label="response">${`${response.status}\n${asLines(response.headers)}\n${response.body}`}</pre>`}
    ${jwts(exchange)}</details>\n`;
}

function asLines(headers: Headers): string {
  return headers.map(([name, value]) => `${name}: ${value}\n`).join('');
}

/** What the request and the response do not say of themselves. */
function notes({ fault, clockAdvanced, attempts, response, startedAt }: Exchange): Markup {
  const moment = new Date(startedAt);
  const some = [
    Number.isNaN(moment.getTime()) ? '' : `Sent at ${moment.toISOString().slice(11, 23)} UTC.`,
    fault === undefined ? '' : `The fixture service was asked to answer with ${fault}.`,
    clockAdvanced
      ? `The clock of the target was ${many(Math.abs(clockAdvanced), 'second', 'seconds')} ${clockAdvanced > 0 ? 'ahead' : 'behind'}.`
      : '',
    attempts > 1 ? `Sent ${attempts} times, after 429 or 503.` : '',
    attempts === 0 ? 'It was not tried.' : '',
    response?.utf8 === false ? 'The body is not valid UTF-8.' : '',
    response?.cut
      ? `Only the beginning of the body was kept, of ${many(response.bytes, 'byte', 'bytes')}.`
      : '',
  ];
  return html`<p class="quiet">${some.filter((one) => one !== '').join(' ')}</p>`;
}

function jwts({ jwts: some = [] }: Exchange): Markup {
  return html`${some.map(({ member, ...facts }) => {
    const text = Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return html`<p>What the JWT in <code>${member}</code> says</p><pre>${text.join('\n')}</pre>`;
  })}`;
}
