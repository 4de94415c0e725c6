import { scopeToken } from '../../fronts/oauth-form/grant-checks.ts';
import { atToken, type Defect, leaving, replacingOAuth, together } from '../defect.ts';
import { answering, firstOf, isOf, leavingOut, refusingWhen, usual } from './by-attempt.ts';

const isOfClient = isOf('client_credentials');
const invalidScope = 'RFC6749-5.2-invalid_scope';

/** Scopes that the client does not have are passed over, which a response need not tell. */
const passingOver = replacingOAuth(() => ({
  'scope-of-application': () => undefined,
  'scope-within-grant': () => undefined,
  'granted-scope': (attempt) =>
    usual['granted-scope'](attempt).filter((one) => attempt.client?.scopes.includes(one)),
}));

/** What a client asks for itself. */
export const clientCredentials: readonly Defect[] = [
  {
    name: 'client-credentials-refused',
    changes: 'No client gets a token for itself.',
    breaks: ['RFC6749-4.4.3-success'],
    at: atToken,
    ...refusingWhen('unauthorized_client', 'client-confidential', isOfClient),
  },
  {
    name: 'client-credentials-of-public-clients',
    changes: 'A public client gets tokens for itself by naming its identifier.',
    breaks: ['RFC6749-4.4-public-client-refused'],
    at: atToken,
    ...leavingOut(() => true, 'client-confidential'),
  },
  {
    name: 'client-credentials-with-any-secret',
    changes: 'The secret of a client that asks for itself may be any.',
    breaks: ['RFC6749-4.4.2-client-auth-required', 'RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...leavingOut(isOfClient, 'client-secret-right'),
  },
  {
    name: 'client-credentials-need-a-scope',
    changes: 'A client that asks for itself without a scope is told that its request is invalid.',
    breaks: ['RFC6749-3.3-default-scope'],
    at: atToken,
    ...refusingWhen(
      'invalid_request',
      'scope-well-formed',
      ({ grant, members }) => grant === 'client_credentials' && members.scope === undefined,
    ),
  },
  {
    name: 'client-credentials-for-any-scope',
    changes: 'A client gets whatever scope it asks for itself.',
    breaks: [invalidScope],
    at: atToken,
    ...leavingOut(isOfClient, 'scope-of-application', 'scope-for-clients'),
  },
  {
    name: 'malformed-scope-granted',
    changes: 'A scope with characters that no scope may have is granted.',
    breaks: [invalidScope],
    at: atToken,
    ...leavingOut(
      ({ members }) => members.scope?.every((one) => scopeToken.test(one)) === false,
      'scope-well-formed',
      'scope-of-application',
      'scope-for-anybody',
      'scope-within-grant',
    ),
  },
  {
    name: 'other-scope-untold',
    changes: 'Scopes that the client may not have are passed over, and no response tells which it has.',
    breaks: ['RFC6749-5.1-scope-when-different', 'RFC8693-2.2.1-scope'],
    at: atToken,
    ...together([
      passingOver,
      replacingOAuth(() => ({ 'token-body': (granted) => leaving(usual['token-body'](granted), 'scope') })),
    ]),
  },
  {
    name: 'asked-scope-told',
    changes: 'Scopes that the client may not have are passed over, and the response repeats what was asked.',
    breaks: ['RFC6749-5.1-scope-when-different', 'RFC8693-2.2.1-scope', invalidScope],
    at: atToken,
    ...together([
      passingOver,
      answering((body, { members }) => ({ ...body, scope: members.scope?.join(' ') ?? body.scope })),
    ]),
  },
  {
    name: 'client-credentials-with-a-refresh-token',
    changes: 'A client that asks for itself gets a refresh token too.',
    breaks: ['RFC6749-4.4.3-no-refresh-token'],
    at: atToken,
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        attempt.grant === 'client_credentials' || usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    name: 'client-credentials-with-an-id-token',
    changes: 'A client that asks for the scope openid itself gets an ID token, whose subject it is.',
    breaks: ['RFC6749-4.4-no-id_token'],
    at: atToken,
    ...replacingOAuth(() => ({
      'scope-for-clients': () => undefined,
      'id-token-granted': (attempt, scope) =>
        (attempt.grant === 'client_credentials' && attempt.members.scope?.includes('openid') === true) ||
        usual['id-token-granted'](attempt, scope),
      'id-token-claims': (attempt, ...about) => ({
        sub: attempt.client?.id,
        ...usual['id-token-claims'](attempt, ...about),
      }),
    })),
  },
  {
    name: 'missing-grant-type-as-client-credentials',
    changes: 'A request without a grant type, or with an empty one, is one of a client for itself.',
    breaks: ['RFC6749-3.2-empty-required-param', 'RFC6749-5.2-missing-grant_type'],
    at: atToken,
    ...replacingOAuth(() => ({
      'grant-type-present': () => undefined,
      'find-grant': (members, known) =>
        members.grant_type === undefined ? 'client_credentials' : usual['find-grant'](members, known),
    })),
  },
  {
    name: 'access-token-kept-for-the-scope',
    changes: 'Clients that ask for the same scope themselves share an access token.',
    breaks: ['RFC6749-10.10-access-token-entropy-128'],
    at: atToken,
    ...replacingOAuth(() => {
      const kept = firstOf(({ members }) => members.scope, usual['new-access-token']);
      return {
        'new-access-token': (attempt) =>
          attempt.grant === 'client_credentials' ? kept(attempt) : usual['new-access-token'](attempt),
      };
    }),
  },
];
