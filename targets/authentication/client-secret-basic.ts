import { encoded } from '../bodies/form.ts';
import type { ClientAuthentication } from './authentication.ts';

/** The id and the secret in HTTP Basic, each spelt as a form spells it before (RFC 6749 §2.3.1). */
export const clientSecretBasic: ClientAuthentication = {
  method: 'client_secret_basic',
  auth: 'client_secret_basic',
  present: () => ({}),
  headers: ({ client_id = '', client_secret = '' }) => {
    const pair = [client_id, client_secret].map((one) => encoded(String(one))).join(':');
    return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  },
  prove: async (wire) => wire,
};
