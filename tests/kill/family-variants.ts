import { defaultBehaviours as usual } from '../../emulator/behaviours.ts';
import type { Attempt } from '../../emulator/core/attempt.ts';
import { invalidGrant, refusalFor } from '../../emulator/core/refusal.ts';
import type { Family, SubjectToken } from '../../emulator/core/state.ts';
import { withIdTokens } from '../../emulator/defects/core/refreshed-id-tokens.ts';
import { replacing } from '../../emulator/defects/defect.ts';
import type { Variant } from './variant.ts';

const day = 86_400_000;

/** What a server may do with refresh tokens, with what descends from them, and with what comes again. */
export const familyVariants: readonly Variant[] = [
  {
    name: 'id-token-after-a-refresh',
    differs: 'A refresh brings an ID token of the same sign-in, and the identity context.',
    ...withIdTokens(),
  },
  {
    name: 'audience-in-a-list-after-a-refresh',
    differs: 'A refresh brings an ID token whose audience is a list, where that of the grant is one text.',
    ...withIdTokens((claims) => ({ ...claims, aud: [claims.aud] })),
  },
  {
    name: 'same-refresh-token-again',
    only: 'aws-json',
    differs: 'A refresh brings the same refresh token again.',
    ...replacing(() => ({
      'rotate-refresh-token': () => undefined,
      'new-refresh-token': (attempt) => attempt.refreshToken?.value ?? usual['new-refresh-token'](attempt),
    })),
  },
  {
    name: 'every-second-refresh-rotates',
    only: 'aws-json',
    differs: 'Only every second refresh of a family replaces its refresh token.',
    ...replacing(() => {
      const refreshes = new WeakMap<Family, number>();
      const stays = (family: Family | undefined) =>
        family !== undefined && (refreshes.get(family) ?? 0) % 2 === 1;
      return {
        'rotate-refresh-token': (attempt) => {
          const family = attempt.refreshToken?.family;
          if (family) refreshes.set(family, (refreshes.get(family) ?? 0) + 1);
          if (!stays(family)) usual['rotate-refresh-token'](attempt);
        },
        'new-refresh-token': (attempt) =>
          attempt.refreshToken && stays(attempt.refreshToken.family)
            ? attempt.refreshToken.value
            : usual['new-refresh-token'](attempt),
      };
    }),
  },
  {
    name: 'families-of-a-day',
    differs: 'What descends from one authorization lives a day, however often it is refreshed.',
    ...replacing(() => {
      const begun = new WeakMap<Family, number>();
      return {
        'refresh-token-not-expired': (attempt) => {
          const { refreshToken, now } = attempt;
          if (refreshToken === undefined) return undefined;
          const begin = begun.get(refreshToken.family) ?? now;
          begun.set(refreshToken.family, begin);
          return now - begin >= day
            ? invalidGrant('refresh token')
            : usual['refresh-token-not-expired'](attempt);
        },
      };
    }),
  },
  {
    name: 'reuse-ends-all-of-a-client',
    differs: 'A code or refresh token that comes again ends every refresh token of its client.',
    ...replacing(() => {
      const endAll = ({ state, client }: Attempt) => {
        for (const token of state.refreshTokens.values())
          if (token.clientId === client?.id) token.family.revoked = true;
      };
      return {
        'revoke-tokens-of-reused-code': endAll,
        'revoke-family-of-reused-refresh-token': endAll,
      };
    }),
  },
  {
    name: 'subject-token-exchanged-once',
    differs: 'A subject token can be exchanged once.',
    ...replacing(() => {
      const spent = new WeakSet<SubjectToken>();
      return {
        'subject-token-not-expired': (attempt) =>
          attempt.subjectToken && spent.has(attempt.subjectToken)
            ? usual['subject-token-known']({ ...attempt, subjectToken: undefined })
            : usual['subject-token-not-expired'](attempt),
        'new-access-token': (attempt) => {
          if (attempt.subjectToken) spent.add(attempt.subjectToken);
          return usual['new-access-token'](attempt);
        },
      };
    }),
  },
  {
    name: 'scope-of-the-application-by-default',
    differs:
      'A refresh without a scope gets all scopes of the application, as AWS documents of every request.',
    ...replacing(() => ({
      'granted-scope': (attempt) =>
        attempt.grant === 'refresh_token' && attempt.members.scope === undefined
          ? (attempt.client?.scopes ?? [])
          : usual['granted-scope'](attempt),
    })),
  },
  {
    name: 'secrets-guarded',
    differs: 'After three wrong secrets for one code or token, whoever has a wrong one is told to slow down.',
    ...replacing(() => {
      const wrong = new Map<string, number>();
      return {
        'client-secret-right': (attempt) => {
          const refusal = usual['client-secret-right'](attempt);
          if (!refusal) return undefined;
          const { code, device_code: deviceCode, refresh_token: refreshToken } = attempt.members;
          const key = code ?? deviceCode ?? refreshToken;
          if (key === undefined) return refusal;
          wrong.set(key, (wrong.get(key) ?? 0) + 1);
          return (wrong.get(key) ?? 0) > 3 ? refusalFor('slow_down') : refusal;
        },
      };
    }),
  },
];
