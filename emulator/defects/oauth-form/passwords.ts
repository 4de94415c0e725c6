import type { Attempt } from '../../core/attempt.ts';
import { invalidGrant, invalidRequest, refusalFor } from '../../core/refusal.ts';
import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import { oauthOf } from '../../fronts/oauth-form/state.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { usual } from './by-attempt.ts';

type Check = 'password-right' | 'password-present' | 'username-present';

/** What is right of a user, and what came. */
const both = ({ members, state }: OAuthAttempt) => ({
  right: oauthOf(state).passwords.get(members.username ?? ''),
  given: members.password ?? '',
});

const refused = invalidGrant('user name or password');

/** Passwords that are taken for right by another comparison. */
const comparing = (same: (given: string, right: string) => boolean): Change =>
  replacingOAuth(() => ({
    'password-right': (attempt) => {
      const { right, given } = both(attempt);
      return right !== undefined && same(given, right) ? undefined : refused;
    },
  }));

/** Another answer where the user is unknown. */
const toUnknown = (refusal: ReturnType<typeof refusalFor> & { readonly members?: object }): Change =>
  replacingOAuth(() => ({
    'password-right': (attempt) =>
      both(attempt).right === undefined ? refusal : usual['password-right'](attempt),
  }));

const skipping = (...checks: readonly Check[]): Change =>
  replacingOAuth(() => Object.fromEntries(checks.map((name) => [name, () => undefined])));

const isOfPassword = ({ grant }: Pick<Attempt, 'grant'>): boolean => grant === 'password';

/** Checks that are left out for this grant alone. */
const unchecked = (...left: readonly string[]): Change =>
  replacingOAuth(() => ({
    'order-of-checks': (operation, grant, attempt) =>
      usual['order-of-checks'](operation, grant, attempt).filter(
        (name) => grant !== 'password' || !left.includes(name),
      ),
  }));

/** A password request that is read otherwise. */
const reading = (change: (form: URLSearchParams) => unknown): Change => ({
  oauth: {
    middleware: () => (request, endpoint) => {
      const form = new URLSearchParams(Buffer.from(request.body ?? []).toString());
      if (form.get('grant_type') !== 'password') return endpoint(request);
      change(form);
      return endpoint({ ...request, body: Buffer.from(form.toString()) });
    },
  },
});

const bad = 'RFC6749-4.3.2-bad-credentials';
const missing = 'RFC6749-4.3.2-missing-params';
const authentication = 'RFC6749-4.3.2-client-auth-required';

const rows: readonly (Omit<Defect, 'at'> & Partial<Pick<Defect, 'at'>>)[] = [
  {
    name: 'any-password',
    changes: 'A user is let in by any password.',
    breaks: [bad],
    ...comparing(() => true),
  },
  {
    name: 'any-user',
    changes: 'A user whom nobody knows is let in.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': (attempt) =>
        both(attempt).right === undefined ? undefined : usual['password-right'](attempt),
    })),
  },
  {
    name: 'password-of-any-user',
    changes: 'The password of one user lets everybody in.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': ({ members, state }) =>
        [...oauthOf(state).passwords.values()].includes(members.password ?? '') ? undefined : refused,
    })),
  },
  {
    name: 'password-by-beginning',
    changes: 'The beginning of a password is enough.',
    breaks: [bad],
    ...comparing((given, right) => given.length > 7 && right.startsWith(given)),
  },
  {
    name: 'password-with-anything-behind',
    changes: 'What stands behind the password is not looked at.',
    breaks: [bad],
    ...comparing((given, right) => given.startsWith(right)),
  },
  {
    name: 'password-of-eight-characters',
    changes: 'Only the first eight characters of a password are compared.',
    breaks: [bad],
    ...comparing((given, right) => given.slice(0, 8) === right.slice(0, 8)),
  },
  {
    name: 'password-in-any-case',
    changes: 'Passwords are compared without regard to case.',
    breaks: [bad],
    ...comparing((given, right) => given.toLowerCase() === right.toLowerCase()),
  },
  {
    name: 'password-by-its-ends',
    changes: 'Only the ends of a password and its length are compared.',
    breaks: [bad],
    ...comparing(
      (given, right) =>
        given.length === right.length && given.at(0) === right.at(0) && given.at(-1) === right.at(-1),
    ),
  },
  {
    name: 'wrong-password-as-access-denied',
    changes: 'A wrong password is answered with access_denied.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': (attempt) =>
        usual['password-right'](attempt) ? refusalFor('access_denied') : undefined,
    })),
  },
  {
    name: 'wrong-password-as-invalid-client',
    changes: 'A wrong password is answered with invalid_client.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': (attempt) =>
        usual['password-right'](attempt) ? refusalFor('invalid_client') : undefined,
    })),
  },
  {
    name: 'unknown-user-as-invalid-request',
    changes: 'An unknown user is answered with invalid_request.',
    breaks: [bad],
    ...toUnknown(invalidRequest('user name')),
  },
  {
    name: 'unknown-user-described',
    changes: 'The description of the error says that the user is unknown.',
    breaks: [bad],
    ...toUnknown(invalidGrant('user name')),
  },
  {
    name: 'unknown-user-by-uri',
    changes: 'The error of an unknown user has a page of its own.',
    breaks: [bad],
    ...toUnknown({ ...refused, members: { error_uri: 'https://id.example/errors/no-such-user' } }),
  },
  {
    name: 'unknown-user-by-member',
    changes: 'A member of the error says how often a known user may still try.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': (attempt) => {
        const refusal = usual['password-right'](attempt);
        const isKnown = both(attempt).right !== undefined;
        return refusal && isKnown ? { ...refusal, members: { attempts_left: 5 } } : refusal;
      },
    })),
  },
  {
    name: 'unknown-user-by-header',
    changes: 'A header says that the user is unknown.',
    breaks: [bad],
    ...replacingOAuth(() => ({
      'password-right': (attempt) =>
        both(attempt).right === undefined
          ? { ...refused, description: `${refused.description} ` }
          : usual['password-right'](attempt),
      'error-headers': (refusal) => [
        ...usual['error-headers'](refusal),
        ...(refusal.description === `${refused.description} `
          ? [['X-Error-Reason', 'no such user'] as const]
          : []),
      ],
      'error-body': (refusal) => usual['error-body']({ ...refusal, description: refusal.description.trim() }),
    })),
  },
  {
    name: 'username-optional',
    changes: 'Without a user name the password alone says who the user is.',
    breaks: [missing],
    ...replacingOAuth(() => ({
      'username-present': () => undefined,
      'password-right': (attempt) => {
        const { members, state } = attempt;
        return members.username === undefined &&
          [...oauthOf(state).passwords.values()].includes(members.password ?? '')
          ? undefined
          : usual['password-right'](attempt);
      },
    })),
  },
  {
    name: 'password-optional',
    changes: 'A password that is left out is not asked for.',
    breaks: [missing],
    ...replacingOAuth(() => ({
      'password-present': () => undefined,
      'password-right': (attempt) =>
        attempt.members.password === undefined ? undefined : usual['password-right'](attempt),
    })),
  },
  {
    name: 'missing-username-as-invalid-grant',
    changes: 'A missing user name is answered with invalid_grant.',
    breaks: [missing],
    ...skipping('username-present'),
  },
  {
    name: 'missing-password-as-invalid-grant',
    changes: 'A missing password is answered with invalid_grant.',
    breaks: [missing],
    ...skipping('password-present'),
  },
  {
    name: 'password-from-anybody',
    changes: 'With a password nobody asks which client it comes from.',
    breaks: [authentication, 'RFC6749-5.2-invalid_client-no-auth'],
    ...unchecked(
      'credentials-readable',
      'client-identified',
      'client-known',
      'method-as-registered',
      'client-secret-right',
      'grant-allowed',
    ),
  },
  {
    name: 'password-without-client-secret',
    changes: 'A client that has a password need not authenticate itself.',
    breaks: [authentication],
    ...replacingOAuth(() => ({
      'method-as-registered': (attempt) =>
        isOfPassword(attempt) && attempt.presented.method === 'none'
          ? undefined
          : usual['method-as-registered'](attempt),
      'client-secret-right': (attempt) =>
        isOfPassword(attempt) && attempt.members.client_secret === undefined
          ? undefined
          : usual['client-secret-right'](attempt),
    })),
  },
  {
    name: 'password-with-any-client-secret',
    changes: 'With a password the secret of the client is not compared.',
    breaks: ['RFC6749-5.2-invalid_client-wrong-secret'],
    ...unchecked('client-secret-right'),
  },
  {
    name: 'password-with-expired-client-secret',
    changes: 'With a password the secret of the client never expires.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    ...unchecked('oauth-secret-not-expired'),
  },
  {
    name: 'unauthenticated-password-as-unauthorized',
    changes: 'A client that does not authenticate beside a password is answered with unauthorized_client.',
    breaks: [authentication],
    ...replacingOAuth(() => ({
      'method-as-registered': (attempt) => {
        const refusal = usual['method-as-registered'](attempt);
        return refusal && isOfPassword(attempt) ? refusalFor('unauthorized_client') : refusal;
      },
    })),
  },
  {
    name: 'password-from-any-client',
    changes: 'A client may use passwords that was not registered for that.',
    breaks: ['RFC6749-5.2-unauthorized_client', 'RFC7591-2-metadata-enforced'],
    ...unchecked('grant-allowed'),
  },
  {
    name: 'password-for-any-scope',
    changes: 'A password brings every scope that is asked for.',
    breaks: ['RFC6749-5.2-invalid_scope'],
    ...unchecked('scope-well-formed', 'scope-of-application'),
  },
  {
    name: 'password-with-unknown-members-refused',
    changes: 'A password request with a member that is not known is refused.',
    breaks: ['RFC6749-3.2-unknown-params-ignored'],
    ...reading((form) => form.has('hello') && form.delete('username')),
  },
  ...(['username', 'password'] as const).map((name) => ({
    name: `empty-${name}-as-any`,
    changes: `An empty ${name} is one like any other.`,
    breaks: ['RFC6749-3.2-empty-required-param'] as const,
    ...reading((form) => form.get(name) === '' && form.set(name, 'empty')),
  })),
  ...(['username', 'password'] as const).map((name) => ({
    name: `first-of-two-${name}s`,
    changes: `Of a ${name} that is there twice the first counts.`,
    breaks: ['RFC6749-3.2-duplicate-grant-params'] as const,
    ...reading((form) => form.has(name) && form.set(name, form.get(name) ?? '')),
  })),
  {
    name: 'password-scope-untold',
    changes: 'What a password brings in place of an unknown scope is not told.',
    breaks: ['RFC6749-5.1-scope-when-different'],
    ...replacingOAuth(() => ({
      'order-of-checks': (operation, grant, attempt) =>
        usual['order-of-checks'](operation, grant, attempt).filter(
          (name) => grant !== 'password' || !name.startsWith('scope-'),
        ),
      'granted-scope': (attempt) => (isOfPassword(attempt) ? [] : usual['granted-scope'](attempt)),
    })),
  },
  {
    name: 'refresh-token-of-password-unbound',
    changes: 'The refresh token that a password brought is good for every client.',
    breaks: ['RFC6749-6-bound-to-client'],
    ...replacingOAuth(() => ({
      'refresh-token-bound-to-client': (attempt) =>
        isFromPassword(attempt) ? undefined : usual['refresh-token-bound-to-client'](attempt),
    })),
  },
  {
    name: 'refresh-token-of-password-widened',
    changes: 'The refresh token that a password brought gets every scope that is asked for.',
    breaks: ['RFC6749-6-scope-not-widened'],
    ...replacingOAuth(() => ({
      'scope-within-grant': (attempt) =>
        isFromPassword(attempt) ? undefined : usual['scope-within-grant'](attempt),
    })),
  },
  {
    name: 'refresh-token-of-password-dead',
    changes: 'The refresh token that a password brought is good for nothing.',
    breaks: ['RFC6749-6-refresh-success'],
    ...replacingOAuth(() => ({
      'refresh-token-known': (attempt) =>
        isFromPassword(attempt) ? invalidGrant('refresh token') : usual['refresh-token-known'](attempt),
    })),
  },
];

/** No code and no device has what the refresh token descends from, and no user but one with a password signed in. */
function isFromPassword({ refreshToken, state }: Attempt): boolean {
  const family = refreshToken?.family;
  return (
    family !== undefined &&
    [...state.codes.values(), ...state.devices.values()].every((one) => one.family !== family)
  );
}

/** What a server with the grant `password` does with names, passwords and the clients that bring them. */
export const passwords: readonly Defect[] = rows.map((row) => ({ at: atToken, ...row }));
