import { expect, test } from 'vitest';
import { startEmulator } from '../../emulator/server.ts';
import { type Api, apiOf } from './support.ts';

/** Each test has its own emulator, whose clock it may move as far as it likes. */
const timed = async (act: (api: Api) => Promise<void>) => {
  const { url, close } = await startEmulator();
  try {
    await act(apiOf(() => url));
  } finally {
    await close();
  }
};

const year = 365 * 86_400;

test('the clock moves the Date header, clientIdIssuedAt and now together', () =>
  timed(async (api) => {
    const { now } = await api.advance(year);
    expect(Number(now) - Math.floor(Date.now() / 1000) - year).toBeLessThan(60);
    const { headers, body } = await api.post('/client/register', { clientName: 'a', clientType: 'public' });
    expect(Date.parse(String(headers.date)) / 1000 - Number(now)).toBeLessThan(60);
    expect(Date.parse(String(headers.date)) / 1000).toBeGreaterThanOrEqual(Number(now));
    expect(body.clientIdIssuedAt).toBeGreaterThanOrEqual(Number(now));
  }));

test('the fixture service lives in the same time', () =>
  timed(async (api) => {
    await api.advance(year);
    const { headers, body } = await api.fixture('clock', { advanceSeconds: 0 });
    expect(Math.abs(Date.parse(String(headers.date)) / 1000 - Number(body.now))).toBeLessThanOrEqual(1);
  }));

test('the clock adds up and never goes back', () =>
  timed(async (api) => {
    const { now: first } = await api.advance(0);
    await api.advance(100.5);
    const { now: last } = await api.advance(99.5);
    expect(Number(last) - Number(first)).toBeGreaterThanOrEqual(200);
    expect(Number(last) - Number(first)).toBeLessThan(260);
    expect((await api.fixture('clock', { advanceSeconds: -1 })).status).toBe(400);
    expect((await api.advance(0)).now).toBeGreaterThanOrEqual(Number(last));
  }));

test.each([
  ['code', 'codeRequest', 600, 'InvalidGrantException'],
  ['refresh token', 'refreshRequest', 7 * 86_400, 'InvalidGrantException'],
] as const)('a %s (%s) lives for %i s', (_, make, lifetime, outcome) =>
  timed(async (api) => {
    const [early, late] = [await api[make](), await api[make]()];
    await api.advance(lifetime - 30);
    expect((await api.token(early)).outcome).toBe('granted');
    await api.advance(30);
    expect((await api.token(late)).outcome).toBe(outcome);
  }),
);

test('a rotated refresh token has its own seven days', () =>
  timed(async (api) => {
    const request = await api.refreshRequest();
    await api.advance(6 * 86_400);
    const { refreshToken } = (await api.token(request)).body;
    await api.advance(6 * 86_400);
    expect((await api.refresh(request, refreshToken)).outcome).toBe('granted');
  }));

test('a client secret lives for 90 days', () =>
  timed(async (api) => {
    const credentials = await api.client();
    await api.advance(7_776_000 - 30);
    expect((await api.token(await api.refreshRequest(credentials))).outcome).toBe('granted');
    await api.advance(30);
    const { outcome, status } = await api.token(await api.refreshRequest(credentials));
    expect([outcome, status]).toEqual(['InvalidClientException', 401]);
  }));
