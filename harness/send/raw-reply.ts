import { hash } from 'node:crypto';
import type { Dialect, Reply } from '../../targets/dialect.ts';
import { headerOf } from '../../targets/transport/headers.ts';
import type { WireResponse } from '../../targets/transport/transport.ts';
import { tooLong } from '../capture/capture.ts';
import type { Exchange } from '../exchange.ts';
import type { Expectation } from '../expectation.ts';
import { problemsWithOne } from '../judge/judge.ts';
import { noReply } from '../judge/observe.ts';
import { kindOfProblem } from '../judge/words.ts';
import { textsIn } from '../texts.ts';
import { isRendered } from './rendered.ts';

/**
 * A reply as it came, secrets included. It can be asked what it is, and its tokens can be sent on; no sentence can be
 * made of it. For that there is the reply that was captured: `observe` and `summary` of `judge.ts`.
 */
export interface RawReply {
  readonly outcome: Reply['outcome'];
  /** The error in the standards' spelling, where the dialect knows it: such a word is no secret. */
  readonly error?: string;
  /** The dialect's name of it, where it is one. */
  readonly exception?: string;
  /** The members of the body, as they came. */
  readonly members: Readonly<Record<string, unknown>>;
  readonly status: number;
  /** Why it was not read. */
  readonly unread: string | undefined;
  /** What tells its problems of shape from those of others; nothing of it can be read. None where there are none. */
  readonly malformation: string | undefined;
  readonly isMarkup: boolean;
  /** Whether its media type is one in which markup acts. */
  readonly isRendered: boolean;
  /** Whether it is what it must be. */
  meets(expectation: Expectation, strict: boolean): boolean;
  /** Whether a text stands in it, as it is or in a text of its JSON. */
  contains(text: string): boolean;
  hasHeader(name: string): boolean;
}

/** Reads a response as it came. The only place where one that was not captured is read. */
export function rawReply(dialect: Dialect, operation: string, response: WireResponse | undefined): RawReply {
  const body = response?.body.toString('utf8') ?? '';
  const long = tooLong(response?.body.length ?? 0);
  const reply =
    response === undefined || long !== undefined ? noReply : dialect.read(operation, { ...response, body });
  const { outcome, error, exception, members, json, problems } = reply;
  const unread = long ?? json.unread;
  const status = response?.status ?? 0;
  const isKnown = exception !== undefined && Object.hasOwn(dialect.spec.exceptions, exception);
  return {
    outcome,
    ...(isKnown && { exception, ...(error !== undefined && { error }) }),
    members,
    status,
    unread,
    malformation: problems.length === 0 ? undefined : hash('sha256', kindOf(operation, problems)),
    get isMarkup() {
      return /^\s{0,1000}</.test(body);
    },
    isRendered: isRendered(response?.headers ?? []),
    meets(expectation, strict) {
      if (expectation.kind !== 'granted' && outcome !== 'granted')
        if (namedToken.test(body.includes('\\') ? JSON.stringify(json.value ?? body) : body)) return false;
      // Read, not captured: it stays here.
      const request = { method: '', url: '', headers: [] };
      const exchange = { request, response: { status, body } } as unknown as Exchange;
      return (
        problemsWithOne(expectation, { exchange, reply, asked: () => ({}) }, { dialect, strict }).length === 0
      );
    },
    contains: (text) =>
      [...(response?.headers.flat() ?? []), body, ...textsIn(json.value)].some((one) => one.includes(text)),
    hasHeader: (name) => headerOf(response?.headers ?? [], name) !== undefined,
  };
}

/** Problems without what is different in each response. */
const kindOf = (operation: string, problems: readonly string[]): string =>
  `${operation} ${problems.map(kindOfProblem).join('\n')}`;

/** A token of any kind under its name: what was not captured has no marks to look for. */
const namedToken = /"(?:access|refresh|id)_?token"\s{0,100}:\s{0,100}"[^"]/i;
