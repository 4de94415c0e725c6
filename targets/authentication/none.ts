import type { ClientAuthentication } from './authentication.ts';

/** A public client: it says who it is, and proves nothing (RFC 6749 §3.2.1). */
export const none: ClientAuthentication = {
  method: 'none',
  auth: 'none',
  changes: ['also'],
  present: ({ client_id }) => ({ client_id }),
};
