import { expect, test } from 'vitest';
import { readJson } from '../../targets/json.ts';

test('an object: its value, its members, its numbers as they are spelt', () => {
  expect(readJson(' {"expiresIn": 2.880e4, "scope": ["a"], "none": null, "nested": {"n": 1}}\n')).toEqual({
    value: { expiresIn: 28_800, scope: ['a'], none: null, nested: { n: 1 } },
    object: { expiresIn: 28_800, scope: ['a'], none: null, nested: { n: 1 } },
    repeated: [],
    numbers: { expiresIn: '2.880e4' },
  });
});

test.each([['[{"a":1}]'], ['"text"'], ['null'], ['5'], ['true']])('%s has a value and no members', (text) => {
  expect(readJson(text)).toEqual({ value: JSON.parse(text), repeated: [], numbers: {} });
});

test.each(['600', '6e2', '600.0', '0.6E+3', '-0', '9007199254740993', '1e999'])(
  'the number %s stays as it is spelt',
  (number) => {
    expect(readJson(`{"expiresIn":\t${number} }`).numbers).toEqual({ expiresIn: number });
  },
);

test.each([
  ['at the top', '{"a":1,"a":1}', ['a']],
  ['three times', '{"a":1,"a":2,"a":3}', ['a', 'a']],
  ['in another spelling', '{"error":1,"\\u0065rror":2}', ['error']],
  ['within an object', '{"a":{"b":1,"c":2,"b":3}}', ['b']],
  ['within an array', '[[{"a":1,"a":2}]]', ['a']],
  ['at several depths', '{"a":1,"a":{"b":1,"b":2}}', ['a', 'b']],
  ['called __proto__', '{"__proto__":1,"__proto__":2}', ['__proto__']],
  ['in two objects', '[{"a":1},{"a":1}]', []],
  ['in two depths', '{"a":{"a":1}}', []],
  ['in two cases', '{"a":1,"A":1}', []],
])('a name %s', (_where, text, repeated) => {
  expect(readJson(text).repeated).toEqual(repeated);
});

test.each([
  ['nothing', '', 'the body is empty'],
  ['whitespace', ' \r\n', 'the body is empty'],
  ['HTML', '<!doctype html>', "Unexpected token '<'"],
  ['a form', 'error=invalid_grant', "Unexpected token 'e'"],
  [
    'text behind it',
    '{"a":1} x',
    'Unexpected non-whitespace character after JSON at position 8 (line 1 column 9)',
  ],
  [
    'a second object',
    '{}{}',
    'Unexpected non-whitespace character after JSON at position 2 (line 1 column 3)',
  ],
  ['half an object', '{"a":', 'Unexpected end of JSON input'],
  ['single quotes', "{'a':1}", "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
  ['a comma too many', '{"a":[1,]}', "Unexpected token ']'"],
  [
    'a comment',
    '{} // fine',
    'Unexpected non-whitespace character after JSON at position 3 (line 1 column 4)',
  ],
  ['a byte order mark', '\ufeff{}', "Unexpected token '\ufeff'"],
  ['NaN', '{"a":NaN}', "Unexpected token 'N'"],
  ['a leading zero', '{"a":01}', 'Unexpected number in JSON at position 6 (line 1 column 7)'],
])('%s is not JSON', (_what, text, error) => {
  expect(readJson(text)).toEqual({ error, repeated: [], numbers: {} });
});

test.each([
  ['at its beginning', 'aoaSECRET'],
  ['in its middle', `{"filling":"${'x'.repeat(50)}","accessToken": SECRET, "more": "${'x'.repeat(50)}"}`],
  ['at its end', `{"filling":"${'x'.repeat(50)}","accessToken": SECRET`],
])('why a text is not JSON does not quote it: a secret %s', (_where, text) => {
  expect(readJson(text).error).toMatch(/^Unexpected token '.'$/);
});

/** From what anybody may send to what no recursive parser survives. */
const depths = [2, 99, 100, 101, 3_000, 10_000, 100_000];

test.each([
  ['arrays', '[', '', ']'],
  ['objects', '{"a":', '1', '}'],
])('nested %s are read to a depth that nobody reaches, and never throw', (_what, open, inner, close) => {
  const tooDeep = 'it is too deep to read: more than 100 levels';
  for (const depth of depths) {
    const { error, repeated } = readJson(open.repeat(depth) + inner + close.repeat(depth));
    expect({ depth, error, repeated }).toEqual({
      depth,
      error: depth > 100 ? tooDeep : undefined,
      repeated: [],
    });
  }
});

test('brackets within a string, and lists side by side, are not deep', () => {
  expect(readJson(`{"a":"${'['.repeat(500)}\\"[[","b":[${'[],'.repeat(500)}[]]}`).error).toBeUndefined();
});

test('a body of more members than anybody sends is not read', () => {
  const members = Array.from({ length: 100_000 }, (_, index) => `"a${index}":${index}`);
  const { error } = readJson(`{${members.join(',')},"a0":0}`);
  expect(error).toBe('it is too much to read: more than 2000 values');
  expect(readJson(`{${members.slice(0, 1_900).join(',')},"a0":0}`).repeated).toEqual(['a0']);
});
