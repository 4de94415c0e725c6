import { jwtSignature } from '../capture/vault.ts';

/**
 * Estimates how many bits of a value cannot be predicted from the others, out of a sample of values.
 *
 * Two upper bounds are taken, and the lower one counts: what length and alphabet allow, and the sum of
 * the entropies that the characters have place by place across the sample. A counter, a timestamp or a
 * constant prefix add little to the second. A sample of n values cannot show more than log2(n) bits a
 * place, so the second is scaled to the alphabet only where a place varies as much as n values can.
 *
 * Of values of several lengths places are counted from either end, and what shows more counts. Everybody may know what
 * a JWT says: it is its signature that has to be unpredictable.
 */
export function unpredictableBits(tokens: readonly string[]): number {
  const values = tokens.map((token) => jwtSignature.exec(token)?.[1] ?? token);
  if (values.length === 0) return 0;
  const alphabet = new Set(values.join('')).size;
  const shortest = Math.min(...values.map((value) => value.length));
  const byLength = shortest * Math.log2(Math.max(alphabet, 1));
  if (values.length < 4) return Math.floor(byLength);
  const byPlace = Math.max(
    bitsByPlace(values.map((value) => value.slice(0, shortest))),
    bitsByPlace(values.map((value) => value.slice(-shortest))),
  );
  const most = Math.log2(Math.min(values.length, alphabet));
  const scale = most === 0 ? 0 : Math.log2(Math.max(alphabet, 2)) / most;
  return Math.floor(Math.min(byLength, byPlace * scale));
}

/** @param values of one length */
function bitsByPlace(values: readonly string[]): number {
  let bits = 0;
  for (let place = 0; place < (values[0]?.length ?? 0); place++) {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value[place] ?? '', (counts.get(value[place] ?? '') ?? 0) + 1);
    bits += entropy([...counts.values()], values.length);
  }
  return bits;
}

function entropy(counts: readonly number[], total: number): number {
  const seen = counts.reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
  // Miller and Madow: a small sample shows less entropy than there is.
  return counts.length === 1 ? 0 : seen + (counts.length - 1) / (2 * total * Math.LN2);
}
