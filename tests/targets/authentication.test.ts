import { describe, expect, test } from 'vitest';
import { headersBy, presented, proven, ready } from '../../targets/authentication/all.ts';
import type { AuthChange, Credential, ProofParts } from '../../targets/authentication/authentication.ts';
import { targetAt } from '../../targets/target/target.ts';

const parts: ProofParts = {
  target: targetAt('http://127.0.0.1'),
  ahead: 0,
  credentials: () => Promise.reject(new Error('nobody signs here')),
  tokenEndpoint: () => 'https://a.example/token',
};
const wire = { method: 'POST', url: 'https://a.example/token', headers: [] } as const;
const pair = { client_id: 'a b', client_secret: 'c:d' };
const basic: Credential = { method: 'client_secret_basic', ...pair };

const decoded = ({ Authorization = '' }: Readonly<Record<string, string>>) =>
  Buffer.from(Authorization.split(' ')[1] ?? '', 'base64').toString();

describe('a change that a method has no words for', () => {
  test.each<[Credential | undefined, AuthChange, string]>([
    [{ ...pair, method: 'client_secret_post' }, { basic: { scheme: 'Foo' } }, 'client_secret_post'],
    [{ ...pair, method: 'client_secret_post' }, { signing: { none: true } }, 'signing'],
    [{ ...pair, method: 'none' }, { assertion: {} }, 'assertion'],
    [basic, { assertion: {} }, 'assertion'],
    [undefined, { basic: {} }, 'by nobody'],
  ])('throws: %j with %j', async (by, as, sentence) => {
    await expect(proven(wire, by, as, parts)).rejects.toThrow(sentence);
  });

  test('is one of the second method too', async () => {
    const as = { basic: { scheme: 'Foo' }, also: { method: 'client_secret_basic' } } as const;
    await expect(proven(wire, { ...pair, method: 'none' }, as, parts)).resolves.toBe(wire);
  });
});

describe('HTTP Basic', () => {
  test('spells both as a form does before it joins them', () => {
    expect(decoded(headersBy(basic))).toBe('a+b:c%3Ad');
  });

  test('comes with the members of a second method', () => {
    const as = { also: { method: 'client_secret_post', client_secret: 'x' } } as const;
    expect(presented({ code: '1' }, basic, as)).toEqual({ client_id: 'a b', client_secret: 'x', code: '1' });
    expect(decoded(headersBy(basic, as))).toBe('a+b:c%3Ad');
  });

  test('may be the scheme alone', () => {
    expect(headersBy(basic, { basic: { credentials: () => '' } })).toEqual({ Authorization: 'Basic' });
  });
});

describe('an assertion', () => {
  test.each(['private_key_jwt', 'client_secret_jwt'] as const)(
    'of %s is new for each request',
    async (method) => {
      const by = { method, client_id: 'me', client_secret: 'secret', kid: 'test' };
      const [one, other] = [await ready(by, {}, parts), await ready(by, {}, parts)];
      expect(one?.client_assertion).not.toBe(other?.client_assertion);
      expect(presented({}, one)).toMatchObject({ client_assertion: one?.client_assertion });
      const [header, claims] = (one?.client_assertion ?? '')
        .split('.')
        .slice(0, 2)
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
      expect(header.alg).toBe(method === 'private_key_jwt' ? 'RS256' : 'HS256');
      expect(claims).toMatchObject({ iss: 'me', sub: 'me', aud: 'https://a.example/token' });
      expect(claims.exp).toBe(claims.iat + 60);
    },
  );

  test.each(['ES256K', 'HS512', 'RS1', 'none at all'])(
    'of no client is signed with %s, for which nothing here is made',
    async (alg) => {
      const header = () => ({ alg });
      const by = { method: 'private_key_jwt', client_id: 'me', kid: 'test' } as const;
      await expect(ready(by, { assertion: { header } }, parts)).rejects.toThrow(alg);
    },
  );
});
