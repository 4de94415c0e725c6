import type { Observation } from '../probe.ts';

/** What was issued where nothing should have been. */
export function whatWasIssued({ exchange, reply }: Observation): string {
  if (reply.outcome !== 'granted') return 'a token was issued';
  const { client_id, device_code, access_token } = reply.members;
  if (access_token !== undefined) return 'a token was issued';
  if (device_code !== undefined) return 'a device code was issued';
  if (client_id !== undefined) return 'a client was registered';
  return `${exchange.operation ?? 'the request'} was granted`;
}

/**
 * A sentence about what is wrong, without what is another in each case: values, numbers, secrets' marks. Two that are
 * equal then tell the same problem.
 */
export function kindOfProblem(problem: string): string {
  return problem
    .slice(0, 1_000)
    .replace(/"(?:[^"\\]|\\.)*"|\[[^\]]*\]|https?:\/\/\S+/g, '…')
    .replace(/\bstatus \d{3}|\d[\d.,]*/g, (found) => (found.startsWith('s') ? found : '#'));
}

/** What several answers have in common, said once with their number. */
export function onceEach(problems: readonly string[]): string[] {
  return [...Map.groupBy(problems, (problem) => problem)].map(([problem, { length }]) =>
    length > 1 ? `${problem} (${length} times)` : problem,
  );
}
