import { encoded } from '../bodies/form.ts';
import type { ClientAuthentication } from './authentication.ts';

/** The id and the secret in HTTP Basic, each spelt as a form spells it before (RFC 6749 §2.3.1). */
export const clientSecretBasic: ClientAuthentication = {
  method: 'client_secret_basic',
  auth: 'client_secret_basic',
  changes: ['basic', 'also'],
  present: () => ({}),
  headers: ({ client_id = '', client_secret = '' }, { basic = {} }) => {
    const { spelt = encoded, pair = same, credentials = same, scheme = 'Basic' } = basic;
    const joined = [client_id, client_secret].map((one) => spelt(String(one))).join(':');
    const written = credentials(Buffer.from(pair(joined)).toString('base64'));
    return { Authorization: written === '' ? scheme : `${scheme} ${written}` };
  },
};

const same = (text: string): string => text;
