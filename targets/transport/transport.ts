import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { errors } from 'undici';
import { decodedBody } from './content-coding.ts';
import { createDispatcher, type Dispatching, type TlsMaterial } from './dispatcher.ts';
import { endingsOf } from './endings.ts';
import { type ExtraHeaders, withExtraHeaders } from './extra-headers.ts';
import { headerOf } from './headers.ts';
import type { Pace } from './pace.ts';
import { listeningClock } from './patience.ts';
import { sendOnce } from './send-once.ts';

/** One HTTP request exactly as it goes out. `headers` keep their spelling and order. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Buffer;
  /** Sends the body with `Transfer-Encoding: chunked` instead of a `Content-Length`. */
  readonly chunked?: boolean;
}

/** One HTTP response as it came in: header spelling and order kept, body as bytes. */
export interface WireResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without its content coding. */
  readonly body: Buffer;
  /** Whether the body was in the coding that Content-Encoding names; absent where it names none. */
  readonly coding?: 'decoded' | 'wrong';
}

export type FailureKind =
  | 'refused'
  | 'timeout'
  | 'reset'
  | 'dns'
  | 'tls'
  | 'proxy'
  | 'protocol'
  | 'too-large'
  | 'not-tried';

/** Why no response could be had. */
export interface WireFailure {
  readonly kind: FailureKind;
  readonly message: string;
}

export interface WireOutcome {
  readonly response?: WireResponse;
  readonly failure?: WireFailure;
  /** How often the request was sent: more than 1 after a 429 or 503. 0 when it was not tried. */
  readonly attempts: number;
  /** Whether the last response says that the request may politely be sent again. */
  readonly isNotNow: boolean;
  /** Unix time in milliseconds at which the last attempt began. */
  readonly startedAt: number;
  /** Milliseconds that the last attempt took. */
  readonly durationMs: number;
}

export interface Transport {
  /**
   * @param isNotNow tells a response after which the request may politely be sent again
   * @param group requests of one group go out at the same time, at whatever pace
   */
  send(
    request: WireRequest,
    isNotNow?: (response: WireResponse) => boolean,
    group?: object,
  ): Promise<WireOutcome>;
  /** How many requests went out, repeats after a 429 or 503 included. */
  readonly sent: number;
  /** Why nothing is tried any more, where the target is taken to have stopped answering. */
  readonly ended: string | undefined;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Milliseconds from the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  /** Milliseconds that a connection may take; `timeoutMs` when it is not given. */
  readonly connectMs?: number;
  readonly tls?: TlsMaterial;
  readonly extra?: ExtraHeaders;
  /** Milliseconds before each polite repeat of a request that was answered 429 or 503. */
  readonly retryDelaysMs?: readonly number[];
  /** After so many requests in a row that were answered "not now" even when repeated, none is repeated any more. */
  readonly mostUnavailable?: number;
  /** After so many milliseconds of listening in which nothing at all came back, the rest is not tried any more. */
  readonly giveUpAfterMs?: number;
  /**
   * After so many failures in a row, each of a request that went out after the one before had failed, the rest is not
   * tried any more. After the first of them and after each other one nothing goes out for a while.
   */
  readonly mostFailures?: number | undefined;
  /** Milliseconds of silence behind each failure in a row. */
  readonly silencesMs?: readonly number[];
  readonly pace?: Pace | undefined;
  /** Aborted when nothing may be sent any more; its reason, an Error, says why. */
  readonly signal?: AbortSignal | undefined;
}

/** Requests under way at once. Others wait for their turn, which does not count as time that the target takes. */
export const requestsAtOnce = 128;
const maxBodyBytes = 1024 * 1024;
/** A service that is restarted is back by then. */
const shortestSilenceMs = 4_000;
const longestRetryAfterMs = 5_000;
/** Together as long as a restart takes. */
const usualSilencesMs = [1_000, 3_000];

/**
 * Reaches a target over HTTP/1.1 with kept-alive connections. Never throws: what went wrong is in the
 * outcome. A request is repeated only after a 429 or 503, never after a lost connection, because the
 * target may already have used up the code or token that was sent.
 */
export function createTransport(options: TransportOptions): Transport {
  const { timeoutMs, retryDelaysMs = [250, 500, 1_000, 2_000], mostUnavailable = 4, signal } = options;
  const { giveUpAfterMs = Math.max(2 * timeoutMs, shortestSilenceMs), extra = {}, pace } = options;
  const dispatcher = createDispatcher({
    tls: options.tls,
    connectMs: options.connectMs ?? timeoutMs,
    maxResponseSize: maxBodyBytes,
    connections: requestsAtOnce,
  });
  const inTurn = pLimit(requestsAtOnce);
  const clock = listeningClock(giveUpAfterMs);
  const endings = endingsOf(signal);
  const failures = failuresInARow(options);
  let sent = 0;
  let unavailable = 0;

  const isOver = (): boolean => signal?.aborted === true || clock.isOver() || failures.ended !== undefined;

  async function once(
    wire: WireRequest,
    isNotNow: (response: WireResponse) => boolean,
  ): Promise<WireOutcome> {
    if (signal?.aborted) return notTried((signal.reason as Error).message);
    await failures.silence(isOver);
    if (signal?.aborted) return notTried((signal.reason as Error).message);
    if (isOver()) return notTried('the target had stopped answering');
    sent += 1;
    const startedAt = Date.now();
    const begin = performance.now();
    const timing = () => ({
      attempts: 1,
      startedAt,
      durationMs: Math.round((performance.now() - begin) * 10) / 10,
    });
    try {
      const { method, url, chunked, headers: named, body = null } = withExtraHeaders(wire, extra);
      const sent = body !== null && chunked ? Readable.from(chunks(body)) : body;
      const answer = await sendOnce(
        dispatcher,
        { method, url, headers: named.flat(), body: sent },
        timeoutMs,
        endings,
      );
      clock.restart();
      failures.over();
      const took = timing();
      const headers = pairs(answer.headers);
      const unasked = unaskedTransferCoding(headers);
      if (unasked !== undefined) return { failure: unasked, isNotNow: false, ...took };
      const response = { ...answer, headers, ...decodedBody(headers, answer.body, maxBodyBytes) };
      return { response, isNotNow: isNotNow(response), ...took };
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return notTried((error as Error).message);
      const failure = proxyFailureOf(error, dispatcher) ?? failureOf(error, timeoutMs);
      if (failure.kind === 'too-large' || failure.kind === 'protocol') {
        clock.restart();
        failures.over();
      } else {
        clock.begin();
        failures.add(failure.message, begin);
      }
      return { failure, isNotNow: false, ...timing() };
    }
  }

  async function send(wire: WireRequest, isNotNow = isUnavailable, group?: object): Promise<WireOutcome> {
    await pace?.turn(isOver, group);
    let outcome = await inTurn(once, wire, isNotNow);
    let { attempts } = outcome;
    for (const delay of unavailable < mostUnavailable ? retryDelaysMs : []) {
      if (!outcome.isNotNow) break;
      const wait = retryAfterMs(outcome.response) ?? delay;
      pace?.pause(wait);
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      await pace?.turn(isOver);
      outcome = await inTurn(once, wire, isNotNow);
      attempts += outcome.attempts;
    }
    unavailable = outcome.isNotNow ? unavailable + 1 : 0;
    return { ...outcome, attempts };
  }

  return {
    send,
    get sent() {
      return sent;
    },
    get ended() {
      return failures.ended ?? (clock.isOver() ? failures.last : undefined);
    },
    close: () => {
      clock.stop();
      return dispatcher.destroy();
    },
  };
}

/** Counts failures in a row: requests that were under way when one failed fail with it, and are not counted. */
function failuresInARow({
  mostFailures: most = Number.POSITIVE_INFINITY,
  silencesMs = usualSilencesMs,
}: Pick<TransportOptions, 'mostFailures' | 'silencesMs'>) {
  let count = 0;
  let since = Number.NEGATIVE_INFINITY;
  let last: string | undefined;
  return {
    /** Why it is over: what the last of them came to. */
    get ended() {
      return count >= most ? last : undefined;
    },
    get last() {
      return last;
    },
    add(message: string, begin: number) {
      last = message;
      if (begin < since) return;
      count += 1;
      since = performance.now();
    },
    over() {
      count = 0;
    },
    /** Waits behind a failure, where failures in a row are counted. */
    async silence(isOver: () => boolean) {
      if (most === Number.POSITIVE_INFINITY) return;
      for (let left = 1; left > 0 && count > 0 && !isOver(); ) {
        left = since + (silencesMs[count - 1] ?? 0) - performance.now();
        if (left > 0) await sleep(left);
      }
    },
  };
}

/** No transfer coding but chunked may be sent to who did not ask for one (RFC 9112 §7.4): the body cannot be read. */
function unaskedTransferCoding(headers: readonly (readonly [string, string])[]): WireFailure | undefined {
  const named = (headerOf(headers, 'transfer-encoding') ?? '').toLowerCase().split(/[,\s]+/);
  const other = named.find((name) => name !== '' && name !== 'chunked' && name !== 'identity');
  return other === undefined
    ? undefined
    : { kind: 'protocol', message: `the response is in a transfer coding that was not asked for: ${other}` };
}

function notTried(why: string): WireOutcome {
  const failure = { kind: 'not-tried', message: `not tried: ${why}` } as const;
  return { failure, attempts: 0, isNotNow: false, startedAt: Date.now(), durationMs: 0 };
}

function isUnavailable({ status }: WireResponse): boolean {
  return status === 429 || status === 503;
}

/**
 * Seconds, which only digits are, or the date that everybody has to write (RFC 9110 §5.6.7, §10.2.3), which is reckoned
 * by the clock of who wrote it.
 */
function retryAfterMs(response: WireResponse | undefined): number | undefined {
  const headers = response?.headers ?? [];
  const value = headerOf(headers, 'retry-after') ?? '';
  const until = dateOf(value);
  const ms = /^\d+$/.test(value)
    ? Number(value) * 1_000
    : until && until - (dateOf(headerOf(headers, 'date') ?? '') ?? Date.now());
  return ms === undefined ? undefined : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}

function dateOf(text: string): number | undefined {
  const isDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text);
  const date = isDate ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}

async function* chunks(body: string | Buffer) {
  const bytes = Buffer.from(body);
  const middle = Math.ceil(bytes.length / 2);
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}

/** Whitespace around a value is no part of it (RFC 9112 §5.1); undici leaves what is behind it. */
function pairs(flat: readonly string[]): [string, string][] {
  const out: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const [name = '', value = ''] = [flat[at], flat[at + 1]];
    out.push([name, withoutBlanksBehind(value)]);
  }
  return out;
}

/** By a scan: `/[ \t]+$/` begins anew at each blank of a run that does not end the value. */
export function withoutBlanksBehind(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === ' ' || value[end - 1] === '\t')) end -= 1;
  return value.slice(0, end);
}

const invalidResponse = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

/** What went wrong before a proxy had opened a way to the target; undefined for anything else. */
function proxyFailureOf(
  error: unknown,
  { isOfProxy }: Pick<Dispatching, 'isOfProxy'>,
): WireFailure | undefined {
  const { code, message = '' } = error as Error & { code?: string };
  const status = /^Proxy response \((\d{3})\)|^Proxy Authentication Required \((407)\)/.exec(message);
  const kind = 'proxy';
  if (status)
    return { kind, message: `the proxy answered ${status[1] ?? status[2]} and let nothing through` };
  if (code === 'UND_ERR_PRX_CONN' || code === 'UND_ERR_PRX_TLS')
    return { kind, message: `no connection through the proxy (${code})` };
  if (!isOfProxy(error)) return undefined;
  if (code === 'ECONNREFUSED') return { kind, message: 'connection refused: no proxy listens there' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { kind, message: 'the host name of the proxy cannot be resolved' };
  return undefined;
}

function failureOf(error: unknown, timeoutMs: number): WireFailure {
  const cause = error as Error & { code?: string; errors?: { code?: string }[] };
  const code = cause.code ?? cause.errors?.[0]?.code ?? '';
  if (cause.name === 'TimeoutError' || code.endsWith('_TIMEOUT') || code === 'ETIMEDOUT')
    return { kind: 'timeout', message: `no complete response within ${timeoutMs / 1_000} s` };
  if (code === 'ECONNREFUSED')
    return { kind: 'refused', message: 'connection refused: nothing listens there' };
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return { kind: 'refused', message: 'the host cannot be reached' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { kind: 'dns', message: 'the host name cannot be resolved' };
  if (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)
  )
    return { kind: 'tls', message: `TLS failed (${code})` };
  if (error instanceof errors.ResponseExceededMaxSizeError || code === 'ERR_BUFFER_TOO_LARGE')
    return { kind: 'too-large', message: `the response is larger than ${maxBodyBytes} bytes` };
  if (error instanceof errors.HTTPParserError || invalidResponse.has(code))
    return { kind: 'protocol', message: `the response is not valid HTTP: ${cause.message}` };
  if (code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)$/.test(cause.message))
    return { kind: 'protocol', message: 'an interim response (100 or 101) that was not asked for' };
  if (code === 'ECONNRESET' || code === 'EPIPE' || error instanceof errors.SocketError)
    return { kind: 'reset', message: 'the connection was closed before a complete response' };
  return { kind: 'protocol', message: `the request failed (${code || cause.name})` };
}
