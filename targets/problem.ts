import { closest, distance } from 'fastest-levenshtein';

/** A mistake of the user: in the command, a file or the environment. Shown as it is, without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** ` Did you mean "x"?`, or nothing when no candidate is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return '';
  const nearest = closest(word, candidates);
  return distance(word, nearest) <= Math.max(2, Math.ceil(nearest.length / 2))
    ? ` Did you mean "${nearest}"?`
    : '';
}
