import { accessTokenType, idTokenType, refreshTokenType } from '../../core/checks/subject-token.ts';
import { isRefusal, type Refusal, refusalFor } from '../../core/refusal.ts';
import { firstRefusal, issue, redeem } from '../../core/service.ts';
import type { Family, SignIn } from '../../core/state.ts';
import type { WireRequest, WireResponse } from '../../wire.ts';
import type { Granted } from './answers.ts';
import type { OAuthAttempt } from './attempt.ts';
import { attemptFor, refused, respond } from './call.ts';
import type { OAuthService } from './service.ts';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The token endpoint. */
export async function answerToken(service: OAuthService, request: WireRequest): Promise<WireResponse> {
  const attempt = await attemptFor(service, 'token', 'token', request);
  if (isRefusal(attempt)) return refused(service, attempt);
  const granted = await grant(service, attempt);
  if (isRefusal(granted)) return refused(service, granted);
  return respond(service, 200, service.behaviours['token-body'](granted));
}

/**
 * Assertions are read before and ID tokens are signed after the turn in which the operation happens: neither changes
 * anything, so that the operation stays atomic although both take their time.
 */
async function grant(service: OAuthService, attempt: OAuthAttempt): Promise<Granted | Refusal> {
  const refusal = firstRefusal(service, attempt);
  if (refusal) return refusal;
  if (!attempt.grant) return refusalFor('unsupported_grant_type');
  const { behaviours: b } = service;
  const scope = b['granted-scope'](attempt);
  const signIn = b['sign-in'](attempt);
  const family = familyOf(redeem(service, attempt, attempt.grant), attempt, signIn);
  const issuedTokenType = attempt.grant === tokenExchange ? b['issued-token-type'](attempt) : undefined;
  const tokens = issue(service, attempt, {
    family,
    expiresIn: b['access-token-lifetime'](attempt.client),
    refreshToken: b['refresh-token-wanted'](attempt) || issuedTokenType === refreshTokenType,
    // RFC 6749 section 6: what is refreshed keeps its scope, whatever was asked for this time.
    scope: attempt.grant === 'refresh_token' ? attempt.refreshToken?.scope : scope,
    accessScope: scope,
    audience: b['granted-audience'](attempt),
  });
  const id_token = b['id-token-granted'](attempt, scope)
    ? await idToken(service, attempt, signIn, tokens.access_token)
    : undefined;
  const granted = { ...tokens, scope, id_token, issued_token_type: issuedTokenType, token_type: 'Bearer' };
  if (issuedTokenType === undefined || issuedTokenType === accessTokenType) return granted;
  return exchanged(granted, issuedTokenType, b['refresh-token-lifetime']());
}

/** Later tokens of the family tell of the same sign-in. Nobody signed in where a client asks for itself. */
function familyOf(family: Family, { grant, actorToken }: OAuthAttempt, signIn: SignIn): Family {
  if (grant !== 'client_credentials') family.signIn ??= signIn;
  if (grant === tokenExchange && actorToken)
    family.actor ??= actorToken.family.signIn?.user?.id ?? actorToken.clientId;
  return family;
}

async function idToken(
  { behaviours: b, keys }: OAuthService,
  attempt: OAuthAttempt,
  signIn: SignIn,
  accessToken: string,
): Promise<string> {
  const claims = b['id-token-claims'](attempt, signIn, b['own-claims'](attempt));
  // Whoever exchanges for an ID token gets no access token beside it.
  const at_hash = attempt.grant === tokenExchange ? undefined : b['access-token-hash'](accessToken);
  const told = { ...claims, acr: signIn.acr, at_hash };
  return b['sign-id-token'](told, await keys.idTokens());
}

/** RFC 8693 section 2.2.1: whatever was asked for comes as `access_token`, and its type says what it is good for. */
function exchanged(granted: Granted, issuedTokenType: string, refreshTokenLifetime: number): Granted {
  const isIdToken = issuedTokenType === idTokenType;
  return {
    ...granted,
    access_token: (isIdToken ? granted.id_token : granted.refresh_token) ?? granted.access_token,
    expires_in: isIdToken ? granted.expires_in : refreshTokenLifetime,
    token_type: 'N_A',
    refresh_token: undefined,
    id_token: undefined,
  };
}
