import type { Rule } from '../../harness/case.ts';
import { headerOf } from '../../harness/exchange.ts';
import type { Observation } from '../../harness/probe.ts';

/** A rule over every response; what kind of response it speaks of is said by its table. */
export type RuleRow = Pick<Rule, 'id' | 'title' | 'requirement' | 'expected' | 'problem'> &
  Partial<
    Pick<
      Rule,
      | 'applies'
      | 'dialects'
      | 'operation'
      | 'optional'
      | 'couldHave'
      | 'ofUnreadable'
      | 'across'
      | 'acrossProblem'
      | 'needsKeys'
    >
  >;

/** A member of the body by its standard name. */
export const member = (seen: Observation, name: string) => seen.reply.members[name];
export const isPresent = (value: unknown) => value !== undefined && value !== null;
export const when = (broken: boolean, problem: string) => (broken ? problem : undefined);
export const show = (value: unknown) => JSON.stringify(value) ?? 'absent';
/** The members that were asked with, by their standard names; none where the body is none. */
export const requestOf = ({ asked }: Observation) => asked();

/** A status of success, unless what it says is that it refuses: that is an error in a wrong shape. */
export const isSuccess = ({ exchange, reply }: Observation) =>
  (exchange.response?.status ?? 0) < 300 && reply.outcome !== 'rejected';
export const isRefused = (seen: Observation) => seen.exchange.operation !== undefined && !isSuccess(seen);
/** An error of the operation: what was answered below it is none. */
export const isError = (seen: Observation) => isRefused(seen) && !seen.unserved;
export const status = ({ exchange }: Observation) => exchange.response?.status ?? 0;
export const header = ({ exchange }: Observation, name: string) =>
  headerOf(exchange.response?.headers ?? [], name);
export const body = ({ reply }: Observation) => reply.json;
export const errorOf = (seen: Observation) => body(seen).object?.error;
export const isJsonType = (type: string | undefined) => /^application\/json\s*(;|$)/i.test(type ?? '');

export const noStore = (seen: Observation) =>
  when(
    !/(^|[\s,])no-store($|[\s,;])/i.test(header(seen, 'cache-control') ?? ''),
    `Cache-Control is ${show(header(seen, 'cache-control'))}`,
  );

/** What the ID token of an answer says in one claim. */
export const claimOf = (seen: Observation | undefined, name: string): unknown =>
  seen?.exchange.jwts?.find((jwt) => jwt.member === 'idToken')?.claims?.[name];
