import { headerOf } from '../../harness/exchange.ts';
import type { Observation } from '../../harness/probe.ts';
import { isPresent, member, type RuleRow, when } from '../kit/rule.ts';

/** Seconds that clocks may differ by. */
const slack = 300;
const day = 86_400;
const longestInterval = 120;
const longestSecret = 50 * 366 * day;

/** The latest time that the response may have, in epoch seconds: by its own Date, by ours, by the moved clock. */
function latestNow({ exchange: { response, startedAt, clockAdvanced = 0 } }: Observation): number {
  const date = Date.parse(headerOf(response?.headers ?? [], 'date') ?? '');
  return Math.max(startedAt / 1_000 + Math.max(0, clockAdvanced), Number.isNaN(date) ? 0 : date / 1_000);
}

const numberOf = (seen: Observation, name: string): number | undefined => {
  const value = member(seen, name);
  return typeof value === 'number' ? value : undefined;
};

/** Times that answers state: whether they can be meant. */
export const plausible: readonly RuleRow[] = [
  {
    id: 'wire/registration-issued-at',
    operation: 'register',
    title: 'the time of issue of a registration',
    requirement: 'RFC7591-3.2.1-issued-at',
    expected: 'a time that is not in the future',
    applies: (seen) => numberOf(seen, 'client_id_issued_at') !== undefined,
    optional: 'no registration says when it was issued',
    couldHave: (seen) => !isPresent(member(seen, 'client_id_issued_at')),
    problem: (seen) => {
      const ahead = Math.round(Number(member(seen, 'client_id_issued_at')) - latestNow(seen));
      return when(ahead > slack, `the client was issued ${ahead} seconds from now`);
    },
  },
  {
    id: 'wire/client-secret-lifetime',
    operation: 'register',
    title: 'the size of the lifetime of a client secret',
    requirement: 'RFC7591-3.2.1-secret-lifetime-plausible',
    expected: '0, or a time in the next 50 years',
    applies: (seen) => numberOf(seen, 'client_secret_expires_at') !== undefined,
    optional: 'no registration says when its secret ends',
    couldHave: (seen) => !isPresent(member(seen, 'client_secret_expires_at')),
    problem: (seen) => {
      const lifetime = Math.round(Number(member(seen, 'client_secret_expires_at')) - latestNow(seen));
      return when(lifetime > longestSecret, `the client secret ends ${lifetime} seconds from now`);
    },
  },
  {
    id: 'wire/device-code-lifetime',
    operation: 'device_authorization',
    title: 'the size of the lifetime of a device code',
    requirement: 'RFC8628-3.2-times-plausible',
    expected: 'more than 0 and at most 86,400 seconds',
    applies: (seen) => numberOf(seen, 'expires_in') !== undefined,
    problem: (seen) => {
      const lifetime = Number(member(seen, 'expires_in'));
      return when(lifetime <= 0 || lifetime > day, `the lifetime is ${lifetime} seconds`);
    },
  },
  {
    id: 'wire/polling-interval',
    operation: 'device_authorization',
    title: 'the size of the polling interval',
    requirement: 'RFC8628-3.2-times-plausible',
    expected: '0 to 120 seconds, and less than the lifetime of the device code',
    applies: (seen) => numberOf(seen, 'interval') !== undefined,
    optional: 'no response names an interval',
    couldHave: (seen) => !isPresent(member(seen, 'interval')),
    problem: (seen) => {
      const interval = Number(member(seen, 'interval'));
      const lifetime = numberOf(seen, 'expires_in') ?? Number.POSITIVE_INFINITY;
      if (interval >= lifetime) return `the interval is ${interval} seconds, the lifetime ${lifetime}`;
      return when(interval < 0 || interval > longestInterval, `the interval is ${interval} seconds`);
    },
  },
];
