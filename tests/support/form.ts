import { presented } from '../../targets/authentication/all.ts';
import { changedBody } from '../../targets/bodies/body.ts';
import { form } from '../../targets/bodies/form.ts';
import type { Call } from '../../targets/dialect.ts';
import { changedHeaders } from '../../targets/transport/headers.ts';

/** A request as a dialect of forms would send it. */
export interface FormRequest {
  readonly method: string;
  readonly query: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

export function inForm({ members, by, raw = {} }: Call): FormRequest {
  const body = changedBody(form, presented(members, by), raw);
  return {
    method: raw.method ?? 'POST',
    query: new URLSearchParams(raw.query).toString(),
    headers: changedHeaders([['Content-Type', form.mediaType]], raw.headers ?? {}),
    body: Buffer.from(body ?? ''),
  };
}

/** The parameters of a request, read by somebody who forgives nothing. Parameters without a value are omitted. */
export function readStrictly({ method, query, headers, body }: FormRequest): Record<string, string> {
  if (method !== 'POST') throw new Error(`the method ${method}`);
  if (query !== '') throw new Error('parameters in the query');
  const types = headers.filter(([name]) => name === 'Content-Type').map(([, type]) => type.toLowerCase());
  if (types.length !== 1 || !/^application\/x-www-form-urlencoded(; ?charset=utf-8)?$/.test(types[0] ?? ''))
    throw new Error(`the media type ${types}`);
  if (body.some((byte) => byte < 0x20 || byte > 0x7e)) throw new Error('bytes that a form does not have');
  const read = new Map<string, string>();
  for (const pair of body.toString('latin1').split('&')) {
    const spelt = pair.split('=');
    if (spelt.length > 2) throw new Error('a second =');
    const [name = '', value = ''] = spelt.map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    if (read.has(name)) throw new Error(`${name} twice`);
    read.set(name, value);
  }
  return Object.fromEntries([...read].filter(([, value]) => value !== ''));
}

/** The parameters as somebody reads them who only looks at the body, and takes the first of two. */
export function readLeniently({ body }: FormRequest): Record<string, string> {
  const pairs = [...new URLSearchParams(body.toString('utf8'))].filter(([, value]) => value !== '');
  return Object.fromEntries(pairs.toReversed());
}
