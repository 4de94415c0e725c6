import type { BodyModel } from '../../targets/bodies/body.ts';
import type { Reply } from '../../targets/dialect.ts';
import { tooMuchToRead } from '../../targets/json.ts';
import { headerOf } from '../../targets/transport/headers.ts';
import { marksIn } from '../capture/vault.ts';
import type { Exchange } from '../exchange.ts';

type Sent = Exchange['request'];

const header = ({ headers }: Sent, name: string) => headerOf(headers, name);
const isChunked = (request: Sent) => header(request, 'transfer-encoding') !== undefined;
const isOtherMethod = ({ method }: Sent) => method !== 'POST';
/** A longer body was not kept whole. */
const isShortened = ({ body = '' }: Sent) => body.length > 4_096;
const isLong = (request: Sent) =>
  isShortened(request) || marksIn(request.body ?? '').some(({ length }) => length >= 10_000);
const isUnreadable = (request: Sent, model: BodyModel) => {
  const { body = '' } = request;
  return (
    request.utf8 === false ||
    isShortened(request) ||
    tooMuchToRead(body) !== undefined ||
    model.read(body) === undefined
  );
};

/** By which status HTTP itself refuses a request, and what in the request allows that (RFC 9110 §15.5, §15.6). */
const ways: Readonly<Record<number, (request: Sent, model: BodyModel) => boolean>> = {
  // restJson1 names what it cannot parse by exceptions that no model knows.
  400: isUnreadable,
  // Fetch §3.3: which origins may ask is a rule in front of the operation.
  403: (request) => header(request, 'origin') !== undefined,
  405: isOtherMethod,
  406: (request) => !/^(?:$|.*(?:\*\/\*|application\/json))/i.test(header(request, 'accept') ?? ''),
  411: isChunked,
  413: isLong,
  415: (request, { mediaType }) => header(request, 'content-type') !== mediaType,
  501: (request) => isOtherMethod(request) || isChunked(request),
};

/**
 * Whether a registration was refused as a protected resource refuses who brings no access token: with an answer of
 * RFC 6750 §3.1, and none of the registration's own. An endpoint of the standards may be one (RFC 7591 §3, §3.2.2).
 */
export const isOfProtected = ({ response, operation }: Exchange): boolean =>
  operation === 'register' &&
  response !== undefined &&
  (response.status === 401 ||
    response.status === 403 ||
    (response.status === 400 && /\bbearer\b/i.test(headerOf(response.headers, 'www-authenticate') ?? '')));

/**
 * Whether an answer was given below the operation, to a request that is not one of it: another method, no media type,
 * a body that cannot be read, a registration by whom the server lets register nothing. No document says of it what is said of the operation's errors.
 */
export function isUnserved(
  exchange: Exchange,
  reply: Reply,
  body: BodyModel,
  documented: readonly string[] = [],
): boolean {
  const { request, response, operation } = exchange;
  if (response === undefined || documented.includes(reply.exception ?? '')) return false;
  if (isOfProtected(exchange)) return true;
  if (response.status === 400 && reply.exception === undefined) return false;
  // Where the request names no operation of the profile, the server need not have it.
  if (response.status === 501 && operation === undefined) return true;
  return ways[response.status]?.(request, body) ?? false;
}
