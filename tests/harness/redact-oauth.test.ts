import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { redactHeaders } from '../../harness/capture/headers.ts';
import { redactBody } from '../../harness/capture/redact.ts';
import { redactText } from '../../harness/capture/text.ts';
import { createVault, marksIn, readMark } from '../../harness/capture/vault.ts';
import { curlFor } from '../../harness/report/curl.ts';
import { createWatch } from '../hostile/secrets.ts';
import { captured, formType, jsonType, mark, type OnTheWire } from '../support/wire.ts';

const vault = () =>
  createVault({ key: 'k', words: '{"error":"invalid_grant","grant":"authorization_code"}' });
const form = formType[1];
const kindsIn = (text: string) => marksIn(text).map(({ kind }) => kind);
const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Written down by hand from the standards, apart from the table that is tested. */
const secret =
  'client_secret code code_verifier refresh_token access_token id_token id_token_hint password assertion client_assertion subject_token actor_token device_code user_code token registration_access_token logout_token auth_req_id'.split(
    ' ',
  );
const open =
  'grant_type client_id redirect_uri scope state token_type expires_in interval issued_token_type subject_token_type requested_token_type actor_token_type client_assertion_type token_type_hint response_type response_mode resource audience iss issuer error token_endpoint jwks_uri token_endpoint_auth_method client_name redirect_uris grant_types response_types scopes_supported code_challenge_methods_supported'.split(
    ' ',
  );
/** No secrets, but somebody's name, or worth as much as a secret somewhere: `plain` makes a challenge the verifier. */
const hidden =
  'username login_hint nonce code_challenge sub jti contacts x_vendor request software_statement'.split(' ');

describe.each([
  ['in snake_case', (name: string) => name],
  ['in camelCase', camelCase],
  ['in capitals', (name: string) => name.toUpperCase()],
  ['with its first letter large', (name: string) => camelCase(`_${name}`)],
])('a name %s', (_, spell) => {
  const places = {
    'in JSON': (name: string, value: string) =>
      redactBody(JSON.stringify({ [name]: value }), 'received', vault()) ?? '',
    'in a form': (name: string, value: string) =>
      redactBody(`a=1&${name}=${value}`, 'received', vault(), form) ?? '',
    'in a query': (name: string, value: string) =>
      redactHeaders([['Location', `/cb?${name}=${value}`]], vault())[0]?.[1] ?? '',
    'in a fragment': (name: string, value: string) =>
      redactHeaders([['Location', `/cb#${name}=${value}`]], vault())[0]?.[1] ?? '',
  };
  const each = Object.entries(places);

  test.each(secret)('%s is secret in every place', (name) => {
    for (const [, place] of each) {
      const shown = place(spell(name), 'q7w');
      expect(shown).not.toContain('q7w');
      expect(kindsIn(shown)).toContain(camelCase(name));
    }
  });

  test.each(open)('%s stays in every place', (name) => {
    for (const [, place] of each) expect(place(spell(name), 'q7w')).toMatch(/["=]q7w/);
  });

  test.each(hidden)('%s is shown nowhere, and looked for nowhere', (name) => {
    for (const [, place] of each) expect(place(spell(name), 'q7w')).not.toContain('q7w');
    const known = vault();
    redactBody(JSON.stringify({ [spell(name)]: 'a-long-name' }), 'received', known);
    expect(redactText('to a-long-name', known)).toBe('to a-long-name');
  });
});

describe('a form', () => {
  test.each([
    ['repeated', 'code=ab&code=cd', `code=${mark('code', 2)}&code=${mark('code', 2)}`],
    ['empty', 'code=&client_secret=', 'code=&client_secret='],
    ['without a sign', 'code&scope', 'code&scope'],
    ['with empty parts', '&code=ab&&scope=x&', `&code=${mark('code', 2)}&&scope=x&`],
    ['with a sign in a value', 'code=a=b', `code=${mark('code', 3)}`],
    ['with blanks', 'code=a b c&scope=x y', `code=${mark('code', 5)}&scope=x y`],
    ['with quotes and brackets', 'code=a"<b>{c}&scope=x', `code=${mark('code', 8)}&scope=x`],
    [
      'that begins as JSON does',
      '{code=a b&client_secret=cd',
      `\\{code=${mark('code', 3)}&client_secret=${mark('clientSecret', 2)}`,
    ],
    [
      'with a name in percent-encoding',
      'c%6Fde=ab&client%5fsecret=cd',
      `c%6Fde=${mark('code', 2)}&client%5fsecret=${mark('clientSecret', 2)}`,
    ],
    ['with a name in broken percent-encoding', 'c%6Fde%=ab', `c%6Fde%=${mark('code', 2)}`],
    ['with a token for a name', 'Ab3dEf6hIj9lMn2pQr5tUv8x=1', `${mark('opaque', 24)}=${mark('member', 1)}`],
    [
      'with a list, as PHP writes it',
      'code[]=ab&code%5B%5D=cd',
      `code\\[\\]=${mark('code', 2)}&code%5B%5D=${mark('code', 2)}`,
    ],
    ['with broken percent-encoding', 'code=%zz%4&scope=%', `code=${mark('code', 5)}&scope=%`],
    ['with what is no UTF-8', 'code=%FF%FE', `code=${mark('code', 6)}`],
    ['beyond ASCII', 'code=%C3%BC+%F0%9F%94%91', `code=${mark('code', 3)}`],
    ['with a value that begins as a mark does', 'code=[code 3', `code=${mark('code', 7)}`],
    [
      'with a value behind a mark',
      'code=[code 3 chars vschar #0123456789ab]0a1b',
      `code=${mark('code', 39)}`,
    ],
    ['with a line break behind it', 'code=ab\r\n', `code=${mark('code', 2)}\r\n`],
    [
      'with prose',
      'error=x&error_description=no+code%3Dabcd+%26+more',
      `error=x&error_description=no\\+code%3D${mark('code', 4)}\\+%26\\+more`,
    ],
    [
      'with a secret of its own in its prose',
      'error_description=sent+a%2Bb%7Ecdefg&code=a%2Bb%7Ecdefg',
      `error_description=sent\\+${mark('code', 9)}&code=${mark('code', 9)}`,
    ],
  ])('%s', (_, text, expected) => {
    for (const direction of ['sent', 'received'] as const)
      expect(redactBody(text, direction, vault(), `${form}; charset=utf-8`)).toMatch(
        new RegExp(`^${expected}$`),
      );
  });

  test('that was sent shows what we made up, as JSON does', () => {
    const known = vault();
    known.publish('made up');
    expect(redactBody('code=made+up', 'sent', known, form)).toBe('code=made+up');
    expect(redactBody('code=made+up', 'received', known, form)).toMatch(/^code=\[code 7/);
  });

  test('is read as one wherever its media type says so', () => {
    const { request, response } = captured({
      body: 'code=a b&scope=x y',
      answer: { headers: [formType], body: 'access_token=c d&scope=x y' },
    });
    expect(request.body).toMatch(/^code=\[code 3 [^\]]*\]&scope=x y$/);
    expect(response?.body).toMatch(/^access_token=\[accessToken 3 [^\]]*\]&scope=x y$/);
  });

  test('may name an error in a code, as JSON may', () => {
    expect(redactBody('error=x&code=InvalidGrantException', 'received', vault(), form)).toBe(
      'error=x&code=InvalidGrantException',
    );
    expect(redactBody('code=InvalidGrantException', 'sent', vault(), form)).toMatch(/^code=\[code 21/);
  });

  test('of a server that does not say so is one all the same, and JSON that says so is none', () => {
    expect(redactBody('access_token=ab&x=cd\n', 'received', vault(), 'text/plain')).toMatch(
      /^access_token=\[accessToken 2 .*\]&x=\[x 2 .*\]\n$/,
    );
    expect(JSON.parse(redactBody('{"code":"a=b&c"}', 'sent', vault(), form) ?? '')).toEqual({
      code: expect.stringMatching(/^\[code 5/),
    });
  });
});

describe('documents', () => {
  const shown = (document: object) =>
    JSON.parse(redactBody(JSON.stringify(document), 'received', vault(), 'application/json') ?? '');

  test.each([
    ['RSA', 'rsa', { modulusLength: 2048 }],
    ['EC', 'ec', { namedCurve: 'P-256' }],
    ['OKP', 'ed25519', {}],
  ])('the public members of an %s key stay, the private ones do not', (_, type, options) => {
    const pair = generateKeyPairSync(type as 'rsa', options as { modulusLength: number });
    const [open, all] = [pair.publicKey, pair.privateKey].map((key) => key.export({ format: 'jwk' }));
    const about = {
      kid: 'k-1',
      use: 'sig',
      alg: 'RS256',
      key_ops: ['verify'],
      x5c: ['MIIBAb9+/Ab9Ab9Ab9Ab9Ab9Ab9Ab9'],
    };
    const set = { keys: [{ ...about, ...open }] };
    expect(shown(set)).toEqual(set);
    const privately = shown({ keys: [{ ...all, ...about }], access_token: 'x' }).keys[0];
    for (const [name, value] of Object.entries({ ...all, ...about }))
      if (name in (open ?? {}) || name in about) expect(privately[name]).toEqual(value);
      else expect(readMark(privately[name])).toMatchObject({ kind: 'privateKey' });
  });

  test('a private key is found wherever it comes again, and so is one that is shared', () => {
    for (const [kty, name] of [
      ['oct', 'k'],
      ['RSA', 'd'],
      ['AKP', 'priv'],
    ] as const) {
      const known = vault();
      redactBody(JSON.stringify({ [name]: 'kept-by-its-owner', kty }), 'received', known);
      expect(redactText('kept-by-its-owner', known)).toMatch(/^\[privateKey 17/);
    }
  });

  test('the other primes of an RSA key are private', () => {
    const key = shown({ kty: 'RSA', n: 'n', oth: [{ r: 'rr', d: 'dd', t: 'tt' }], e: 'e' });
    expect(key).toMatchObject({ n: 'n', e: 'e' });
    for (const value of Object.values(key.oth[0]))
      expect(readMark(value)).toMatchObject({ kind: 'privateKey' });
  });

  test('the letters of a key mean nothing where there is no key', () => {
    const { x, n, nested } = shown({
      x: 'ab',
      n: 'cd',
      nested: { y: 'ef' },
      jwks: { keys: [{ kty: 'EC', x: 'gh' }] },
    });
    for (const value of [x, n, nested.y]) expect(readMark(value)).toBeDefined();
  });

  test('metadata stay as they are (RFC 8414 §2)', () => {
    const metadata = {
      issuer: 'https://as.example/Realm01',
      authorization_endpoint: 'https://as.example/authorize',
      token_endpoint: 'https://as.example/token',
      jwks_uri: 'https://as.example/jwks',
      registration_endpoint: 'https://as.example/register',
      revocation_endpoint: 'https://as.example/revoke',
      introspection_endpoint: 'https://as.example/introspect',
      device_authorization_endpoint: 'https://as.example/device',
      scopes_supported: ['openid', 'offline_access'],
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt', 'none'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
    expect(shown(metadata)).toEqual(metadata);
  });

  test('of a registration only what is secret is replaced (RFC 7591 §3.2.1, RFC 7592 §3)', () => {
    const registration = {
      client_id: 's6BhdRkqt3',
      client_secret: 'cf136dc3c1fc93f31185e5885805d',
      client_id_issued_at: 2893256800,
      client_secret_expires_at: 0,
      registration_access_token: 'reg-23410913-abewfq.123483',
      registration_client_uri: 'https://as.example/register?client_id=s6BhdRkqt3&token=ab',
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: ['https://app.example/callback'],
      grant_types: ['authorization_code'],
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'ab', y: 'cd' }] },
    };
    expect(shown(registration)).toEqual({
      ...registration,
      client_secret: expect.stringMatching(/^\[clientSecret 29 /),
      registration_access_token: expect.stringMatching(/^\[registrationAccessToken 26 /),
      registration_client_uri: expect.stringMatching(/\?client_id=s6BhdRkqt3&token=\[token 2 .*\]$/),
    });
  });
});

describe('a JWT', () => {
  const claims = { iss: 'client-7', sub: 'client-7', aud: 'https://as.example/token', jti: 'once' };
  const signature = 'c2lnbmVkLWJ5LW5vYm9keS1lbHNl';
  const jwt = `${base64url({ alg: 'RS256' })}.${base64url(claims)}.${signature}`;

  test.each(['assertion', 'client_assertion', 'subject_token'])(
    'as %s: its signature is a secret, its claims are none',
    (name) => {
      const answer = (said: string) =>
        captured({
          body: `grant_type=x&${name}=${jwt}`,
          answer: { body: JSON.stringify({ error: 'invalid_client', scope: said }) },
        }).response?.body;
      expect(kindsIn(answer(jwt) ?? '')).toEqual([camelCase(name)]);
      expect(kindsIn(answer(`signature ${signature}`) ?? '')).toEqual([camelCase(name)]);
      const said = `${claims.iss} may not ask ${claims.aud} as ${base64url(claims)}`;
      expect(answer(said)).toContain(said);
    },
  );
});

test('nothing that a standard endpoint issues or is sent is in what is captured, nor in the curl lines', () => {
  const watch = createWatch();
  const known = vault();
  const secrets = {
    secret: "Zm9v+YmFy/p~s!'w(1)*%d",
    code: 'q1+Wb~2/cde*Rt5',
    verifier: 'dBjftJeZ4CVP~mB92K27uhbUJU1p1r~wW1gFWFOEjXk',
    access: '2YotnFZFEjr1zCsicMWpAA~1',
    refresh: "tGzv3JOkF0XG5Qx2TlKWIA'2",
    registration: 'reg.23410913-abeWfq.123483',
  };
  const { secret, code, verifier, access, refresh, registration } = secrets;
  const encode = (pairs: Record<string, string>) => new URLSearchParams(pairs).toString();
  const basic = `Basic ${base64(`client-1:${encode({ x: secret }).slice(2)}`)}`;
  const redeeming = encode({
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: 'https://app.example/cb',
  });
  const wires: OnTheWire[] = [
    {
      headers: [jsonType],
      body: '{"client_name":"x"}',
      answer: {
        body: JSON.stringify({
          client_id: 'client-1',
          client_secret: secret,
          registration_access_token: registration,
        }),
      },
    },
    {
      url: 'https://as.example/authorize?client_id=client-1&state=s',
      answer: {
        headers: [
          ['Location', `https://app.example/cb?${encode({ code, state: 's' })}`],
          ['Set-Cookie', `sid=${code}`],
        ],
      },
    },
    {
      headers: [['Authorization', basic], formType],
      body: redeeming,
      answer: {
        body: JSON.stringify({ access_token: access, refresh_token: refresh, token_type: 'Bearer' }),
      },
    },
    {
      headers: [['Authorization', basic], formType],
      body: redeeming,
      answer: {
        headers: [
          ['Content-Type', 'text/html'],
          ['X-Sent', basic],
        ],
        body: `<pre>${redeeming} ${basic} ${secret} ${refresh}</pre>`,
      },
    },
    {
      body: encode({
        grant_type: 'refresh_token',
        refresh_token: refresh,
        client_id: 'client-1',
        client_secret: secret,
      }),
      answer: {
        body: JSON.stringify({ error: `no ${refresh}`, error_description: encode({ refresh, secret }) }),
      },
    },
    {
      headers: [['Authorization', `Bearer ${registration}`]],
      url: `https://as.example/register/1?access_token=${encodeURIComponent(access)}`,
      answer: {
        headers: [['Location', `/x#access_token=${access}&refresh_token=${refresh}`]],
        body: registration,
      },
    },
  ];
  for (const { url = '', headers = [], body = '', answer = {} } of wires) {
    const texts = [
      url,
      body,
      answer.body ?? '',
      ...[...headers, ...(answer.headers ?? [])].map(([, value]) => value),
    ];
    for (const text of texts) watch.see(text);
  }
  const exchanges = wires.map((wire) => captured(wire, known));
  const shown = JSON.stringify(exchanges) + curlFor(exchanges);
  expect(watch.leaksIn(shown)).toEqual([]);
  for (const one of Object.values(secrets)) expect(watch.leaksIn(shown + one)).not.toEqual([]);
  expect(kindsIn(JSON.stringify(exchanges))).toEqual(
    expect.arrayContaining([
      'clientSecret',
      'clientSecretEncoded',
      'code',
      'codeVerifier',
      'accessToken',
      'refreshToken',
      'registrationAccessToken',
      'set-cookie',
    ]),
  );
});
