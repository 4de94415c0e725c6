import { type Dialect, operations, type Reply } from '../../targets/dialect.ts';
import { noJson } from '../../targets/json.ts';
import { marksIn } from '../capture/vault.ts';
import type { Exchange } from '../exchange.ts';
import type { Observation } from '../probe.ts';
import { isUnserved } from './unserved.ts';

const observations = new WeakMap<
  Exchange,
  { readonly dialect: Dialect; readonly observation: Observation }
>();

/** Reads an exchange in its dialect; once, however many rules ask. */
export function observe(dialect: Dialect, exchange: Exchange): Observation {
  const known = observations.get(exchange);
  if (known?.dialect === dialect) return known.observation;
  const { response, operation = dialect.nameOf('token') } = exchange;
  const reply = isRead(response) ? dialect.read(operation, response) : noReply;
  const documented = dialect.spec.operations[operation]?.exceptions;
  const neutral = operations.find((one) => dialect.nameOf(one) === operation) ?? 'token';
  const body = dialect.bodyOf(neutral);
  const observation: Observation = {
    exchange,
    reply,
    asked: () => {
      const text = exchange.request.body ?? '';
      const contradicted = body.contradicted(text);
      return Object.fromEntries(
        Object.entries(body.read(text) ?? {})
          .filter(([name]) => !contradicted.has(name))
          .map(([name, value]) => [dialect.memberSpelt(neutral, name), value]),
      );
    },
    ...(dialect.spec.operations[operation]?.helper && { helper: true }),
    ...(isUnserved(exchange, reply, body, documented) && { unserved: true }),
  };
  observations.set(exchange, { dialect, observation });
  return observation;
}

export const isRead = (response: Exchange['response']): response is NonNullable<Exchange['response']> =>
  response !== undefined && !response.cut && response.unread === undefined;

export const noReply: Reply = {
  outcome: 'malformed',
  json: noJson,
  members: {},
  problems: ['there is no complete response'],
};

/**
 * Whether a response carries a token of any kind, at any depth and under any spelling. One that the request had brought
 * is no token that was issued: to repeat it is another fault. Helpers issue none.
 */
export function carriesToken({ exchange, reply, helper }: Observation): boolean {
  const { request, response } = exchange;
  if (response === undefined || helper) return false;
  if (reply.outcome === 'granted') return true;
  const tokens = marksIn(response.body).filter(({ kind }) => tokenKinds.has(kind));
  if (tokens.length === 0) return false;
  const sent = new Set(marksIn(JSON.stringify(request)).map(({ fingerprint }) => fingerprint));
  return tokens.some(({ fingerprint }) => !sent.has(fingerprint));
}

const tokenKinds = new Set(['accessToken', 'refreshToken', 'idToken']);

/** No answer, one that is not read, or one that only says "not now": none proves anything about the request. */
export function isSilent({ exchange, reply }: Observation, dialect: Dialect): boolean {
  const operation = exchange.operation ?? dialect.nameOf('token');
  return (
    !isRead(exchange.response) ||
    isNotNow(exchange.response.status, reply, dialect.spec.operations[operation]?.exceptions)
  );
}

/** 429 or 503 without an error that the operation documents. */
export function isNotNow(
  status: number,
  reply: Pick<Reply, 'exception'>,
  documented: readonly string[] = [],
): boolean {
  return (status === 429 || status === 503) && !documented.includes(reply.exception ?? '');
}
