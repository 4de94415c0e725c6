import type { Attempt } from '../../core/attempt.ts';
import type { Family } from '../../core/state.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { isOf, leavingOut, refusingWhen, usual } from './by-attempt.ts';
import { isPublic } from './grace.ts';

const success = 'RFC6749-6-refresh-success';
const unknown = 'RFC6749-6-unknown-refresh_token';
const isRefresh = isOf('refresh_token');

/** Who keeps a refresh token gets it back. */
const keptUnlessRotated = (attempt: Attempt): string =>
  attempt.refreshToken && !attempt.refreshToken.rotated
    ? attempt.refreshToken.value
    : usual['new-refresh-token'](attempt);

/** Of a public client only the first refresh token of a family is replaced. */
export const publicRotatedOnce: Change = replacingOAuth(() => {
  const refreshed = new WeakSet<Family>();
  return {
    'rotate-refresh-token': (attempt) => {
      const { refreshToken } = attempt;
      if (refreshToken && isPublic(attempt) && refreshed.has(refreshToken.family)) return;
      if (refreshToken) refreshed.add(refreshToken.family);
      usual['rotate-refresh-token'](attempt);
    },
    'new-refresh-token': keptUnlessRotated,
  };
});

/** What a refresh brings, and of what. */
export const refreshes: readonly Defect[] = [
  {
    name: 'scope-needed-to-refresh',
    changes: 'A refresh that names no scope is refused.',
    breaks: ['RFC6749-6-scope-omitted', success],
    at: atToken,
    ...refusingWhen(
      'invalid_scope',
      'scope-well-formed',
      (attempt) => isRefresh(attempt) && attempt.members.scope === undefined,
    ),
  },
  {
    name: 'whole-scope-needed-to-refresh',
    changes: 'A refresh for fewer scopes than were granted is refused.',
    breaks: [success, 'RFC6749-6-scope-narrowed'],
    at: atToken,
    ...refusingWhen('invalid_scope', 'scope-within-grant', (attempt) => {
      const asked = attempt.members.scope;
      return (
        isRefresh(attempt) && asked !== undefined && asked.length < (attempt.refreshToken?.scope ?? []).length
      );
    }),
  },
  {
    name: 'scope-in-its-order-alone',
    changes: 'The scopes of a refresh count only in the order in which they were granted.',
    breaks: ['RFC6749-3.3-scope-order-irrelevant'],
    at: atToken,
    ...refusingWhen('invalid_scope', 'scope-within-grant', ({ grant, members: { scope }, refreshToken }) => {
      const granted = refreshToken?.scope ?? [];
      const places = scope?.map((one) => granted.indexOf(one)) ?? [];
      return grant === 'refresh_token' && places.some((place, at) => at > 0 && place < (places[at - 1] ?? 0));
    }),
  },
  {
    name: 'any-scope-to-refresh-later',
    changes: 'From the second refresh of a family on, a client gets whatever scope it has asked for.',
    breaks: ['RFC6749-6-scope-not-widened'],
    at: atToken,
    ...replacingOAuth(() => {
      const refreshed = new WeakSet<Family>();
      const later = new WeakSet<Family>();
      return {
        'rotate-refresh-token': (attempt) => {
          usual['rotate-refresh-token'](attempt);
          const family = attempt.refreshToken?.family;
          if (family === undefined) return;
          if (refreshed.has(family)) later.add(family);
          refreshed.add(family);
        },
        'scope-within-grant': (attempt) =>
          attempt.refreshToken && later.has(attempt.refreshToken.family)
            ? undefined
            : usual['scope-within-grant'](attempt),
      };
    }),
  },
  {
    name: 'scope-of-the-client-to-refresh',
    changes: 'A refresh gets any scope that the client has, whatever its user authorized.',
    breaks: ['RFC6749-6-scope-not-widened'],
    at: atToken,
    ...leavingOut(isRefresh, 'scope-within-grant'),
  },
  {
    name: 'refresh-token-loses-hyphens',
    changes: 'The hyphens of a refresh token are stored as underscores, so that it is not found again.',
    breaks: [success],
    at: atToken,
    ...replacingOAuth(() => ({
      'find-refresh-token': (state, members) =>
        members.refresh_token?.slice(3).includes('-')
          ? undefined
          : usual['find-refresh-token'](state, members),
    })),
  },
  {
    name: 'refresh-token-of-40-characters',
    changes: 'Only the first forty characters of a refresh token are kept and compared.',
    breaks: [unknown],
    at: atToken,
    ...replacingOAuth(() => ({
      'find-refresh-token': (state, members) =>
        usual['find-refresh-token'](state, members) ??
        [...state.refreshTokens.values()].find(
          ({ value }) => value.slice(0, 40) === members.refresh_token?.slice(0, 40),
        ),
    })),
  },
  {
    name: 'later-access-token-kept-for-the-client',
    changes: 'From the second refresh of a family on, a client gets the access token that it got last so.',
    breaks: ['RFC6749-10.10-access-token-entropy-128'],
    at: atToken,
    ...replacingOAuth(() => {
      const refreshed = new WeakSet<Family>();
      const known = new Map<string, string>();
      return {
        'new-access-token': (attempt) => {
          const fresh = usual['new-access-token'](attempt);
          const family = attempt.refreshToken?.family;
          if (family === undefined || attempt.grant !== 'refresh_token') return fresh;
          const isLater = refreshed.has(family);
          refreshed.add(family);
          const id = attempt.client?.id ?? '';
          const token = (isLater ? known.get(id) : undefined) ?? fresh;
          if (isLater) known.set(id, token);
          return token;
        },
      };
    }),
  },
  {
    name: 'public-clients-refresh-for-ever',
    changes: 'A public client gets its refresh token back.',
    breaks: ['RFC9700-2.2.2-public-rt-rotated-or-bound'],
    at: atToken,
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        if (isPublic(attempt)) return;
        usual['rotate-refresh-token'](attempt);
      },
      'new-refresh-token': keptUnlessRotated,
    })),
  },
  {
    name: 'public-clients-rotate-once',
    changes: 'Only the first refresh token of a public client is replaced.',
    breaks: ['RFC9700-2.2.2-public-rt-rotated-or-bound'],
    at: atToken,
    ...publicRotatedOnce,
  },
];
