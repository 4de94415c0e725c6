import { createHmac, randomInt, randomUUID } from 'node:crypto';
import { accountId } from '../fronts/aws-json/identity-center.ts';
import { randomBytes } from '../random.ts';
import type { Attempt } from './attempt.ts';
import type { Client } from './state.ts';

/** How values that must not be guessed are made, and how many seconds things last. */
export const issuance = {
  'new-access-token': (_: Attempt): string => token('aoa'),
  'new-refresh-token': (_: Attempt): string => token('aor'),
  'new-code': (): string => randomBytes(48).toString('base64url'),
  'new-device-code': (): string => randomBytes(64).toString('base64url'),
  'new-user-code': (): string => `${letters(4)}-${letters(4)}`,
  'new-client-id': (region: string): string =>
    Buffer.concat([randomBytes(16), Buffer.from(region)]).toString('base64url'),
  'new-client-secret': (facts: ClientFacts): string => selfDescribingSecret(facts),

  'new-application-id': (instance: string): string =>
    `arn:aws:sso::${accountId}:application/${instance}/apl-${randomBytes(8).toString('hex')}`,
  'new-user-id': (): string => randomUUID(),
  'new-subject-token': (): string => token('aoak'),
  'new-access-key-id': (): string => `ASIA${base32(16)}`,
  'new-secret-access-key': (): string => randomBytes(30).toString('base64'),
  'new-session-token': (): string => randomBytes(192).toString('base64'),

  'access-token-lifetime': (client: Client | undefined): number =>
    client?.scopes.length === 0 ? 28_800 : 3600,
  'iam-access-token-lifetime': (): number => 3600,
  'subject-token-lifetime': (): number => 3600,
  /** The longest that AWS STS gives. */
  'session-token-lifetime': (): number => 36 * 3600,
  'refresh-token-lifetime': (): number => 7 * 86_400,
  'code-lifetime': (): number => 600,
  'device-code-lifetime': (): number => 600,
  'client-secret-lifetime': (): number => 7_776_000,
  'polling-interval': (): number => 1,
  /** Polls that may come at once before they have to keep to the interval. */
  'polling-burst': (): number => 3,

  'default-grant-types': (): readonly string[] => [
    'urn:ietf:params:oauth:grant-type:device_code',
    'refresh_token',
  ],
  'default-application-scopes': (): readonly string[] => ['openid', 'aws', 'sts:identity_context'],
};

export interface ClientFacts {
  readonly id: string;
  readonly name: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const signingKey = randomBytes(48);

const token = (prefix: string): string =>
  `${prefix}${randomBytes(48).toString('base64url')}:${randomBytes(48).toString('base64')}`;

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('');

const base32 = (length: number): string =>
  Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[randomInt(32)]).join('');

/** The observed form: a compact JWS of about 1 kB whose payload describes the registration. */
function selfDescribingSecret({ id, name, issuedAt, expiresAt }: ClientFacts): string {
  const serialized = JSON.stringify({
    clientId: { value: id },
    idempotentKey: null,
    tenantId: null,
    clientName: name.slice(0, 128),
    backfillVersion: null,
    clientType: 'PUBLIC',
    templateArn: null,
    templateContext: null,
    expirationTimestamp: expiresAt / 1000,
    createdTimestamp: issuedAt / 1000,
    updatedTimestamp: issuedAt / 1000,
    createdBy: null,
    updatedBy: null,
    status: null,
    initiateLoginUri: null,
    entitledResourceId: null,
    entitledResourceContainerId: null,
    externalId: null,
    softwareId: null,
    scopes: null,
    authenticationConfiguration: null,
    enabledGrants: null,
    userConsent: null,
    ownerAccountId: null,
    expired: false,
  });
  const header = { kid: `key-${Math.floor(issuedAt / 1000)}`, alg: 'HS384' };
  const signed = `${encoded(header)}.${encoded({ serialized })}`;
  return `${signed}.${createHmac('sha384', signingKey).update(signed).digest('base64url')}`;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
