import { isSecret } from '../../harness/capture/names.ts';
import { marksIn, withoutMarks } from '../../harness/capture/vault.ts';
import { headerOf } from '../../harness/exchange.ts';
import { carriesToken } from '../../harness/judge/observe.ts';
import { errorMembers, exceptionStatus } from '../aws/responses.ts';
import {
  body,
  errorOf,
  header,
  isError,
  isJsonType,
  isPresent,
  isRefused,
  listed,
  noStore,
  type RuleRow,
  show,
  status,
  when,
} from '../kit/rule.ts';

/** Errors that every operation answers with. `fault` exchanges were asked for, so their status is theirs. */
export const errors: RuleRow[] = [
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
  exceptionStatus,
  {
    id: 'wire/invalid-client-status',
    title: 'the status of invalid_client',
    requirement: 'RFC6749-5.2-invalid_client-status',
    expected: 'status 400 or 401',
    applies: (seen) => isError(seen) && seen.reply.error === 'invalid_client',
    problem: (seen) => when(![400, 401].includes(status(seen)), `status ${status(seen)}`),
  },
  {
    id: 'wire/www-authenticate',
    dialects: ['oauth-form'],
    title: 'the challenge to a client that failed to authenticate with HTTP Basic',
    requirement: 'RFC6749-5.2-401-www-authenticate',
    needs: ['auth:client_secret_basic'],
    expected: 'status 401, and WWW-Authenticate with the scheme Basic',
    applies: (seen) =>
      isError(seen) &&
      seen.exchange.fault === undefined &&
      seen.reply.error === 'invalid_client' &&
      /^basic /i.test(headerOf(seen.exchange.request.headers, 'authorization') ?? ''),
    problem: (seen) => {
      if (status(seen) !== 401) return `status ${status(seen)}`;
      const challenges = listed(seen, 'www-authenticate');
      return when(
        !/(?:^|,)\s*basic(?:\s|,|$)/i.test(challenges ?? ''),
        `WWW-Authenticate is ${show(challenges)}`,
      );
    },
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
    id: 'wire/error-uri-syntax',
    dialects: ['oauth-form'],
    title: 'the URI that tells more of an error',
    requirement: 'RFC6749-5.2-error_uri-syntax',
    expected: 'absent or a URI reference in the characters of RFC 3986',
    optional: 'no error has a URI',
    applies: (seen) => isError(seen) && isPresent(body(seen).object?.error_uri),
    problem: (seen) => {
      const uri = body(seen).object?.error_uri;
      const isReference = typeof uri === 'string' && uriReference.test(withoutMarks(uri));
      return when(!isReference, `error_uri is ${show(uri)}`);
    },
  },
  ...errorMembers,
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

/** Absolute or relative (RFC 3986 §4.1): reserved and unreserved characters, whole percent-encodings, one fragment. */
const uriReference =
  /^(?:[\w.~:/?[\]@!$&'()*+,;=-]|%[\da-f]{2})*(?:#(?:[\w.~:/?@!$&'()*+,;=-]|%[\da-f]{2})*)?$/i;

const registered = new Set(
  [
    'invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope server_error',
    'authorization_pending slow_down access_denied expired_token invalid_redirect_uri invalid_client_metadata',
    // Registered since, which old certificates do not say: RFC 8707, 9449, 9396, 7591 §3.2.2, 7009, 6750.
    'invalid_target invalid_dpop_proof use_dpop_nonce invalid_authorization_details unsupported_token_type',
    'invalid_software_statement unapproved_software_statement invalid_token insufficient_scope',
  ]
    .join(' ')
    .split(' '),
);
