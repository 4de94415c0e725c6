import type { GrantType, Members } from './attempt.ts';
import type { AuthorizationCode, Client, DeviceAuthorization, RefreshToken, State } from './state.ts';

/** Which remembered thing a request names. */
export const lookup = {
  'find-grant': ({ grantType }: Members): GrantType | undefined =>
    grantTypes.find((known) => known === grantType),

  'find-client': ({ clients }: State, { clientId }: Members): Client | undefined =>
    clients.get(clientId ?? ''),

  'find-code': ({ codes }: State, { code }: Members): AuthorizationCode | undefined => codes.get(code ?? ''),

  'find-device': ({ devices }: State, { deviceCode }: Members): DeviceAuthorization | undefined =>
    devices.get(deviceCode ?? ''),

  'find-refresh-token': ({ refreshTokens }: State, { refreshToken }: Members): RefreshToken | undefined =>
    refreshTokens.get(refreshToken ?? ''),
};

const grantTypes: readonly GrantType[] = [
  'authorization_code',
  'refresh_token',
  'urn:ietf:params:oauth:grant-type:device_code',
];
