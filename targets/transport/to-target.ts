import type { Target } from '../target/target.ts';
import { createPace, type Pace } from './pace.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

/** What a target file says of how its target is reached. */
export type Approach = Pick<Target, 'timeoutSeconds' | 'tls' | 'headers' | 'origins' | 'timeouts' | 'rate'>;

/** All that goes to one target from one process keeps to one pace. */
const paces = new WeakMap<object, Pace>();

/** A transport to a target: all that goes there, whatever it is for, goes by one that is made here. */
export function transportTo(
  target: Approach,
  others: Omit<TransportOptions, 'timeoutMs' | 'connectMs' | 'tls' | 'extra' | 'pace'> = {},
): Transport {
  const { timeoutSeconds, timeouts: { connectSeconds } = {}, tls, headers, origins, rate } = target;
  const pace = paces.get(target) ?? (rate === undefined ? undefined : createPace(rate));
  if (pace !== undefined) paces.set(target, pace);
  return createTransport({
    ...others,
    pace,
    timeoutMs: timeoutSeconds * 1_000,
    ...(connectSeconds !== undefined && { connectMs: connectSeconds * 1_000 }),
    ...(tls && { tls }),
    ...(headers && origins && { extra: { headers, origins } }),
  });
}
