import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Endings } from './endings.ts';
import { afterListeningFor } from './patience.ts';

export interface OneRequest {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: string | Buffer | Readable | null;
}

export interface WholeResponse {
  readonly status: number;
  /** Names and values in turn, spelling and order kept. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/**
 * Sends one request and reads the response whole, all within so many milliseconds of listening. undici's `request` does
 * the same with a stream and an abort signal for each, which takes twice the processor time.
 *
 * @throws (the promise rejects) what undici reports; a DOMException "TimeoutError" when the time is up; what
 *   ended it otherwise
 */
export async function sendOnce(
  dispatcher: Pick<Dispatcher, 'dispatch'>,
  { method, url, headers, body }: OneRequest,
  timeoutMs: number,
  endings?: Endings,
): Promise<WholeResponse> {
  const { origin, pathname, search } = new URL(url);
  let stopWaiting: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      let controller: Dispatcher.DispatchController | undefined;
      let late: Error | undefined;
      const end = (why: Error) => {
        late = why;
        controller?.abort(why);
        reject(why);
      };
      stopWaiting = afterListeningFor(timeoutMs, () =>
        end(new DOMException('the time is up', 'TimeoutError')),
      );
      stopListening = endings?.(end);
      let status = 0;
      let rawHeaders: readonly string[] = [];
      const chunks: Buffer[] = [];
      dispatcher.dispatch(
        { origin, path: pathname + search, method: method as Dispatcher.HttpMethod, headers, body },
        {
          onRequestStart(started) {
            controller = started;
            if (late !== undefined) started.abort(late);
          },
          onResponseStart(started, code) {
            if (code < 200) return;
            status = code;
            rawHeaders = flat(started.rawHeaders);
          },
          onResponseData(_, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            resolve({ status, headers: rawHeaders, body: Buffer.concat(chunks) });
          },
          onResponseError(_, error) {
            reject(error);
          },
        },
      );
    });
  } finally {
    stopWaiting?.();
    stopListening?.();
  }
}

/** Of HTTP/2 undici tells by name what came: values of one name that may not come twice are one already. */
function flat(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (Array.isArray(raw)) return (raw as Buffer[]).map((text) => text.toString('latin1'));
  return Object.entries(raw ?? {}).flatMap(([name, value]) =>
    name.startsWith(':') ? [] : [value ?? []].flat().flatMap((one) => [name, String(one)]),
  );
}
