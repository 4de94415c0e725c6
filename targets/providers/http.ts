import { getGlobalDispatcher } from 'undici';
import type { FixtureProvider } from '../fixtures/provider.ts';
import { sendOnce } from '../transport/send-once.ts';

/** `POST {base}/{verb}`, JSON in and out; 404 and 501 mean that the verb is not offered. */
export function callHttp(base: string, timeoutMs: number): FixtureProvider {
  return async (verb, input) => {
    const url = `${base.replace(/\/+$/, '')}/${verb}`;
    try {
      const { status, body } = await sendOnce(
        getGlobalDispatcher(),
        {
          method: 'POST',
          url,
          headers: ['content-type', 'application/json'],
          body: JSON.stringify(input),
        },
        timeoutMs,
      );
      if (status === 404 || status === 501) return { kind: 'not-offered' };
      const output = parse(body.toString('utf8'));
      if (status === 200 && output !== undefined) return { kind: 'given', output };
      if (status === 400)
        return {
          kind: 'refused',
          message: typeof output?.message === 'string' ? output.message : 'no message',
        };
      const said = typeof output?.message === 'string' ? `: ${output.message}` : '';
      const what = status === 200 ? 'a body that is not a JSON object' : `status ${status}${said}`;
      return { kind: 'failed', message: `${url} answered with ${what}` };
    } catch (error) {
      const { code, name } = error as { code?: string | number; name?: string };
      return { kind: 'failed', message: `${url} did not answer (${typeof code === 'string' ? code : name})` };
    }
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
