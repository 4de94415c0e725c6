import type { Attempt } from '../../core/attempt.ts';
import type { AccessToken, Family } from '../../core/state.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { OAuthBehaviours } from '../../fronts/oauth-form/service.ts';
import type { Token } from '../../fronts/oauth-form/token-decisions.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { givingAgain } from './given-again.ts';

const reuse = 'RFC6749-4.1.2-code-reuse-revokes-access-tokens';
const honoured = 'RFC6749-5.1-expires_in-honoured';
const left = 'RFC6749-5.1-expires_in-left';

const minutes = 60_000;

type Place = Parameters<OAuthBehaviours['token-alive']>[2];

const isAccessToken = (token: Token): token is AccessToken => !('rotated' in token);

/** Access tokens that are taken for alive where they are not. */
const alive = (wrongly: (token: AccessToken, now: number, at: Place) => boolean): Change =>
  replacingOAuth(() => ({
    'token-alive': (token, now, at) =>
      usual['token-alive'](token, now, at) || (isAccessToken(token) && wrongly(token, now, at)),
  }));

/** Access tokens that requests such as these have brought, and that never end. */
const endlessOf = (such: (attempt: Attempt) => boolean): Change =>
  replacingOAuth(() => {
    const endless = new Set<string>();
    return {
      'new-access-token': (attempt) => {
        const value = usual['new-access-token'](attempt);
        if (such(attempt)) endless.add(value);
        return value;
      },
      'token-alive': (token, now, at) =>
        endless.has(token.value) ? !token.family.revoked : usual['token-alive'](token, now, at),
    };
  });

/** What was seen alive somewhere is taken for alive there for some minutes. */
const keptAt = (place: Place): Change =>
  replacingOAuth(() => {
    const seen = new Map<string, number>();
    return {
      'token-alive': (token, now, at) => {
        if (at !== place) return usual['token-alive'](token, now, at);
        const until = seen.get(token.value) ?? 0;
        if (now < until) return true;
        const isAlive = usual['token-alive'](token, now, at);
        if (isAlive) seen.set(token.value, now + 5 * minutes);
        return isAlive;
      },
    };
  });

/** What a code that came again ends of its family, besides the refresh tokens. */
const ending = (some: (tokens: readonly AccessToken[]) => readonly AccessToken[]): Change =>
  replacingOAuth(() => ({
    'revoke-tokens-of-reused-code': ({ code, state, now }) => {
      const isOfFamily = ({ family }: { readonly family: Family }) => family === code?.family;
      for (const token of [...state.refreshTokens.values()].filter(isOfFamily)) token.expiresAt = now;
      for (const token of some([...state.accessTokens.values()].filter(isOfFamily))) token.expiresAt = now;
    },
  }));

/** Access tokens that are accepted when they are not any more, or that are said to live longer than they do. */
export const livingTokens: readonly Defect[] = [
  {
    name: 'reused-code-leaves-access-tokens',
    changes: 'A code that comes again ends the refresh tokens of its family, and no access token.',
    breaks: [reuse],
    at: atToken,
    ...ending(() => []),
  },
  {
    name: 'reused-code-ends-first-access-token',
    changes:
      'A code that comes again ends the access token that it has brought, and none that a refresh has.',
    breaks: [reuse],
    at: atToken,
    ...ending((tokens) => tokens.slice(0, 1)),
  },
  {
    name: 'reused-code-ends-newest-access-token',
    changes: 'A code that comes again ends the newest access token of its family, unless that is the first.',
    breaks: [reuse],
    at: atToken,
    ...ending((tokens) => tokens.slice(1).slice(-1)),
  },
  {
    name: 'introspection-knows-no-reuse',
    changes: 'The introspection endpoint does not hear that the family of a token was revoked.',
    breaks: [reuse],
    at: atToken,
    ...alive(({ expiresAt }, now, at) => at === 'introspection' && now < expiresAt),
  },
  {
    name: 'userinfo-knows-no-reuse',
    changes: 'The UserInfo endpoint asks of an access token nothing but whether its time is over.',
    breaks: [reuse],
    at: atToken,
    ...alive(({ expiresAt }, now, at) => at === 'userinfo' && now < expiresAt),
  },
  {
    name: 'introspection-from-a-cache',
    changes: 'The introspection endpoint answers from a cache for five minutes.',
    breaks: [reuse],
    at: atToken,
    ...keptAt('introspection'),
  },
  {
    name: 'userinfo-from-a-cache',
    changes: 'The UserInfo endpoint takes a token that it has seen for valid for five minutes.',
    breaks: [reuse],
    at: atToken,
    ...keptAt('userinfo'),
  },
  {
    name: 'access-tokens-never-end',
    changes: 'An access token is accepted for ever, whatever expires_in said.',
    breaks: [honoured],
    at: atToken,
    ...alive(({ family }) => !family.revoked),
  },
  {
    name: 'expired-tokens-active',
    changes: 'The introspection endpoint says of an expired access token that it is active.',
    breaks: [honoured],
    at: atToken,
    ...alive(({ family }, _, at) => at === 'introspection' && !family.revoked),
  },
  {
    name: 'userinfo-for-expired-tokens',
    changes: 'The UserInfo endpoint accepts an access token whose time is over.',
    breaks: [honoured],
    at: atToken,
    ...alive(({ family }, _, at) => at === 'userinfo' && !family.revoked),
  },
  {
    name: 'access-token-lives-twice-as-long',
    changes: 'An access token lives twice as long as expires_in says.',
    breaks: [honoured],
    at: atToken,
    ...alive(({ family, issuedAt, expiresAt }, now) => !family.revoked && now < 2 * expiresAt - issuedAt),
  },
  {
    name: 'refreshed-access-token-never-ends',
    changes: 'The access token of a refresh is accepted for ever.',
    breaks: [honoured],
    at: atToken,
    ...endlessOf(({ grant }) => grant === 'refresh_token'),
  },
  {
    name: 'access-token-of-a-client-never-ends',
    changes: 'The access token that a client gets for itself is accepted for ever.',
    breaks: [honoured],
    at: atToken,
    ...endlessOf(({ grant }) => grant === 'client_credentials'),
  },
  {
    name: 'access-token-prolonged-by-use',
    changes: 'Each use of an access token lets it live as long again as expires_in said.',
    breaks: [honoured],
    at: atToken,
    ...replacingOAuth(() => ({
      'token-alive': (token, now, at) => {
        const isAlive = usual['token-alive'](token, now, at);
        if (isAlive && isAccessToken(token)) token.expiresAt = Math.max(token.expiresAt, now + 60 * minutes);
        return isAlive;
      },
    })),
  },
  {
    name: 'whole-lifetime-told-again',
    changes: 'An access token that is given again is said to live as long as a new one.',
    breaks: [left],
    at: atToken,
    ...givingAgain(() => true, { told: (_, whole) => whole }),
  },
  {
    name: 'whole-lifetime-told-after-a-refresh',
    changes: 'An access token that a refresh brings again is said to live as long as a new one.',
    breaks: [left],
    at: atToken,
    ...givingAgain(({ grant }) => grant !== 'client_credentials', { told: (_, whole) => whole }),
  },
  {
    name: 'lifetime-told-again-in-hours',
    changes: 'Of an access token that is given again the rest of its life is rounded up to whole hours.',
    breaks: [left],
    at: atToken,
    ...givingAgain(() => true, { told: (rest) => Math.ceil(rest / 3_600) * 3_600 }),
  },
];
