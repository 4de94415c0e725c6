import { randomUUID } from 'node:crypto';
import { seconds } from '../../clock.ts';
import type { Operation } from '../../core/operation.ts';
import { invalidRequest } from '../../core/refusal.ts';
import type { DeviceAuthorization, RegisteredClient } from '../../core/state.ts';
import type { IamTokens, Tokens } from '../../core/tokens.ts';
import { alphabetical, jsonObject, member, memberNames, utf8Text } from '../../json.ts';
import type { Header, JsonObject, WireRequest } from '../../wire.ts';
import { contract, type MemberSpec } from './contract.ts';
import { identityContext } from './identity-center.ts';
import type { AwsRefusal } from './refusal.ts';

export type Route = Operation | 'unknown-path' | 'wrong-method';

/** How AWS reads a request and writes a response. */
export const awsJsonFormat = {
  route: ({ method, path, query }: WireRequest): Route => {
    const operation = operationOf({ path, query });
    if (!operation) return 'unknown-path';
    return method === 'POST' ? operation : 'wrong-method';
  },

  'body-limit': (): number => 1_048_576,
  'body-text': (bytes: Uint8Array): string | undefined => utf8Text(bytes),
  'body-object': (text: string): JsonObject | undefined => jsonObject(text),
  'member-names-unique': (text: string): boolean => {
    const names = memberNames(text);
    return new Set(names).size === names.length;
  },
  'pick-member': (body: JsonObject, name: string, _: WireRequest): unknown => member(body, name),
  'member-absent': (value: unknown, type: MemberSpec['type']): boolean =>
    value === undefined ||
    value === null ||
    value === '' ||
    (type === 'list' && Array.isArray(value) && value.length === 0),
  'member-well-typed': (value: unknown, type: MemberSpec['type']): boolean =>
    type === 'string'
      ? typeof value === 'string'
      : Array.isArray(value) && value.every((item) => typeof item === 'string'),

  'success-status': (_: Operation): number => 200,
  'success-headers': (_: Operation): readonly Header[] => [
    ['Cache-Control', 'no-store'],
    ['Pragma', 'no-cache'],
  ],

  'token-body': (tokens: Tokens): JsonObject => ({
    accessToken: tokens.access_token,
    aws_sso_app_session_id: null,
    expiresIn: tokens.expires_in,
    idToken: null,
    issuedTokenType: null,
    originSessionId: null,
    refreshToken: tokens.refresh_token ?? null,
    tokenType: 'Bearer',
  }),

  'iam-token-body': (tokens: IamTokens): JsonObject => ({
    accessToken: tokens.access_token,
    awsAdditionalDetails: tokens.identity ? { identityContext: tokens.identity.own[identityContext] } : null,
    expiresIn: tokens.expires_in,
    idToken: tokens.identity?.id_token ?? null,
    issuedTokenType: tokens.issued_token_type,
    refreshToken: tokens.refresh_token ?? null,
    scope: tokens.scope,
    tokenType: 'Bearer',
  }),

  'registration-body': (client: RegisteredClient): JsonObject => ({
    authorizationEndpoint: null,
    clientId: client.id,
    clientIdIssuedAt: seconds(client.issuedAt),
    clientSecret: client.secret,
    clientSecretExpiresAt: seconds(client.secretExpiresAt),
    tokenEndpoint: null,
  }),

  'device-authorization-body': (device: DeviceAuthorization, verificationUri: string): JsonObject => ({
    deviceCode: device.deviceCode,
    expiresIn: seconds(device.expiresAt - device.issuedAt),
    interval: device.interval,
    userCode: device.userCode,
    verificationUri,
    verificationUriComplete: `${verificationUri}?user_code=${device.userCode}`,
  }),

  'exception-name': (refusal: AwsRefusal): string =>
    refusal.exception ?? exceptionOfError.get(refusal.error) ?? 'InternalServerException',
  'error-status': (exception: string): number => contract.exceptions[exception]?.statuses[0] ?? 500,
  'error-headers': (exception: string): readonly Header[] => [
    ['x-amzn-ErrorType', `${exception}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/`],
  ],
  'error-body': (refusal: AwsRefusal): JsonObject => ({
    ...refusal.members,
    error: refusal.error,
    error_description: refusal.description,
  }),

  serialise: (body: JsonObject): string => alphabetical(body),
  'content-type': (): string => 'application/json',
  'request-id': (): string => randomUUID(),
  date: (now: number): string => new Date(now).toUTCString(),

  'malformed-body': (): AwsRefusal => invalidRequest('request'),
  'mistyped-member': (): AwsRefusal => invalidRequest('member type'),
};

/** Which operation a request is for, whatever its method. */
export function operationOf({ path, query }: Pick<WireRequest, 'path' | 'query'>): Operation | undefined {
  if (path === '/token') return query.get('aws_iam') === 't' ? 'iam_token' : 'token';
  return pathOperations.get(path);
}

const pathOperations = new Map<string, Operation>([
  ['/client/register', 'register'],
  ['/device_authorization', 'device_authorization'],
]);

/** Two exceptions share `invalid_request`; the plain one comes first and wins. */
const exceptionOfError = new Map(
  Object.entries(contract.exceptions)
    .map(([exception, { error }]) => [error, exception] as const)
    .reverse(),
);
