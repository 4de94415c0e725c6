import { describe, expect, test } from 'vitest';
import { redactHeaders } from '../../harness/capture/headers.ts';
import { redactText } from '../../harness/capture/text.ts';
import { partsOfUrl } from '../../harness/capture/url.ts';
import { createVault, readMark } from '../../harness/capture/vault.ts';
import { captured, formType, jsonType, mark } from '../support/wire.ts';

const vault = () => createVault({ key: 'k' });
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('headers', () => {
  const long = 's3cr~t+of/the client';
  const encoded = new URLSearchParams({ x: long }).toString().slice(2);

  test.each([
    ['Authorization', `Basic ${base64('id:ab')}`, `Basic id:${mark('clientSecret', 2)}`],
    ['Authorization', `bAsIc ${base64('a%3Ab:c:d')}`, `bAsIc a%3Ab:${mark('clientSecret', 3)}`],
    [
      'Authorization',
      `Basic ${base64(`id:${encoded}`)}`,
      `Basic id:${mark('clientSecretEncoded', encoded.length)}`,
    ],
    ['Authorization', `Basic ${base64(`id:${long}`)}`, `Basic id:${mark('clientSecret', long.length)}`],
    ['Authorization', `Basic ${base64('id:')}`, 'Basic id:'],
    ['Authorization', `Basic ${base64(':ab')}`, `Basic :${mark('clientSecret', 2)}`],
    ['Authorization', `Basic ${base64('no colon')}`, `Basic ${mark('authorization', 12)}`],
    ['Authorization', `Basic ${base64('id:abc').slice(0, -1)}*`, `Basic ${mark('authorization', 8)}`],
    ['Authorization', 'Basic aWQ6//4=', `Basic ${mark('authorization', 8)}`],
    ['Authorization', 'Basic id:ab', `Basic ${mark('authorization', 5)}`],
    ['Authorization', 'Bearer x', `Bearer ${mark('authorization', 1)}`],
    ['Authorization', 'x', mark('authorization', 1)],
    ['Proxy-Authorization', `Basic ${base64('me:ab')}`, `Basic ${mark('authorization', 8)}`],
    ['X-Forwarded-Authorization', 'Bearer ab', `Bearer ${mark('authorization', 2)}`],
    ['DPoP', 'ab', mark('dpop', 2)],
    ['X-Auth-Token', 'ab', mark('x-auth-token', 2)],
    ['Client-Secret', 'ab', mark('clientSecret', 2)],
    ['Set-Cookie', 'sid=ab; Path=/; HttpOnly', `sid=${mark('set-cookie', 2)}; Path=/; HttpOnly`],
    ['Cookie', 'a=bc; d=; e', `a=${mark('cookie', 2)}; d=;${mark('cookie', 2)}`],
    [
      'Location',
      '/cb;jsessionid=ab?code=cd',
      `/cb;jsessionid=${mark('jsessionid', 2)}\\?code=${mark('code', 2)}`,
    ],
    ['Location', 'https://a/cb?state=s&iss=https%3A%2F%2Fa', 'https://a/cb\\?state=s&iss=https%3A%2F%2Fa'],
    ['Location', 'https://a/#/cb?code=ab', `https://a/#/cb\\?code=${mark('code', 2)}`],
    ['Refresh', "0; url='/cb?code=a'b&state=s'", `0; url='/cb\\?code=${mark('code', 3)}&state=s'`],
    ['Refresh', "0; url='/cb?code=ab'", `0; url='/cb\\?code=${mark('code', 2)}'`],
    ['Refresh', '5', '5'],
    ['Link', '/a?vendor=abc', `/a\\?vendor=${mark('vendor', 3)}`],
    [
      'Link',
      '</a?code=ab>; rel="x", </b?token=cd>',
      `</a\\?code=${mark('code', 2)}>; rel="x", </b\\?token=${mark('token', 2)}>`,
    ],
    ['X-Url', "https://a/cb?code=a(b)'c&state=s", `https://a/cb\\?code=${mark('code', 6)}&state=s`],
    [
      'WWW-Authenticate',
      'Bearer error="invalid_token", scope="a b"',
      'Bearer error="invalid_token", scope="a b"',
    ],
    ['WWW-Authenticate', 'Basic realm="x"', 'Basic realm="x"'],
    ['DPoP-Nonce', 'ab', 'ab'],
    [
      'Content-Type',
      'application/x-www-form-urlencoded;charset=UTF-8',
      'application/x-www-form-urlencoded;charset=UTF-8',
    ],
  ])('%s: %s', (name, value, expected) => {
    expect(redactHeaders([[name, value]], vault())[0]?.[1]).toMatch(new RegExp(`^${expected}$`));
  });

  test.each([
    ['decoded', base64(`id:${encoded}`), long],
    ['as it was sent', base64(`id:${encoded}`), encoded],
    ['as it was sent, of a client that spells nothing as a form does', base64(`id:${long}`), long],
    ['as a server decodes what was not encoded', base64('id:a+bcdefghij'), 'a bcdefghij'],
    ['as a lenient server decodes it', base64('id:a%z&bcdefgh+ij'), 'a%z&bcdefgh ij'],
    ['within broken Base64', `${base64('id:abcdefghijkl')}*`, 'abcdefghijkl'],
    ['without a colon', base64('abcdefghijkl'), 'abcdefghijkl'],
  ])('the secret of Basic is known %s', (_, credentials, echoed) => {
    const known = vault();
    redactHeaders([['Authorization', `Basic ${credentials}`]], known);
    expect(redactText(`you sent ${echoed}.`, known)).toMatch(/^you sent \[\w+ \d+ chars \w+ #\w{12}\]\.$/);
  });

  test.each([
    ['Authorization', `Basic ${base64('0a1b<2c3d>4e:x')}`],
    ['Authorization', '0a1b<2c3d>4e x'],
    ['Set-Cookie', '0a1b<2c3d>4e=x'],
    ['Set-Cookie', 'x=y; Path=/0a1b<2c3d>4e'],
    ['Link', '</x>; rel="0a1b<2c3d>4e"'],
    ['Location', '/0a1b<2c3d>4e?x#0a1b<2c3d>4e'],
  ])('what is known is found beside what stands under a name: %s: %s', (name, value) => {
    const known = vault();
    known.mark('code', '0a1b<2c3d>4e');
    const shown = redactHeaders([[name, value]], known)[0]?.[1] ?? '';
    expect(shown).toMatch(new RegExp(mark('code', 12)));
    expect(shown).not.toContain('2c3d');
  });

  test('a secret in the name of a header is not in the mark of its value', () => {
    const known = vault();
    known.mark('code', '0a1b2c3d4e');
    expect(redactHeaders([['X-0a1b2c3d4e-Token', 'ab']], known)).toEqual([
      [expect.stringMatching(/^X-\[code 10 /), expect.stringMatching(/^\[member 2 /)],
    ]);
  });

  test('a URL of a report is read part by part, marks whole', () => {
    const [location = ''] = redactHeaders([['Location', '/cb?code=ab&state=s#token=cd']], vault()).map(
      ([, one]) => one,
    );
    const [address, query = '', fragment = ''] = partsOfUrl(location);
    expect(address).toBe('/cb');
    expect(readMark(new URLSearchParams(query).get('code'))).toMatchObject({ kind: 'code', length: 2 });
    expect(new URLSearchParams(query).get('state')).toBe('s');
    expect(readMark(new URLSearchParams(fragment.slice(1)).get('token'))).toMatchObject({ kind: 'token' });
  });

  test('what a redirect brings is known in the body, and the other way round', () => {
    const both = captured({
      answer: {
        headers: [['Location', '/cb?code=0a1b2c3d4e'], ['X-Sent', 'ab12cd34ef'], jsonType],
        body: '{"error":"see 0a1b2c3d4e","access_token":"ab12cd34ef"}',
      },
    });
    expect(JSON.stringify(both.response)).not.toMatch(/0a1b2c3d4e|ab12cd34ef/);
    const sent = captured({
      headers: [['Authorization', `Basic ${base64('id:0a1b2c3d4e')}`], formType],
      body: 'scope=0a1b2c3d4e',
    });
    expect(sent.request.body).toMatch(/^scope=\[clientSecret/);
  });
});

describe('pages', () => {
  test.each([
    [
      'a form that posts a code',
      '<input type="hidden" name="code" value="ab"/>',
      `<input type="hidden" name="code" value="${mark('code', 2)}"/>`,
    ],
    [
      'its attributes the other way round',
      "<INPUT value='a\"b' name=id_token>",
      `<INPUT value='${mark('idToken', 3)}' name=id_token>`,
    ],
    [
      'without quotes',
      '<input name=client_secret value=ab>',
      `<input name=client_secret value=${mark('clientSecret', 2)}>`,
    ],
    [
      'a token against forged requests',
      '<input name="token" value="ab">',
      `<input name="token" value="${mark('field', 2)}">`,
    ],
    ['a field that is none of ours', '<input name="csrf" value="ab">', '<input name="csrf" value="ab">'],
    [
      'a link',
      '<a href="/cb?code=a(b)&amp;state=s">',
      `<a href="/cb\\?code=${mark('code', 4)}&amp;state=s">`,
    ],
    ['a link in prose', "(see '/cb?code=ab').", `\\(see '/cb\\?code=${mark('code', 2)}'\\)\\.`],
  ])('%s', (_, text, expected) => {
    expect(redactText(text, vault())).toMatch(new RegExp(`^${expected}$`));
  });

  test.each([
    ['in a link', '/cb?code=VALUE&state=s'],
    ['in JSON within a text', 'you sent {"code":"VALUE"}'],
    ['in a field', '<input name="code" value="VALUE">'],
  ])('what is known already is marked once: %s', (_, text) => {
    const known = vault();
    const marked = known.mark('clientSecret', '0a1b2c3d4e');
    expect(redactText(text.replace('VALUE', '0a1b2c3d4e'), known)).toBe(text.replace('VALUE', marked));
  });

  test('prose that names a member is no secret', () => {
    for (const text of ['client_secret: required', 'code: expired', 'the <code>code</code> is missing'])
      expect(redactText(text, vault())).toBe(text);
  });
});
