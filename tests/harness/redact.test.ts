import { describe, expect, test } from 'vitest';
import { redactHeaders } from '../../harness/capture/headers.ts';
import { redactJson } from '../../harness/capture/json.ts';
import { redactBody } from '../../harness/capture/redact.ts';
import { redactText } from '../../harness/capture/text.ts';
import { redactUrl } from '../../harness/capture/url.ts';
import { createVault, marksIn, readMark } from '../../harness/capture/vault.ts';
import { problemsWith } from '../../schemas/read.ts';
import { oddSecrets, spellings, spellingsIn } from '../support/spellings.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const vault = () => createVault({ key });
const secret = 'aoaZm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA';

/** A vault that knows some secrets. */
function knowing(...secrets: readonly string[]) {
  const known = vault();
  for (const one of secrets) known.mark('clientSecret', one);
  return known;
}

describe('marks', () => {
  test('keep kind, length, alphabet and fingerprint', () => {
    const mark = vault().mark('accessToken', secret);
    expect(mark).toMatchInlineSnapshot(`"[accessToken 33 chars vschar #53263fd5f663]"`);
    expect(readMark(mark)).toEqual({
      kind: 'accessToken',
      length: 33,
      alphabet: 'vschar',
      fingerprint: '53263fd5f663',
    });
  });

  test('are equal for equal values of one run, and different for another run', () => {
    const [one, other] = [createVault(), createVault()];
    expect(one.mark('code', secret)).toBe(one.mark('code', secret));
    expect(one.mark('code', secret)).not.toBe(other.mark('code', secret));
  });

  test.each([
    ['ä'.repeat(9), 9, 'other'],
    ['abc"defgh', 9, 'quoted'],
    ['abc\\defgh', 9, 'quoted'],
    ['abc defgh', 9, 'vschar'],
    ['abc\tdefgh', 9, 'other'],
  ])('tell the alphabet of %j', (value, length, alphabet) => {
    expect(readMark(vault().mark('code', value))).toMatchObject({ length, alphabet });
  });

  test('are read only when they are the whole text', () => {
    const mark = vault().mark('code', secret);
    expect(readMark(`${mark} `)).toBeUndefined();
    expect(marksIn(`a ${mark} b ${mark}`)).toHaveLength(2);
  });
});

describe.each(oddSecrets)('a remembered secret, %j, is found', (odd) => {
  test.each(Object.keys(spellings))('%s', (name) => {
    const known = knowing(odd);
    const spelt = spellings[name]?.(odd) ?? '';
    for (const text of [spelt, `x ${spelt} y`, `{"error":"invalid_grant","x":${spelt}`, `a=${spelt}&b=1`]) {
      const redacted = redactText(text, known);
      expect(spellingsIn(redacted, odd)).toEqual([]);
      expect(marksIn(redacted).some(({ kind }) => kind === 'clientSecret')).toBe(true);
    }
  });

  test('within an opaque text too', () => {
    const known = knowing(odd);
    const nested = encodeURIComponent(JSON.stringify({ sent: JSON.stringify({ secret: odd }) }));
    expect(spellingsIn(redactText(nested, known), odd)).toEqual([]);
    expect(known.find(nested)).not.toEqual([]);
  });
});

describe('a remembered secret', () => {
  test('leaves the text around it as it is', () => {
    expect(redactText(`x ${encodeURIComponent('p&ss/w"rd=ü+long')} y`, knowing('p&ss/w"rd=ü+long'))).toMatch(
      /^x \[clientSecret 16 chars other #[0-9a-f]{12}\] y$/,
    );
  });

  test('that overlaps another is replaced with it', () => {
    const known = knowing('abcdefgh12345', 'gh12345ijklmno');
    expect(redactText('abcdefgh12345ijklmno', known)).toMatch(/^\[clientSecret 1\d chars vschar #\w{12}\]$/);
  });

  test('of no secret kind is not looked for elsewhere', () => {
    const known = vault();
    known.mark('member', 'authorization_code');
    expect(redactText('authorization_code', known)).toBe('authorization_code');
  });

  test('that everybody knows is not looked for elsewhere', () => {
    const known = createVault({ key, words: '{"error":"invalid_grant"}' });
    expect(known.mark('accessToken', 'invalid_grant')).toMatch(/^\[accessToken 13 chars/);
    known.publish('the-client-id');
    known.mark('clientSecret', 'the-client-id');
    expect(redactText('invalid_grant for the-client-id', known)).toBe('invalid_grant for the-client-id');
  });
});

const redacted = (text: string, known = vault()) => redactBody(text, 'received', known) ?? '';

describe('bodies', () => {
  test('keep what is harmless and replace every other string', () => {
    const body = {
      tokenType: 'Bearer',
      expiresIn: 3600,
      accessToken: secret,
      refreshToken: null,
      somethingNew: 'x y z',
    };
    expect(JSON.parse(redacted(JSON.stringify(body)))).toEqual({
      ...body,
      accessToken: expect.stringMatching(/^\[accessToken 33 chars/),
      somethingNew: expect.stringMatching(/^\[somethingNew 5 chars/),
    });
  });

  test.each([
    '{ "expiresIn" : 3.6e3 , "accessToken":"", "interval":"1" }',
    '{"scope":"\\u0061 b"}',
    '[1, 2 ]',
  ])('keep JSON types, spelling and order: %s', (text) => expect(redacted(text)).toBe(text));

  test('replace numbers that stand where a token should, or are one', () => {
    expect(redacted('{"accessToken":123456789,"expiresIn":60}')).toBe('{"accessToken":0,"expiresIn":60}');
    expect(redacted('{"debug":[1234567890]}', knowing('1234567890'))).toBe('{"debug":[0]}');
  });

  test.each([
    ['nested', `{"a":{"b":[{"c":"${secret}"}]}}`],
    ['cut off', `{"accessToken":"${secret}`],
    ['repeated', `{"accessToken":"${secret}","accessToken":"${secret}"}`],
    ['in a list', `["${secret}"]`],
    ['alone', `"${secret}"`],
    ['behind a byte order mark', `\ufeff{"accessToken":"${secret}"}`],
    ['in HTML', `<html><body data-token="${secret}">`],
    ['in text', `token: ${secret}x${secret}`],
    ['beginning with a slash', `token: /${secret}/${secret}`],
    ['under a hostile name', `{"<img src=x>":"${secret}"}`],
    ['as a name', `{"${secret}":1}`],
    ['behind broken JSON', `{"a":}{"accessToken":"${secret}"}`],
    ['in JSON within JSON', JSON.stringify({ message: JSON.stringify({ code: 'ab12', x: secret }) })],
    ['in a form', `access_token=${secret}&token_type=Bearer`],
    ['nested deeper than any stack', `${'['.repeat(60_000)}"${secret}${secret}"`],
    ['nested deeply and well', `${'['.repeat(60_000)}"${secret}"${']'.repeat(60_000)}`],
  ])('%s', (_, text) => expect(redacted(text)).not.toContain(secret));

  test('keep the name of an exception under "code", but no code that was sent', () => {
    expect(redacted('{"code":"InvalidGrantException"}')).toBe('{"code":"InvalidGrantException"}');
    expect(redactBody('{"code":"InvalidGrantException"}', 'sent', vault())).toMatch(/\[code 21 chars/);
  });

  test('with names in escapes stay JSON, with the same members', () => {
    const text = `{"\\u0063lientSecret":"${secret}","\\u0063lientId":"abc"}`;
    expect(JSON.parse(redacted(text))).toEqual({
      clientSecret: expect.stringMatching(/^\[clientSecret 33 chars/),
      clientId: 'abc',
    });
  });

  test.each([
    ['a short code in a form', 'code=ab12&state=x', /^code=\[code 4 chars vschar #\w+\]&state=x$/],
    [
      'a form that encodes',
      'client_secret=a+b%7E%21',
      /^client_secret=\[clientSecret 5 chars vschar #\w+\]$/,
    ],
    [
      'a parameter in prose',
      '{"message":"POST ?code=ab12 failed"}',
      /\?code=\[code 4 chars vschar #\w+\] failed/,
    ],
  ])('by name: %s', (_, text, expected) => expect(redacted(text)).toMatch(expected));
});

describe('redaction changes nothing that a judge reads', () => {
  const isJson = (text: string) => {
    try {
      return typeof JSON.parse(text);
    } catch {
      return false;
    }
  };

  test.each([
    ['an escape that there is not', `{"accessToken":"${secret}\\x"}`],
    ['half an escape', `{"accessToken":"${secret}\\u12"}`],
    ['a line break in a string', `{"accessToken":"${secret}\n${secret}"}`],
    ['a tab in a string', `{"accessToken":"${secret}\t"}`],
    ['no end', `{"accessToken":"${secret}"`],
    ['no end of a string', `{"accessToken":"${secret}`],
    ['no end of an escape', `{"accessToken":"${secret}\\`],
    ['a comma too many', `{"accessToken":"${secret}",}`],
    ['a comment', `{"accessToken":"${secret}"/* ${secret} */}`],
    ['a number that is none', '{"accessToken":0123}'],
    ['something behind', `{"accessToken":"${secret}"} ${secret}`],
    ['single quotes', `{'accessToken':'${secret}'}`],
    ['a quote in a string', `{"error":"you sent p"ss/${secret}"}`],
    ['a byte order mark', `\ufeff{"accessToken":"${secret}"}`],
  ])('what is no JSON stays none: %s', (_, text) => {
    expect(isJson(text)).toBe(false);
    expect(isJson(redacted(text))).toBe(false);
    expect(redacted(text)).not.toContain(secret);
  });

  test.each(oddSecrets)('members, types and validity with the secret %j everywhere', (odd) => {
    const body = {
      error: 'invalid_grant',
      error_description: `you sent ${odd}`,
      scope: [odd, 'openid'],
      [odd]: odd,
      nested: [{ [`x${odd}`]: [odd, 1, null, true, { client_id: odd }] }],
      expires_in: 3600,
    };
    for (const text of [JSON.stringify(body), JSON.stringify(body, null, 2)]) {
      const shown = redacted(text, knowing(odd));
      const shape = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(shape)
          : typeof value === 'object' && value !== null
            ? Object.values(value).map(shape)
            : typeof value;
      expect(shape(JSON.parse(shown))).toEqual(shape(body));
      expect(spellingsIn(shown, odd)).toEqual([]);
      expect(Object.keys(JSON.parse(shown))).toEqual(
        expect.arrayContaining(['error', 'scope', 'expires_in']),
      );
    }
  });

  test('a secret that reaches over several members leaves nothing of the body', () => {
    const odd = '","scope":"openid';
    expect(redactBody(`{"error":"x${odd}"}`, 'received', knowing(odd))).toBeUndefined();
  });
});

describe('headers and URLs', () => {
  test('authentication is replaced, its scheme kept', () => {
    const headers = [
      ['Authorization', `Bearer ${secret}`],
      ['Set-Cookie', `session=${secret}`],
      ['Location', `https://x.example/?a=${secret}${secret}`],
      ['Content-Type', 'application/json'],
    ] as const;
    const shown = redactHeaders(headers, vault());
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(shown[0]?.[1]).toMatch(/^Bearer \[authorization 33 chars/);
    expect(shown[3]).toEqual(headers[3]);
  });

  test.each(oddSecrets)('a header whose value or name holds the secret %j', (odd) => {
    const asHeader = Buffer.from(odd).toString('latin1');
    const shown = redactHeaders(
      [
        ['x-amzn-ErrorType', `${asHeader}:http://x`],
        [`X-${asHeader}`, 'y'],
        ['Location', `/cb?error=${encodeURIComponent(odd)}#state=${asHeader}`],
      ],
      knowing(odd),
    );
    expect(spellingsIn(shown.flat().join('\n'), odd)).toEqual([]);
    expect(shown.flat().join('\n')).not.toContain(asHeader);
  });

  test('query values are replaced by their names, harmless ones stay', () => {
    const url = redactUrl(`http://h/token?aws_iam=t&clientId=abc&clientSecret=${secret}&code=a%20b`, vault());
    expect(url).toMatch(
      /^http:\/\/h\/token\?aws_iam=t&clientId=abc&clientSecret=\[clientSecret .*\]&code=\[code 3 chars/,
    );
  });

  test('a short code in a redirect is replaced, in its query and in its fragment', () => {
    for (const sign of ['?', '#'])
      expect(
        redactHeaders([['Location', `https://a.example/cb${sign}code=0a1b2c&state=s`]], vault())[0]?.[1],
      ).toMatch(/^https:\/\/a\.example\/cb[?#]code=\[code 6 chars vschar #\w+\]&state=s$/);
  });

  test('an id in a path is no reason to hide the host and the port before it', () => {
    const id = '6RUzsQyQOvLQwfuLf07XZXO2RRFxydNb';
    const url = redactUrl(`http://127.0.0.1:9811/reg/${id}`, vault());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:9811\/\[opaque 36 chars vschar #\w+\]$/);
    const body = redactJson(
      JSON.stringify({ registration_client_uri: `http://h/reg/${id}` }),
      'received',
      vault(),
    );
    expect(
      problemsWith('oauth-form/registration.response', { client_id: 'c', ...JSON.parse(String(body)) }).map(
        ({ keyword }) => keyword,
      ),
    ).not.toContain('format');
  });

  test('a URL, a path and a date stay readable', () => {
    const texts = [
      'https://oidc.us-east-1.amazonaws.com/Realms/Prod01/protocol/openid-connect/token',
      'Mon, 30 Nov 2026 18:41:41 GMT',
      'InvalidGrantException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/',
    ];
    for (const text of texts) expect(redactText(text, vault())).toBe(text);
  });
});

describe('constants that everybody knows', () => {
  const words = JSON.stringify({
    grants: { authorization_code: {}, refresh_token: {} },
    error: 'invalid_grant',
  });
  const knowing = () => createVault({ key, words });

  test.each([
    ['{"GrantType":"AUTHORIZATION_CODE"}', 'sent'],
    ['{"GRANT_TYPE":"Refresh_Token"}', 'sent'],
    ['{"grant":"URN:IETF:PARAMS:OAUTH:GRANT-TYPE:DEVICE_CODE"}', 'sent'],
    ['Grant_Type=AUTHORIZATION_CODE', 'sent'],
    ['kind=Authorization_Code', 'sent'],
    ['{"TokenType":"Bearer","ERROR":"INVALID_GRANT"}', 'received'],
    ['{"typ":"BEARER"}', 'received'],
    ['{"error_description":"code=Authorization_Code, token=Bearer, \\"token\\": \\"bearer\\""}', 'received'],
  ] as const)('stay as they are, in whatever case: %s (%s)', (body, direction) => {
    expect(redactBody(body, direction, knowing())).toBe(body);
  });

  test('are no secret where they stand in the place of one', () => {
    const known = knowing();
    redactBody('{"refreshToken":"AUTHORIZATION_CODE"}', 'received', known);
    expect(redactText('what is AUTHORIZATION_CODE?', known)).toBe('what is AUTHORIZATION_CODE?');
  });

  test.each(['AccessToken', 'ACCESS_TOKEN', 'access-Token'])(
    'do not make a token public that comes as %s',
    (name) => {
      const known = knowing();
      const redacted = redactBody(`{"${name}":"${secret}"}`, 'received', known) ?? '';
      expect(marksIn(redacted).map(({ kind }) => kind)).toEqual(['accessToken']);
      expect(redactText(`again ${secret}`, known)).not.toContain(secret);
    },
  );
});
