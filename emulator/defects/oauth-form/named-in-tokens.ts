import { coreBehaviours } from '../../core/behaviours.ts';
import type { User } from '../../core/state.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { JsonObject } from '../../wire.ts';
import { atToken, type Change, type Defect, leaving, replacingOAuth } from '../defect.ts';
import { jwtAccessTokens } from './jwt-access-tokens.ts';

const distinct = ['RFC9700-4.15-sub-distinct'] as const;
const act = ['RFC8693-4.1-act-claim'] as const;

/** What clients get for themselves names the user who signed in last: with anybody, or with that client. */
const asLastUser = (whose: (clientId: string) => string): Change =>
  replacingOAuth(() => {
    const last = new Map<string, User>();
    return {
      'sign-in': (attempt) => {
        const signIn = coreBehaviours['sign-in'](attempt);
        if (signIn.user && attempt.client) last.set(whose(attempt.client.id), signIn.user);
        return signIn;
      },
      'introspection-body': (token, issuer, user) => {
        const body = usual['introspection-body'](token, issuer, user);
        return user ? body : { ...body, sub: last.get(whose(token.clientId))?.id ?? body.sub };
      },
    };
  });

const introspecting = (change: (body: JsonObject) => JsonObject): Change =>
  replacingOAuth(() => ({
    'introspection-body': (token, issuer, user) => change(usual['introspection-body'](token, issuer, user)),
  }));

const withAct = (body: JsonObject, made: JsonObject): JsonObject =>
  body.act === undefined ? body : { ...body, act: made };

/** Tokens that name the wrong one, or nobody. */
export const namedInTokens: readonly Defect[] = [
  {
    name: 'client-named-as-last-user',
    changes: 'What a client gets for itself names as its subject the user who signed in last.',
    breaks: distinct,
    at: atToken,
    ...asLastUser(() => 'any'),
  },
  {
    name: 'client-named-as-its-last-user',
    changes:
      'What a client gets for itself names as its subject the user who signed in last with that client.',
    breaks: distinct,
    at: atToken,
    ...asLastUser((clientId) => clientId),
  },
  {
    name: 'client-named-as-a-user-in-jwt',
    changes:
      'The JWT that a client gets for itself has a user as its subject; introspection names the client.',
    breaks: distinct,
    at: atToken,
    ...jwtAccessTokens((claims, { grant, state }) => {
      const [user] = state.users.values();
      return grant === 'client_credentials' && user ? { ...claims, sub: user.id } : claims;
    }),
  },
  {
    name: 'actor-left-out',
    changes: 'A token for an actor does not say who acts.',
    breaks: act,
    at: atToken,
    ...introspecting((body) => leaving(body, 'act')),
  },
  {
    name: 'actor-without-a-name',
    changes: 'The act claim of a token is an empty object.',
    breaks: act,
    at: atToken,
    ...introspecting((body) => withAct(body, {})),
  },
  {
    name: 'subject-as-its-own-actor',
    changes: 'The act claim of a token names its subject.',
    breaks: act,
    at: atToken,
    ...introspecting((body) => withAct(body, { sub: body.sub })),
  },
  {
    name: 'actor-left-out-of-jwt',
    changes: 'The JWT that is issued for an actor has no act claim; introspection has one.',
    breaks: act,
    at: atToken,
    ...jwtAccessTokens((claims) => leaving(claims, 'act')),
  },
  {
    name: 'actor-as-subject',
    changes: 'A token for an actor names the actor as its subject as well.',
    breaks: act,
    at: atToken,
    ...introspecting((body) =>
      body.act === undefined ? body : { ...body, sub: (body.act as JsonObject).sub },
    ),
  },
];
