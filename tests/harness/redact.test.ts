import { describe, expect, test } from 'vitest';
import { redactBody, redactHeaders, redactText, redactUrl } from '../../harness/redact.ts';
import { createVault, marksIn, readMark } from '../../harness/vault.ts';

const key = Buffer.alloc(32, 7);
const vault = () => createVault(key);
const secret = 'aoaZm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA';

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

  test('tell characters outside printable ASCII', () => {
    expect(readMark(vault().mark('code', 'ä'.repeat(9)))).toMatchObject({ length: 9, alphabet: 'other' });
  });

  test('are read only when they are the whole text', () => {
    const mark = vault().mark('code', secret);
    expect(readMark(`${mark} `)).toBeUndefined();
    expect(marksIn(`a ${mark} b ${mark}`)).toHaveLength(2);
  });
});

describe('a remembered secret is found', () => {
  const found = (text: string) => {
    const known = vault();
    known.mark('clientSecret', 'p&ss/w"rd=ü+long');
    return redactText(text, known);
  };

  test.each([
    ['as it is', 'x p&ss/w"rd=ü+long y'],
    ['JSON-escaped', 'x p&ss/w\\"rd=ü+long y'],
    ['JSON-escaped with slashes', 'x p&ss\\/w\\"rd=ü+long y'],
    ['in base64', `x ${Buffer.from('p&ss/w"rd=ü+long').toString('base64url')} y`],
    ['in hexadecimal', `x ${Buffer.from('p&ss/w"rd=ü+long').toString('hex')} y`],
    ['percent-encoded', `x ${encodeURIComponent('p&ss/w"rd=ü+long')} y`],
  ])('%s', (_, text) => expect(found(text)).toMatch(/^x \[clientSecret 16 chars other #[0-9a-f]{12}\] y$/));

  test('but a value of no secret kind is not looked for elsewhere', () => {
    const known = vault();
    known.mark('member', 'authorization_code');
    expect(redactText('authorization_code', known)).toBe('authorization_code');
  });
});

describe('bodies', () => {
  const received = (text: string) => redactBody(text, 'received', vault());

  test('keep what is harmless and replace every other string', () => {
    const body = {
      tokenType: 'Bearer',
      expiresIn: 3600,
      accessToken: secret,
      refreshToken: null,
      somethingNew: 'x y z',
    };
    expect(JSON.parse(received(JSON.stringify(body)))).toEqual({
      ...body,
      accessToken: expect.stringMatching(/^\[accessToken 33 chars/),
      somethingNew: expect.stringMatching(/^\[somethingNew 5 chars/),
    });
  });

  test('keep JSON types, spelling and order', () => {
    expect(received('{ "expiresIn" : 3.6e3 , "accessToken":"", "interval":"1" }')).toBe(
      '{ "expiresIn" : 3.6e3 , "accessToken":"", "interval":"1" }',
    );
  });

  test('replace numbers that stand where a token should', () => {
    expect(received('{"accessToken":123456789,"expiresIn":60}')).toBe('{"accessToken":0,"expiresIn":60}');
  });

  test.each([
    ['nested', `{"a":{"b":[{"c":"${secret}"}]}}`],
    ['cut off', `{"accessToken":"${secret}`],
    ['repeated', `{"accessToken":"${secret}","accessToken":"${secret}"}`],
    ['in a list', `["${secret}"]`],
    ['in HTML', `<html><body data-token="${secret}">`],
    ['in text', `token: ${secret}x${secret}`],
    ['under a hostile name', `{"<img src=x>":"${secret}"}`],
    ['behind broken JSON', `{"a":}{"accessToken":"${secret}"}`],
  ])('%s', (_, text) => expect(received(text)).not.toContain(secret));

  test('nested deeper than the stack are still redacted as text', () => {
    const deep = `${'['.repeat(60_000)}"${secret}${secret}"`;
    expect(received(deep)).not.toContain(secret);
  });

  test('keep the name of an exception under "code", but no code that was sent', () => {
    expect(received('{"code":"InvalidGrantException"}')).toBe('{"code":"InvalidGrantException"}');
    expect(redactBody('{"code":"InvalidGrantException"}', 'sent', vault())).toMatch(/\[code 21 chars/);
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
    const redacted = redactHeaders(headers, vault());
    expect(JSON.stringify(redacted)).not.toContain(secret);
    expect(redacted[0]?.[1]).toMatch(/^Bearer \[authorization 33 chars/);
    expect(redacted[3]).toEqual(headers[3]);
  });

  test('query values are replaced by their names, harmless ones stay', () => {
    const url = redactUrl(`http://h/token?aws_iam=t&clientId=abc&clientSecret=${secret}&code=a%20b`, vault());
    expect(url).toMatch(
      /^http:\/\/h\/token\?aws_iam=t&clientId=abc&clientSecret=\[clientSecret .*\]&code=\[code 3 chars/,
    );
  });
});
