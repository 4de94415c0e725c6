import { forTerminal } from '../reporters/escape.ts';
import type { Output } from './io.ts';

/** One line that is rewritten while cases finish; nothing at all where nobody watches. */
export function progressOn(stream: Output): {
  show(done: number, total: number, last: string): void;
  clear(): void;
} {
  if (!stream.isTTY || process.env.CI) return { show: () => undefined, clear: () => undefined };
  return {
    show(done, total, last) {
      const line = `${String(done).padStart(String(total).length)}/${total} ${forTerminal(last)}`;
      stream.write(`\r\u001b[K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => void stream.write('\r\u001b[K'),
  };
}
