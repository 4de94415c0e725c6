import type { Attempt } from '../../core/attempt.ts';
import { invalidGrant, refusalFor } from '../../core/refusal.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import type { OAuthClient } from '../../fronts/oauth-form/state.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { usual } from './by-attempt.ts';

const isPublic = (client: unknown): boolean => (client as OAuthClient | undefined)?.method === 'none';
const ownerOf = ({ code, state }: Attempt): unknown => state.clients.get(code?.clientId ?? '');

/** Codes that a client may redeem although another got them. */
const unboundWhen = (holds: (attempt: Attempt) => boolean): Change =>
  replacingOAuth(() => ({
    'code-bound-to-client': (attempt) =>
      holds(attempt) ? undefined : usual['code-bound-to-client'](attempt),
  }));

const publicCode = 'RFC6749-4.1.3-code-bound-to-public-client';

const ofPublicClients: readonly Defect[] = [
  {
    name: 'code-of-any-public-client',
    changes: 'A code is not compared with the client where that is a public one.',
    breaks: [publicCode, 'RFC6749-4.1.3-code-bound-to-confidential-client'],
    at: atToken,
    ...unboundWhen(({ client }) => isPublic(client)),
  },
  {
    name: 'public-code-of-any-client',
    changes: 'A code of a public client is good for every client.',
    breaks: [publicCode],
    at: atToken,
    ...unboundWhen((attempt) => isPublic(ownerOf(attempt))),
  },
  {
    name: 'public-code-of-same-redirect-uri',
    changes: 'A code of a public client is good for every public client with the same redirect URI.',
    breaks: [publicCode],
    at: atToken,
    ...unboundWhen(
      (attempt) =>
        isPublic(ownerOf(attempt)) &&
        isPublic(attempt.client) &&
        attempt.client?.redirectUris.includes(attempt.code?.redirectUri ?? '') === true,
    ),
  },
  {
    name: 'public-code-of-authenticated-client',
    changes: 'A code of a public client is good for every client that authenticates.',
    breaks: [publicCode],
    at: atToken,
    ...unboundWhen((attempt) => isPublic(ownerOf(attempt)) && !isPublic(attempt.client)),
  },
  {
    name: 'confidential-code-of-public-client',
    changes: 'A code of a client with a secret is good for every public client.',
    breaks: ['RFC6749-4.1.3-code-bound-to-confidential-client'],
    at: atToken,
    ...unboundWhen((attempt) => !isPublic(ownerOf(attempt)) && isPublic(attempt.client)),
  },
  {
    name: 'other-public-code-as-invalid-request',
    changes: 'A code of another public client is answered with invalid_request.',
    breaks: [publicCode],
    at: atToken,
    ...replacingOAuth(() => ({
      'code-bound-to-client': (attempt) => {
        const refusal = usual['code-bound-to-client'](attempt);
        return refusal && isPublic(ownerOf(attempt)) ? refusalFor('invalid_request') : refusal;
      },
    })),
  },
];

const isPlain = ({ code }: Attempt): boolean => code?.challengeMethod === 'plain';

/** A challenge without a method is a plain one, and what came of it is changed. */
const plainByDefault = (behaviours: Partial<OAuthBehaviours> = {}): Change =>
  replacingOAuth(() => ({
    'challenge-method': (asked) => (asked === undefined ? 'plain' : usual['challenge-method'](asked)),
    ...behaviours,
  }));

/** Of a plain challenge these verifiers are right. */
const comparing = (same: (verifier: string, challenge: string) => boolean): Change =>
  plainByDefault({
    'verifier-matches': (attempt) => {
      const { code, members } = attempt;
      if (!isPlain(attempt)) return usual['verifier-matches'](attempt);
      return same(members.code_verifier ?? '', code?.challenge ?? '')
        ? undefined
        : invalidGrant('code verifier');
    },
  });

const matchesHashed = ({ code, ...attempt }: Attempt): boolean =>
  code !== undefined &&
  usual['verifier-matches']({ ...attempt, code: { ...code, challengeMethod: 'S256' } }) === undefined;

const byDefault = 'RFC7636-4.3-default-plain';

const ofPlainChallenges: readonly Defect[] = [
  {
    name: 'challenge-without-method-hashed',
    changes: 'A challenge without a method is compared by S256.',
    breaks: [byDefault],
    at: atToken,
    ...replacingOAuth(() => ({ 'challenge-method': (asked) => usual['challenge-method'](asked ?? 'S256') })),
  },
  {
    name: 'challenge-without-method-never-right',
    changes: 'A code whose challenge came without a method is never redeemed.',
    breaks: [byDefault],
    at: atToken,
    ...comparing(() => false),
  },
  {
    name: 'challenge-without-method-breaks',
    changes: 'A code whose challenge came without a method is answered with server_error.',
    breaks: [byDefault],
    at: atToken,
    ...plainByDefault({
      'verifier-matches': (attempt) =>
        isPlain(attempt) ? refusalFor('server_error') : usual['verifier-matches'](attempt),
    }),
  },
  {
    name: 'challenge-without-method-unchecked',
    changes: 'A challenge without a method is compared with nothing.',
    breaks: [byDefault],
    at: atToken,
    ...comparing(() => true),
  },
  {
    name: 'challenge-without-method-optional',
    changes: 'A challenge without a method asks for no verifier.',
    breaks: [byDefault],
    at: atToken,
    ...plainByDefault({
      'verifier-present': (attempt) => (isPlain(attempt) ? undefined : usual['verifier-present'](attempt)),
    }),
  },
  {
    name: 'challenge-without-method-in-any-case',
    changes: 'A challenge without a method is compared without regard to case.',
    breaks: [byDefault],
    at: atToken,
    ...comparing((verifier, challenge) => verifier.toLowerCase() === challenge.toLowerCase()),
  },
  {
    name: 'challenge-without-method-by-beginning',
    changes: 'A verifier that begins with a challenge without a method is accepted.',
    breaks: [byDefault],
    at: atToken,
    ...comparing((verifier, challenge) => verifier.startsWith(challenge)),
  },
  {
    name: 'challenge-without-method-either-way',
    changes: 'A challenge without a method is compared with the verifier and with its hash.',
    breaks: [byDefault],
    at: atToken,
    ...plainByDefault({
      'verifier-matches': (attempt) =>
        isPlain(attempt) && matchesHashed(attempt) ? undefined : usual['verifier-matches'](attempt),
    }),
  },
];

const plainDisabled = 'RFC9700-2.1.1-plain-disabled';
const withoutRedirectUri = 'RFC6749-4.1.3-redirect_uri-optional-when-absent';

const offered: readonly Defect[] = [
  {
    name: 'plain-challenges',
    changes: 'The challenge method plain is accepted.',
    breaks: [plainDisabled],
    at: atToken,
    ...replacingOAuth(() => ({
      'challenge-method': (asked) => (asked === 'plain' ? asked : usual['challenge-method'](asked)),
    })),
  },
  {
    name: 'plain-in-metadata',
    changes: 'The metadata lists the challenge method plain.',
    breaks: [plainDisabled],
    at: ['metadata'],
    ...replacingOAuth(() => ({
      'server-metadata': (...args) => ({
        ...usual['server-metadata'](...args),
        code_challenge_methods_supported: ['S256', 'plain'],
      }),
    })),
  },
  {
    name: 'redirect-uri-always-required',
    changes: 'A code is redeemed with a redirect URI alone, also where the authorization request had none.',
    breaks: [withoutRedirectUri],
    at: atToken,
    ...replacingOAuth(() => ({
      'redirect-uri-same': (attempt) =>
        attempt.code && attempt.members.redirect_uri === undefined
          ? refusalFor('invalid_request')
          : usual['redirect-uri-same'](attempt),
    })),
  },
  {
    name: 'redirect-uri-of-registration',
    changes: 'A code of a request without a redirect URI is bound to the one that is registered.',
    breaks: [withoutRedirectUri],
    at: atToken,
    ...replacingOAuth(() => ({
      'redirect-uri-same': (attempt) => {
        const { code, client, members } = attempt;
        return code && code.redirectUri === undefined
          ? client?.redirectUris[0] === members.redirect_uri
            ? undefined
            : invalidGrant('redirect URI')
          : usual['redirect-uri-same'](attempt);
      },
    })),
  },
];

/** Codes of public clients, and of authorization requests that lack what most have. */
export const exactCodes: readonly Defect[] = [...ofPublicClients, ...ofPlainChallenges, ...offered];
