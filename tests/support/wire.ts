import { capture } from '../../harness/capture/capture.ts';
import { createVault, type Vault } from '../../harness/capture/vault.ts';
import type { Exchange } from '../../harness/exchange.ts';

type Headers = readonly (readonly [name: string, value: string])[];

export interface OnTheWire {
  readonly url?: string;
  readonly headers?: Headers;
  readonly body?: string;
  readonly answer?: { readonly headers?: Headers; readonly body?: string };
}

export const formType = ['Content-Type', 'application/x-www-form-urlencoded'] as const;
export const jsonType = ['Content-Type', 'application/json'] as const;

/** One exchange as a run captures it, redacted, without a server. */
export function captured(wire: OnTheWire, vault: Vault = createVault({ key: 'k' })): Exchange {
  const { url = 'https://as.example/token', headers = [formType], body, answer = {} } = wire;
  const response = {
    status: 400,
    headers: answer.headers ?? [jsonType],
    body: Buffer.from(answer.body ?? ''),
  };
  return capture(
    { step: 'probe' },
    { method: 'POST', url, headers, ...(body !== undefined && { body }) },
    { response, isNotNow: false, attempts: 1, startedAt: 0, durationMs: 0 },
    vault,
  );
}

/** The pattern of the mark of a value of this kind and length. */
export const mark = (kind: string, length: number): string => `\\[${kind} ${length} chars \\w+ #\\w{12}\\]`;
