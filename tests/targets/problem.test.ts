import { expect, test } from 'vitest';
import { didYouMean, UserError } from '../../targets/problem.ts';

test.each([
  ['refresh-token', ['refresh_token', 'authorization_code'], ' Did you mean "refresh_token"?'],
  ['clok', ['client', 'clock'], ' Did you mean "clock"?'],
  ['limits', ['limits'], ' Did you mean "limits"?'],
  ['x', ['id'], ' Did you mean "id"?'],
  ['abcd', ['abxy'], ' Did you mean "abxy"?'],
  ['abcd', ['axyz'], ''],
  ['zzzzzz', ['limits', 'clients'], ''],
  ['anything', [], ''],
])('%j among %j', (word, candidates, hint) => {
  expect(didYouMean(word, candidates)).toBe(hint);
});

test('a UserError is told apart by its name too', () => {
  expect(new UserError('wrong').name).toBe('UserError');
});
