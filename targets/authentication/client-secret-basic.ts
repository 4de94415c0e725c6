import { encoded } from '../bodies/form.ts';
import type { ClientAuthentication } from './authentication.ts';

/** The id and the secret in HTTP Basic, each spelt as a form spells it before (RFC 6749 §2.3.1). */
export const clientSecretBasic: ClientAuthentication = {
  method: 'client_secret_basic',
  auth: 'client_secret_basic',
  changes: ['basic', 'also'],
  /** Who shows no secret can only say who it is, in the body: an empty one would be another mistake. */
  present: ({ client_id, client_secret }) =>
    client_secret === undefined && client_id !== undefined ? { client_id } : {},
  headers: ({ client_id = '', client_secret }, { basic = {} }): Readonly<Record<string, string>> => {
    if (client_secret === undefined) return {};
    const { spelt = encoded, pair = same, credentials = same, scheme = 'Basic' } = basic;
    const joined = [client_id, client_secret].map((one) => spelt(String(one))).join(':');
    const written = credentials(Buffer.from(pair(joined)).toString('base64'));
    return { Authorization: written === '' ? scheme : `${scheme} ${written}` };
  },
};

const same = (text: string): string => text;
