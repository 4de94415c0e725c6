import type { Need } from '../../harness/case.ts';
import { documented, type Expectation, refused, rejected } from '../../harness/expectation.ts';
import type { Observation } from '../../harness/probe.ts';
import { notOffered } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import type { Given } from './given.ts';
import { type GrantAt, openIdCode } from './grant.ts';

type Helper = 'introspection' | 'revocation' | 'userinfo';

/** Whether the target names the endpoint of a helper. */
export const isNamed = (helper: Helper, { target: { endpoint, limits } }: World): boolean =>
  typeof endpoint === 'object' &&
  endpoint[helper] !== undefined &&
  limits.every(({ operation }) => operation !== helper);

/** A case that needs a helper does not apply where none is named. */
export function mustHave(helper: Helper, world: World): void {
  if (!isNamed(helper, world)) throw notOffered('endpoint');
}

const introspecting = (by: Client, token: string): Call => ({
  operation: 'introspection',
  by,
  members: { token },
});

/** The request that ends a token (RFC 7009 §2.1). */
export const revoking = (by: Client, token: string, hint?: 'access_token' | 'refresh_token'): Call => ({
  operation: 'revocation',
  by,
  members: { token, ...(hint && { token_type_hint: hint }) },
});

/** Where an access token can be shown, so that it is seen whether it is accepted. */
export interface Mirror {
  readonly helper: 'introspection' | 'userinfo';
  /** In words, behind a title. */
  readonly title: string;
  readonly needs: readonly Need[];
  /** A code that brings a token of that kind. */
  readonly code: (at: GrantAt) => Given;
  readonly showing: (client: Client, token: string) => Call;
  /** What is answered to a token that is not accepted any more. */
  readonly dead: Expectation;
}

export const atIntrospection: Mirror = {
  helper: 'introspection',
  title: 'introspected',
  needs: [],
  code: ({ given }) => given,
  showing: introspecting,
  dead: rejected('inactive'),
};

/** It takes a token of OpenID Connect: any other is refused for its scope. */
export const atUserInfo: Mirror = {
  helper: 'userinfo',
  title: 'shown at the UserInfo endpoint',
  needs: ['feature:openid'],
  code: openIdCode,
  showing: (_, token) => ({
    operation: 'userinfo',
    members: {},
    raw: { headers: { Authorization: `Bearer ${token}` } },
  }),
  dead: refused('not accepted any more'),
};

export const mirrors: readonly Mirror[] = [atIntrospection, atUserInfo];

/** What cases have in common that show tokens to a helper. */
export const byHelper = { mayLack: ['endpoint'] } as const;

/**
 * Shows an access token that was just issued. Who is refused here though it is alive, since a helper is for other clients
 * or for other tokens, learns nothing from it: then the case does not apply.
 */
export async function look(mirror: Mirror, world: World, client: Client, token: string): Promise<Sent> {
  mustHave(mirror.helper, world);
  const sent = await world.send('look', mirror.showing(client, token));
  if (sent.reply.outcome !== 'granted') throw notOffered('look');
  return sent;
}

/** Seconds that a server may take until each of its parts knows what happened (RFC 7009 §2.1). */
export const propagation = 10;

/** Introspects what an answer has brought, where that can be. */
export async function lookAt(
  world: World,
  owner: Client,
  { reply }: Sent,
  step = 'look',
): Promise<Sent | undefined> {
  const { access_token: token } = reply.members;
  if (reply.outcome !== 'granted' || typeof token !== 'string' || !isNamed('introspection', world))
    return undefined;
  return world.send(step, introspecting(owner, token));
}

/** Whether a token can be looked at so: what is said of it is judged where it is told. */
export const looking: Expectation = {
  kind: 'rejected',
  accept: ['inactive', 'invalid_client', 'invalid_request', 'unauthorized_client', 'invalid_token'].map(
    (error) => documented(error, 'RFC 7662 §2.2, §2.3: a server need not tell this client'),
  ),
  orGranted: 'the token can be introspected',
};

type Told = Readonly<Record<string, unknown>>;

interface Answered {
  readonly reply: Pick<Observation['reply'], 'outcome' | 'members'>;
}

/** What is known of an access token that is a JWT. */
export const tokenClaims = ({ exchange }: Pick<Observation, 'exchange'>): Told | undefined =>
  exchange.jwts?.find(({ member }) => member === 'access_token')?.claims;

/** What is told of access tokens besides the answers that bring them: by introspection, and in their own claims. */
export const toldOf = (
  brought: readonly Pick<Observation, 'exchange'>[],
  looks: readonly Answered[],
): readonly Told[] => [
  ...looks.filter(({ reply }) => reply.outcome === 'granted').map(({ reply }) => reply.members),
  ...brought.map(tokenClaims).filter((claims) => claims !== undefined),
];
