import type { JsonObject } from '../wire.ts';
import { honestly, members, text, textOf, tokens } from './message.ts';
import type { Misbehaviour, RawRequest } from './misbehaviour.ts';

/** Every access token is this piece of JSON. */
const token = (name: string, what: string, json: string): Misbehaviour => ({
  name: `token-${name}`,
  what,
  spoil: tokens((honest) => honestly(honest, { body: withMember(textOf(honest), 'accessToken', json) })),
});

/** Every lifetime is this piece of JSON. */
const lifetime = (name: string, json: string): Misbehaviour => ({
  name: `lifetime-${name}`,
  what: `Writes each lifetime as ${json}.`,
  spoil: tokens((honest) => honestly(honest, { body: withMember(textOf(honest), 'expiresIn', json) })),
});

/** What is issued, but for the client id, which is no secret. */
const issued = ['accessToken', 'refreshToken', 'deviceCode'];

/** All that is issued begins with this text, and is understood when it comes back. */
const beginning = (name: string, what: string, start: string): Misbehaviour => ({
  name: `secrets-${name}`,
  what,
  spoil: members((body) =>
    onStrings(body, (value, member) => (issued.includes(member) ? start + value : value)),
  ),
  undo: (request) => withoutStart(request, start),
});

const registration = (
  name: string,
  what: string,
  change: (client: JsonObject) => JsonObject,
): Misbehaviour => ({
  name,
  what,
  spoil: members((body) => ('clientSecret' in body ? change(body) : body)),
});

/** What is issued, in values that are none, that are strange, or that are words of the protocol. */
export const issuedValues: readonly Misbehaviour[] = [
  token('an-object', 'Issues an object as access token.', '{"value":"access-token-as-object"}'),
  token('a-list', 'Issues a list as access token.', '["access-token-as-list"]'),
  token('a-number', 'Issues a number as access token.', '12345678901234567890'),
  token('true', 'Issues true as access token.', 'true'),
  token('empty', 'Issues an empty access token.', '""'),
  token('of-one-letter', 'Issues the access token "a".', '"a"'),
  token('of-two-letters', 'Issues the access token "in".', '"in"'),
  token('invalid-grant', 'Issues the access token "invalid_grant".', '"invalid_grant"'),
  token('access-token', 'Issues the access token "access_token".', '"access_token"'),
  token('bearer', 'Issues the access token "Bearer".', '"Bearer"'),
  token('application-json', 'Issues the access token "application/json".', '"application/json"'),
  token(
    'like-a-mark',
    'Issues an access token that looks redacted.',
    '"[accessToken 9 chars vschar #0123456789ab]"',
  ),
  {
    name: 'token-of-500-kb',
    what: 'Issues access tokens of 500 KB.',
    spoil: tokens((honest) =>
      honestly(honest, {
        body: textOf(honest).replace(/"accessToken":"[^"]*/, (start) => start + 'Zx9_'.repeat(125_000)),
      }),
    ),
  },
  ...[
    ['beyond-all-numbers', '1e999'],
    ['as-text', '"3600"'],
    ['negative', '-1'],
    ['of-1e21', '1e21'],
    ['with-a-point', '3600.0'],
    ['as-a-list', '[3600]'],
    ['of-a-thousand-digits', '9'.repeat(1_000)],
  ].map(([name = '', json = '']) => lifetime(name, json)),
  beginning('with-a-slash', 'Issues secrets that begin with a slash.', '/'),
  beginning('with-quotes', 'Issues secrets with quotes and backslashes.', '"\\"\\\\n'),
  beginning('with-punctuation', "Issues secrets with ~ ! ' ( ) + % & = ? # in them.", "~!'()+%&=?#%41"),
  beginning('with-spaces', 'Issues secrets with spaces in them.', 'two words '),
  beginning('beyond-ascii', 'Issues secrets with characters beyond ASCII.', 'grüße\u{1f511}'),
  beginning('with-controls', 'Issues secrets with control characters.', '\x1b[31m\n\0'),
  beginning('with-half-a-character', 'Issues secrets with half a character.', '\ud83d'),
  beginning('with-brackets', 'Issues secrets that begin like a mark of the report.', '[accessToken 5 chars'),
  beginning('like-a-jwt', 'Issues secrets that begin like a JWT.', 'eyJhbGciOiJub25lIn0.'),
  registration('client-id-always-the-same', 'Registers every client under one id.', (client) => ({
    ...client,
    clientId: 'the-one-and-only-client',
  })),
  registration('client-id-is-the-secret', 'Registers clients whose id is their secret.', (client) => ({
    ...client,
    clientId: client.clientSecret,
  })),
  registration('client-secret-is-the-id', 'Registers clients whose secret is their id.', (client) => ({
    ...client,
    clientSecret: client.clientId,
  })),
  registration('client-secret-is-a-word', 'Registers clients whose secret is "client_secret".', (client) => ({
    ...client,
    clientSecret: 'client_secret',
  })),
  {
    name: 'secrets-under-other-names',
    what: 'Repeats all that it issues under names that nobody knows.',
    spoil: members((body) => ({
      ...body,
      ...Object.fromEntries(Object.entries(body).map(([name, value]) => [`copyOf${name}`, value])),
    })),
  },
  {
    name: 'secrets-as-names',
    what: 'Repeats all that it issues as names of members.',
    spoil: members((body) => ({
      ...body,
      ...Object.fromEntries(Object.values(body).flatMap((value) => (isLong(value) ? [[value, 1]] : []))),
    })),
  },
  {
    name: 'secrets-in-harmless-members',
    what: 'Repeats all that it issues as scope, message and verificationUri.',
    spoil: members((body) => {
      const secrets = Object.values(body).filter(isLong).join(' ');
      return {
        ...body,
        message: secrets,
        scope: secrets,
        verificationUri: `https://device.example/${secrets}`,
      };
    }),
  },
  {
    name: 'secrets-in-a-broken-body',
    what: 'Breaks off each body behind its secrets.',
    spoil: text((body) => body.replace(/"(?:tokenType|clientSecretExpiresAt|userCode)".*$/s, '')),
  },
];

function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > 8;
}

function withMember(body: string, name: string, json: string): string {
  const at = body.indexOf(`"${name}":`) + name.length + 3;
  const value = /^(?:"(?:[^"\\]|\\.)*"|[^,}]*)/.exec(body.slice(at))?.[0] ?? '';
  return body.slice(0, at) + json + body.slice(at + value.length);
}

function onStrings(body: JsonObject, change: (value: string, member: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? change(value, name) : value,
    ]),
  );
}

/** As JSON writes it where that is how it came; parsed where it did not, which forgets what the text repeated. */
function withoutStart(request: RawRequest, start: string): RawRequest {
  const sent = Buffer.from(request.body ?? '').toString('utf8');
  const plain = reparsed(sent.replaceAll(JSON.stringify(start).slice(0, -1), '"'), start);
  return plain === sent ? request : { ...request, body: Buffer.from(plain) };
}

function reparsed(json: string, start: string): string {
  try {
    const body: unknown = JSON.parse(json);
    const values = typeof body === 'object' && body !== null ? Object.values(body) : [];
    if (!values.some((value) => typeof value === 'string' && value.startsWith(start))) return json;
    return JSON.stringify(
      onStrings(body as JsonObject, (value) => (value.startsWith(start) ? value.slice(start.length) : value)),
    );
  } catch {
    return json;
  }
}
