import { invalidGrant, refusalFor } from '../../../emulator/core/refusal.ts';
import { replacingOAuth, withHeader } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import { oauthOf } from '../../../emulator/fronts/oauth-form/state.ts';
import type { Variant } from '../variant.ts';

/** Wrong passwords and unknown users get an error that was written as said. */
const refusing = (write: (username: string) => ReturnType<typeof refusalFor> & { members?: object }) =>
  replacingOAuth(() => ({
    'password-right': (attempt) => usual['password-right'](attempt) && write(attempt.members.username ?? ''),
  }));

let answers = 0;

/** What a server with the grant `password` may do otherwise, and with codes of requests that lack something. */
export const passwordVariants: readonly Variant[] = [
  {
    name: 'numbered-password-errors',
    differs: 'Errors about passwords have the number of the request in their text, and in a member.',
    ...refusing(() => {
      answers += 1;
      const description = `Unknown user or wrong password. Reference ${answers}x`;
      return { ...invalidGrant(''), description, members: { trace_id: `t-${answers}` } };
    }),
  },
  {
    name: 'password-errors-with-the-user',
    differs: 'Errors about passwords repeat the user name that was sent.',
    ...refusing((username) => ({
      ...invalidGrant(''),
      description: `No user ${username.replace(/[^\x20-\x7e]|["\\]/g, '')} has this password`,
    })),
  },
  {
    name: 'password-errors-without-description',
    differs: 'Errors about passwords say nothing but their code.',
    ...refusing(() => ({ ...invalidGrant(''), members: { error_description: undefined } })),
  },
  {
    name: 'forgiving-passwords',
    differs:
      'Blanks around a password and the case of its first letter are forgiven, and user names have no case.',
    ...replacingOAuth(() => {
      const plain = (text: string) => text.trim().replace(/^./, (first) => first.toLowerCase());
      return {
        'password-right': ({ members: { username = '', password = '' }, state }) => {
          const right = oauthOf(state).passwords.get(username.trim().toLowerCase());
          return right !== undefined && plain(right) === plain(password)
            ? undefined
            : invalidGrant('user name or password');
        },
      };
    }),
  },
  {
    name: 'password-without-refresh-token',
    differs: 'A password brings no refresh token.',
    ...replacingOAuth(() => ({
      'refresh-token-wanted': (attempt) =>
        attempt.grant !== 'password' && usual['refresh-token-wanted'](attempt),
    })),
  },
  {
    name: 'password-before-client',
    differs: 'Whether name and password are there is asked before anything about the client.',
    ...replacingOAuth(() => ({
      'order-of-checks': (operation, grant, attempt) => {
        const order = usual['order-of-checks'](operation, grant, attempt);
        const first = ['username-present', 'password-present'] as const;
        return grant === 'password' ? [...first, ...order] : order;
      },
    })),
  },
  {
    name: 'unknown-scope-of-password-ignored',
    differs: 'A password brings what the client may have, whatever scope is asked for, and says which.',
    ...replacingOAuth(() => ({
      'order-of-checks': (operation, grant, attempt) =>
        usual['order-of-checks'](operation, grant, attempt).filter(
          (name) => grant !== 'password' || !name.startsWith('scope-'),
        ),
      'granted-scope': (attempt) =>
        attempt.grant === 'password' ? ['offline_access'] : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'unauthenticated-clients-with-400',
    differs: 'A client that does not use the Authorization header is told invalid_client with status 400.',
    oauth: {
      middleware: () => async (request, endpoint) => {
        const response = await endpoint(request);
        return response.status === 401 && !request.headers.has('authorization')
          ? { ...withHeader(response, 'WWW-Authenticate', undefined), status: 400 }
          : response;
      },
    },
  },
  {
    name: 'plain-challenges-supported',
    differs: 'A challenge without a method is a plain one, as is one that says so.',
    ...replacingOAuth(() => ({
      'challenge-method': (asked) => (asked === 'S256' ? asked : 'plain'),
      'server-metadata': (...args) => ({
        ...usual['server-metadata'](...args),
        code_challenge_methods_supported: ['plain', 'S256'],
      }),
    })),
  },
  {
    name: 'plain-by-default-alone',
    differs: 'A challenge without a method is a plain one, and one that says so is refused.',
    ...replacingOAuth(() => ({
      'challenge-method': (asked) => (asked === undefined ? 'plain' : usual['challenge-method'](asked)),
    })),
  },
  {
    name: 'plain-refused-at-the-token-endpoint',
    differs: 'A code with a challenge by the method plain is issued, and redeemed by nobody.',
    ...replacingOAuth(() => ({
      'challenge-method': (asked) => (asked === 'plain' ? asked : usual['challenge-method'](asked)),
      'verifier-matches': (attempt) =>
        attempt.code?.challengeMethod === 'plain'
          ? refusalFor('invalid_request')
          : usual['verifier-matches'](attempt),
    })),
  },
  {
    name: 'metadata-without-challenge-methods',
    differs: 'The metadata says nothing of challenge methods.',
    ...replacingOAuth(() => ({
      'server-metadata': (...args) => ({
        ...usual['server-metadata'](...args),
        code_challenge_methods_supported: undefined,
      }),
    })),
  },
  {
    name: 'public-codes-by-invalid-client',
    differs: 'A code of another client is answered with invalid_client where one of the two is public.',
    ...replacingOAuth(() => ({
      'code-bound-to-client': (attempt) => {
        const refusal = usual['code-bound-to-client'](attempt);
        const owner = attempt.state.clients.get(attempt.code?.clientId ?? '');
        const isPublic = [owner, attempt.client].some(
          (one) => one !== undefined && 'method' in one && one.method === 'none',
        );
        return refusal && isPublic ? refusalFor('invalid_client') : refusal;
      },
    })),
  },
];
