import { sameSecret } from '../../secrets.ts';
import type { Check } from '../attempt.ts';
import { refusalFor } from '../refusal.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** Is it the client that it says it is, and may it use this grant? */
export const clientChecks = {
  'client-known': ({ client }) => (client ? undefined : refusalFor('invalid_client')),

  'client-secret-right': ({ client, members }) =>
    client && 'secret' in client && !sameSecret(client.secret, members.client_secret ?? '')
      ? refusalFor('invalid_client')
      : undefined,

  'client-secret-not-expired': ({ client, now }) =>
    client && 'secret' in client && now >= client.secretExpiresAt ? refusalFor('invalid_client') : undefined,

  'grant-allowed': ({ client, grant }) =>
    client && grant && !client.grantTypes.includes(grant) ? refusalFor('unauthorized_client') : undefined,

  'device-grant-allowed': ({ client }) =>
    client && !client.grantTypes.includes(deviceGrant) ? refusalFor('unauthorized_client') : undefined,
} satisfies Record<string, Check>;
