import type { DialectName, Operation, OperationOf, Rule } from '../../harness/case.ts';
import { headerOf } from '../../harness/exchange.ts';
import type { Observation } from '../../harness/probe.ts';
import { iamRules } from '../aws/iam-successes.ts';
import { exceptionRules, headers, noHtml, plainIntegers } from '../aws/responses.ts';
import { body, header, isError, isSuccess, type RuleRow, show, status, when } from '../kit/rule.ts';
import { errors } from './errors.ts';
import { standardIdTokens } from './id-tokens.ts';
import { metadataRules } from './metadata.ts';
import { plausible } from './plausible.ts';
import { scopes } from './scopes.ts';
import { tokenSuccess } from './successes.ts';
import { supporting } from './supporting.ts';

const codingOf = ({ exchange }: Observation) => exchange.response?.coding;

const everyResponse: RuleRow[] = [
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
  plainIntegers,
  noHtml,
  {
    id: 'wire/no-redirect',
    title: 'redirects',
    requirement: 'RFC9700-4.12-no-307-redirect',
    expected: 'no 307 or 308',
    problem: (seen) => when(status(seen) === 307 || status(seen) === 308, `status ${status(seen)}`),
  },
  ...headers,
];

const isOperation = ({ exchange }: Observation) => exchange.operation !== undefined;

/** The rules over every success of a token operation, with its name in their ids where it is not the first. */
function successRules(operation: Operation, folder: string, left: readonly string[] = []): Rule[] {
  return tokenSuccess
    .filter(({ id }) => !left.includes(id))
    .map(
      (rule): Rule => ({
        operation,
        concerns: 'granted',
        applies: isSuccess,
        ...rule,
        id: rule.id.replace('wire/', folder),
      }),
    );
}

/** All rules over every response, given the operations of a profile. */
export function rulesOver(answering: readonly OperationOf[], dialect: DialectName): Rule[] {
  const iam = 'iam_token';
  const operations = new Set(answering.map(({ operation }) => operation));
  return [
    ...successRules('token', 'wire/'),
    ...successRules(iam, 'wire/iam/', ['wire/success-shape', 'wire/no-id-token', 'wire/expires-in-present']),
    ...iamRules.map((rule): Rule => ({ operation: iam, concerns: 'granted', applies: isSuccess, ...rule })),
    ...errors.map((rule): Rule => ({ concerns: 'rejected', applies: isError, ...rule })),
    ...everyResponse.map((rule): Rule => ({ concerns: 'any', applies: isOperation, ...rule })),
    ...[...supporting, ...plausible, ...standardIdTokens, ...metadataRules].map(
      (rule): Rule => ({ concerns: 'granted', applies: isSuccess, ...rule }),
    ),
    ...scopes.map(
      (rule): Rule => ({
        concerns: 'granted',
        ...rule,
        applies: (seen) => isSuccess(seen) && rule.applies?.(seen) !== false,
      }),
    ),
    ...(dialect === 'aws-json' ? answering.flatMap(exceptionRules) : []),
  ].filter(({ operation }) => operation === undefined || operations.has(operation));
}
