import type { WireResponse } from '../wire.ts';
import { dripping, endless, honestly, inTurn, message, textOf } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** The honest answer with other framing headers, and the body as it is or written otherwise. */
function framed(honest: WireResponse, fields: string, body: string = textOf(honest)): Buffer {
  const bytes = honestly(honest, { body: '', length: null });
  return Buffer.concat([bytes.subarray(0, -2), Buffer.from(`${fields}\r\n\r\n${body}`)]);
}

const sizeOf = (honest: WireResponse) => Buffer.byteLength(textOf(honest));
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const chunked = 'Transfer-Encoding: chunked';

/** Who gets the end of a message wrong, or the message itself (RFC 9112). */
export const framing: readonly Misbehaviour[] = [
  {
    name: 'length-too-long',
    what: 'Announces ten bytes more than it sends, and waits.',
    spoil: (honest) => honestly(honest, { length: sizeOf(honest) + 10 }),
  },
  {
    name: 'length-too-long-then-close',
    what: 'Announces ten bytes more than it sends, then closes.',
    spoil: (honest) => inTurn(honestly(honest, { length: sizeOf(honest) + 10 }), 'close'),
  },
  {
    name: 'length-too-short',
    what: 'Announces ten bytes fewer than it sends.',
    spoil: (honest) => honestly(honest, { length: sizeOf(honest) - 10 }),
  },
  {
    name: 'length-zero',
    what: 'Announces an empty body and sends one.',
    spoil: (honest) => honestly(honest, { length: 0 }),
  },
  {
    name: 'length-negative',
    what: 'Announces -5 bytes.',
    spoil: (honest) => honestly(honest, { length: -5 }),
  },
  {
    name: 'length-no-number',
    what: 'Announces "many" bytes.',
    spoil: (honest) => honestly(honest, { length: 'many' }),
  },
  {
    name: 'length-of-2-to-the-64',
    what: 'Announces 18446744073709551616 bytes.',
    spoil: (honest) => honestly(honest, { length: '18446744073709551616' }),
  },
  {
    name: 'two-lengths',
    what: 'Announces two different lengths.',
    spoil: (honest) => framed(honest, `Content-Length: ${sizeOf(honest)}\r\nContent-Length: 5`),
  },
  {
    name: 'length-twice',
    what: 'Announces the right length twice.',
    spoil: (honest) =>
      framed(honest, `Content-Length: ${sizeOf(honest)}\r\nContent-Length: ${sizeOf(honest)}`),
  },
  {
    name: 'no-length-then-close',
    what: 'Announces no length and closes behind the honest body, as HTTP allows.',
    spoil: (honest) => inTurn(honestly(honest, { length: null }), 'close'),
  },
  {
    name: 'no-length-then-silence',
    what: 'Announces no length and keeps the connection open.',
    spoil: (honest) => honestly(honest, { length: null }),
  },
  {
    name: 'chunk-size-broken',
    what: 'Writes a chunk size that is no number.',
    spoil: (honest) => framed(honest, chunked, `zz\r\n${textOf(honest)}\r\n0\r\n\r\n`),
  },
  {
    name: 'chunk-size-negative',
    what: 'Writes a negative chunk size.',
    spoil: (honest) => framed(honest, chunked, `-5\r\n${textOf(honest)}\r\n0\r\n\r\n`),
  },
  {
    name: 'chunk-size-huge',
    what: 'Writes a chunk size of 2^64 and a little.',
    spoil: (honest) => framed(honest, chunked, `10000000000000010\r\n${textOf(honest)}\r\n0\r\n\r\n`),
  },
  {
    name: 'chunk-too-short',
    what: 'Writes a chunk size smaller than its chunk.',
    spoil: (honest) => framed(honest, chunked, `5\r\n${textOf(honest)}\r\n0\r\n\r\n`),
  },
  {
    name: 'chunks-without-end',
    what: 'Sends the honest body in a chunk and never the last chunk.',
    spoil: (honest) => framed(honest, chunked, chunk(textOf(honest))),
  },
  {
    name: 'chunks-without-end-then-close',
    what: 'Sends the honest body in a chunk and closes instead of the last chunk.',
    spoil: (honest) => inTurn(framed(honest, chunked, chunk(textOf(honest))), 'close'),
  },
  {
    name: 'chunk-that-never-ends',
    what: 'Begins a chunk and drips it for ever.',
    answer: () => inTurn(`HTTP/1.1 200 OK\r\n${chunked}\r\n\r\nffffff\r\n{`, endless(' ', 50)),
  },
  {
    name: 'chunked-and-length',
    what: 'Sends the honest body in chunks and announces a length as well.',
    spoil: (honest) => framed(honest, `${chunked}\r\nContent-Length: 5`, `${chunk(textOf(honest))}0\r\n\r\n`),
  },
  {
    name: 'chunk-of-each-byte',
    what: 'Sends each byte of the honest body in a chunk of its own, as HTTP allows.',
    spoil: (honest) => framed(honest, chunked, `${[...textOf(honest)].map(chunk).join('')}0\r\n\r\n`),
  },
  {
    name: 'chunk-extensions-and-trailers',
    what: 'Adds extensions to its chunks and trailers behind them, as HTTP allows.',
    spoil: (honest) =>
      framed(
        honest,
        chunked,
        `${chunk(textOf(honest)).replace('\r\n', ';name="value"\r\n')}0;last\r\nX-Trailer: 1\r\n\r\n`,
      ),
  },
  {
    name: 'transfer-encoding-unknown',
    what: 'Names a transfer coding that nobody knows.',
    spoil: (honest) => inTurn(framed(honest, 'Transfer-Encoding: zip-of-my-own'), 'close'),
  },
  {
    name: 'transfer-encoding-gzip',
    what: 'Names the transfer coding gzip and sends plain text.',
    spoil: (honest) =>
      framed(honest, 'Transfer-Encoding: gzip, chunked', `${chunk(textOf(honest))}0\r\n\r\n`),
  },
  {
    name: 'bare-line-feeds',
    what: 'Ends the lines of its head with LF alone.',
    spoil: (honest) => String(honestly(honest)).replaceAll('\r\n', '\n'),
  },
  {
    name: 'bare-carriage-returns',
    what: 'Ends the lines of its head with CR alone.',
    spoil: (honest) => String(honestly(honest)).replaceAll('\r\n', '\r'),
  },
  {
    name: 'empty-lines-first',
    what: 'Sends two empty lines before the status line.',
    spoil: (honest) => inTurn('\r\n\r\n', honestly(honest)),
  },
  {
    name: 'http-0-9',
    what: 'Sends the honest body alone, as HTTP/0.9 did.',
    spoil: (honest) => inTurn(textOf(honest), 'close'),
  },
  {
    name: 'http-1-0',
    what: 'Answers with HTTP/1.0 and closes, as HTTP allows.',
    spoil: (honest) => inTurn(honestly(honest, { statusLine: `HTTP/1.0 ${honest.status} OK` }), 'close'),
  },
  {
    name: 'http-1-2',
    what: 'Answers with HTTP/1.2.',
    spoil: (honest) => honestly(honest, { statusLine: `HTTP/1.2 ${honest.status} OK` }),
  },
  {
    name: 'http-9-9',
    what: 'Answers with HTTP/9.9.',
    spoil: (honest) => honestly(honest, { statusLine: `HTTP/9.9 ${honest.status} OK` }),
  },
  {
    name: 'http-2-frames',
    what: 'Answers with the preface and a SETTINGS frame of HTTP/2.',
    answer: () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1'),
  },
  {
    name: 'status-line-without-space',
    what: 'Leaves out the space behind the version.',
    spoil: (honest) => honestly(honest, { statusLine: `HTTP/1.1${honest.status} OK` }),
  },
  {
    name: 'status-line-without-reason',
    what: 'Leaves out reason phrase and space, as many do.',
    spoil: (honest) => honestly(honest, { statusLine: `HTTP/1.1 ${honest.status}` }),
  },
  {
    name: 'answers-twice',
    what: 'Sends an error of its own behind each honest answer, at once.',
    spoil: (honest) => inTurn(Buffer.concat([honestly(honest), stray])),
  },
  {
    name: 'answers-twice-later',
    what: 'Sends an error of its own 5 ms behind each honest answer, when the next request may be waiting.',
    spoil: (honest) => inTurn(honestly(honest), { waitMs: 5 }, stray),
  },
  {
    name: 'answers-before-the-request',
    what: 'Grants a token as soon as somebody connects, before any request was read.',
    greet: () => inTurn(message({ body: '{"accessToken":"before","tokenType":"Bearer"}' }), 'close'),
  },
  {
    name: 'tls-alert',
    what: 'Answers with a TLS alert, as a TLS port does to plain text.',
    answer: () => inTurn(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 0x16), 'close'),
  },
  {
    name: 'ssh-banner',
    what: 'Greets with the banner of an SSH server.',
    greet: () => inTurn('SSH-2.0-OpenSSH_9.9\r\n'),
    answer: () => 'Invalid SSH identification string.\r\n',
  },
  {
    name: 'smtp-banner',
    what: 'Greets as a mail server and refuses every line.',
    greet: () => '220 mail.example ESMTP\r\n',
    answer: () => '500 5.5.1 Command not recognised\r\n',
  },
  {
    name: 'random-bytes',
    what: 'Answers with bytes that mean nothing.',
    answer: ({ nth }) => Uint8Array.from({ length: 400 }, (_, at) => (at * 167 + nth * 31) % 256),
  },
  {
    name: 'drips-random-bytes',
    what: 'Drips bytes that mean nothing.',
    answer: () =>
      dripping(
        Uint8Array.from({ length: 400 }, (_, at) => (at * 167) % 256),
        20,
      ),
  },
];

const stray = message({
  status: 400,
  body: '{"error":"invalid_request","error_description":"nobody asked"}',
});
