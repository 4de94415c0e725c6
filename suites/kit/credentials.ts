import type { Client } from '../../harness/world/artefacts.ts';
import type { Call, Sent, World } from '../../harness/world/world.ts';
import { type Change, garbage, without } from './change.ts';

/** A client that was never registered. */
export const unknownClient = (): Change => garbage('client_id');

/** A secret that no client has. */
export const wrongSecret = (): Change => garbage('client_secret');

/** The client without its secret. */
export const withoutSecret = (): Change => without('client_secret');

/** A secret, and nobody whose it is. */
export const withoutId = (): Change => without('client_id');

/** A request that does not say who asks. */
export const byNobody = (): Change => without('client_id', 'client_secret');

/** The same request from another client. */
export const askedBy = (call: Call, client: Client): Call => ({ ...call, by: client });

/** The client that a registration brought. */
export function registered(sent: Sent, { usualMethod }: World, more: Partial<Client> = {}): Client {
  return {
    method: usualMethod,
    client_id: sent.text('client_id'),
    client_secret: sent.text('client_secret'),
    redirect_uri: '',
    ...more,
  };
}
