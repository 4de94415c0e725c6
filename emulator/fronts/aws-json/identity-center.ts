import type { Attempt } from '../../core/attempt.ts';
import { randomBytes } from '../../random.ts';
import type { JsonObject } from '../../wire.ts';
import { awsOf } from './state.ts';

/** The AWS account of the instance, and its identity store. */
export const accountId = '123456789012';
const identityStoreId = 'd-1234567890';

/** Opaque to everybody but AWS STS. */
export const identityContext = 'sts:identity_context';

/** What an ID token of IAM Identity Center says beyond OpenID Connect. */
export const identityCenter = {
  'own-claims': ({ state }: Attempt): JsonObject => {
    const { instance } = awsOf(state);
    return {
      iss: `https://identitycenter.amazonaws.com/${instance}`,
      [identityContext]: randomBytes(192).toString('base64'),
      'sts:audit_context': randomBytes(96).toString('base64'),
      'aws:identity_store_id': identityStoreId,
      'aws:identity_store_arn': `arn:aws:identitystore::${accountId}:identitystore/${identityStoreId}`,
      'aws:instance_arn': `arn:aws:sso:::instance/${instance}`,
      'aws:instance_account': accountId,
      'aws:credential_id': randomBytes(96).toString('base64url'),
    };
  },
};
