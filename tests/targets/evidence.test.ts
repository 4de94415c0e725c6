import { describe, expect, test } from 'vitest';
import type { Reply } from '../../targets/dialect.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';

/** What an answer means is read from the best evidence that it carries; what is wrong with its shape is told besides. */

const read = (body: unknown, { status = 400, type = '', operation = 'CreateToken' } = {}): Reply =>
  awsJson.read(operation, {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ...(type === '' ? [] : [['x-amzn-ErrorType', type] as const]),
    ],
    body: JSON.stringify(body),
  });

const grant = { outcome: 'rejected', error: 'invalid_grant', exception: 'InvalidGrantException' };

test.each<[string, Reply]>([
  ['the header', read({ error: 'invalid_request' }, { type: 'InvalidGrantException:http://internal/' })],
  ['__type', read({ __type: 'com.amazonaws.sso.oidc#InvalidGrantException' })],
  ['__type before error', read({ __type: 'InvalidGrantException', error: 'invalid_request' })],
  ['code', read({ code: 'InvalidGrantException:http://internal/' })],
  ['error', read({ error: 'invalid_grant' })],
  ['error, where code is of another world', read({ code: 'E_4711', error: 'invalid_grant' })],
  ['error, by the name of the exception', read({ error: 'InvalidGrantException' })],
  ['error, though the status is another', read({ error: 'invalid_grant' }, { status: 403 })],
  ['error, though the status is that of a success', read({ error: 'invalid_grant' }, { status: 200 })],
])('%s says what is meant, and its shape is told', (_, reply) => {
  expect(reply).toMatchObject(grant);
  expect(reply.problems).not.toEqual([]);
});

test('two exceptions with one error are told apart by their members', () => {
  const iam = { operation: 'CreateTokenWithIAM' };
  expect(read({ error: 'invalid_request' }, iam).exception).toBe('InvalidRequestException');
  expect(read({ error: 'invalid_request', region: 'eu-west-1' }, iam)).toMatchObject({
    exception: 'InvalidRequestRegionException',
    error: 'invalid_request_region',
  });
});

describe('nothing is made of nothing', () => {
  test.each<[string, Reply]>([
    ['an empty object', read({})],
    ['a message alone', read({ message: 'Forbidden' }, { status: 403 })],
    ['a success that brings nothing', read({}, { status: 200 })],
    ['an error that is no text', read({ error: { code: 1 } })],
  ])('%s', (_, reply) => expect(reply.outcome).toBe('malformed'));

  test('a token is a token, whatever error stands beside it', () => {
    const reply = read({ accessToken: 'a', error: 'invalid_grant' }, { status: 200 });
    expect(reply.outcome).toBe('granted');
  });
});
