import type { Header, JsonObject, WireResponse } from '../wire.ts';
import type { Misbehaviour, RawRequest, Step } from './misbehaviour.ts';

/** What differs from an ordinary HTTP/1.1 message. */
export interface Message {
  /** All of the first line. */
  readonly statusLine?: string;
  readonly status?: number | string;
  readonly headers?: readonly Header[];
  readonly body?: string | Uint8Array;
  /** In place of that of the body; null leaves it out. */
  readonly length?: number | string | null;
}

const json: Header = ['Content-Type', 'application/json'];

/** A response as bytes. Nothing in it is checked: that is the point. */
export function message({ statusLine, status = 200, headers = [json], body = '', length }: Message): Buffer {
  const bytes = Buffer.from(body);
  const framed: readonly Header[] =
    length === null ? headers : [...headers, ['Content-Length', String(length ?? bytes.length)]];
  const head = [
    statusLine ?? `HTTP/1.1 ${status} Answer`,
    ...framed.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes]);
}

/** The honest answer as bytes, but for what is changed. */
export function honestly(honest: WireResponse, changes: Message = {}): Buffer {
  return message({ ...honest, ...changes });
}

/** Says the same to everybody. */
export const always =
  (said: Message): NonNullable<Misbehaviour['answer']> =>
  () =>
    message(said);

type Spoil = NonNullable<Misbehaviour['spoil']>;

/** Spoils what refuses a request and leaves the rest. */
export const refusals =
  (spoil: Spoil): Spoil =>
  (honest, request) =>
    honest.status >= 400 ? spoil(honest, request) : honestly(honest);

/** Spoils what issues access tokens and leaves the rest. */
export const tokens =
  (spoil: Spoil): Spoil =>
  (honest, request) =>
    honest.status === 200 && textOf(honest).includes('"accessToken"')
      ? spoil(honest, request)
      : honestly(honest);

/** Changes the text of every body. */
export const text =
  (change: (text: string, request: RawRequest) => string | Uint8Array): Spoil =>
  (honest, request) =>
    honestly(honest, { body: change(textOf(honest), request) });

/** Changes the members of every body. */
export const members = (change: (members: JsonObject, request: RawRequest) => JsonObject): Spoil =>
  text((body, request) => JSON.stringify(change(JSON.parse(body), request)));

/** Every body gets one more member, which any client has to ignore (RFC 6749 section 5.1); given as JSON. */
export const adding = (member: string): Spoil => text((body) => `{${member},${body.slice(1)}`);

/** Every answer gets more headers. */
export const withHeaders =
  (...headers: readonly Header[]): Spoil =>
  (honest) =>
    honestly(honest, { headers: [...honest.headers, ...headers] });

/** The honest headers with another value for one of them. */
export function withHeader({ headers }: WireResponse, name: string, value: string): Header[] {
  const others = headers.filter(([one]) => one.toLowerCase() !== name.toLowerCase());
  return [...others, [name, value]];
}

/** The honest answer with a text in place of a member, or beside its members. */
export const replacing =
  (member: string) =>
  (honest: WireResponse, text: string): Buffer =>
    honestly(honest, { body: JSON.stringify({ ...JSON.parse(textOf(honest)), [member]: text }) });

export function textOf({ body }: WireResponse): string {
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}

/** Byte by byte, with a pause behind each. */
export function* dripping(bytes: string | Uint8Array, waitMs: number): Generator<Step> {
  for (const byte of Buffer.from(bytes)) {
    yield { write: Uint8Array.of(byte) };
    yield { waitMs };
  }
}

/** The same bytes for ever. */
export function* endless(bytes: string | Uint8Array, waitMs?: number): Generator<Step> {
  for (;;) {
    yield { write: bytes };
    if (waitMs !== undefined) yield { waitMs };
  }
}

/** One thing after another. */
export function* inTurn(
  ...parts: readonly (Uint8Array | string | Generator<Step> | Step)[]
): Generator<Step> {
  for (const part of parts)
    if (part === 'close' || part === 'reset') yield part;
    else if (typeof part === 'string' || part instanceof Uint8Array) yield { write: part };
    else if (Symbol.iterator in part) yield* part;
    else yield part;
}
