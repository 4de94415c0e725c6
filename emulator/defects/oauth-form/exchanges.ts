import { refreshTokenType } from '../../core/checks/subject-token.ts';
import { atToken, type Defect, leaving, replacingOAuth } from '../defect.ts';
import { answering, firstOf, isOf, leavingOut, tokenExchange, usual } from './by-attempt.ts';

const isExchange = isOf(tokenExchange);
const issuedType = 'RFC8693-2.2.1-issued_token_type';
const pairing = 'RFC8693-2.1-actor-pairing';
const invalid = 'RFC8693-2.2.2-invalid-subject_token';

/** Token exchange (RFC 8693). */
export const exchanges: readonly Defect[] = [
  {
    name: 'any-token-type-issued',
    changes: 'A token of any type may be asked for, and an access token comes under its name.',
    breaks: ['RFC8693-2.1-unsupported-token-types'],
    at: atToken,
    ...leavingOut(() => true, 'requested-token-type-offered', 'requested-token-type-allowed'),
  },
  {
    name: 'actor-token-ignored',
    changes: 'Who acts is not looked at: an actor token may be any, and without its type.',
    breaks: [pairing],
    at: atToken,
    ...leavingOut(
      () => true,
      'actor-token-type-present',
      'actor-token-present',
      'actor-token-type-known',
      'actor-token-alive',
    ),
  },
  {
    name: 'actor-token-type-alone',
    changes: 'The type of an actor token may come without such a token.',
    breaks: [pairing],
    at: atToken,
    ...leavingOut(() => true, 'actor-token-present'),
  },
  {
    name: 'issued-token-type-missing',
    changes: 'An exchange does not say of which type the issued token is.',
    breaks: [issuedType, 'RFC8693-2.2.1-success-members'],
    at: atToken,
    ...answering((body) => leaving(body, 'issued_token_type')),
  },
  {
    name: 'issued-token-type-in-short',
    changes: 'The type of an issued token is its last part, and no URI.',
    breaks: [issuedType],
    at: atToken,
    ...answering((body) => ({
      ...body,
      issued_token_type: (body.issued_token_type as string | undefined)?.split(':').at(-1),
    })),
  },
  {
    name: 'issued-token-type-of-the-subject-token',
    changes: 'The type of an issued token is said to be that of the subject token.',
    breaks: [issuedType],
    at: atToken,
    ...answering((body, { members }) => ({ ...body, issued_token_type: members.subject_token_type })),
  },
  {
    name: 'issued-token-type-kept-for-the-subject-token',
    changes:
      'What a subject token was exchanged for first, it is exchanged for again, whatever is asked for.',
    breaks: [issuedType],
    at: atToken,
    ...replacingOAuth(() => ({
      'issued-token-type': firstOf(({ subjectToken }) => subjectToken?.value, usual['issued-token-type']),
    })),
  },
  {
    name: 'refresh-token-as-bearer',
    changes: 'Whatever an exchange brings is a Bearer token.',
    breaks: ['RFC8693-2.2.1-token_type-N_A'],
    at: atToken,
    ...answering((body) => ({ ...body, token_type: 'Bearer' })),
  },
  {
    name: 'token-type-of-another-name',
    changes: 'What is no access token is said to be of the token type refresh_token.',
    breaks: ['RFC8693-2.2.1-token_type-N_A', 'RFC6749-5.1-token_type-value'],
    at: atToken,
    ...answering((body) => ({
      ...body,
      token_type: body.issued_token_type === refreshTokenType ? 'refresh_token' : body.token_type,
    })),
  },
  {
    name: 'exchange-without-a-lifetime',
    changes: 'An exchange does not say how long the issued token lives.',
    breaks: ['RFC8693-2.2.1-expires_in'],
    at: atToken,
    ...answering((body, attempt) => (isExchange(attempt) ? leaving(body, 'expires_in') : body)),
  },
  ...(['resource', 'audience'] as const).map(
    (target): Defect => ({
      name: `one-${target}-only`,
      changes: `A second ${target} is refused for being one.`,
      breaks: ['RFC8693-2.1-multiple-targets'],
      at: atToken,
      ...replacingOAuth(() => ({
        'parameter-may-repeat': (name) => name !== target && usual['parameter-may-repeat'](name),
      })),
    }),
  ),
  {
    name: 'target-unchecked',
    changes: 'A token is issued for whatever resource or audience is named.',
    breaks: ['RFC8693-2.2.2-invalid_target', 'RFC8693-2.1-resource-syntax'],
    at: atToken,
    ...leavingOut(() => true, 'target-acceptable'),
  },
  {
    name: 'target-once-right',
    changes: 'After a client named a resource that is served, no other one of it is looked at.',
    breaks: ['RFC8693-2.2.2-invalid_target', 'RFC8693-2.1-resource-syntax'],
    at: atToken,
    ...replacingOAuth(() => {
      const right = new Set<string | undefined>();
      return {
        'target-acceptable': (attempt) => {
          const refusal = usual['target-acceptable'](attempt);
          if (!refusal) right.add(attempt.client?.id);
          return right.has(attempt.client?.id) ? undefined : refusal;
        },
      };
    }),
  },
  {
    name: 'exchange-for-any-scope',
    changes: 'A subject token is exchanged for whatever scope is asked for.',
    breaks: ['RFC8693-2.1-scope-not-widened'],
    at: atToken,
    ...leavingOut(isExchange, 'scope-of-application', 'scope-within-grant'),
  },
  {
    name: 'subject-token-once-exchanged',
    changes: 'A subject token that was exchanged once is not asked for its expiry again.',
    breaks: [invalid],
    at: atToken,
    ...replacingOAuth(() => {
      const exchanged = new Set<string>();
      return {
        'subject-token-not-expired': (attempt) =>
          exchanged.has(attempt.subjectToken?.value ?? '')
            ? undefined
            : usual['subject-token-not-expired'](attempt),
        'granted-scope': (attempt) => {
          if (attempt.subjectToken) exchanged.add(attempt.subjectToken.value);
          return usual['granted-scope'](attempt);
        },
      };
    }),
  },
  {
    name: 'subject-token-of-40-characters',
    changes: 'Only the first forty characters of a subject token are kept and compared.',
    breaks: [invalid],
    at: atToken,
    ...replacingOAuth(() => ({
      'find-subject-token': (state, members) =>
        usual['find-subject-token'](state, members) ??
        [...state.subjectTokens.values()].find(
          ({ value }) => value.slice(0, 40) === members.subject_token?.slice(0, 40),
        ),
    })),
  },
  {
    name: 'subject-token-error-as-invalid-token',
    changes: 'A bad subject token is answered with invalid_token, which is an error of resource servers.',
    breaks: [invalid, 'RFC6749-5.2-error-code-registered'],
    at: atToken,
    ...replacingOAuth(() => ({
      'error-body': (refusal) => {
        const body = usual['error-body'](refusal);
        return refusal.description === 'Invalid subject token provided'
          ? { ...body, error: 'invalid_token' }
          : body;
      },
    })),
  },
  {
    name: 'subject-token-type-error-as-unsupported',
    changes: 'A type of subject token that nobody knows is answered with unsupported_token_type.',
    breaks: ['RFC8693-2.1-unsupported-token-types', 'RFC6749-5.2-error-code-registered'],
    at: atToken,
    ...replacingOAuth(() => ({
      'error-body': (refusal) => {
        const body = usual['error-body'](refusal);
        return /token type provided$/.test(refusal.description)
          ? { ...body, error: 'unsupported_token_type' }
          : body;
      },
    })),
  },
  {
    name: 'exchange-without-an-access-token',
    changes: 'What is exchanged for a refresh token comes as refresh_token, beside an empty access_token.',
    breaks: ['RFC8693-2.2.1-success-members', 'RFC6749-5.1-access_token-present'],
    at: atToken,
    ...answering((body) =>
      body.issued_token_type === refreshTokenType
        ? { ...body, access_token: '', refresh_token: body.access_token }
        : body,
    ),
  },
  {
    name: 'refresh-token-of-an-exchange-dead',
    changes: 'A refresh token that was issued for a subject token does not work.',
    breaks: ['RFC6749-6-refresh-success'],
    at: atToken,
    ...answering((body) =>
      body.issued_token_type === refreshTokenType
        ? { ...body, access_token: `${body.access_token}`.replace(/^rt-/, 'xt-') }
        : body,
    ),
  },
];
