import { isSecret } from '../../harness/capture/names.ts';
import { marksIn, readMark, withoutMarks } from '../../harness/capture/vault.ts';
import type { WireCase } from '../../harness/case.ts';
import { headerOf } from '../../harness/exchange.ts';
import { carriesToken } from '../../harness/judge/observe.ts';
import type { Observation } from '../../harness/probe.ts';
import { createGrants } from '../../harness/send/issued.ts';
import { iamRules } from '../aws/responses.ts';
import { isPresent, member, type Rule, requestOf, show, when } from '../kit/rule.ts';
import { plausible } from './plausible.ts';

/** A status of success, unless what it says is that it refuses: that is an error in a wrong shape. */
const isSuccess = ({ exchange, reply }: Observation) =>
  (exchange.response?.status ?? 0) < 300 && reply.outcome !== 'rejected';
const isRefused = (seen: Observation) => seen.exchange.operation !== undefined && !isSuccess(seen);
/** An error of the operation: what was answered below it is none. */
const isError = (seen: Observation) => isRefused(seen) && !seen.unserved;
const status = ({ exchange }: Observation) => exchange.response?.status ?? 0;
const header = ({ exchange }: Observation, name: string) => headerOf(exchange.response?.headers ?? [], name);
const body = ({ reply }: Observation) => reply.json;
const errorOf = (seen: Observation) => body(seen).object?.error;
/** A lifetime in text is one too, though not one to be measured. */
const hasNoLifetime = (seen: Observation) => !isPresent(member(seen, 'expires_in'));
const isJsonType = (type: string | undefined) => /^application\/json\s*(;|$)/i.test(type ?? '');

const noStore = (seen: Observation) =>
  when(
    !/(^|[\s,])no-store($|[\s,;])/i.test(header(seen, 'cache-control') ?? ''),
    `Cache-Control is ${show(header(seen, 'cache-control'))}`,
  );

interface Given {
  readonly seen: Observation;
  /** What tells the grant from others. */
  readonly grant: string;
  readonly lifetime: number;
}

const presentable = new Set(['code', 'deviceCode', 'refreshToken', 'assertion', 'subjectToken']);

/**
 * Every access token, with those answers before it that gave the same one. Documents do not forbid that while it
 * lives, as long as it goes to the same client for the same grant.
 */
function givenAgain(all: readonly Observation[]): (Given & { readonly before: readonly Given[] })[] {
  const grantOf = createGrants();
  const given = new Map<string, Given[]>();
  const inTime = all.toSorted((one, other) => one.exchange.startedAt - other.exchange.startedAt);
  return inTime.map((seen) => {
    const { body: sent = '' } = seen.exchange.request;
    const grant = grantOf({
      client: requestOf(seen).clientId,
      presented: marksIn(sent).find(({ kind }) => presentable.has(kind))?.fingerprint,
      next: readMark(member(seen, 'refresh_token'))?.fingerprint,
    });
    const token = readMark(member(seen, 'access_token'))?.fingerprint ?? '';
    const before = given.get(token) ?? [];
    const one = { seen, grant, lifetime: Number(member(seen, 'expires_in')) };
    given.set(token, [...before, one]);
    return { ...one, before };
  });
}

/** RFC 6749 §5.1: successful responses of the token operation. */
const tokenSuccess: Rule[] = [
  {
    id: 'wire/success-status',
    title: 'the status of a granted request',
    requirement: 'RFC6749-5.1-status-200',
    expected: 'status 200 whenever a token is issued',
    applies: carriesToken,
    problem: (seen) => when(status(seen) !== 200, `status ${status(seen)}`),
  },
  {
    id: 'wire/success-content-type',
    title: 'the media type of a success',
    requirement: 'RFC6749-5.1-content-type-json',
    expected: 'Content-Type: application/json',
    problem: (seen) =>
      when(
        !isJsonType(header(seen, 'content-type')),
        `Content-Type is ${show(header(seen, 'content-type'))}`,
      ),
  },
  {
    id: 'wire/success-json-object',
    title: 'the body of a success',
    requirement: 'RFC6749-5.1-json-object',
    expected: 'one JSON object in UTF-8',
    problem: (seen) => {
      const { error, object } = body(seen);
      if (seen.exchange.response?.utf8 === false) return 'the body is not UTF-8';
      if (error !== undefined) return `the body is not JSON: ${error}`;
      return when(object === undefined, 'the body is JSON, but not an object');
    },
  },
  {
    id: 'wire/access-token-present',
    title: 'the access token of a success',
    requirement: 'RFC6749-5.1-access_token-present',
    expected: 'the access token is a non-empty string',
    problem: (seen) => {
      const value = member(seen, 'access_token');
      return when(
        typeof value !== 'string' || value === '',
        `the access token is ${typeof value === 'string' ? 'empty' : show(value)}`,
      );
    },
  },
  {
    id: 'wire/access-token-charset',
    title: 'the characters of access tokens',
    requirement: 'RFC6749-A.12-access_token-charset',
    expected: 'printable ASCII only',
    applies: (seen) => readMark(member(seen, 'access_token')) !== undefined,
    problem: (seen) =>
      when(
        readMark(member(seen, 'access_token'))?.alphabet === 'other',
        'the access token has other characters',
      ),
  },
  {
    id: 'wire/access-tokens-unique',
    title: 'the access tokens of the run',
    requirement: 'RFC6749-10.10-access-token-entropy-128',
    expected: 'no access token is given to two grants',
    applies: (seen) => readMark(member(seen, 'access_token')) !== undefined,
    problem: () => undefined,
    acrossProblem: 'another grant was given the same one before',
    across: (all) =>
      givenAgain(all)
        .filter(({ grant, before }) => before.some((one) => one.grant !== grant))
        .map(({ seen }) => seen),
  },
  {
    id: 'wire/refresh-token-charset',
    title: 'the refresh token of a success',
    requirement: 'RFC6749-A.17-refresh_token-charset',
    expected: 'absent, null, or a non-empty string of printable ASCII',
    applies: (seen) => isPresent(member(seen, 'refresh_token')),
    optional: 'no response has a refresh token',
    problem: (seen) => {
      const mark = readMark(member(seen, 'refresh_token'));
      if (mark === undefined) return `the refresh token is ${show(member(seen, 'refresh_token'))}`;
      return when(mark.alphabet === 'other', 'the refresh token has other characters');
    },
  },
  {
    id: 'wire/token-type-present',
    title: 'the token type of a success',
    requirement: 'RFC6749-5.1-token_type-present',
    expected: 'the token type is a non-empty string',
    problem: (seen) => {
      const value = member(seen, 'token_type');
      return when(typeof value !== 'string' || value === '', `the token type is ${show(value)}`);
    },
  },
  {
    id: 'wire/token-type-value',
    title: 'the value of the token type',
    requirement: 'RFC6749-5.1-token_type-value',
    expected: 'Bearer, in any case',
    applies: (seen) => isPresent(member(seen, 'token_type')),
    problem: (seen) => {
      const value = member(seen, 'token_type');
      return when(String(value).toLowerCase() !== 'bearer', `the token type is ${show(value)}`);
    },
  },
  {
    id: 'wire/expires-in-present',
    title: 'the lifetime of a success',
    requirement: 'RFC6749-5.1-expires_in-present',
    expected: 'the lifetime is included',
    problem: (seen) => when(!isPresent(member(seen, 'expires_in')), 'the lifetime is missing'),
  },
  {
    id: 'wire/expires-in-number',
    title: 'the JSON type of the lifetime',
    requirement: 'RFC6749-5.1-expires_in-number',
    expected: 'a JSON number of whole seconds, 0 or more',
    applies: (seen) => isPresent(member(seen, 'expires_in')),
    optional: 'no response has a lifetime',
    problem: (seen) => {
      const value = member(seen, 'expires_in');
      return when(!Number.isInteger(value) || Number(value) < 0, `the lifetime is ${show(value)}`);
    },
  },
  {
    id: 'wire/expires-in-plausible',
    title: 'the size of the lifetime',
    requirement: 'RFC6749-5.1-expires_in-plausible',
    expected:
      'more than 0 and at most 31,536,000 seconds, and no more than before where a token is given again',
    applies: (seen) => typeof member(seen, 'expires_in') === 'number',
    optional: 'no response has a lifetime',
    couldHave: hasNoLifetime,
    problem: (seen) => {
      const value = Number(member(seen, 'expires_in'));
      return when(value <= 0 || value > 31_536_000, `the lifetime is ${value}`);
    },
    acrossProblem: 'the same access token had less time left before',
    across: (all) =>
      givenAgain(all)
        .filter(({ grant, lifetime, before }) =>
          before.some((one) => one.grant === grant && lifetime > one.lifetime),
        )
        .map(({ seen }) => seen),
  },
  {
    id: 'wire/expires-in-short',
    title: 'the lifetime of bearer tokens',
    requirement: 'RFC6750-5.3-short-lived-access-token',
    expected: 'an hour or less',
    applies: (seen) => typeof member(seen, 'expires_in') === 'number',
    optional: 'no response has a lifetime',
    couldHave: hasNoLifetime,
    problem: (seen) =>
      when(
        Number(member(seen, 'expires_in')) > 3_600,
        `the lifetime is ${member(seen, 'expires_in')} seconds`,
      ),
  },
  {
    id: 'wire/no-error-in-success',
    title: 'an error within a success',
    requirement: 'RFC6749-5.1-no-error-member',
    expected: 'no error member in a 200 response',
    applies: (seen) => status(seen) < 300,
    problem: (seen) =>
      when(
        isPresent(member(seen, 'error')),
        `status ${status(seen)} with the error ${show(member(seen, 'error'))}`,
      ),
  },
  {
    id: 'wire/success-shape',
    title: 'the members of a success',
    requirement: 'AWS-success-shape',
    expected: 'the members and JSON types that CreateToken documents',
    problem: (seen) => seen.reply.problems,
  },
  {
    id: 'wire/no-id-token',
    title: 'the ID token of CreateToken',
    requirement: 'AWS-CreateToken-no-id-token',
    expected: 'idToken absent or null',
    problem: (seen) =>
      when(isPresent(member(seen, 'id_token')), `the ID token is ${show(member(seen, 'id_token'))}`),
  },
  {
    id: 'wire/no-store',
    title: 'caching of tokens',
    requirement: 'RFC6749-5.1-cache-control',
    expected: 'Cache-Control with no-store',
    applies: carriesToken,
    problem: noStore,
  },
  {
    id: 'wire/pragma',
    title: 'caching of tokens by HTTP/1.0',
    requirement: 'RFC6749-5.1-pragma',
    expected: 'Pragma: no-cache',
    applies: carriesToken,
    problem: (seen) =>
      when(!/no-cache/i.test(header(seen, 'pragma') ?? ''), `Pragma is ${show(header(seen, 'pragma'))}`),
  },
];

/** Errors that every operation answers with. `fault` exchanges were asked for, so their status is theirs. */
const errors: Rule[] = [
  {
    id: 'wire/error-status',
    title: 'the status of an error',
    requirement: 'RFC6749-5.2-status-400',
    expected: 'status 400, or 401 with invalid_client, or 500 with server_error',
    applies: (seen) => isError(seen) && seen.reply.outcome === 'rejected',
    problem: (seen) => {
      const expected = { invalid_client: [400, 401], server_error: [500] }[seen.reply.error ?? ''] ?? [400];
      return when(!expected.includes(status(seen)), `status ${status(seen)} with ${seen.reply.error}`);
    },
  },
  {
    id: 'wire/exception-status',
    title: 'the documented status of each exception',
    requirement: 'AWS-error-status',
    expected: '401 for InvalidClientException, 500 for InternalServerException, 400 for all others',
    applies: (seen) => isError(seen) && seen.reply.exception !== undefined,
    problem: (seen) => {
      const documented =
        { InvalidClientException: 401, InternalServerException: 500 }[seen.reply.exception ?? ''] ?? 400;
      return when(status(seen) !== documented, `${seen.reply.exception} with status ${status(seen)}`);
    },
  },
  {
    id: 'wire/invalid-client-status',
    title: 'the status of invalid_client',
    requirement: 'RFC6749-5.2-invalid_client-status',
    expected: 'status 400 or 401',
    applies: (seen) => isError(seen) && seen.reply.error === 'invalid_client',
    problem: (seen) => when(![400, 401].includes(status(seen)), `status ${status(seen)}`),
  },
  {
    id: 'wire/error-content-type',
    title: 'the media type of an error',
    requirement: 'RFC6749-5.2-content-type-json',
    expected: 'Content-Type: application/json',
    problem: (seen) =>
      when(
        !isJsonType(header(seen, 'content-type')),
        `Content-Type is ${show(header(seen, 'content-type'))}`,
      ),
  },
  {
    id: 'wire/error-member',
    title: 'the error member',
    requirement: 'RFC6749-5.2-error-member',
    expected: 'a non-empty string at the top level',
    problem: (seen) =>
      when(typeof errorOf(seen) !== 'string' || errorOf(seen) === '', `error is ${show(errorOf(seen))}`),
  },
  {
    id: 'wire/error-charset',
    title: 'the characters of error',
    requirement: 'RFC6749-5.2-error-charset',
    expected: 'only %x20-21, %x23-5B and %x5D-7E',
    applies: (seen) => isError(seen) && typeof errorOf(seen) === 'string',
    problem: (seen) => when(!isErrorText(String(errorOf(seen))), `error is ${show(errorOf(seen))}`),
  },
  {
    id: 'wire/error-registered',
    title: 'the values of error',
    requirement: 'RFC6749-5.2-error-code-registered',
    expected: 'a code of RFC 6749, RFC 7591 or RFC 8628, or server_error',
    applies: (seen) => isError(seen) && typeof errorOf(seen) === 'string',
    problem: (seen) => when(!registered.has(String(errorOf(seen))), `error is ${show(errorOf(seen))}`),
  },
  {
    id: 'wire/error-description-charset',
    title: 'the characters of error_description',
    requirement: 'RFC6749-5.2-error_description-charset',
    expected: 'absent or a string of only %x20-21, %x23-5B and %x5D-7E',
    optional: 'no error has a description',
    applies: (seen) => isError(seen) && isPresent(body(seen).object?.error_description),
    problem: (seen) => {
      const text = body(seen).object?.error_description;
      if (typeof text !== 'string') return `error_description is ${show(text)}`;
      return when(!isErrorText(text), `error_description is ${show(text)}`);
    },
  },
  {
    id: 'wire/error-description',
    title: 'the presence of error_description',
    requirement: 'AWS-error-description',
    expected: 'every error has a description',
    applies: (seen) => isError(seen) && seen.reply.outcome === 'rejected' && isPresent(errorOf(seen)),
    problem: (seen) => {
      const text = body(seen).object?.error_description;
      return when(!isPresent(text) || text === '', `error_description is ${show(text)}`);
    },
  },
  {
    id: 'wire/error-shape',
    title: 'header and body of an error',
    requirement: 'AWS-error-shape',
    expected: 'x-amzn-ErrorType names the exception, error and error_description agree with it',
    problem: (seen) =>
      seen.reply.problems.filter((problem) =>
        /x-amzn-ErrorType|\/error|not documented|without a documented/.test(problem),
      ),
  },
  {
    id: 'wire/no-token-in-error',
    title: 'tokens within errors',
    requirement: 'RFC6749-5.2-no-token-in-error',
    expected: 'no token in a response that is no success',
    applies: isRefused,
    problem: (seen) => when(carriesToken(seen), `status ${status(seen)} carries a token`),
  },
  {
    id: 'wire/no-secret-in-error',
    title: 'secrets of the request within errors',
    requirement: 'RFC6749-5.2-error-no-credential-echo',
    expected: 'no secret, code or token of the request comes back',
    applies: isRefused,
    problem: (seen) => {
      const echoed = marksIn(JSON.stringify(seen.exchange.response)).find(({ kind }) => isSecret(kind));
      return when(echoed !== undefined, `a ${echoed?.kind} comes back`);
    },
  },
  {
    id: 'wire/no-server-error',
    title: 'server errors',
    requirement: 'RFC6749-5.2-no-5xx-for-client-errors',
    expected: 'no 5xx, except where the fault fixture was asked for one',
    applies: (seen) => isError(seen) && seen.exchange.fault === undefined,
    problem: (seen) => when(status(seen) >= 500, `status ${status(seen)}`),
  },
  {
    id: 'wire/no-store-on-error',
    title: 'caching of errors',
    requirement: 'RFC6749-5.2-no-store-on-error',
    expected: 'Cache-Control with no-store',
    applies: isRefused,
    problem: noStore,
  },
];

/** Only what RFC 6749 §5.2 allows in an error, also where a secret was replaced. */
const isErrorText = (text: string): boolean =>
  /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(withoutMarks(text)) &&
  marksIn(text).every(({ alphabet }) => alphabet === 'vschar');

const registered = new Set(
  [
    'invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope server_error',
    'authorization_pending slow_down access_denied expired_token invalid_redirect_uri invalid_client_metadata',
  ]
    .join(' ')
    .split(' '),
);

const integers = new Set(['expiresIn', 'interval', 'clientIdIssuedAt', 'clientSecretExpiresAt']);

const codingOf = ({ exchange }: Observation) => exchange.response?.coding;

const everyResponse: Rule[] = [
  {
    id: 'wire/content-coding',
    title: 'the coding of the body',
    requirement: 'RFC9110-8.4-content-coding',
    expected: 'a body in the coding that Content-Encoding names',
    ofUnreadable: true,
    applies: (seen) => codingOf(seen) !== undefined,
    optional: 'no response names a content coding',
    problem: (seen) =>
      when(
        codingOf(seen) === 'wrong',
        `Content-Encoding is ${show(header(seen, 'content-encoding'))}, and the body is not in that coding`,
      ),
  },
  {
    id: 'wire/content-coding-unasked',
    title: 'a coding that nobody asked for',
    requirement: 'RFC9110-12.5.3-unasked-content-coding',
    expected: 'no Content-Encoding where the request has no Accept-Encoding',
    problem: (seen) =>
      when(
        codingOf(seen) !== undefined &&
          headerOf(seen.exchange.request.headers, 'accept-encoding') === undefined,
        `Content-Encoding is ${show(header(seen, 'content-encoding'))}`,
      ),
  },
  {
    id: 'wire/members-unique',
    title: 'repeated members',
    requirement: 'RFC6749-5.1-response-params-unique',
    expected: 'no member twice',
    problem: (seen) => when(body(seen).repeated.length > 0, `${body(seen).repeated.join(', ')} twice`),
  },
  {
    id: 'wire/plain-integers',
    title: 'the spelling of integers',
    requirement: 'AWS-integers-plain',
    expected: 'integers without quotes, point or exponent',
    applies: (seen) =>
      isSuccess(seen) && Object.keys(body(seen).object ?? {}).some((name) => integers.has(name)),
    problem: (seen) => seen.reply.problems.find((problem) => /must be integer|plain integer/.test(problem)),
  },
  {
    id: 'wire/no-html',
    title: 'HTML',
    requirement: 'AWS-no-html',
    expected: 'no HTML',
    problem: (seen) =>
      when(
        /html/i.test(header(seen, 'content-type') ?? '') || /^\s*</.test(seen.exchange.response?.body ?? ''),
        `status ${status(seen)} with HTML`,
      ),
  },
  {
    id: 'wire/no-redirect',
    title: 'redirects',
    requirement: 'RFC9700-4.12-no-307-redirect',
    expected: 'no 307 or 308',
    problem: (seen) => when(status(seen) === 307 || status(seen) === 308, `status ${status(seen)}`),
  },
  {
    id: 'wire/request-id',
    title: 'the request id',
    requirement: 'AWS-request-id',
    expected: 'x-amzn-RequestId, another one for each response',
    problem: (seen) =>
      when((header(seen, 'x-amzn-requestid') ?? '') === '', 'there is no x-amzn-RequestId header'),
    across: (all) => {
      const ids = new Set<string>();
      return all.filter((one) => {
        const id = header(one, 'x-amzn-requestid') ?? '';
        const again = id !== '' && ids.has(id);
        ids.add(id);
        return again;
      });
    },
  },
  {
    id: 'wire/date',
    title: 'the Date header',
    requirement: 'AWS-response-date',
    expected: 'a date that is less than four minutes off',
    problem: (seen) => {
      const date = Date.parse(header(seen, 'date') ?? '');
      if (Number.isNaN(date)) return `Date is ${show(header(seen, 'date'))}`;
      const { startedAt, clockAdvanced = 0 } = seen.exchange;
      const offs = [0, clockAdvanced].map((advanced) =>
        Math.abs(date / 1_000 - startedAt / 1_000 - advanced),
      );
      const off = Math.round(Math.min(...offs));
      return when(off > 240, `Date is ${off} seconds off`);
    },
  },
];

const isLoopback = (hostname: string) => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);

const supporting: Rule[] = [
  {
    id: 'wire/registration-shape',
    operation: 'RegisterClient',
    title: 'the members of a registration',
    requirement: 'AWS-RegisterClient-success-shape',
    expected: 'the members and JSON types that RegisterClient documents',
    problem: (seen) => seen.reply.problems,
  },
  {
    id: 'wire/registration-no-store',
    operation: 'RegisterClient',
    title: 'caching of registrations',
    requirement: 'RFC7591-3.2.1-no-store',
    expected: 'Cache-Control with no-store',
    problem: noStore,
  },
  {
    id: 'wire/device-authorization-shape',
    operation: 'StartDeviceAuthorization',
    title: 'the members of a device authorization',
    requirement: 'AWS-StartDeviceAuthorization-success-shape',
    expected: 'the members and JSON types that StartDeviceAuthorization documents',
    problem: (seen) => seen.reply.problems,
  },
  {
    id: 'wire/device-authorization-members',
    operation: 'StartDeviceAuthorization',
    title: 'the required members of a device authorization',
    requirement: 'RFC8628-3.2-response-members',
    expected: 'device code, user code, verification URI (absolute) and lifetime (a number)',
    problem: (seen) => {
      const wrong = ['device_code', 'user_code', 'verification_uri'].find(
        (name) => typeof member(seen, name) !== 'string' || member(seen, name) === '',
      );
      if (wrong !== undefined) return `${wrong} is ${show(member(seen, wrong))}`;
      if (!URL.canParse(String(member(seen, 'verification_uri'))))
        return 'the verification URI is not absolute';
      return when(
        typeof member(seen, 'expires_in') !== 'number',
        `the lifetime is ${show(member(seen, 'expires_in'))}`,
      );
    },
  },
  {
    id: 'wire/verification-uri-https',
    operation: 'StartDeviceAuthorization',
    title: 'the scheme of the verification URI',
    requirement: 'RFC8628-3.2-verification_uri-https',
    expected: 'https, or http on loopback',
    applies: (seen) => isSuccess(seen) && URL.canParse(String(member(seen, 'verification_uri'))),
    problem: (seen) => {
      const { protocol, hostname = '' } = URL.parse(String(member(seen, 'verification_uri'))) ?? {};
      const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
      return when(!isSafe, `the verification URI is ${show(member(seen, 'verification_uri'))}`);
    },
  },
  {
    id: 'wire/device-authorization-no-store',
    operation: 'StartDeviceAuthorization',
    title: 'caching of device authorizations',
    requirement: 'RFC8628-3.2-no-store',
    expected: 'Cache-Control with no-store',
    problem: noStore,
  },
];

/** One rule for each exception of each operation: it was seen, and always in its exact shape. */
function exceptionRules(
  operation: string,
  exceptions: readonly string[],
  grants: readonly string[],
): WireCase[] {
  return exceptions.map((exception) => ({
    id: `wire/${operation}/${exception}`,
    title: `${exception} of ${operation}`,
    requirement: `AWS-${operation}-${exception.replace(/Exception$/, '')}`,
    operation,
    exception,
    concerns: 'rejected' as const,
    expected: `seen at least once, always with the documented status, header and body of ${exception}`,
    applies: (seen: Observation) => isError(seen) && seen.reply.exception === exception,
    problem: (seen: Observation) => seen.reply.problems,
    ...(exception === 'UnsupportedGrantTypeException' && {
      optional:
        'unknown grant types are answered with InvalidGrantException, which AWS documents for them too',
      couldHave: isUnknownGrant(grants),
    }),
  }));
}

/** Whether a grant type that there is not was answered as an invalid grant. */
const isUnknownGrant =
  (grants: readonly string[]) =>
  ({ exchange: { grant }, reply }: Observation): boolean =>
    grant !== undefined && !grants.includes(grant) && reply.error === 'invalid_grant';

const isOperation = ({ exchange }: Observation) => exchange.operation !== undefined;

/** The rules over every success of a token operation, with its name in their ids where it is not the first. */
function successRules(operation: string, folder: string, left: readonly string[] = []): WireCase[] {
  return tokenSuccess
    .filter(({ id }) => !left.includes(id))
    .map(
      (rule): WireCase => ({
        operation,
        concerns: 'granted',
        applies: isSuccess,
        ...rule,
        id: rule.id.replace('wire/', folder),
      }),
    );
}

/** All rules over every response, given the operations and exceptions of the contract. */
export function wireCases(
  operations: Readonly<
    Record<
      string,
      { readonly exceptions: readonly string[]; readonly grants?: Readonly<Record<string, unknown>> }
    >
  >,
): WireCase[] {
  const iam = 'CreateTokenWithIAM';
  return [
    ...successRules('CreateToken', 'wire/'),
    ...successRules(iam, 'wire/iam/', ['wire/success-shape', 'wire/no-id-token', 'wire/expires-in-present']),
    ...iamRules.map(
      (rule): WireCase => ({ operation: iam, concerns: 'granted', applies: isSuccess, ...rule }),
    ),
    ...errors.map((rule): WireCase => ({ concerns: 'rejected', applies: isError, ...rule })),
    ...everyResponse.map((rule): WireCase => ({ concerns: 'any', applies: isOperation, ...rule })),
    ...[...supporting, ...plausible].map(
      (rule): WireCase => ({ concerns: 'granted', applies: isSuccess, ...rule }),
    ),
    ...Object.entries(operations).flatMap(([operation, { exceptions, grants = {} }]) =>
      exceptionRules(operation, exceptions, Object.keys(grants)),
    ),
  ].filter(({ operation }) => operation === undefined || operation in operations);
}
