import { describe, expect, test } from 'vitest';
import { clients } from './all.ts';
import { type Cell, cellsOf } from './cells.ts';
import { type Mark, marksOf, type Outcome } from './marks.ts';
import { run } from './run.ts';

const right: Mark = { kind: 'right' };

test('the contract of AWS has 93 pairs with an error', () => {
  expect(cellsOf('aws-json').filter(({ exception }) => exception !== undefined)).toHaveLength(93);
});

describe('the clients for JavaScript', () => {
  /** What takes no time: no error that is tried again, nothing that waits for a device. */
  const few: Readonly<Record<string, Readonly<Record<string, Mark>>>> = {
    'AWS SDK for JavaScript': {
      'CreateToken/device_code/granted': right,
      'CreateToken/device_code/SlowDownException': right,
      'CreateTokenWithIAM/token-exchange/granted': right,
      'CreateTokenWithIAM/token-exchange/InvalidRequestRegionException': right,
      'RegisterClient/granted': right,
      'RegisterClient/InvalidRedirectUriException': right,
    },
    'openid-client': {
      'token/authorization_code/granted': right,
      'token/authorization_code/invalid_grant': right,
      'token/authorization_code/invalid_client': { kind: 'right', as: 'WWWAuthenticateChallengeError' },
      'token/password/granted': { kind: 'not-offered' },
    },
    oauth4webapi: {
      'token/device_code/granted': right,
      'token/device_code/authorization_pending': right,
      'token/token-exchange/granted': right,
      'token/token-exchange/invalid_target': right,
    },
  };

  test.for(Object.entries(few))('%s', async ([title, marks]) => {
    const client = clients.find((one) => one.title === title);
    if (client === undefined) throw new Error(`no client ${title}`);
    const ran = await run(
      client,
      '',
      cellsOf(client.dialect).filter(({ id }) => Object.hasOwn(marks, id)),
    );
    expect(Object.fromEntries(ran.marks)).toEqual(marks);
    expect(ran.self?.version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('a program that does not run has seen nothing', async () => {
    const [cell] = cellsOf('oauth-form');
    const broken = { title: '', dialect: 'oauth-form', language: 'javascript' } as const;
    const ran = await run({ ...broken, program: () => ['no-such-program'] }, '', cell ? [cell] : []);
    expect([...ran.marks.values()]).toEqual([
      { kind: 'wrong', instead: 'no answer', said: expect.stringContaining('no-such-program') },
    ]);
  });
});

describe('a mark', () => {
  const device: Cell = {
    id: 'granted',
    dialect: 'oauth-form',
    operation: 'token',
    grant: 'urn:ietf:params:oauth:grant-type:device_code',
  };
  const granted: Outcome = { cell: device, answer: { seen: 'granted' }, sent: new Set() };
  const met = (exception: string, seen: string, sent = [exception]): Outcome => ({
    cell: { ...device, id: exception, exception },
    answer: { seen },
    sent: new Set(sent),
  });
  const wrong = (instead: string): Mark => ({ kind: 'wrong', instead });

  test.for<[string, Parameters<typeof marksOf>[0], Outcome, Mark]>([
    ['the error by its name', {}, met('slow_down', 'slow_down'), right],
    ['another one', {}, met('slow_down', 'OAuthError'), wrong('OAuthError')],
    ['a token in its place', {}, met('slow_down', 'granted'), wrong('granted')],
    [
      'one that asks again',
      { polls: true },
      met('slow_down', 'granted'),
      { kind: 'right', as: 'asks again' },
    ],
    ['what nobody asks again after', { polls: true }, met('invalid_grant', 'granted'), wrong('granted')],
    [
      'an error that was never sent',
      {},
      met('slow_down', 'slow_down', []),
      wrong('slow_down, and the error was never sent'),
    ],
    [
      'one that was sent with another',
      {},
      met('slow_down', 'slow_down', ['slow_down', 'invalid_client']),
      wrong('slow_down, after invalid_client'),
    ],
    [
      'a name of its own',
      { own: { invalid_client: 'Challenge' } },
      met('invalid_client', 'Challenge'),
      { kind: 'right', as: 'Challenge' },
    ],
  ])('%s', ([, client, outcome, mark]) => {
    expect(marksOf(client, [granted, outcome]).get(outcome.cell.id)).toEqual(mark);
  });

  test('an error of what is never granted shows nothing', () => {
    const refused = { ...granted, answer: { seen: 'invalid_client' }, sent: new Set(['invalid_client']) };
    const marks = marksOf({}, [refused, met('invalid_client', 'invalid_client')]);
    expect([...marks.values()]).toEqual([
      wrong('invalid_client, after invalid_client'),
      wrong('not granted without the error either'),
    ]);
  });
});
