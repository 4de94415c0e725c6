import type { Assertion } from './assertion.ts';
import type { GrantType, Members } from './attempt.ts';
import type {
  AccessToken,
  Application,
  AuthorizationCode,
  DeviceAuthorization,
  RefreshToken,
  RegisteredClient,
  State,
  SubjectToken,
  User,
} from './state.ts';

/** Which remembered thing a request names. */
export const lookup = {
  'find-grant': (
    { grant_type: grantType }: Members,
    grantTypes: readonly GrantType[],
  ): GrantType | undefined => grantTypes.find((known) => known === grantType),

  'find-iam-grant': ({ grant_type: grantType }: Members): GrantType | undefined =>
    iamGrantTypes.find((known) => known === grantType),

  'find-client': ({ clients }: State, { client_id: clientId }: Members): RegisteredClient | undefined =>
    clients.get(clientId ?? ''),

  'find-application': ({ applications }: State, { client_id: clientId }: Members): Application | undefined =>
    applications.get(clientId ?? ''),

  'find-code': ({ codes }: State, { code }: Members): AuthorizationCode | undefined => codes.get(code ?? ''),

  'find-device': (
    { devices }: State,
    { device_code: deviceCode }: Members,
  ): DeviceAuthorization | undefined => devices.get(deviceCode ?? ''),

  'find-refresh-token': (
    { refreshTokens }: State,
    { refresh_token: refreshToken }: Members,
  ): RefreshToken | undefined => refreshTokens.get(refreshToken ?? ''),

  'find-subject-token': (
    { subjectTokens, accessTokens }: State,
    { subject_token: subjectToken }: Members,
  ): SubjectToken | undefined =>
    subjectTokens.get(subjectToken ?? '') ?? exchangeable(accessTokens.get(subjectToken ?? '')),

  /** The trusted token issuer maps its `sub` to a user. */
  'find-asserted-user': ({ users }: State, { claims }: Assertion): User | undefined =>
    typeof claims.sub === 'string' ? users.get(claims.sub) : undefined,
};

/** An access token of a user can be exchanged by the client that has it, where the front remembers who signed in. */
function exchangeable(token: AccessToken | undefined): SubjectToken | undefined {
  const user = token?.family.signIn?.user;
  return token && user && !token.family.revoked ? { ...token, user } : undefined;
}

export const iamGrantTypes: readonly GrantType[] = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
  'urn:ietf:params:oauth:grant-type:token-exchange',
];
