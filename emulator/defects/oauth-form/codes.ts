import { atToken, type Defect, replacingOAuth } from '../defect.ts';
import { firstOf, isOf, leavingOut, usual } from './by-attempt.ts';

const isCode = isOf('authorization_code');
const entropy = 'RFC6749-10.10-access-token-entropy-128';

/** How codes are redeemed where AWS decides otherwise. */
export const codes: readonly Defect[] = [
  {
    name: 'challenge-without-a-verifier',
    changes: 'A code with a challenge is redeemed without a verifier, and not with a wrong one.',
    breaks: ['RFC7636-4.6-missing-verifier'],
    at: atToken,
    ...leavingOut(() => true, 'verifier-present'),
  },
  {
    name: 'missing-verifier-as-server-error',
    changes: 'A code with a challenge that comes without a verifier is answered with status 500.',
    breaks: ['RFC7636-4.6-missing-verifier', 'RFC6749-5.2-no-5xx-for-client-errors'],
    at: atToken,
    ...replacingOAuth(() => ({
      'verifier-present': (attempt) =>
        usual['verifier-present'](attempt) && { error: 'server_error', description: 'Undefined verifier' },
    })),
  },
  {
    name: 'superfluous-verifier-ignored',
    changes: 'A verifier for a code without a challenge is not looked at.',
    breaks: ['RFC9700-4.8.2-verifier-without-challenge'],
    at: atToken,
    ...leavingOut(() => true, 'code-has-challenge'),
  },
  {
    name: 'scope-asked-with-a-code',
    changes: 'A scope that comes with a code is granted with those that the user authorized.',
    breaks: ['RFC6749-3.3-code-exchange-no-scope-widening'],
    at: atToken,
    ...replacingOAuth(() => ({
      'granted-scope': (attempt) => [
        ...usual['granted-scope'](attempt),
        ...(isCode(attempt as never) ? (attempt.members.scope ?? []) : []),
      ],
    })),
  },
  {
    name: 'access-token-kept-for-the-client',
    changes: 'A client that redeems a code gets the access token of its first one, whoever its user is.',
    breaks: [entropy],
    at: atToken,
    ...replacingOAuth(() => {
      const kept = firstOf(({ client }) => client?.id, usual['new-access-token']);
      return {
        'new-access-token': (attempt) =>
          attempt.grant === 'authorization_code' ? kept(attempt) : usual['new-access-token'](attempt),
      };
    }),
  },
  {
    name: 'access-token-kept-for-client-and-scope',
    changes: 'Two codes of one client with the same scope bring one access token.',
    breaks: [entropy],
    at: atToken,
    ...replacingOAuth(() => {
      const kept = firstOf(({ client, code }) => [client?.id, code?.scope], usual['new-access-token']);
      return {
        'new-access-token': (attempt) =>
          attempt.grant === 'authorization_code' ? kept(attempt) : usual['new-access-token'](attempt),
      };
    }),
  },
];
