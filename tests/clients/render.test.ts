import { expect, test } from 'vitest';
import type { Cell } from './cells.ts';
import { type Column, renderClients } from './render.ts';

const cells: readonly Cell[] = [
  {
    id: 'a',
    dialect: 'oauth-form',
    operation: 'token',
    grant: 'urn:ietf:params:oauth:grant-type:device_code',
  },
  {
    id: 'b',
    dialect: 'oauth-form',
    operation: 'token',
    grant: 'refresh_token',
    exception: 'invalid_grant',
  },
  { id: 'c', dialect: 'aws-json', operation: 'RegisterClient' },
];

const column = (title: string, language: string, outcome: Column['outcome']): Column => ({
  title,
  dialect: 'oauth-form',
  language,
  outcome,
});

test('the table says what is right, what is not, and what nobody saw', () => {
  const text = renderClients({
    date: '2026-01-31',
    cells,
    columns: [
      column('one', 'go 1.26', {
        kind: 'ran',
        version: '1.2.3',
        marks: new Map([
          ['a', { kind: 'right' }],
          ['b', { kind: 'right', as: 'Challenge' }],
        ]),
      }),
      column('two', 'python 3', {
        kind: 'ran',
        version: '4',
        marks: new Map([
          ['a', { kind: 'not-offered' }],
          ['b', { kind: 'wrong', instead: 'an |\n error' }],
        ]),
      }),
      column('three', 'rust', { kind: 'not-found' }),
      column('four', 'java', { kind: 'not-built', problem: 'no network' }),
    ],
  });
  expect(text.split('\n').filter((line) => line.startsWith('|'))).toEqual([
    '| client | version | language | right |',
    '| --- | --- | --- | --- |',
    '| one | 1.2.3 | go 1.26 | 2 of 2 |',
    '| two | 4 | python 3 | 0 of 1 |',
    '| three | not found here | rust | – |',
    '| four | could not be built | java | – |',
    '| operation | grant | answer | one | two | three | four |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    '| token | device_code | granted | ✓ | – | ? | ? |',
    '| token | refresh_token | invalid_grant | ✓ (Challenge) | **an \\| error** | ? | ? |',
  ]);
  expect(text).toContain('on 2026-01-31');
  expect(text).not.toContain('RegisterClient');
});
