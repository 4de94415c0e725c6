import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../harness/exchange.ts';
import { observe } from '../../harness/judge/observe.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';

const json = ['Content-Type', 'application/json'] as const;

/** An answer as a server of restJson1 gives it, with an exception that no model knows. */
function answered(
  status: number,
  exception: string | undefined,
  request: Partial<Exchange['request']>,
  operation: string | undefined = 'CreateToken',
): boolean {
  const headers = exception === undefined ? [json] : [json, ['x-amzn-ErrorType', exception] as const];
  const exchange: Exchange = {
    step: 'probe',
    ...(operation !== '' && { operation }),
    request: { method: 'POST', url: 'http://t/token', headers: [json], body: '{}', ...request },
    response: { status, headers, body: '{}', bytes: 2, utf8: true, cut: false },
    attempts: 1,
    startedAt: 0,
    durationMs: 1,
  };
  return observe(awsJson, exchange).unserved === true;
}

describe('an answer below the operation is', () => {
  test.each<[string, Parameters<typeof answered>]>([
    ['415 without a media type', [415, 'UnsupportedMediaTypeException', { headers: [] }]],
    ['403 to another origin', [403, undefined, { headers: [json, ['Origin', 'https://other.example']] }]],
    ['405 to another method', [405, undefined, { method: 'PUT' }]],
    ['501 to another method', [501, undefined, { method: 'PUT' }]],
    ['501 to a request of no operation', [501, undefined, {}, '']],
    ['406 where JSON is not accepted', [406, undefined, { headers: [json, ['Accept', 'text/html']] }]],
    ['411 to chunks', [411, undefined, { headers: [json, ['Transfer-Encoding', 'chunked']] }]],
    ['413 to a long secret', [413, undefined, { body: '{"a":"[code 65536 chars vschar #0123456789ab]"}' }]],
    ['an unmodelled exception for what is no JSON', [400, 'SerializationException', { body: '{"a":' }]],
    ['one for what is not UTF-8', [400, 'SerializationException', { utf8: false }]],
  ])('%s', (_, answer) => expect(answered(...answer)).toBe(true));
});

describe('no answer below the operation is', () => {
  test.each<[string, Parameters<typeof answered>]>([
    ['415 to JSON that says so', [415, 'UnsupportedMediaTypeException', {}]],
    ['405 to POST', [405, undefined, {}]],
    ['406 where anything is accepted', [406, undefined, { headers: [json, ['Accept', '*/*']] }]],
    ['413 to a short request', [413, undefined, {}]],
    ['501 to a proper request', [501, undefined, {}]],
    ['500 to anything', [500, undefined, { method: 'PUT', headers: [], body: '' }]],
    ['400 without a name', [400, undefined, { body: '{"a":' }]],
    ['an unmodelled exception for JSON', [400, 'SerializationException', {}]],
    ['an exception of the operation', [400, 'InvalidRequestException', { body: '{"a":' }]],
  ])('%s', (_, answer) => expect(answered(...answer)).toBe(false));
});
