import { type Defect, everywhere, tokens, withHeader } from '../defect.ts';
import { answering, editing, isSuccess, issuesTokens } from './kit.ts';

export const successes: readonly Defect[] = [
  {
    name: 'success-as-201',
    changes: 'Tokens are issued with status 201.',
    breaks: ['RFC6749-5.1-status-200', 'AWS-success-shape'],
    at: tokens,
    ...answering((passing) =>
      issuesTokens(passing) ? { ...passing.response, status: 201 } : passing.response,
    ),
  },
  {
    name: 'success-as-text',
    changes: 'Tokens are issued as text/plain.',
    breaks: ['RFC6749-5.1-content-type-json'],
    at: tokens,
    ...answering((passing) =>
      issuesTokens(passing) ? withHeader(passing.response, 'Content-Type', 'text/plain') : passing.response,
    ),
  },
  {
    name: 'success-as-json-lookalike',
    changes: 'Tokens are issued as text/json.',
    breaks: ['RFC6749-5.1-content-type-json'],
    at: tokens,
    ...answering((passing) =>
      issuesTokens(passing) ? withHeader(passing.response, 'Content-Type', 'text/json') : passing.response,
    ),
  },
  {
    name: 'success-as-html',
    changes: 'Tokens are issued as text/html.',
    breaks: ['AWS-no-html', 'RFC6749-5.1-content-type-json'],
    at: tokens,
    ...answering((passing) =>
      issuesTokens(passing) ? withHeader(passing.response, 'Content-Type', 'text/html') : passing.response,
    ),
  },
  {
    name: 'success-cacheable',
    changes: 'Responses with tokens may be stored.',
    breaks: ['RFC6749-5.1-cache-control', 'RFC7591-3.2.1-no-store', 'RFC8628-3.2-no-store'],
    at: everywhere,
    ...answering((passing) =>
      isSuccess(passing)
        ? withHeader(passing.response, 'Cache-Control', 'public, max-age=3600')
        : passing.response,
    ),
  },
  {
    name: 'pragma-missing',
    changes: 'Pragma: no-cache is missing.',
    breaks: ['RFC6749-5.1-pragma'],
    at: everywhere,
    ...answering(({ response }) => withHeader(response, 'Pragma', undefined)),
  },
  {
    name: 'error-in-success',
    changes: 'A success has an error member that says none.',
    breaks: ['RFC6749-5.1-no-error-member'],
    at: tokens,
    ...editing(issuesTokens, (body) => ({ ...body, error: 'none' })),
  },
];
