import type { WireOutcome, WireRequest } from '../targets/transport.ts';
import type { Exchange } from './exchange.ts';
import { redactBody, redactHeaders, redactUrl } from './redact.ts';
import type { Vault } from './vault.ts';

/** What a captured request says about itself beyond its bytes. */
export type Label = Pick<Exchange, 'step' | 'operation' | 'grant' | 'fault' | 'clockAdvanced' | 'jwts'>;

const longestRequestBody = 4_096;
const longestResponseBody = 65_536;

/** Turns one request and its outcome into an exchange. From here on nothing holds a secret. */
export function capture(
  label: Label,
  request: WireRequest,
  outcome: WireOutcome,
  vault: Vault,
  longestBody = longestRequestBody,
): Exchange {
  const { response, failure, attempts, startedAt, durationMs } = outcome;
  const sentBody = request.body === undefined ? undefined : redactBody(String(request.body), 'sent', vault);
  return {
    ...label,
    request: {
      method: request.method,
      url: redactUrl(request.url, vault),
      headers: redactHeaders(request.headers, vault),
      ...(sentBody !== undefined && { body: shorten(sentBody, longestBody) }),
    },
    ...(response && { response: capturedResponse(response, vault) }),
    ...(failure && { failure }),
    attempts,
    startedAt,
    durationMs,
  };
}

function capturedResponse(
  response: NonNullable<WireOutcome['response']>,
  vault: Vault,
): NonNullable<Exchange['response']> {
  const text = response.body.toString('utf8');
  const body = redactBody(text, 'received', vault);
  return {
    status: response.status,
    headers: redactHeaders(response.headers, vault),
    body: body.slice(0, longestResponseBody),
    bytes: response.body.length,
    utf8: Buffer.from(text, 'utf8').equals(response.body),
    cut: body.length > longestResponseBody,
  };
}

function shorten(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}
