import type { Refused } from '../harness/run/smoke.ts';
import { UserError } from '../targets/problem.ts';
import { type Asked, reach, targetReached } from '../targets/reach.ts';
import type { Target } from '../targets/target/target.ts';
import { transportTo } from '../targets/transport/to-target.ts';

/** A target whose endpoints are known, or why they are not. */
export interface ReachedTarget {
  readonly target: Target;
  readonly closed?: Omit<Refused, 'operation'>;
  /** What it was asked for its metadata, and answered. */
  readonly asked: readonly Asked[];
  /** How many requests that took. */
  readonly requests: number;
}

/** Asks a server of the standards where its endpoints are; AWS's follow from the target file. */
export async function reachTarget(
  target: Target,
  warn: (message: string) => void = () => {},
): Promise<ReachedTarget> {
  if (target.dialect === 'aws-json') return { target, asked: [], requests: 0 };
  const transport = transportTo(target);
  try {
    const reached = await reach(target, transport);
    const { trouble, warnings } = reached;
    for (const warning of warnings) warn(warning);
    return {
      target: targetReached(target, reached),
      ...(trouble && { closed: closedBy(trouble.message, trouble.isSilent) }),
      asked: reached.asked,
      requests: transport.sent,
    };
  } finally {
    await transport.close();
  }
}

/**
 * Of a target of AWS a missing endpoint is a gap in its file. A server of the standards need not have each operation, but
 * its owner has to say so: else what is not there would be left out without a word.
 *
 * @param operations those that have cases to be run
 * @throws {UserError} that names the endpoints which neither the metadata nor the target file has
 */
export function checkEndpoints(target: Target, operations: readonly string[]): void {
  const [missing, ...others] = operations.filter((operation) => isMissing(operation, target));
  if (missing === undefined) return;
  const nobody =
    target.issuer === undefined
      ? 'the target file has no endpoint'
      : 'neither its metadata nor a target file has an endpoint';
  throw new UserError(
    `${target.name}: ${nobody} for ${[missing, ...others].join(', ')}. Give it under "endpoints" in a target file, or say there that the server has none: limits: [{ operation: ${missing}, reason: … }]`,
  );
}

/** Whether a server of the standards has no endpoint that is known for an operation. */
export const isMissing = (operation: string, { dialect, endpoint }: Target): boolean =>
  dialect !== 'aws-json' && typeof endpoint === 'object' && endpoint[operation] === undefined;

/** What nobody answered may be a matter of the network; an answer without endpoints is one of the server. */
const closedBy = (message: string, isSilent: boolean): Omit<Refused, 'operation'> => ({
  verdict: isSilent ? 'inconclusive' : 'not-tested',
  reason: message,
  diagnosis: message,
});
