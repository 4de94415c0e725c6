import type { Attempt } from '../../core/attempt.ts';
import { type CoreBehaviours, coreBehaviours as usual } from '../../core/behaviours.ts';
import type { AuthorizationCode, User } from '../../core/state.ts';
import { atIamToken, atToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';
import { lineage } from './lineage.ts';

const boundToken = 'RFC6749-6-bound-to-client';
const boundCode = 'RFC6749-4.1.3-code-bound-to-confidential-client';

/** What belongs to one client, user or authorization is kept where another one's is found. */
export const tenants: readonly Defect[] = [
  {
    name: 'refresh-token-of-clients-with-tokens',
    changes: 'A refresh token works for every client that has refreshed a token of its own before.',
    breaks: [boundToken],
    at: tokens,
    ...replacing(() => {
      const known = new Set<string | undefined>();
      return {
        'rotate-refresh-token': (attempt) => {
          usual['rotate-refresh-token'](attempt);
          known.add(attempt.client?.id);
        },
        'refresh-token-bound-to-client': (attempt) =>
          known.has(attempt.client?.id) ? undefined : usual['refresh-token-bound-to-client'](attempt),
      };
    }),
  },
  {
    name: 'refresh-token-kept-for-the-user',
    changes: 'A user has one row: a refresh token works for the client where the user signed in last.',
    breaks: [boundToken],
    at: tokens,
    ...replacing(() => {
      let last: string | undefined;
      return {
        'redeem-code': (attempt) => {
          usual['redeem-code'](attempt);
          last = attempt.client?.id;
        },
        'refresh-token-bound-to-client': (attempt) =>
          attempt.client?.id === last ? undefined : usual['refresh-token-bound-to-client'](attempt),
      };
    }),
  },
  {
    name: 'code-of-clients-with-the-same-uri',
    changes: 'A code is bound to its redirect URI alone: every client with that URI can redeem it.',
    breaks: [boundCode],
    at: atToken,
    ...skippingWhen(
      ({ client, code }) => client?.redirectUris.includes(code?.redirectUri ?? '') === true,
      'code-bound-to-client',
    ),
  },
  {
    name: 'code-of-clients-with-a-code',
    changes: 'A code can be redeemed by every client that was given a code too.',
    breaks: [boundCode],
    at: tokens,
    ...skippingWhen(
      ({ client, state: { codes } }) =>
        [...codes.values()].some(({ clientId, redeemed }) => clientId === client?.id && !redeemed),
      'code-bound-to-client',
    ),
  },
  {
    name: 'device-code-of-clients-with-a-device',
    changes: 'A device code can be redeemed by every client that has a device of its own under way.',
    breaks: ['RFC8628-3.4-bound-to-client'],
    at: atToken,
    ...skippingWhen(
      ({ client, state: { devices } }) =>
        [...devices.values()].some(({ clientId, redeemed }) => clientId === client?.id && !redeemed),
      'device-code-bound-to-client',
    ),
  },
  {
    name: 'challenge-kept-for-the-client',
    changes: 'A client has one challenge at a time: that of its latest code serves for all of them.',
    breaks: ['RFC7636-4.6-verifier-bound-to-code'],
    at: tokens,
    ...ofLatestCode('verifier-matches', ({ challenge }) => ({ challenge })),
  },
  {
    name: 'redirect-uri-kept-for-the-client',
    changes: 'A client has one redirect URI at a time: that of its latest code serves for all of them.',
    breaks: ['RFC6749-4.1.3-redirect_uri-identical'],
    at: atToken,
    ...ofLatestCode('redirect-uri-same', ({ redirectUri }) => ({ redirectUri })),
  },
  {
    name: 'redirect-uri-of-any-code',
    changes: 'The redirect URI may be that of any other code of the client.',
    breaks: ['RFC6749-4.1.3-redirect_uri-identical'],
    at: atToken,
    ...skippingWhen(
      ({ code, members, state: { codes } }) =>
        [...codes.values()].some(
          ({ clientId, redirectUri }) => clientId === code?.clientId && redirectUri === members.redirect_uri,
        ),
      'redirect-uri-same',
    ),
  },
  {
    name: 'scope-of-the-latest-grant',
    changes:
      'A refresh without a scope gets that of the latest code of the application, whichever it descends from.',
    breaks: ['RFC6749-6-scope-omitted'],
    at: atIamToken,
    ...replacing(() => ({
      'granted-scope': (attempt) => {
        const latest = latestCode(attempt);
        return attempt.grant === 'refresh_token' && attempt.members.scope === undefined && latest
          ? (latest.scope ?? attempt.client?.scopes ?? [])
          : usual['granted-scope'](attempt);
      },
    })),
  },
  {
    name: 'nonce-of-the-latest-code',
    changes: 'An ID token has the nonce of the latest code of the application.',
    breaks: ['OIDC-2-nonce'],
    at: atIamToken,
    ...replacing(() => ({
      'sign-in': (attempt) => ({
        ...usual['sign-in'](attempt),
        ...(attempt.grant === 'authorization_code' && { nonce: latestCode(attempt)?.nonce }),
      }),
    })),
  },
  {
    name: 'first-user-of-the-application',
    changes: 'All users of an application have the subject of the first of them.',
    breaks: ['OIDC-2-sub'],
    at: atIamToken,
    // The suites see one user alone elsewhere.
    dialects: ['aws-json'],
    ...replacing(() => {
      const firsts = new Map<string, User>();
      return {
        'sign-in': (attempt) => {
          const signIn = usual['sign-in'](attempt);
          const id = attempt.client?.id ?? '';
          const user = firsts.get(id) ?? signIn.user;
          if (user) firsts.set(id, user);
          return { ...signIn, user };
        },
      };
    }),
  },
  {
    name: 'subject-of-the-latest-assertion',
    changes: 'An ID token names the user of the latest assertion that was written, not of the one presented.',
    breaks: ['OIDC-2-sub'],
    at: atIamToken,
    // The suites see one user alone elsewhere.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'sign-in': (attempt) => {
        const signIn = usual['sign-in'](attempt);
        const written = [...attempt.state.assertions.keys()].at(-1) ?? '';
        const claims = JSON.parse(Buffer.from(written.split('.')[1] || 'e30', 'base64url').toString());
        const user = attempt.assertion && attempt.state.users.get(claims.sub);
        return { ...signIn, user: user ?? signIn.user };
      },
    })),
  },
  {
    name: 'subject-changes-with-the-third-token',
    changes: 'From the third ID token on, the subject of a user at an application is another one.',
    breaks: ['OIDC-2-sub', 'OIDC-12.2-same-iss-sub-aud'],
    at: atIamToken,
    ...replacing(() => {
      const counts = new Map<string, number>();
      return {
        'sign-in': (attempt) => {
          const signIn = usual['sign-in'](attempt);
          const key = `${attempt.client?.id} ${signIn.user?.id}`;
          const count = (counts.get(key) ?? 0) + 1;
          counts.set(key, count);
          return count < 3 ? signIn : { ...signIn, user: { id: crypto.randomUUID() } };
        },
      };
    }),
  },
  {
    name: 'later-refresh-token-of-two-families',
    changes: 'The third refresh tokens of two families of a client are the same.',
    breaks: ['RFC6749-10.10-refresh-token-entropy-128'],
    at: tokens,
    ...replacing(() => {
      const { of, behaviours } = lineage();
      const thirds = new Map<string, string>();
      return {
        'new-refresh-token': (attempt) => {
          const fresh = behaviours['new-refresh-token'](attempt);
          if (attempt.grant !== 'refresh_token' || of(attempt.refreshToken).generation !== 2) return fresh;
          const id = attempt.client?.id ?? '';
          const token = thirds.get(id) ?? fresh;
          thirds.set(id, token);
          return token;
        },
      };
    }),
  },
];

/** The code that the client of an attempt was given last. */
const latestCode = ({ client, state: { codes } }: Attempt): AuthorizationCode | undefined =>
  [...codes.values()].findLast(({ clientId }) => clientId === client?.id);

/** A check looks at the latest code of the client for what belongs to the one that is presented. */
function ofLatestCode(
  check: 'verifier-matches' | 'redirect-uri-same',
  part: (latest: AuthorizationCode) => Partial<AuthorizationCode>,
): Change {
  return replacing(
    (): Partial<CoreBehaviours> => ({
      [check]: (attempt: Attempt) => {
        const latest = latestCode(attempt);
        const code = attempt.code && latest ? { ...attempt.code, ...part(latest) } : attempt.code;
        return usual[check]({ ...attempt, code });
      },
    }),
  );
}
