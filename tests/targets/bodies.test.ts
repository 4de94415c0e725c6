import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Exchange } from '../../harness/exchange.ts';
import { observe } from '../../harness/judge/observe.ts';
import { type BodyChange, type BodyModel, changedBody } from '../../targets/bodies/body.ts';
import { form } from '../../targets/bodies/form.ts';
import { json } from '../../targets/bodies/json.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';
import { targetAt } from '../../targets/target/target.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."aZ09*-._~!'()&=+% %2;?\r\n\u0000é🔑"), maxLength: 20 }),
);
const anyMembers = fc.dictionary(anyText, anyText, { noNullPrototype: true });

test('a form is written as the URL Standard writes it', () => {
  fc.assert(
    fc.property(anyMembers, anyMembers, (members, repeat) => {
      const pairs = [...Object.entries(members), ...Object.entries(repeat)];
      expect(form.write(members, repeat)).toBe(new URLSearchParams(pairs).toString());
    }),
  );
});

test('a form is read as the URL Standard reads it, however it is spelt', () => {
  // ASCII alone: of other characters beside broken UTF-8 Node takes the code point for a byte.
  const piece = fc.oneof(
    fc.constantFrom('&', '=', '+', '%', '%4', '%zz', '%C3%A9', '%c3', '%ff%FE', '%00', 'code', '%25', ';'),
    fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      // It takes a question mark in front for the begin of a query.
      const text = `a=b&${pieces.join('')}`;
      expect(form.read(text)).toEqual(Object.fromEntries(new URLSearchParams(text)));
    }),
  );
  expect(form.read('a=é%C3é&ü')).toEqual({ a: 'é\ufffdé', ü: '' });
});

test.each([form, json])('what is written as $type is read as it was', (model) => {
  fc.assert(
    fc.property(anyMembers, (members) => {
      const { __proto__: _, ...others } = members;
      expect(model.read(model.write(others))).toEqual(others);
      expect(model.read(model.write(others, { code: 'again' }))).toEqual({ ...others, code: 'again' });
    }),
  );
});

test.each([
  [form, 'a=1&b=1&a=2&b=1&%61=3', ['a']],
  [form, 'a=&a=x', ['a']],
  [form, 'a=1&b=2', []],
  [json, '{"a":1,"b":1,"a":2}', ['a']],
  [json, '{"a":1', []],
] as const)('what $0.type says in two ways is no answer', (model, text, names) => {
  expect([...model.contradicted(text)]).toEqual(names);
});

test.each([form, json])('a member that is undefined is left out of $type', (model) => {
  expect(model.read(model.write({ code: undefined, scope: 'a b' }))).toEqual({ scope: 'a b' });
});

test.each([
  ['null', null, 'null'],
  ['a list', ['a'], 'a list'],
  ['a number', 12345, 'of the type number'],
  ['true', true, 'of the type boolean'],
  ['an object', { value: 1 }, 'of the type object'],
])('a form has no word for %s', (_, value, words) => {
  const sentence = `A form has texts alone: its member "code" cannot be ${words}.`;
  expect(() => form.write({ client_id: 'a', code: value })).toThrow(sentence);
  expect(() => form.write({ client_id: 'a' }, { code: value })).toThrow(sentence);
});

test('a form has no half of a character', () => {
  expect(() => form.write({ code: 'a\ud83d' })).toThrow('it has no half of a character');
});

test.each(['', 'null', '[]', '"a"', '42', '{', 'a=b'])('%j is no object of JSON', (text) => {
  expect(json.read(text)).toBeUndefined();
});

test.each<[BodyModel, BodyModel, string]>([
  [form, json, 'A change of a JSON body cannot be made in a form.'],
  [json, form, 'A change of a form cannot be made in a JSON body.'],
])('what changes another type of body than $type throws', (model, other, sentence) => {
  const change = { bodyType: other.type, body: (text: string) => text };
  expect(() => changedBody(model, { a: 'b' }, change)).toThrow(sentence);
  expect(changedBody(other, { a: 'b' }, change)).toBe(other.write({ a: 'b' }));
});

test.each<[BodyChange, string]>([
  [{ repeat: { code: 'a' }, body: () => undefined }, 'has no member twice'],
  [{ chunked: true, body: () => undefined }, 'has no member twice, and no chunks'],
  [{ repeat: { scope: 'a' } }, 'The member scope cannot be repeated: it is not there once.'],
])('a change that has nothing to change throws: %j', (change, sentence) => {
  for (const model of [json, form]) expect(() => changedBody(model, { code: 'a' }, change)).toThrow(sentence);
});

test.each([
  ['CreateToken', '{"grantType":"x","code":"c"}', { grant_type: 'x', code: 'c' }],
  ['RegisterClient', '{"scopes":["a"]}', { scope: ['a'] }],
  [undefined, '{"clientId":"a"}', { client_id: 'a' }],
  ['CreateToken', 'no JSON', {}],
])('what was asked with is read from what was captured, in standard names: %s', (operation, body, asked) => {
  const request = { method: 'POST', url: '/', headers: [], body };
  const exchange: Exchange = {
    step: 'probe',
    ...(operation !== undefined && { operation }),
    request,
    attempts: 1,
    startedAt: 0,
    durationMs: 0,
  };
  expect(observe(awsJson, exchange).asked()).toEqual(asked);
});

const target = targetAt('http://127.0.0.1');
const call = { operation: 'token', members: { grant_type: 'refresh_token', code: 'c' } } as const;

test('the AWS dialect writes JSON, in its own names', () => {
  const { body, headers } = awsJson.encode({ ...call, raw: { repeat: { grant_type: 'x' } } }, target);
  expect(body).toBe('{"grantType":"refresh_token","code":"c","grantType":"x"}');
  expect(headers).toContainEqual(['Content-Type', 'application/json']);
});

test.each([
  [{ bodyType: 'form', body: (text: string) => text }, 'A change of a form cannot be made in a JSON body.'],
  [{ headers: { 'X-Other': undefined } }, 'There is no header X-Other to take away.'],
] as const)('the AWS dialect makes a change or throws', (raw, sentence) => {
  expect(() => awsJson.encode({ ...call, raw }, target)).toThrow(sentence);
});

test('a header is changed however its name is spelt', () => {
  const sent = (headers: Record<string, string | undefined>) =>
    awsJson.encode({ ...call, raw: { headers } }, target).headers;
  expect(sent({ 'content-type': 'text/plain', Accept: 'a/b' })).toEqual([
    ['Content-Type', 'text/plain'],
    ['User-Agent', 'token-conformance'],
    ['Accept', 'a/b'],
  ]);
  expect(sent({ 'CONTENT-TYPE': undefined })).toEqual([['User-Agent', 'token-conformance']]);
});
