import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(16_384);
let used = pool.length;

/** Unpredictable bytes, out of a store that is filled now and then: to ask the system for each value takes long. */
export function randomBytes(count: number): Buffer {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = Buffer.from(pool.subarray(used, used + count));
  // None is ever given twice.
  pool.fill(0, used, used + count);
  used += count;
  return bytes;
}
