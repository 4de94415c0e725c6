import { decoded } from '../../harness/body.ts';
import type { Rule } from '../../harness/case.ts';
import { basicOf, headerOf, type JwtFacts } from '../../harness/exchange.ts';
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
      | 'needs'
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

/** A list may stand on several lines (RFC 9110 §5.3). */
export function listed({ exchange: { response } }: Observation, name: string): string | undefined {
  const lines = (response?.headers ?? []).filter(([one]) => one.toLowerCase() === name);
  return lines.length === 0 ? undefined : lines.map(([, value]) => value).join(', ');
}

export function noStore(seen: Observation): string | undefined {
  const directives = listed(seen, 'cache-control');
  return when(!/(^|[\s,])no-store($|[\s,;])/i.test(directives ?? ''), `Cache-Control is ${show(directives)}`);
}

/** Whether the access token is a JWT: two that say the same, of one client within a second, are alike without a jti. */
export const hasJwt = ({ exchange: { jwts = [] } }: Pick<Observation, 'exchange'>): boolean =>
  jwts.some(({ member }) => member === 'access_token');

/** What is known of the ID token of an answer, however the dialect spells its member. */
export const idTokenOf = (seen: Pick<Observation, 'exchange'> | undefined): JwtFacts | undefined =>
  seen?.exchange.jwts?.find((jwt) => jwt.member === 'idToken' || jwt.member === 'id_token');

/** What the ID token of an answer says in one claim. */
export const claimOf = (seen: Pick<Observation, 'exchange'> | undefined, name: string): unknown =>
  idTokenOf(seen)?.claims?.[name];

/** The client that asked: who authenticated by HTTP Basic, spelt as in a form (RFC 6749 §2.3.1), or as the body says. */
export function clientOf(seen: Observation): unknown {
  const { client_id: spelt } = basicOf(seen.exchange);
  return spelt === undefined ? requestOf(seen).client_id : decoded(spelt);
}
