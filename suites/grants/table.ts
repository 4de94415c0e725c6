import { refused, rejected } from '../../harness/expectation.ts';
import { iamGrants } from '../aws/grants.ts';
import { invalidGrant, invalidGrantOrTooFast } from '../kit/evidence.ts';
import {
  anyRefreshToken,
  approvedDevice,
  codeClient,
  deviceClient,
  deviceCodeGrant,
  freshCode,
  freshRefreshToken,
  polling,
  redeeming,
  refreshClient,
  refreshing,
  refreshTokenFor,
} from '../kit/given.ts';
import type { GrantAt } from '../kit/grant.ts';

/** How the operation that knows clients by a secret asks for one. */
export interface ByClient {
  /** Which rule says that the client authenticates itself here. */
  readonly authentication: string;
  readonly identification: string;
}

/** A grant of that operation. */
export interface GrantType extends GrantAt, ByClient {}

const token = {
  operation: 'token',
  who: 'client',
  required: 'AWS-CreateToken-required-members',
  unknownGrant: 'RFC6749-5.2-unsupported_grant_type',
  unknownClient: {
    requirement: 'RFC6749-5.2-invalid_client-unknown-client',
    expect: rejected('invalid_client'),
  },
} as const;

export const codeGrant: GrantType = {
  ...token,
  folder: 'authorization-code',
  grant: 'authorization_code',
  kind: 'code',
  needs: ['authorization-code'],
  artefact: 'code',
  expirable: 'code',
  client: codeClient,
  obtain: async (world, client) => {
    const code = await world.authorizationCode(client);
    return { value: code.code, request: (presenter) => redeeming(presenter, code) };
  },
  given: freshCode,
  misspelt: 'authorization-code',
  granted: 'RFC6749-4.1.4-code-exchange-success',
  unknown: { requirement: 'RFC6749-4.1.3-unknown-code', expect: invalidGrant },
  authentication: 'RFC6749-5.2-invalid_client-no-auth',
  identification: 'RFC6749-3.2.1-public-client_id-required',
  race: { requirement: 'RFC6749-10.5-code-concurrent-redemption', losers: refused() },
};

export const deviceGrant: GrantType = {
  ...token,
  folder: 'device-code',
  grant: deviceCodeGrant,
  kind: 'device',
  needs: ['device-decision'],
  through: 'device_authorization',
  artefact: 'device_code',
  expirable: 'deviceCode',
  client: deviceClient,
  obtain: async (world, client) => {
    const device = await world.device(client);
    return { value: device.device_code, device, request: (presenter) => polling(presenter, device) };
  },
  given: approvedDevice,
  misspelt: 'urn:ietf:params:oauth:grant-type:device-code',
  granted: 'RFC8628-3.5-success',
  unknown: { requirement: 'RFC8628-3.4-unknown-device_code', expect: invalidGrant },
  authentication: 'RFC8628-3.4-client-identification',
  identification: 'RFC8628-3.4-client-identification',
  race: {
    requirement: 'RFC8628-3.4-device_code-single-use',
    losers: invalidGrantOrTooFast,
  },
};

export const refreshGrant: GrantType = {
  ...token,
  folder: 'refresh-token',
  grant: 'refresh_token',
  kind: 'refresh token',
  needs: [anyRefreshToken],
  artefact: 'refresh_token',
  expirable: 'refreshToken',
  client: refreshClient,
  obtain: async (world, client) => {
    const value = await refreshTokenFor(world, client);
    return { value, request: (presenter) => refreshing(presenter, value) };
  },
  given: freshRefreshToken,
  misspelt: 'refresh-token',
  granted: 'RFC6749-6-refresh-success',
  unknown: { requirement: 'RFC6749-6-unknown-refresh_token', expect: invalidGrant },
  authentication: 'RFC6749-6-client-auth-required',
  identification: 'AWS-CreateToken-required-members',
  race: { requirement: 'RFC6749-6-refresh-concurrent', losers: refused() },
};

/** The grants of that operation, a row each. */
export const grants: readonly GrantType[] = [codeGrant, deviceGrant, refreshGrant];

/** Every grant at every operation. */
export const allGrants: readonly GrantAt[] = [...grants, ...iamGrants];

/** Those that redeem a code. */
export const codeGrants = allGrants.filter(({ kind }) => kind === 'code');
