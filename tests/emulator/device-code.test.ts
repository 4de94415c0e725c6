import { describe, expect, test } from 'vitest';
import { emulatorForThisFile, outcomes } from './support.ts';

const api = emulatorForThisFile();

const pending = 'AuthorizationPendingException';
const slowDown = 'SlowDownException';

describe('polling', () => {
  test('as the AWS CLI does: twice at once, then at the interval', async () => {
    const request = await api.deviceRequest();
    expect((await api.token(request)).outcome).toBe(pending);
    expect((await api.token(request)).outcome).toBe(pending);
    for (let poll = 0; poll < 30; poll += 1) {
      await api.advance(1);
      expect((await api.token(request)).outcome).toBe(pending);
    }
  });

  test('in a burst is slowed down after three, and works again after the interval', async () => {
    const request = await api.deviceRequest();
    const seen = [];
    for (let poll = 0; poll < 10; poll += 1) seen.push((await api.token(request)).outcome);
    expect(seen.slice(0, 3)).toEqual([pending, pending, pending]);
    expect(seen.slice(3)).toContain(slowDown);
    await api.advance(1);
    expect((await api.token(request)).outcome).toBe(pending);
  });

  test('an idle client never gets more than the burst', async () => {
    const request = await api.deviceRequest();
    await api.advance(300);
    const answers = [];
    for (let poll = 0; poll < 10; poll += 1) answers.push(await api.token(request));
    expect(outcomes(answers)[slowDown]).toBeGreaterThan(3);
  });

  test.each([
    ['approve', 'granted'],
    ['deny', 'AccessDeniedException'],
  ] as const)('%s is told at once, however fast the polls were', async (decision, outcome) => {
    const request = await api.deviceRequest();
    for (let poll = 0; poll < 10; poll += 1) await api.token(request);
    await api.made('device-decision', { userCode: request.userCode, decision });
    expect((await api.token(request)).outcome).toBe(outcome);
  });

  test('of one device code does not slow down another', async () => {
    const [one, other] = [await api.deviceRequest(), await api.deviceRequest()];
    for (let poll = 0; poll < 10; poll += 1) await api.token(one);
    expect((await api.token(other)).outcome).toBe(pending);
  });

  test('by another client does not slow down the right one', async () => {
    const request = await api.deviceRequest();
    const thief = { ...request, ...(await api.client()) };
    for (let poll = 0; poll < 10; poll += 1) await api.token(thief);
    expect((await api.token(request)).outcome).toBe(pending);
  });
});

describe('a device code', () => {
  test('stays denied', async () => {
    const request = await api.deviceRequest('deny');
    for (const _ of [1, 2, 3]) expect((await api.token(request)).outcome).toBe('AccessDeniedException');
  });

  test('is redeemed once, for good', async () => {
    const request = await api.deviceRequest('approve');
    expect((await api.token(request)).outcome).toBe('granted');
    await api.made('device-decision', { userCode: request.userCode, decision: 'approve' });
    expect((await api.token(request)).outcome).toBe('InvalidGrantException');
  });

  test.each([undefined, 'approve', 'deny'] as const)('expires after 600 s, decision %s', async (decision) => {
    const request = await api.deviceRequest(decision);
    await api.advance(601);
    const { outcome, body } = await api.token(request);
    expect([outcome, body.error]).toEqual(['ExpiredTokenException', 'expired_token']);
  });

  test('lives for nearly 600 s', async () => {
    const request = await api.deviceRequest('approve');
    await api.advance(590);
    expect((await api.token(request)).outcome).toBe('granted');
  });
});
