import { describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { iamOf, jwtBearer } from './iam.ts';
import { apiOf, atOnce, emulatorForThisFile, outcomes } from './support.ts';

const api = emulatorForThisFile();
const makers = ['codeRequest', 'deviceRequest', 'refreshRequest'] as const;

test.each(makers)('50 redemptions of one %s have one winner', async (make) => {
  const request = make === 'deviceRequest' ? await api.deviceRequest('approve') : await api[make]();
  expect(outcomes(await atOnce(50, () => api.token(request)))).toEqual({
    granted: 1,
    InvalidGrantException: 49,
  });
});

test('the test above sees an endpoint that redeems too late', async () => {
  const { url, close } = await startEmulator({
    behaviours: {
      'redeem-code': ({ code }) => {
        setTimeout(() => {
          if (code) code.redeemed = true;
        }, 50);
      },
    },
  });
  const late = apiOf(() => url);
  const request = await late.codeRequest();
  const { granted } = outcomes(await atOnce(50, () => late.token(request)));
  await close();
  expect(granted).toBeGreaterThan(1);
});

test('many clients at once do not disturb each other', async () => {
  const answers = await atOnce(100, async () => {
    const request = await api.codeRequest();
    const { refreshToken } = (await api.token(request)).body;
    return api.refresh(request, refreshToken);
  });
  expect(outcomes(answers)).toEqual({ granted: 100 });
});

test('a fault for one client hits no other, however many ask', async () => {
  const [one, other] = [await api.refreshRequest(), await api.client()];
  const fault = { operation: 'CreateToken', exception: 'InternalServerException', times: 3 };
  await api.made('fault', { ...fault, clientId: one.clientId });
  const [hit, spared] = await Promise.all([
    atOnce(20, async () => api.token({ ...one, ...(await api.refreshRequest(one)) })),
    atOnce(20, async () => api.token(await api.refreshRequest(other))),
  ]);
  expect(outcomes(hit)).toEqual({ InternalServerException: 3, granted: 17 });
  expect(outcomes(spared)).toEqual({ granted: 20 });
});

describe('CreateTokenWithIAM', () => {
  const iam = iamOf(api);
  test.each(['authorization_code', 'refresh_token', jwtBearer] as const)(
    '50 redemptions of one %s have one winner',
    async (grant) => {
      const request = await iam.request(grant);
      expect(outcomes(await atOnce(50, () => iam.send(request)))).toEqual({
        granted: 1,
        InvalidGrantException: 49,
      });
    },
  );

  test('the test above sees an endpoint that uses assertions up too late', async () => {
    const { url, close } = await startEmulator({ behaviours: { 'use-up-assertion': () => {} } });
    const late = iamOf(apiOf(() => url));
    const request = await late.request(jwtBearer);
    const { granted } = outcomes(await atOnce(20, () => late.send(request)));
    await close();
    expect(granted).toBe(20);
  });
});
