import { seconds } from '../../clock.ts';
import type { AccessToken, Client, RefreshToken, State, User } from '../../core/state.ts';
import type { JsonObject } from '../../wire.ts';

export type Token = AccessToken | RefreshToken;

/** What is done with tokens once they are there. */
export const tokenDecisions = {
  /** RFC 7009 section 2.1: the hint is nothing but a hint. */
  'find-token': (
    { accessTokens, refreshTokens }: State,
    value: string,
    _hint: string | undefined,
  ): Token | undefined => accessTokens.get(value) ?? refreshTokens.get(value),

  'token-alive': (token: Token, now: number, _at: 'introspection' | 'userinfo'): boolean =>
    !token.family.revoked && now < token.expiresAt && !('rotated' in token && token.rotated),

  /** RFC 7662 section 2.2. */
  'introspection-body': (token: Token, issuer: string, user: UserFacts | undefined): JsonObject => ({
    active: true,
    iss: issuer,
    client_id: token.clientId,
    // RFC 9700 section 4.15: no user has such a subject.
    sub: user?.id ?? token.clientId,
    username: user?.name,
    scope: token.scope?.length ? token.scope.join(' ') : undefined,
    aud: 'audience' in token ? token.audience : undefined,
    token_type: 'rotated' in token ? undefined : 'Bearer',
    iat: 'issuedAt' in token ? seconds(token.issuedAt) : undefined,
    exp: seconds(token.expiresAt),
    act: token.family.actor === undefined ? undefined : { sub: token.family.actor },
  }),

  /** RFC 7009 section 2.1: with a refresh token goes what descends from the same authorization. */
  'revoke-token': (token: Token, now: number): void => {
    if ('rotated' in token) token.family.revoked = true;
    else token.expiresAt = Math.min(token.expiresAt, now);
  },

  /** RFC 7592 section 2.3: with the client goes what was granted to it. */
  'forget-client': ({ clients, accessTokens, refreshTokens }: State, { id }: Client): void => {
    clients.delete(id);
    for (const token of [...accessTokens.values(), ...refreshTokens.values()])
      if (token.clientId === id) token.family.revoked = true;
  },

  /** OpenID Connect Core section 5.4. */
  'userinfo-body': ({ id, name }: UserFacts, scope: readonly string[]): JsonObject => ({
    sub: id,
    ...(scope.includes('profile') && { name, preferred_username: name }),
    ...(scope.includes('email') && {
      email: name.includes('@') ? name : `${name}@example.com`,
      email_verified: true,
    }),
  }),
};

export interface UserFacts extends User {
  readonly name: string;
}
