import type { Reply, ResponseText } from '../dialect.ts';
import { type JsonText, noJson } from '../json.ts';

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

/** What keeps a response from being one JSON object of the type that it says, whatever the object means. */
export function jsonProblems(
  headers: ReturnType<typeof headersIn>,
  json: JsonText,
  { type, once = [] }: { readonly type: RegExp; readonly once?: readonly string[] },
): string[] {
  const problems: string[] = [];
  const said = headers.get('content-type')?.[0];
  if (said === undefined) problems.push('there is no Content-Type header');
  else if (!type.test(said)) problems.push(`Content-Type is ${said}, not application/json`);
  for (const name of ['content-type', ...once]) {
    const values = headers.get(name) ?? [];
    if (new Set(values).size > 1)
      problems.push(`${name} occurs with ${values.length} values: ${values.join(' and ')}`);
  }
  if (json.error !== undefined) problems.push(`the body is not JSON: ${json.error}`);
  else if (json.object === undefined) problems.push('the body is JSON, but not an object');
  for (const name of json.repeated) problems.push(`the member ${name} occurs twice`);
  return problems;
}
