import { describe, expect, test } from 'vitest';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';

const json = ['Content-Type', 'application/json'] as const;
const challenge = (value: string) => ['WWW-Authenticate', value] as const;

const read = (
  operation: string,
  status: number,
  body: string,
  headers: readonly (readonly [string, string])[] = [json],
) => {
  const { outcome, error } = oauthForm.read(operation, { status, headers, body });
  return error === undefined ? outcome : `${outcome} ${error}`;
};

describe('what a helper says of a token', () => {
  test.each([
    ['active', 200, '{"active":true,"sub":"u"}', 'granted'],
    ['inactive', 200, '{"active":false}', 'rejected inactive'],
    ['inactive, and told more', 200, '{"active":false,"scope":"a"}', 'rejected inactive'],
    ['a text in place of true', 200, '{"active":"true"}', 'malformed'],
    ['no word about it', 200, '{"sub":"u"}', 'malformed'],
    ['an error', 400, '{"error":"invalid_request"}', 'rejected invalid_request'],
    ['a refusal of the client without a body', 401, '', 'rejected invalid_client'],
    ['a page', 404, '<p>no</p>', 'malformed'],
    ['a breakdown', 500, '', 'malformed'],
  ])('introspection: %s', (_, status, body, expected) => {
    expect(read('introspection', status, body)).toBe(expected);
  });

  test.each([
    ['claims', 200, '{"sub":"u"}', [json], 'granted'],
    ['a JWT', 200, 'a.b.c', [['Content-Type', 'application/jwt']], 'granted'],
    ['a page for people', 200, '<p>Sign in</p>', [['Content-Type', 'text/html']], 'malformed'],
    [
      'an error with the status of a success',
      200,
      '{"error":"invalid_token"}',
      [json],
      'rejected invalid_token',
    ],
    [
      'a challenge',
      401,
      '',
      [challenge('Bearer realm="a", error="invalid_token", error_description="x"')],
      'rejected invalid_token',
    ],
    [
      'a scope that is missing',
      403,
      '',
      [challenge('Bearer error=insufficient_scope')],
      'rejected insufficient_scope',
    ],
    ['a refusal that names nothing', 401, '', [], 'rejected invalid_token'],
    ['a breakdown', 500, '', [], 'malformed'],
    ['somewhere else', 302, '', [], 'malformed'],
  ] as const)('UserInfo: %s', (_, status, body, headers, expected) => {
    expect(read('userinfo', status, body, headers)).toBe(expected);
  });

  test.each([
    ['nothing', 200, '', 'granted'],
    ['no content', 204, '', 'granted'],
    ['an error', 400, '{"error":"unsupported_token_type"}', 'rejected unsupported_token_type'],
    ['later', 503, '', 'malformed'],
  ])('revocation: %s', (_, status, body, expected) => {
    expect(read('revocation', status, body)).toBe(expected);
  });
});

test('a token goes into the form of introspection, and into a header of UserInfo', () => {
  const target = {
    name: 't',
    dialect: 'oauth-form',
    endpoint: { introspection: 'https://as.example/introspect', userinfo: 'https://as.example/me' },
  } as never;
  const by = { method: 'client_secret_post', client_id: 'a', client_secret: 'b' } as const;
  expect(
    oauthForm.encode({ operation: 'introspection', by, members: { token: 't k' } }, target),
  ).toMatchObject({
    operation: 'introspection',
    method: 'POST',
    url: 'https://as.example/introspect',
    body: 'client_id=a&client_secret=b&token=t+k',
  });
  const shown = {
    operation: 'userinfo',
    members: {},
    raw: { headers: { Authorization: 'Bearer x' } },
  } as const;
  const { body, headers, ...asked } = oauthForm.encode(shown, target);
  expect(asked).toEqual({ operation: 'userinfo', method: 'GET', url: 'https://as.example/me' });
  expect([body, new Map(headers).get('Authorization')]).toEqual([undefined, 'Bearer x']);
});
