import type { Reply, ResponseText } from '../dialect.ts';
import { noJson } from '../json.ts';

/** The values of each header, by its name in lower case. */
export function headersIn({ headers }: ResponseText): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [key, value] of headers) {
    const name = key.toLowerCase();
    const before = values.get(name);
    if (before === undefined) values.set(name, [value]);
    else before.push(value);
  }
  return values;
}

/** No client can read a body that is not in the coding that it says it is in. */
export function unreadable(response: ResponseText): Reply {
  const named = headersIn(response).get('content-encoding')?.join(', ');
  const problems = [`Content-Encoding is ${named}, and the body is not in that coding`];
  return { outcome: 'malformed', json: noJson, members: {}, problems };
}
