import { describe, expect, test } from 'vitest';
import { limitOn, limitOnAsking, needsOf } from '../../targets/target/limits.ts';
import { type Limit, targetAt } from '../../targets/target/target.ts';

const whole: Limit = { fixture: 'device-decision', reason: 'nobody decides' };
const deny: Limit = { fixture: 'device-decision', without: 'deny', reason: 'nobody denies' };
const codes: Limit = { fixture: 'authorization-code', reason: 'nobody signs in' };

describe('a limit', () => {
  test.each([
    ['on a fixture takes the fixture away', 'device-decision', [whole], whole],
    ['on a fixture takes its parts away', 'device-decision/deny', [whole], whole],
    ['on a part takes that part away', 'device-decision/deny', [deny], deny],
    ['on a part leaves the fixture', 'device-decision', [deny], undefined],
    ['on another fixture is none', 'device-decision', [codes], undefined],
    ['leaves what can be had another way', ['refresh-token', 'authorization-code'], [codes], undefined],
    [
      'on every way takes away what they lead to',
      ['device-decision', 'authorization-code'],
      [codes, whole],
      whole,
    ],
  ] as const)('%s', (_, need, limits, expected) => {
    expect(limitOn(need, limits)).toBe(expected);
  });

  const asked = [
    ['authorization-code', { nonce: 'n' }, 'nonce'],
    ['authorization-code', { resource: 'https://mcp.example.com/mcp' }, 'resource'],
    ['authorization-code', { scope: ['openid'] }, 'scope'],
    ['device-decision', { decision: 'deny' }, 'deny'],
    ['refresh-token', { region: 'eu-west-1' }, 'region'],
    ['assertion', { claims: { aud: null } }, 'claims'],
    ['assertion', { claims: { sub: 'nobody' } }, 'sub'],
    ['assertion', { subject: 'somebody' }, 'subject'],
    ['assertion', { signedBy: 'untrusted' }, 'untrusted'],
    ['subject-token', { region: 'eu-west-1' }, 'region'],
    ['credentials', { allowed: false }, 'not-allowed'],
    ['expire', { kind: 'code' }, 'code'],
    ['fault', { exception: 'SlowDownException' }, 'SlowDownException'],
  ] as const;

  test.each(asked)('on a part of %s is met by %j, and by nothing else', (fixture, input, without) => {
    const target = { ...targetAt('http://127.0.0.1'), limits: [{ fixture, without, reason: 'no' }] };
    expect(limitOnAsking(fixture, input, target)).toBe(target.limits[0]);
    const usual = { scope: target.scopes, decision: 'approve', signedBy: 'trusted', allowed: true };
    expect(limitOnAsking(fixture, usual, target)).toBeUndefined();
  });
});

test('what an input needs is the parts that it asks for', () => {
  expect(needsOf('assertion', { claims: { sub: 'nobody' }, signedBy: 'trusted' })).toEqual([
    'assertion/claims',
    'assertion/sub',
  ]);
});
