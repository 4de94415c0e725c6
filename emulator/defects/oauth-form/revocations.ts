import { coreBehaviours } from '../../core/behaviours.ts';
import type { Family, State } from '../../core/state.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import type { Token } from '../../fronts/oauth-form/token-decisions.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';

const breaks = ['RFC7009-2.1-revoked-rt-unusable'] as const;

const hour = 3_600_000;

/** Another end of a token, given what the server knows. */
function revoking(end: (token: Token, now: number, state: State) => void): Change {
  return replacingOAuth(() => {
    let known: State | undefined;
    return {
      'find-token': (state, value, hint) => {
        known = state;
        return usual['find-token'](state, value, hint);
      },
      'revoke-token': (token, now) => {
        if (known !== undefined) end(token, now, known);
      },
    };
  });
}

const isRefresh = (token: Token) => 'rotated' in token;

function endAccessTokens({ family }: Token, now: number, { accessTokens }: State): void {
  for (const token of accessTokens.values())
    if (token.family === family) token.expiresAt = Math.min(token.expiresAt, now);
}

/** Whether no refresh brought a token: its family has no other. */
const isFirst = ({ family, value }: Token, { refreshTokens }: State) =>
  [...refreshTokens.values()].find((one) => one.family === family)?.value === value;

/** Refresh tokens that are revoked and go on. */
export const revocations: readonly Defect[] = [
  {
    name: 'revocation-without-effect',
    changes: 'The revocation endpoint answers rightly and ends nothing.',
    breaks,
    at: atToken,
    ...revoking(() => undefined),
  },
  {
    name: 'revocation-ends-access-tokens-alone',
    changes: 'To revoke a refresh token ends the access tokens of its family, and not the token itself.',
    breaks,
    at: atToken,
    ...revoking((token, now, state) => {
      if (isRefresh(token)) endAccessTokens(token, now, state);
      else usual['revoke-token'](token, now);
    }),
  },
  {
    name: 'revocation-of-first-tokens-alone',
    changes: 'A refresh token can be revoked when a grant has brought it, and not when a refresh has.',
    breaks,
    at: atToken,
    ...revoking((token, now, state) => {
      if (!isRefresh(token) || isFirst(token, state)) usual['revoke-token'](token, now);
    }),
  },
  {
    name: 'revocation-of-refreshed-tokens-alone',
    changes: 'A refresh token that was never used cannot be revoked.',
    breaks,
    at: atToken,
    ...revoking((token, now, state) => {
      if (!isRefresh(token) || !isFirst(token, state)) usual['revoke-token'](token, now);
    }),
  },
  {
    name: 'revocation-keeps-to-its-hint',
    changes: 'A token that the hint is wrong about is not found, so it is not revoked.',
    breaks,
    at: atToken,
    ...finding((state, value, hint) => {
      if (hint === 'access_token') return state.accessTokens.get(value);
      return usual['find-token'](state, value, hint);
    }),
  },
  {
    name: 'revocation-needs-a-hint',
    changes: 'Without a hint the revocation endpoint looks among access tokens alone.',
    breaks,
    at: atToken,
    ...replacingOAuth(() => ({
      'find-token': ({ accessTokens, refreshTokens }, value, hint) =>
        accessTokens.get(value) ?? (hint === undefined ? undefined : refreshTokens.get(value)),
    })),
  },
  {
    name: 'revocation-taken-back-by-the-next',
    changes: 'To revoke a refresh token once more makes it good again.',
    breaks,
    at: atToken,
    ...revoking((token, now) => {
      if (isRefresh(token)) token.family.revoked = !token.family.revoked;
      else usual['revoke-token'](token, now);
    }),
  },
  {
    name: 'revocation-forgotten-after-an-hour',
    changes: 'A refresh token that was revoked works again after an hour.',
    breaks,
    at: atToken,
    ...replacingOAuth(() => {
      const ended = new Map<Family, number>();
      return {
        'revoke-token': (token, now) => {
          ended.set(token.family, now);
          usual['revoke-token'](token, now);
        },
        'refresh-token-not-revoked': (attempt) => {
          const at = attempt.refreshToken && ended.get(attempt.refreshToken.family);
          const isForgotten = at !== undefined && attempt.now >= at + hour;
          return isForgotten ? undefined : coreBehaviours['refresh-token-not-revoked'](attempt);
        },
      };
    }),
  },
  {
    name: 'revocation-for-clients-with-secrets',
    changes: 'What a public client revokes goes on.',
    breaks,
    at: atToken,
    ...revoking((token, now, { clients }) => {
      if (clients.get(token.clientId)?.secret !== '') usual['revoke-token'](token, now);
    }),
  },
  {
    name: 'revocation-known-to-introspection-alone',
    changes: 'The introspection endpoint hears of a revocation, and the token endpoint does not.',
    breaks,
    at: atToken,
    ...replacingOAuth(() => {
      const ended = new Set<Family>();
      return {
        'revoke-token': (token, now) => {
          if (isRefresh(token)) ended.add(token.family);
          else usual['revoke-token'](token, now);
        },
        'token-alive': (token, now, at) => !ended.has(token.family) && usual['token-alive'](token, now, at),
      };
    }),
  },
];

function finding(find: OAuthBehaviours['find-token']): Change {
  return replacingOAuth(() => ({ 'find-token': find }));
}
