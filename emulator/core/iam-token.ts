import type { Assertion } from './assertion.ts';
import type { Attempt, Members } from './attempt.ts';
import { refreshTokenType } from './checks/subject-token.ts';
import { type Refusal, refusalFor } from './refusal.ts';
import { attemptOf, firstRefusal, issue, redeem, type Service } from './service.ts';
import type { Principal, SubjectToken } from './state.ts';
import type { IamTokens, Identity } from './tokens.ts';

/**
 * An assertion is read before and an ID token is signed after the turn in which the operation happens:
 * neither changes anything, so that the operation stays atomic although both take their time.
 */
export async function grantIamTokens(
  service: Service,
  members: Members,
  principal: Principal | undefined,
): Promise<IamTokens | Refusal> {
  const assertion = await assertionOf(service, members);
  const attempt = attemptOf(service, 'iam_token', members, { principal, assertion });
  const refusal = firstRefusal(service, attempt);
  if (refusal) return refusal;
  if (!attempt.grant) return refusalFor('unsupported_grant_type');
  const { behaviours: b } = service;
  const issuedTokenType = b['issued-token-type'](attempt);
  const scope = b['granted-scope'](attempt);
  const tokens = issue(service, attempt, {
    family: redeem(service, attempt, attempt.grant),
    expiresIn: b['iam-access-token-lifetime'](),
    refreshToken: issuedTokenType === refreshTokenType,
    accessScope: scope,
    // RFC 6749 section 6: what is refreshed keeps its scope, whatever was asked for this time.
    scope: attempt.grant === 'refresh_token' ? attempt.refreshToken?.scope : scope,
  });
  const identity = b['id-token-wanted'](attempt) ? await identityOf(service, attempt) : undefined;
  return { ...tokens, issued_token_type: issuedTokenType, scope, identity };
}

async function assertionOf(
  { behaviours: b, keys }: Service,
  members: Members,
): Promise<Assertion | undefined> {
  if (b['find-iam-grant'](members) !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return undefined;
  if (members.assertion === undefined) return undefined;
  return b['read-assertion'](members.assertion, await keys.trustedIssuer());
}

async function identityOf({ behaviours: b, keys }: Service, attempt: Attempt): Promise<Identity> {
  const own = b['own-claims'](attempt);
  const claims = b['id-token-claims'](attempt, b['sign-in'](attempt), own);
  return { id_token: await b['sign-id-token'](claims, await keys.idTokens()), own };
}

export function addSubjectToken(
  { behaviours: b, state, clock }: Service,
  wanted: Pick<SubjectToken, 'clientId' | 'scope' | 'user'>,
): SubjectToken {
  const issuedAt = clock.now();
  const subjectToken: SubjectToken = {
    ...wanted,
    value: b['new-subject-token'](),
    issuedAt,
    expiresAt: issuedAt + b['subject-token-lifetime']() * 1000,
  };
  state.subjectTokens.set(subjectToken.value, subjectToken);
  return subjectToken;
}
