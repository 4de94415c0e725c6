import { createHmac, randomInt } from 'node:crypto';
import type { ClientFacts } from '../../core/asked.ts';
import type { GrantType } from '../../core/attempt.ts';
import type { State } from '../../core/state.ts';
import { randomBytes } from '../../random.ts';
import { accountId } from './identity-center.ts';
import { awsOf } from './state.ts';

/** What AWS grants, what shows in its values where they come from, and what only AWS issues. */
export const awsIssuance = {
  'grant-types': (): readonly GrantType[] => [
    'authorization_code',
    'refresh_token',
    'urn:ietf:params:oauth:grant-type:device_code',
  ],
  'new-client-id': (state: State): string =>
    Buffer.concat([randomBytes(16), Buffer.from(awsOf(state).region)]).toString('base64url'),
  'new-client-secret': (facts: ClientFacts): string => selfDescribingSecret(facts),
  'new-application-id': (state: State): string =>
    `arn:aws:sso::${accountId}:application/${awsOf(state).instance}/apl-${randomBytes(8).toString('hex')}`,
  'new-access-key-id': (): string => `ASIA${base32(16)}`,
  'new-secret-access-key': (): string => randomBytes(30).toString('base64'),
  'new-session-token': (): string => randomBytes(192).toString('base64'),

  /** The longest that AWS STS gives. */
  'session-token-lifetime': (): number => 36 * 3600,

  'default-application-scopes': (): readonly string[] => ['openid', 'aws', 'sts:identity_context'],
};

const base32 = (length: number): string =>
  Array.from({ length }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[randomInt(32)]).join('');

const signingKey = randomBytes(48);

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
