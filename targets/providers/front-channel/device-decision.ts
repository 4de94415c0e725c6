import type { Target } from '../../target/target.ts';
import type { Transport } from '../../transport/transport.ts';
import { goThrough } from './walk.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * Types the code of a device where its user is sent, and decides. The URI that has the code in it is left alone: some
 * servers approve as soon as it is opened (RFC 8628 §3.3.1).
 *
 * @throws {Ended} (the promise rejects) when the server refuses, or a page cannot be passed
 */
export async function deviceDecision(
  { userCode, decision, verificationUri }: Input,
  { target, transport }: { readonly target: Target; readonly transport: Pick<Transport, 'send'> },
): Promise<Input> {
  await goThrough(
    {
      url: String(verificationUri),
      decision: decision === 'deny' ? 'deny' : 'approve',
      login: target.login,
      userCode: String(userCode),
    },
    transport,
  );
  return {};
}
