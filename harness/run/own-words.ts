import type { Dialect } from '../../targets/dialect.ts';
import { readJson } from '../../targets/json.ts';
import { headerOf } from '../../targets/transport/headers.ts';
import type { Exchange } from '../exchange.ts';

type Response = NonNullable<Exchange['response']>;

/** What names an error, wherever it does. */
export function namesIn({ headers, body }: Pick<Response, 'headers' | 'body'>): string[] {
  const { __type, code } = readJson(body).object ?? {};
  return [headerOf(headers, 'x-amzn-errortype'), __type, code].filter((one) => typeof one === 'string');
}

/**
 * Whether an answer comes from the operation itself, by whatever it says: an `error`, or the name of an exception.
 *
 * @param shared names that the operation shares with what stands in front of it: they tell nothing of who answered
 */
export function speaksOfTheOperation(
  response: Pick<Response, 'headers' | 'body'>,
  operation: string,
  { spec }: Dialect,
  shared?: RegExp,
): boolean {
  const { error } = readJson(response.body).object ?? {};
  if (typeof error === 'string' && error !== '') return true;
  const documented = spec.operations[operation]?.exceptions ?? [];
  return namesIn(response)
    .map((one) => one.split(':')[0]?.split('#').at(-1)?.trim() ?? '')
    .some((exception) => documented.includes(exception) && shared?.test(exception) !== true);
}

/** Whether it looks like what an operation grants, right or wrong in its members. */
export function isSuccess({ status, body }: Pick<Response, 'status' | 'body'>): boolean {
  return status === 200 && readJson(body).object !== undefined;
}
