import type { WireCase } from '../../harness/case.ts';
import type { Observation } from '../../harness/probe.ts';

/** A rule over every response; what kind of response it speaks of is said by its table. */
export type Rule = Pick<WireCase, 'id' | 'title' | 'requirement' | 'expected' | 'problem'> &
  Partial<
    Pick<
      WireCase,
      | 'applies'
      | 'operation'
      | 'optional'
      | 'couldHave'
      | 'ofUnreadable'
      | 'across'
      | 'acrossProblem'
      | 'acrossProblem'
      | 'needsKeys'
    >
  >;

/** A member of the body by its standard name. */
export const member = (seen: Observation, name: string) => seen.reply.members[name];
export const isPresent = (value: unknown) => value !== undefined && value !== null;
export const when = (broken: boolean, problem: string) => (broken ? problem : undefined);
export const show = (value: unknown) => JSON.stringify(value) ?? 'absent';
/** The members of the request as they were sent; none where its body is no JSON. */
export const requestOf = ({ exchange }: Observation): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(exchange.request.body ?? '{}');
  } catch {
    return {};
  }
};
