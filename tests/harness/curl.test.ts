import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVault } from '../../harness/capture/vault.ts';
import { curlFor, sentWith } from '../../harness/report/curl.ts';
import { requestOf } from '../support/shell.ts';
import { captured, formType, jsonType } from '../support/wire.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const formed = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
const line = (wire: Parameters<typeof captured>[0]) => curlFor([captured(wire)]) ?? '';

/** Secrets by the variable that a line has for them. */
const secretNames = {
  client_secret: 'CLIENT_SECRET',
  code: 'CODE',
  code_verifier: 'CODE_VERIFIER',
  password: 'PASSWORD',
};
const letters = [...'abcXYZ019"\\/~!\'()*+% -._=&;<>{}[]:,@$`\näü🔑'];
const secret = fc
  .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 20 })
  .map((some) => some.join(''));
const encoder = fc.constantFrom(formed, encodeURIComponent);
const options = { seed: 7, numRuns: 500 };

test('a form is sent again with what was in it, whatever the variables hold', () => {
  const parameter = fc.oneof(
    fc.record({ name: fc.constantFrom(...Object.keys(secretNames)), value: secret }),
    fc.record({
      name: fc.constantFrom('grant_type', 'scope', 'client_id', 'state'),
      value: fc.constantFrom('', 'a b', "m'n", '@n', '$n', '`n`', 'ß'),
    }),
  );
  const different = fc.uniqueArray(parameter, { selector: ({ name }) => name, minLength: 1, maxLength: 7 });
  fc.assert(
    fc.property(different, encoder, (some, encode) => {
      const body = some.map(({ name, value }) => `${name}=${encode(value)}`).join('&');
      const variables = Object.fromEntries(
        some.flatMap(({ name, value }) =>
          name in secretNames ? [[secretNames[name as keyof typeof secretNames], value]] : [],
        ),
      );
      const sent = requestOf(line({ body }), variables);
      expect([...new URLSearchParams(sent.body)]).toEqual(some.map(({ name, value }) => [name, value]));
      expect(sent).toMatchObject({
        method: 'POST',
        url: 'https://as.example/token',
        headers: [['Content-Type', formType[1]]],
      });
    }),
    options,
  );
});

test('the pair of Basic is sent again as it was, in whatever case its scheme was written', () => {
  fc.assert(
    fc.property(
      secret,
      encoder,
      fc.constantFrom('id', 'a%3Ab', "i'd", ''),
      fc.constantFrom('Basic', 'bAsic'),
      (value, encode, id, scheme) => {
        const half = encode(value);
        const authorization = `${scheme} ${base64(`${id}:${half}`)}`;
        const shown = line({ headers: [['Authorization', authorization]] });
        expect(shown).not.toContain(authorization);
        const variables = { CLIENT_SECRET: half, CLIENT_SECRET_ENCODED: half };
        expect(requestOf(shown, variables).headers).toEqual([['Authorization', authorization]]);
      },
    ),
    options,
  );
});

describe('a line', () => {
  test.each([
    [
      'encodes secrets, and leaves what was sent beside them',
      { body: 'grant_type=x&c%6Fde=ab&scope=a+b&client_secret=cd' },
      `-H 'Content-Type: application/x-www-form-urlencoded' --data-raw 'grant_type=x' --data-urlencode 'c%6Fde='"$CODE" --data-raw 'scope=a+b' --data-urlencode 'client_secret='"$CLIENT_SECRET"`,
    ],
    [
      'tells two codes apart',
      { body: 'code=ab&code=cd&code=ab' },
      `--data-urlencode 'code='"$CODE" --data-urlencode 'code='"$CODE_2" --data-urlencode 'code='"$CODE"`,
    ],
    [
      'keeps empty parts',
      { body: '&code=ab&&x' },
      `--data-raw '' --data-urlencode 'code='"$CODE" --data-raw '&x'`,
    ],
    ['sends a form without a secret as it stands', { body: 'scope=%zz&b' }, "--data-raw 'scope=%zz&b'"],
    [
      'has the id and a variable for Basic',
      { headers: [['Authorization', `Basic ${base64('a:b c')}`]] },
      `--user 'a:'"$CLIENT_SECRET"`,
    ],
    [
      'says that the secret was encoded',
      { headers: [['Authorization', `Basic ${base64('a:b%20c')}`]] },
      `--user 'a:'"$CLIENT_SECRET_ENCODED"`,
    ],
    ['has an empty secret', { headers: [['Authorization', `Basic ${base64('a:')}`]] }, "--user 'a:'"],
    [
      'has a variable for what is no pair',
      { headers: [['Authorization', 'Basic xyz']] },
      `-H 'Authorization: Basic '"$AUTHORIZATION"''`,
    ],
    [
      'has one for a token',
      { headers: [['Authorization', 'Bearer xyz']] },
      `-H 'Authorization: Bearer '"$AUTHORIZATION"''`,
    ],
  ] as const)('%s', (_, wire, expected) => {
    expect(line(wire as Parameters<typeof captured>[0])).toSatisfy((shown: string) =>
      shown.endsWith(expected),
    );
  });

  test.each([
    ['a form that says that it is JSON', jsonType, 'code=bc&x', `--data-raw 'code='"$CODE"'&x'`],
    ['JSON', jsonType, '{"clientId":"a","code":"bc"}', `--data-raw '{"clientId":"a","code":"'"$CODE"'"}'`],
    ['JSON that says that it is a form', formType, '{"code":"bc"}', `--data-raw '{"code":"'"$CODE"'"}'`],
    [
      'a form in the names of AWS',
      formType,
      'clientId=a&grantType=x&code=bc',
      `--data-raw 'clientId=a&grantType=x&code='"$CODE"''`,
    ],
  ])('of %s is what it was before there were forms', (_, type, body, expected) => {
    expect(line({ headers: [type], body })).toSatisfy((shown: string) => shown.endsWith(expected));
  });
});

test('a token that is shown in a header is taken from the answer that brought it', () => {
  const vault = createVault({ key: 'k' });
  const token = 'at-0123456789abcdefghij';
  const brought = captured(
    { body: 'grant_type=x', answer: { body: JSON.stringify({ access_token: token }) } },
    vault,
  );
  const bearing = captured({ headers: [['Authorization', `Bearer ${token}`]] }, vault);
  const asked = captured({ body: `token=${token}` }, vault);
  const other = captured({ headers: [['Authorization', 'Bearer other-token-0123456789']] }, vault);
  expect(JSON.stringify([brought, bearing, asked])).not.toContain(token);
  const script = curlFor([brought, bearing, asked]) ?? '';
  expect(script).toMatch(/^AUTHORIZATION=.*access_token/m);
  expect(script).toMatch(/^TOKEN=.*access_token/m);
  expect(sentWith(asked, [brought, bearing, asked, other])).toEqual([brought, bearing, asked]);
});
