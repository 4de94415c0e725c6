import { createHmac } from 'node:crypto';
import { seconds } from '../../clock.ts';
import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours } from '../../core/behaviours.ts';
import { ofOAuth } from '../../fronts/oauth-form/attempt.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { randomBytes } from '../../random.ts';
import type { JsonObject } from '../../wire.ts';
import { type Change, replacingOAuth } from '../defect.ts';

const encoded = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The claims of a right one (RFC 9068 section 2.2, RFC 8693 section 4.1). */
function claimsOf(attempt: Attempt): JsonObject {
  const { client, now, grant, members, issuer, actorToken } = ofOAuth(attempt);
  const isForItself = grant === 'client_credentials';
  const user = isForItself ? undefined : coreBehaviours['sign-in'](attempt).user;
  const actor = actorToken && (actorToken.family.signIn?.user?.id ?? actorToken.clientId);
  return {
    iss: issuer,
    sub: user?.id ?? client?.id,
    aud: members.audience ?? issuer,
    client_id: client?.id,
    iat: seconds(now),
    exp: seconds(now) + usual['access-token-lifetime'](client),
    jti: randomBytes(18).toString('base64url'),
    scope: usual['granted-scope'](attempt).join(' ') || undefined,
    act: actor === undefined ? undefined : { sub: actor },
  };
}

/** Access tokens that are JWTs, for resource servers that share a key with this one. */
export function jwtAccessTokens(
  change: (claims: JsonObject, attempt: Attempt) => JsonObject = (same) => same,
): Change {
  return replacingOAuth(() => {
    const key = randomBytes(32);
    return {
      'new-access-token': (attempt) => {
        const signed = `${encoded({ typ: 'at+jwt', alg: 'HS256' })}.${encoded(change(claimsOf(attempt), attempt))}`;
        return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
      },
    };
  });
}
