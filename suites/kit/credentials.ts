import { notOffered, Stop } from '../../harness/stop.ts';
import type { Client } from '../../harness/world/artefacts.ts';
import type { AuthChange, Call, Sent, World } from '../../harness/world/world.ts';
import { type Change, garbage, without } from './change.ts';
import { percent } from './form.ts';

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

/** The same request, its proof of who asks made otherwise. */
export const shownBy =
  (as: AuthChange): Change =>
  (valid) => ({ ...valid, as });

/** The same request with an assertion that is written otherwise, on top of what is special about it already. */
export const assertedWith =
  (change: NonNullable<AuthChange['assertion']>): Change =>
  (valid) => {
    const before = valid.as?.assertion?.claims ?? ((right) => right);
    const then = change.claims ?? ((right) => right);
    return {
      ...valid,
      as: { ...valid.as, assertion: { ...change, claims: (right) => then(before(right)) } },
    };
  };

/** The same client by another method. */
export const byMethod =
  (method: Client['method']): Change =>
  (valid) => ({ ...valid, by: { ...valid.by, method } });

/** Whether neither the id nor the secret has a character that a form spells otherwise. */
export const isPlain = ({ client_id, client_secret }: NonNullable<Call['by']>): boolean =>
  /^[A-Za-z0-9]*$/.test(`${client_id}${client_secret}`);

/** A form may spell any character but letters and digits by its bytes (HTML 4.01 §17.13.4.1). */
const spelling =
  (digits?: (hex: string) => string): Change =>
  (valid) => {
    if (valid.by === undefined || isPlain(valid.by)) throw notOffered('plainCredentials');
    const spelt = (text: string) => text.replaceAll(/[^A-Za-z0-9]/gu, (sign) => percent(sign, digits));
    return { ...valid, as: { basic: { spelt } } };
  };

export const spelledOut: Change = spelling();

/** A percent-encoding means the same in either case (RFC 3986 §2.1). */
export const spelledOutInSmall: Change = spelling((hex) => hex.toLowerCase());

/** The secret of a client. Where clients have none here the case does not apply. */
export function secretOf(client: { readonly client_secret?: unknown } | undefined, world: World): string {
  const limit = client?.client_secret === undefined ? world.limitOnSecrets : undefined;
  if (limit !== undefined) throw new Stop('out-of-scope', limit.reason);
  return String(client?.client_secret);
}

/** The same request, once the secret of its client has expired. */
export const expiredSecret: Change = async (valid, world) => {
  await world.expire('clientSecret', secretOf(valid.by, world));
  return valid;
};

/** The client that a registration brought. */
export function registered(sent: Sent, world: World, more: Partial<Client> = {}): Client {
  const { usualMethod } = world;
  return {
    method: usualMethod,
    client_id: sent.text('client_id'),
    ...(usualMethod !== 'none' && { client_secret: sent.text('client_secret') }),
    redirect_uri: '',
    ...more,
  };
}
