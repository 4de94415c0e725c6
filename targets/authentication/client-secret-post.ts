import type { ClientAuthentication } from './authentication.ts';

/** The secret in the body (RFC 6749 §2.3.1), which is AWS's way for clients that registered themselves. */
export const clientSecretPost: ClientAuthentication = {
  method: 'client_secret_post',
  auth: 'secret',
  changes: ['also'],
  present: ({ client_id, client_secret }) => ({ client_id, client_secret }),
};
