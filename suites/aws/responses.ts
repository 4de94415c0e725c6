import type { OperationOf, Rule } from '../../harness/case.ts';
import type { Observation } from '../../harness/probe.ts';
import {
  body,
  errorOf,
  header,
  isError,
  isPresent,
  isSuccess,
  member,
  type RuleRow,
  show,
  status,
  when,
} from '../kit/rule.ts';

/** What CreateToken says of the members of its success. */
export const tokenMembers: RuleRow[] = [
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
];

export const exceptionStatus: RuleRow = {
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
};

/** What an error says beyond the code that OAuth knows. */
export const errorMembers: RuleRow[] = [
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
];

const integers = new Set(['expiresIn', 'interval', 'clientIdIssuedAt', 'clientSecretExpiresAt']);

export const plainIntegers: RuleRow = {
  id: 'wire/plain-integers',
  title: 'the spelling of integers',
  requirement: 'AWS-integers-plain',
  expected: 'integers without quotes, point or exponent',
  applies: (seen) =>
    isSuccess(seen) && Object.keys(body(seen).object ?? {}).some((name) => integers.has(name)),
  problem: (seen) => seen.reply.problems.find((problem) => /must be integer|plain integer/.test(problem)),
};

export const noHtml: RuleRow = {
  id: 'wire/no-html',
  title: 'HTML',
  requirement: 'AWS-no-html',
  expected: 'no HTML',
  problem: (seen) =>
    when(
      /html/i.test(header(seen, 'content-type') ?? '') || /^\s*</.test(seen.exchange.response?.body ?? ''),
      `status ${status(seen)} with HTML`,
    ),
};

export const headers: RuleRow[] = [
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

export const registrationShape: RuleRow = {
  id: 'wire/registration-shape',
  operation: 'register',
  title: 'the members of a registration',
  requirement: 'AWS-RegisterClient-success-shape',
  expected: 'the members and JSON types that RegisterClient documents',
  problem: (seen) => seen.reply.problems,
};

export const deviceAuthorizationShape: RuleRow = {
  id: 'wire/device-authorization-shape',
  operation: 'device_authorization',
  title: 'the members of a device authorization',
  requirement: 'AWS-StartDeviceAuthorization-success-shape',
  expected: 'the members and JSON types that StartDeviceAuthorization documents',
  problem: (seen) => seen.reply.problems,
};

/** One rule for each exception of each operation: it was seen, and always in its exact shape. */
export function exceptionRules({ operation, name, exceptions, grants = {} }: OperationOf): Rule[] {
  return exceptions.map((exception) => ({
    id: `wire/${name}/${exception}`,
    title: `${exception} of ${name}`,
    requirement: `AWS-${name}-${exception.replace(/Exception$/, '')}`,
    operation,
    exception,
    concerns: 'rejected' as const,
    expected: `seen at least once, always with the documented status, header and body of ${exception}`,
    applies: (seen: Observation) => isError(seen) && seen.reply.exception === exception,
    problem: (seen: Observation) => seen.reply.problems,
    ...(exception === 'UnsupportedGrantTypeException' && {
      optional:
        'unknown grant types are answered with InvalidGrantException, which AWS documents for them too',
      couldHave: isUnknownGrant(Object.keys(grants)),
    }),
  }));
}

/** Whether a grant type that there is not was answered as an invalid grant. */
const isUnknownGrant =
  (grants: readonly string[]) =>
  ({ exchange: { grant }, reply }: Observation): boolean =>
    grant !== undefined && !grants.includes(grant) && reply.error === 'invalid_grant';
