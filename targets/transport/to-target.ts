import type { Target } from '../target/target.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

/** What a target file says of how its target is reached. */
export type Approach = Pick<Target, 'timeoutSeconds' | 'tls' | 'headers' | 'origins' | 'timeouts'>;

/** A transport to a target: all that goes there, whatever it is for, goes by one that is made here. */
export function transportTo(
  { timeoutSeconds, timeouts: { connectSeconds } = {}, tls, headers, origins }: Approach,
  others: Omit<TransportOptions, 'timeoutMs' | 'connectMs' | 'tls' | 'extra'> = {},
): Transport {
  return createTransport({
    ...others,
    timeoutMs: timeoutSeconds * 1_000,
    ...(connectSeconds !== undefined && { connectMs: connectSeconds * 1_000 }),
    ...(tls && { tls }),
    ...(headers && origins && { extra: { headers, origins } }),
  });
}
