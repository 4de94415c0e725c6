import { always, honestly, message, text, textOf, withHeader } from './message.ts';
import type { Misbehaviour } from './misbehaviour.ts';

/** 200 and the same body to everybody. */
const saying = (name: string, what: string, body: string | Uint8Array): Misbehaviour => ({
  name,
  what,
  answer: always({ body }),
});

/** The honest body, written otherwise. */
const written = (
  name: string,
  what: string,
  change: (body: string) => string | Uint8Array,
): Misbehaviour => ({ name, what, spoil: text(change) });

const escaped = (letters: string) =>
  [...letters].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const bigEndian = (body: string) => Buffer.from(body, 'utf16le').swap16();

/** Bodies that are no JSON, or JSON that says nothing, or JSON in another dress. */
export const bodies: readonly Misbehaviour[] = [
  saying('empty-200', 'Answers every request with an empty 200.', ''),
  saying('empty-object', 'Answers every request with {}.', '{}'),
  saying('null-for-everything', 'Answers every request with null.', 'null'),
  saying('list-for-everything', 'Answers every request with [].', '[]'),
  saying('number-for-everything', 'Answers every request with 42.', '42'),
  saying('string-for-everything', 'Answers every request with a string.', '"accessToken"'),
  saying('spaces-for-everything', 'Answers every request with spaces.', ' '.repeat(60_000)),
  saying(
    'deep-list-for-everything',
    'Answers every request with a list in 100,000 lists.',
    `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  ),
  saying('open-brackets', 'Answers every request with 60,000 opening brackets.', '['.repeat(60_000)),
  saying(
    'token-in-the-prototype',
    'Answers every request with a token under __proto__.',
    '{"__proto__":{"accessToken":"prototype-pollution","tokenType":"Bearer"}}',
  ),
  {
    name: 'html-for-everything',
    what: 'Answers every request with an HTML page.',
    answer: always({
      headers: [['Content-Type', 'text/html']],
      body: '<!doctype html><title>Welcome</title>',
    }),
  },
  {
    name: 'token-for-everything',
    what: 'Answers every request with a token.',
    answer: ({ nth }) =>
      message({ body: `{"accessToken":"token-for-everything-${nth}","tokenType":"Bearer","expiresIn":60}` }),
  },
  {
    name: 'everything-for-everything',
    what: 'Answers every request with all that any operation could issue.',
    answer: ({ nth }) => message({ body: JSON.stringify(everything(nth)) }),
  },
  {
    name: 'invalid-request-for-everything',
    what: 'Answers every request with a perfect InvalidRequestException.',
    answer: ({ nth }) =>
      message({
        status: 400,
        headers: [
          ['Content-Type', 'application/json'],
          [
            'x-amzn-ErrorType',
            'InvalidRequestException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/',
          ],
          ['x-amzn-RequestId', `request-${nth}`],
        ],
        body: '{"error":"invalid_request","error_description":"Invalid request provided"}',
      }),
  },
  written('byte-order-mark', 'Begins each body with a byte order mark.', (body) => `\ufeff${body}`),
  written('utf-16', 'Writes each body in UTF-16.', (body) => Buffer.from(`\ufeff${body}`, 'utf16le')),
  written('utf-16-big-endian', 'Writes each body in UTF-16, big-endian, without a mark.', bigEndian),
  written('utf-32', 'Writes each body in UTF-32.', (body) =>
    Buffer.from(Uint32Array.from(body, (one) => one.charCodeAt(0)).buffer),
  ),
  written('invalid-utf-8', 'Has bytes in each body that are no UTF-8.', (body) =>
    Buffer.concat([Buffer.from('{"more":"'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from(`",${body.slice(1)}`)]),
  ),
  written(
    'lone-surrogates',
    'Has half a character in each body.',
    (body) => `{"more":"\\ud800 \\udfff",${body.slice(1)}`,
  ),
  written('nul-bytes', 'Has NUL bytes around each body.', (body) => `\0${body}\0`),
  written('nul-escapes', 'Has an escaped NUL in each body.', (body) => `{"more":"\\u0000",${body.slice(1)}`),
  written('comments', 'Has comments in each body.', (body) => `/* JSON */ ${body} // end`),
  written(
    'trailing-comma',
    'Has a comma behind the last member of each body.',
    (body) => `${body.slice(0, -1)},}`,
  ),
  written('single-quotes', 'Has single quotes in place of double ones.', (body) => body.replaceAll('"', "'")),
  written('unquoted-names', 'Leaves out the quotes of member names.', (body) =>
    body.replace(/"(\w+)":/g, '$1:'),
  ),
  written(
    'not-a-number',
    'Has NaN and Infinity in each body.',
    (body) => `{"more":NaN,"most":-Infinity,${body.slice(1)}`,
  ),
  written('cut-off', 'Ends each body within its last member.', (body) => body.slice(0, -3)),
  written('second-value', 'Has a second JSON value behind each body.', (body) => `${body}{}`),
  written('wrapped-in-a-list', 'Puts each body into a list.', (body) => `[${body}]`),
  written('wrapped-in-a-string', 'Puts each body into a string.', (body) => JSON.stringify(body)),
  written('wrapped-in-a-member', 'Puts each body into a member.', (body) => `{"result":${body}}`),
  written('form-for-json', 'Writes each body as a form.', (body) =>
    String(
      new URLSearchParams(
        Object.entries(JSON.parse(body)).map(([name, value]): [string, string] => [name, String(value)]),
      ),
    ),
  ),
  written(
    'every-member-twice',
    'Writes each member twice.',
    (body) => `{${body.slice(1, -1)},${body.slice(1)}`,
  ),
  written(
    'another-value-first',
    'Writes each member twice, first with another value.',
    (body) => `{${body.slice(1, -1).replace(/:"/g, ':"not-')},${body.slice(1)}`,
  ),
  written('member-names-escaped', 'Writes each member name in \\u escapes, as JSON allows.', (body) =>
    body.replace(/"(\w+)":/g, (_, name) => `"${escaped(name)}":`),
  ),
  written(
    'first-letters-escaped',
    'Writes the first letter of each member name as an escape, as JSON allows.',
    (body) => body.replace(/"(\w)(\w+)":/g, (_, first, rest) => `"${escaped(first)}${rest}":`),
  ),
  written('values-escaped', 'Writes each value in \\u escapes, as JSON allows.', (body) =>
    body.replace(/:"([^"\\]*)"/g, (_, value) => `:"${escaped(value)}"`),
  ),
  written('slashes-escaped', 'Writes each slash as \\/, as JSON allows.', (body) =>
    body.replaceAll('/', '\\/'),
  ),
  written('on-many-lines', 'Writes each body on many lines, as JSON allows.', (body) =>
    JSON.stringify(JSON.parse(body), null, '\t').replaceAll('\n', '\r\n'),
  ),
  written('members-in-other-case', 'Writes each member name in upper case.', (body) =>
    body.replace(/"(\w+)":/g, (_, name) => `"${name.toUpperCase()}":`),
  ),
  written(
    'prototype-member',
    'Adds __proto__, as an object, to each body.',
    (body) => `{"__proto__":{"error":"polluted","polluted":true},${body.slice(1)}`,
  ),
  written(
    'object-members',
    'Adds constructor, toString and hasOwnProperty to each body.',
    (body) =>
      `{"constructor":{"prototype":{"error":"x"}},"toString":1,"hasOwnProperty":null,"valueOf":[],${body.slice(1)}`,
  ),
  {
    name: 'html-as-json',
    what: 'Answers with the honest body, called HTML.',
    spoil: (honest) => honestly(honest, { headers: withHeader(honest, 'Content-Type', 'text/html') }),
  },
  {
    name: 'json-in-html',
    what: 'Answers with the honest body within an HTML page.',
    spoil: (honest) =>
      honestly(honest, {
        headers: withHeader(honest, 'Content-Type', 'text/html'),
        body: `<html><body><pre>${textOf(honest)}</pre></body></html>`,
      }),
  },
];

function everything(nth: number): object {
  return {
    accessToken: `access-token-for-everything-${nth}`,
    clientId: `client-${nth}`,
    clientSecret: `client-secret-for-everything-${nth}`,
    deviceCode: `device-code-for-everything-${nth}`,
    error: 'invalid_grant',
    expiresIn: 600,
    interval: 1,
    refreshToken: `refresh-token-for-everything-${nth}`,
    tokenType: 'Bearer',
    userCode: `USER-CODE-${nth}`,
    verificationUri: 'https://device.example/',
  };
}
