import type { WireResponse } from '../wire.ts';
import { endless, honestly, inTurn, withHeader, withHeaders } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** The honest answer with one more line in its head. */
function withLine(honest: WireResponse, line: string | Buffer): Buffer {
  const bytes = honestly(honest);
  const end = bytes.indexOf('\r\n') + 2;
  return Buffer.concat([bytes.subarray(0, end), Buffer.from(line), Buffer.from('\r\n'), bytes.subarray(end)]);
}

const line = (name: string, what: string, text: string | Buffer): Misbehaviour => ({
  name,
  what,
  spoil: (honest) => withLine(honest, text),
});

/** Header fields that are none, or that are many or long. */
export const headers: readonly Misbehaviour[] = [
  line('header-without-colon', 'Sends a header without a colon.', 'this is no header'),
  line('header-without-name', 'Sends a header without a name.', ': value'),
  line('header-name-with-space', 'Sends a header name with a space in it.', 'X Header: 1'),
  line('header-name-before-space', 'Sends a space between header name and colon.', 'X-Header : 1'),
  line('header-name-with-nul', 'Sends a header name with NUL in it.', 'X-\0Header: 1'),
  line('header-value-with-nul', 'Sends a header value with NUL in it.', 'X-Header: a\0b'),
  line(
    'header-value-with-escape',
    'Sends a header value with an ANSI escape in it.',
    'X-Header: \x1b[31mred',
  ),
  line('header-value-with-bare-cr', 'Sends a header value with a CR in it.', 'X-Header: a\rX-Forged: b'),
  line('header-value-in-utf-8', 'Sends a header value in UTF-8.', 'X-Header: grüße \u202egnp'),
  line(
    'header-value-in-latin-1',
    'Sends a header value in Latin-1.',
    Buffer.from('X-Header: gr\xfc\xdfe', 'latin1'),
  ),
  line('header-empty', 'Sends a header without a value.', 'X-Header:'),
  line('header-folded', 'Sends a header over two lines.', 'X-Header: one\r\n two'),
  line('header-folded-first', 'Sends a folded line behind the status line.', ' folded'),
  line('header-of-14000-spaces', 'Sends a header of 14,000 spaces.', `X-Header:${' '.repeat(14_000)}1`),
  line(
    'header-behind-14000-spaces',
    'Sends 14,000 spaces behind a header.',
    `X-Header: 1${' '.repeat(14_000)}`,
  ),
  line(
    'header-of-14000-spaces-within',
    'Sends 14,000 spaces within a header.',
    `X-Header: 1${' '.repeat(14_000)}1`,
  ),
  line(
    'header-of-14000-tabs',
    'Sends tabs and spaces in turn, 14,000 of them.',
    `X-Header: a${'\t '.repeat(7_000)}b`,
  ),
  line('header-of-1-mb', 'Sends a header of 1 MB.', `X-Header: ${'a'.repeat(1_000_000)}`),
  line('headers-100', 'Sends 100 headers more.', many(100)),
  line('headers-5000', 'Sends 5,000 headers more.', many(5_000)),
  {
    name: 'headers-endless',
    what: 'Sends headers for ever, as fast as they are read.',
    answer: () => inTurn('HTTP/1.1 200 OK\r\n', endless('X-More: 1\r\n'.repeat(100))),
  },
  {
    name: 'header-names-of-objects',
    what: 'Sends headers that are called __proto__, constructor and toString.',
    spoil: withHeaders(['__proto__', '1'], ['constructor', '2'], ['toString', '3'], ['hasOwnProperty', '4']),
  },
  {
    name: 'content-type-twice',
    what: 'Sends a second Content-Type that is another one.',
    spoil: withHeaders(['Content-Type', 'text/html']),
  },
  {
    name: 'content-type-missing',
    what: 'Sends no Content-Type.',
    spoil: (honest) =>
      honestly(honest, { headers: honest.headers.filter(([name]) => name.toLowerCase() !== 'content-type') }),
  },
  {
    name: 'content-type-of-spaces',
    what: 'Sends a Content-Type of 14,000 spaces between type and parameter.',
    spoil: (honest) =>
      honestly(honest, {
        headers: withHeader(honest, 'Content-Type', `application/json${' '.repeat(14_000)}; charset=utf-8`),
      }),
  },
  {
    name: 'cache-control-long',
    what: 'Sends a Cache-Control of 14,000 characters with no-store at its end.',
    spoil: (honest) =>
      honestly(honest, { headers: withHeader(honest, 'Cache-Control', `${'a, '.repeat(4_600)}no-store`) }),
  },
  {
    name: 'cookies-100',
    what: 'Sets 100 cookies.',
    spoil: withHeaders(...Array.from({ length: 100 }, (_, at) => ['Set-Cookie', `name${at}=value`] as const)),
  },
];

function many(count: number): string {
  return Array.from({ length: count }, (_, at) => `X-More-${at}: ${at}`).join('\r\n');
}
