import type { Attempt } from '../../../emulator/core/attempt.ts';
import { refusalFor } from '../../../emulator/core/refusal.ts';
import type { Family } from '../../../emulator/core/state.ts';
import { replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { OAuthClient } from '../../../emulator/fronts/oauth-form/state.ts';
import type { Variant } from '../variant.ts';
import { bodyOf } from './kit.ts';

const isConfidential = (attempt: Attempt): boolean =>
  (attempt.client as OAuthClient | undefined)?.method !== 'none';

/** The moment when a token was replaced, by the token; undefined while it was not. */
function replacements(): {
  readonly note: (attempt: Attempt) => void;
  readonly since: (attempt: Attempt) => number | undefined;
} {
  const at = new WeakMap<object, number>();
  return {
    note: ({ refreshToken, now }) => {
      if (refreshToken && !at.has(refreshToken)) at.set(refreshToken, now);
    },
    since: ({ refreshToken, now }) => {
      const moment = refreshToken && at.get(refreshToken);
      return moment === undefined ? undefined : now - moment;
    },
  };
}

/** What may be done with refresh tokens, beyond what both dialects share. */
export const refreshVariants: readonly Variant[] = [
  {
    name: 'confidential-clients-keep-theirs',
    differs:
      'The refresh token of a confidential client stays and is not told again; public ones get new ones.',
    ...together([
      replacingOAuth(() => ({
        'rotate-refresh-token': (attempt) => {
          if (!isConfidential(attempt)) usual['rotate-refresh-token'](attempt);
        },
        'refresh-token-wanted': (attempt) =>
          attempt.grant === 'refresh_token'
            ? !isConfidential(attempt)
            : usual['refresh-token-wanted'](attempt),
      })),
    ]),
  },
  {
    name: 'confidential-clients-get-the-same',
    differs: 'A refresh of a confidential client brings the refresh token that it has.',
    ...replacingOAuth(() => ({
      'rotate-refresh-token': (attempt) => {
        if (!isConfidential(attempt)) usual['rotate-refresh-token'](attempt);
      },
      'new-refresh-token': (attempt) =>
        (attempt.grant === 'refresh_token' && isConfidential(attempt) && attempt.refreshToken?.value) ||
        usual['new-refresh-token'](attempt),
    })),
  },
  {
    name: 'grace-of-half-a-minute',
    differs: 'A replaced refresh token works for half a minute more, and brings a new one each time.',
    ...replacingOAuth(() => {
      const replaced = replacements();
      return {
        'rotate-refresh-token': (attempt) => {
          replaced.note(attempt);
          usual['rotate-refresh-token'](attempt);
        },
        'refresh-token-not-rotated': (attempt) =>
          (replaced.since(attempt) ?? Number.POSITIVE_INFINITY) < 30_000
            ? undefined
            : usual['refresh-token-not-rotated'](attempt),
      };
    }),
  },
  {
    name: 'same-answer-for-half-a-minute',
    differs: 'A replaced refresh token brings the answer that it brought, for half a minute.',
    oauth: {
      middleware: () => {
        const answers = new Map<string, { readonly body: string; readonly until: number }>();
        return async (request, endpoint) => {
          const form = new URLSearchParams(Buffer.from(request.body ?? []).toString());
          if (form.get('grant_type') !== 'refresh_token' || request.method !== 'POST')
            return endpoint(request);
          const key = JSON.stringify([request.headers.get('authorization'), [...form].sort()]);
          const response = await endpoint(request);
          const now = Date.parse(response.headers.find(([name]) => name === 'Date')?.[1] ?? '');
          const kept = answers.get(key);
          if (response.status === 200 && bodyOf(response)) {
            answers.set(key, { body: String(response.body), until: now + 30_000 });
            return response;
          }
          return kept &&
            now < kept.until &&
            bodyOf(response)?.error_description === 'Invalid refresh token provided'
            ? { ...response, status: 200, body: kept.body }
            : response;
        };
      },
      behaviours: () => {
        const replaced = replacements();
        return {
          'rotate-refresh-token': (attempt) => {
            replaced.note(attempt);
            usual['rotate-refresh-token'](attempt);
          },
          'refresh-token-not-rotated': (attempt) =>
            usual['refresh-token-not-expired'](attempt)
              ? refusalFor('invalid_grant')
              : usual['refresh-token-not-rotated'](attempt),
          // Whoever lost the answer is no thief.
          'revoke-family-of-reused-refresh-token': (attempt) => {
            if ((replaced.since(attempt) ?? 0) >= 30_000)
              usual['revoke-family-of-reused-refresh-token'](attempt);
          },
        };
      },
    },
  },
  {
    name: 'replaced-when-old',
    differs: 'That of a confidential client is replaced when half of its life is over, and stays until then.',
    ...replacingOAuth(() => {
      const isYoung = (attempt: Attempt) =>
        isConfidential(attempt) &&
        attempt.refreshToken !== undefined &&
        attempt.refreshToken.expiresAt - attempt.now > (usual['refresh-token-lifetime']() * 1000) / 2;
      return {
        'rotate-refresh-token': (attempt) => {
          if (!isYoung(attempt)) usual['rotate-refresh-token'](attempt);
        },
        'new-refresh-token': (attempt) =>
          (attempt.grant === 'refresh_token' && isYoung(attempt) && attempt.refreshToken?.value) ||
          usual['new-refresh-token'](attempt),
      };
    }),
  },
  {
    name: 'reuse-ends-nothing-else',
    // RFC 9700 section 4.14.2 wants more, of which this front is warned.
    differs: 'A replaced refresh token is refused, and nothing else follows.',
    ...replacingOAuth(() => ({ 'revoke-family-of-reused-refresh-token': () => undefined })),
  },
  {
    name: 'replaced-by-any-try-of-its-family',
    differs: 'A refresh token that another client brings ends its family.',
    ...replacingOAuth(() => ({
      'refresh-token-bound-to-client': (attempt) => {
        const refusal = usual['refresh-token-bound-to-client'](attempt);
        if (refusal && attempt.refreshToken) attempt.refreshToken.family.revoked = true;
        return refusal;
      },
    })),
  },
  {
    name: 'one-family-for-each-client-and-user',
    differs: 'A new sign-in of a user at a client ends the refresh tokens of the one before.',
    ...replacingOAuth(() => {
      const newest = new Map<string, Family>();
      return {
        'redeem-code': (attempt) => {
          usual['redeem-code'](attempt);
          const { code, client } = attempt;
          if (!code) return;
          const key = `${client?.id} ${code.user.id}`;
          const before = newest.get(key);
          if (before) before.revoked = true;
          newest.set(key, code.family);
        },
      };
    }),
  },
];
