import { isUtf8 } from 'node:buffer';
import { tooMuchToRead } from '../../targets/json.ts';
import type { WireOutcome, WireRequest, WireResponse } from '../../targets/transport/transport.ts';
import { type Exchange, headerOf } from '../exchange.ts';
import { redactHeaders } from './headers.ts';
import { headerKind } from './names.ts';
import { redactBody } from './redact.ts';
import { redactText } from './text.ts';
import { redactUrl } from './url.ts';
import type { Vault } from './vault.ts';

/** What a captured request says about itself beyond its bytes. */
export type Label = Pick<Exchange, 'step' | 'operation' | 'grant' | 'fault' | 'clockAdvanced' | 'jwts'>;

/** The transport adds it. */
const chunked = ['Transfer-Encoding', 'chunked'] as const;
const longestRequestBody = 4_096;
/** Above what anybody sends, a response with three JWTs of 7 KiB, and what a whole run has room for in every answer. */
const longestResponseBody = 24_576;

/** Turns one request and its outcome into an exchange. From here on nothing holds a secret. */
export function capture(
  label: Label,
  request: WireRequest,
  outcome: WireOutcome,
  vault: Vault,
  longestBody = longestRequestBody,
): Exchange {
  const { response, failure, attempts, startedAt, durationMs } = outcome;
  // What a header brings may stand in the body as well.
  const sentHeaders = redactHeaders([...request.headers, ...(request.chunked ? [chunked] : [])], vault);
  const sentBody = request.body === undefined ? undefined : sentText(String(request.body), request, vault);
  return {
    ...label,
    request: {
      method: request.method,
      url: redactUrl(request.url, vault),
      headers: sentHeaders,
      ...(sentBody !== undefined && { body: shorten(sentBody, longestBody) }),
      ...(request.body instanceof Uint8Array && !isUtf8(request.body) && { utf8: false }),
    },
    ...(response && { response: capturedResponse(response, vault) }),
    ...(failure && { failure: { ...failure, message: redactText(failure.message, vault) } }),
    attempts,
    startedAt,
    durationMs,
  };
}

/** Why a body of so many bytes is not read; undefined for every usual one. */
export function tooLong(bytes: number): string | undefined {
  return bytes > longestResponseBody
    ? `too long to read: ${bytes} bytes, more than ${longestResponseBody}`
    : undefined;
}

function capturedResponse(response: WireResponse, vault: Vault): NonNullable<Exchange['response']> {
  const text = response.body.toString('utf8');
  const why = tooLong(response.body.length) ?? tooMuchToRead(text);
  // A secret that a redirect brings may stand in the body as well, and the other way round.
  if (response.headers.some(([name]) => headerKind(name.toLowerCase()) !== 'text'))
    redactHeaders(response.headers, vault);
  const body =
    why === undefined
      ? redactBody(text, 'received', vault, headerOf(response.headers, 'Content-Type'))
      : undefined;
  const unread = body === undefined ? (why ?? 'it cannot be shown without a secret') : undefined;
  return {
    status: response.status,
    headers: redactHeaders(response.headers, vault),
    body: body ?? '',
    bytes: response.body.length,
    utf8: Buffer.from(text, 'utf8').equals(response.body),
    cut: false,
    ...(unread !== undefined && { unread }),
    ...(response.coding !== undefined && { coding: response.coding }),
  };
}

const sentText = (text: string, { headers }: WireRequest, vault: Vault): string =>
  redactBody(text, 'sent', vault, headerOf(headers, 'Content-Type')) ?? vault.mark('unreadable', text);

function shorten(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
}
