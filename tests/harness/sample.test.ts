import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { unpredictableBits } from '../../harness/send/sample.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object, signature: string) =>
  `${part({ alg: 'HS256', typ: 'at+jwt' })}.${part(claims)}.${signature}`;
const random = (bytes: number) => randomBytes(bytes).toString('base64url');
const many = Array.from({ length: 40 }, (_, at) => at);

test('JWTs whose claims differ in length are unpredictable for their signatures', () => {
  const claimed = (at: number) => ({ iss: 'https://as.example', scope: 'a '.repeat(at % 3) });
  expect(unpredictableBits(many.map((at) => jwt(claimed(at), random(32))))).toBeGreaterThan(200);
});

test('so are they beside tokens of another kind', () => {
  const values = many.map((at) => (at % 4 === 0 ? `rt-${random(36)}` : jwt({ sub: 'u' }, random(32))));
  expect(unpredictableBits(values)).toBeGreaterThan(128);
});

test('a number in the claims makes up for no signature that counts', () => {
  const counted = (at: number) => `${'A'.repeat(40)}${String(at).padStart(3, '0')}`;
  expect(unpredictableBits(many.map((at) => jwt({ jti: random(32) }, counted(at))))).toBeLessThan(30);
});
