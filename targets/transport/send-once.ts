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
  dispatcher: Dispatcher,
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
            rawHeaders = ((started.rawHeaders ?? []) as Buffer[]).map((text) => text.toString('latin1'));
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
