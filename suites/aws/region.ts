import type { Case } from '../../harness/case.ts';

/** InvalidRequestRegionException says where the token is usable. */
export function regionProblems(probe: Parameters<NonNullable<Case['holds']>>[0][string]): string[] {
  return probe.flatMap(({ reply }) => {
    if (reply.error !== 'invalid_request_region') return [];
    return ['endpoint', 'region']
      .filter((name) => typeof reply.members[name] !== 'string')
      .map((name) => `${name} is missing`);
  });
}
