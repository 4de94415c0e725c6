import { gzipSync } from 'node:zlib';
import type { WireResponse } from '../wire.ts';
import { honestly, inTurn, message, refusals, replacing, textOf, withHeader } from './message.ts';
import type { Answer, Misbehaviour, RawRequest } from './misbehaviour.ts';

/** How what was sent is written when it comes back. */
const spellings: readonly (readonly [name: string, what: string, spell: (text: string) => string])[] = [
  ['plain', 'as it came', (text) => text],
  ['json', 'escaped for JSON', escaped],
  ['json-twice', 'escaped for JSON twice', (text) => escaped(escaped(text))],
  ['percent', 'with every byte percent-encoded', (text) => everyByte(text, (hex) => `%${hex.toUpperCase()}`)],
  [
    'percent-lower',
    'with every byte percent-encoded in lower case',
    (text) => everyByte(text, (hex) => `%${hex}`),
  ],
  ['form', 'as a form would have it', (text) => String(new URLSearchParams({ a: text })).slice(2)],
  [
    'unicode',
    'with every letter as a \\u escape',
    (text) => everyLetter(text, (hex) => `\\u${hex.padStart(4, '0')}`),
  ],
  ['backwards', 'backwards', (text) => [...text].reverse().join('')],
  ['base64', 'in base64', (text) => base64(text)],
  ['base64-behind-one', 'in base64 behind one other byte', (text) => base64(`{${text}`)],
  ['base64-behind-two', 'in base64 behind two other bytes', (text) => base64(`{"${text}`)],
  ['base64url', 'in base64url', (text) => Buffer.from(text).toString('base64url')],
  ['hex', 'in hexadecimal', (text) => everyByte(text, (hex) => hex)],
  ['hex-upper', 'in hexadecimal in upper case', (text) => everyByte(text, (hex) => hex.toUpperCase())],
  ['entities', 'in HTML entities', (text) => everyLetter(text, (hex) => `&#x${hex};`)],
  [
    'decimal-entities',
    'in decimal HTML entities',
    (text) => [...text].map((one) => `&#${one.codePointAt(0)};`).join(''),
  ],
  ['upper', 'in upper case', (text) => text.toUpperCase()],
];

type Place = (honest: WireResponse, text: string) => Answer;

/** Raw JSON, so that a spelling stands in it as it is. */
const inMember =
  (member: string): Place =>
  (honest, text) =>
    honestly(honest, { body: textOf(honest).replace(/}$/, () => `,"${member}":"${quotable(text)}"}`) });

const inHeader =
  (name: string, before = ''): Place =>
  (honest, text) =>
    honestly(honest, { headers: withHeader(honest, name, before + oneLine(text)) });

/** Where it stands. */
const places: readonly (readonly [name: string, what: string, place: Place])[] = [
  ['error', 'the error', replacing('error')],
  ['description', 'the description of the error', replacing('error_description')],
  ['message', 'a member called message', replacing('message')],
  ['scope', 'a member called scope', replacing('scope')],
  ['member', 'a member that nobody knows', inMember('received')],
  [
    'nested-member',
    'an object within a list',
    (honest, text) =>
      honestly(honest, {
        body: JSON.stringify({ ...JSON.parse(textOf(honest)), details: [{ clientId: { text } }] }),
      }),
  ],
  [
    'member-name',
    'the name of a member',
    (honest, text) =>
      honestly(honest, { body: JSON.stringify({ ...JSON.parse(textOf(honest)), [text]: null }) }),
  ],
  ['content-type', 'the Content-Type', inHeader('Content-Type', 'application/json; received=')],
  ['exception', 'x-amzn-ErrorType', inHeader('x-amzn-ErrorType', 'InvalidGrantException:')],
  ['exception-name', 'x-amzn-ErrorType, as the name of an exception', inHeader('x-amzn-ErrorType')],
  ['request-id', 'x-amzn-RequestId', inHeader('x-amzn-RequestId')],
  ['location', 'Location', inHeader('Location', 'https://client.example/?sent=')],
  ['cookie', 'Set-Cookie', inHeader('Set-Cookie', 'sent=')],
  [
    'header-name',
    'the name of a header',
    (honest, text) =>
      honestly(honest, { headers: [...honest.headers, [oneLine(text).replace(/[^\w.~-]/g, '-'), '1']] }),
  ],
  [
    'reason',
    'the reason phrase',
    (honest, text) => honestly(honest, { statusLine: `HTTP/1.1 ${honest.status} ${oneLine(text)}` }),
  ],
  [
    'status-line',
    'a status line that is none',
    (_, text) => inTurn(`HTTP/1.1 ${oneLine(text)}\r\n\r\n`, 'close'),
  ],
  [
    'interim-response',
    'a header of 103 Early Hints',
    (honest, text) =>
      inTurn(`HTTP/1.1 103 Early Hints\r\nLink: <${oneLine(text)}>\r\n\r\n`, honestly(honest)),
  ],
  [
    'broken-chunk',
    'a chunk size',
    (honest, text) =>
      inTurn(
        honestly(honest, {
          headers: [...honest.headers, ['Transfer-Encoding', 'chunked']],
          body: `${oneLine(text)}\r\n`,
          length: null,
        }),
      ),
  ],
  [
    'broken-json',
    'a body that is no JSON',
    (honest, text) => honestly(honest, { body: `{"error":"invalid_grant","received":${text}` }),
  ],
  [
    'text',
    'a plain text',
    (honest, text) =>
      honestly(honest, {
        headers: withHeader(honest, 'Content-Type', 'text/plain'),
        body: `You sent ${text}.`,
      }),
  ],
  [
    'html',
    'an HTML page',
    (honest, text) =>
      honestly(honest, {
        headers: withHeader(honest, 'Content-Type', 'text/html'),
        body: `<p>You sent <b>${text}</b></p>`,
      }),
  ],
  [
    'utf-16',
    'a body in UTF-16',
    (honest, text) =>
      honestly(honest, {
        body: Buffer.from(JSON.stringify({ error: 'invalid_grant', error_description: text }), 'utf16le'),
      }),
  ],
  [
    'gzip',
    'a body that is compressed',
    (honest, text) =>
      honestly(honest, {
        headers: [...honest.headers, ['Content-Encoding', 'gzip']],
        body: gzipSync(JSON.stringify({ ...JSON.parse(textOf(honest)), received: text })),
      }),
  ],
  [
    '503',
    'a 503',
    (_, text) => message({ status: 503, headers: [['Content-Type', 'text/plain']], body: `sent: ${text}` }),
  ],
  [
    '502',
    'a 502 with HTML',
    (_, text) => message({ status: 502, headers: [['Content-Type', 'text/html']], body: `<h1>${text}</h1>` }),
  ],
];

/** The places where a text of any spelling may stand. */
const telling = ['description', 'location'];

/** Who grants honestly and gives back, with each refusal, all that was sent. */
export const echoes: readonly Misbehaviour[] = [
  ...places.map(([name, what, put]) =>
    echo(name, `Repeats all that was sent in ${what} of each error.`, put),
  ),
  ...spellings
    .slice(1)
    .flatMap(([spelling, how, spell]) =>
      places
        .filter(([name]) => telling.includes(name))
        .map(([name, what, put]) =>
          echo(
            `${name}-${spelling}`,
            `Repeats all that was sent in ${what} of each error, ${how}.`,
            (honest, text) => put(honest, spell(text)),
          ),
        ),
    ),
  {
    name: 'echo-whole-body',
    what: 'Answers every request with 200 and its own body.',
    answer: ({ body }) => message({ body: body ?? '' }),
  },
  {
    name: 'echo-whole-request',
    what: 'Answers every request with its own head and body, as a debugging proxy does.',
    answer: ({ method, target, headers, body }) =>
      message({
        headers: [['Content-Type', 'text/plain']],
        body: `${method} ${target}\n${[...headers].map(([name, values]) => `${name}: ${values.join()}`).join('\n')}\n\n${Buffer.from(body ?? '').toString('utf8')}`,
      }),
  },
  {
    name: 'echo-body-in-503',
    what: 'Answers every request with 503 and its own body.',
    answer: ({ body }) =>
      message({ status: 503, headers: [['Content-Type', 'text/plain']], body: body ?? '' }),
  },
];

function echo(name: string, what: string, put: Place): Misbehaviour {
  return {
    name: `echo-in-${name}`,
    what,
    spoil: refusals((honest, request) => put(honest, sentIn(request))),
  };
}

/** Every text of a request, its grant type and the like included. */
function sentIn({ body, query }: RawRequest): string {
  const sent = Buffer.from(body ?? '').toString('utf8');
  try {
    const members: unknown = JSON.parse(sent);
    const values = Object.values(members ?? {}).filter((value) => typeof value === 'string');
    return [...values, ...query.values()].join(' ').slice(0, longest);
  } catch {
    return sent.slice(0, longest);
  }
}

/** A head may have 16 KB. */
const longest = 6_000;

/** A value of a header: one line of printable characters. */
function oneLine(text: string): string {
  return text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 12_000);
}

/** Escapes stay what they are; anything else that JSON has to escape is escaped. */
function quotable(text: string): string {
  return text.replace(/"|\\(?!u[0-9a-f]{4})|[^\x20-\uffff]/g, (one) => escaped(one));
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function everyByte(text: string, spell: (hex: string) => string): string {
  return [...Buffer.from(text)].map((byte) => spell(byte.toString(16).padStart(2, '0'))).join('');
}

function everyLetter(text: string, spell: (hex: string) => string): string {
  return Array.from(text, (one) => spell((one.codePointAt(0) ?? 0).toString(16))).join('');
}
