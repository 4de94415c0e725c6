import type { JsonObject } from '../../wire.ts';
import { atToken, type Change, type Defect, everywhere, leaving, textOf, withHeader } from '../defect.ts';
import { answering, editing, isError, type Passing } from './kit.ts';

const shape = 'AWS-error-shape';
const rename = (name: string | undefined): Change =>
  answering((passing) => {
    const { response } = passing;
    if (!isError(passing)) return response;
    const value = response.headers.find(([one]) => one.toLowerCase() === 'x-amzn-errortype')?.[1];
    const without = withHeader(response, 'x-amzn-ErrorType', undefined);
    return name === undefined || value === undefined ? without : withHeader(without, name, value);
  });
const error = (
  name: string,
  changes: string,
  breaks: Defect['breaks'],
  edit: (body: JsonObject, passing: Passing) => unknown,
): Defect => ({ name, changes, breaks, at: everywhere, ...editing(isError, edit) });

export const errors: readonly Defect[] = [
  error('errors-without-description', 'Errors have no description.', ['AWS-error-description'], (body) =>
    leaving(body, 'error_description'),
  ),
  error(
    'errors-with-empty-description',
    'Errors have an empty description.',
    ['AWS-error-description'],
    (body) => ('error' in body ? { ...body, error_description: '' } : body),
  ),
  {
    name: 'exception-header-missing',
    changes: 'No response names its exception in a header.',
    breaks: [shape],
    at: everywhere,
    ...rename(undefined),
  },
  {
    name: 'exception-header-misnamed',
    changes: 'The exception is in a header called X-Error-Type.',
    breaks: [shape],
    at: everywhere,
    ...rename('X-Error-Type'),
  },
  {
    name: 'exception-header-contradicts',
    changes: 'The header names InvalidRequestException whatever the body says.',
    breaks: [shape],
    at: everywhere,
    ...answering((passing) =>
      isError(passing)
        ? withHeader(passing.response, 'x-amzn-ErrorType', 'InvalidRequestException')
        : passing.response,
    ),
  },
  error(
    'error-misspelt',
    'Error codes are written with hyphens.',
    ['RFC6749-5.2-error-code-registered', shape],
    (body) => ({
      ...body,
      error: textOf(body, 'error')?.replaceAll('_', '-'),
    }),
  ),
  error('error-missing', 'Errors have no error member.', ['RFC6749-5.2-error-member', shape], (body) =>
    leaving(body, 'error'),
  ),
  error(
    'error-as-object',
    'error is an object with a code.',
    ['RFC6749-5.2-error-member', shape],
    (body) => ({
      ...body,
      error: { code: body.error },
    }),
  ),
  error('error-wrapped', 'The error is wrapped in a list.', ['RFC6749-5.2-error-member', shape], (body) => ({
    errors: [body],
  })),
  error(
    'error-with-quotes',
    'Error codes are put in quotes.',
    ['RFC6749-5.2-error-charset', shape],
    (body) => ({
      ...body,
      error: `"${body.error}"`,
    }),
  ),
  error(
    'description-with-quotes',
    'Descriptions quote what they speak of.',
    ['RFC6749-5.2-error_description-charset'],
    (body) => ({ ...body, error_description: `Invalid "${body.error}"` }),
  ),
  error(
    'description-not-ascii',
    'Descriptions have letters outside ASCII.',
    ['RFC6749-5.2-error_description-charset'],
    (body) => ({ ...body, error_description: 'Ungültige Anfrage – bitte prüfen' }),
  ),
  error(
    'description-as-list',
    'error_description is a list.',
    ['RFC6749-5.2-error_description-charset', shape],
    (body) => ({ ...body, error_description: [body.error_description] }),
  ),
  error(
    'error-as-number',
    'error is the status.',
    [shape, 'RFC6749-5.2-error-member'],
    (body, { response }) => ({ ...body, error: response.status }),
  ),
  error(
    'secret-in-description',
    'A description tells which client secret was wrong.',
    ['RFC6749-5.2-error-no-credential-echo'],
    (body, { members }) => ({
      ...body,
      error_description: `Invalid client secret ${textOf(members, 'clientSecret') ?? ''}`,
    }),
  ),
  error(
    'artefact-in-description',
    'A description repeats the code or token that was wrong.',
    ['RFC6749-5.2-error-no-credential-echo'],
    (body, { members }) => ({
      ...body,
      error_description: `Not valid: ${textOf(members, 'code') ?? textOf(members, 'deviceCode') ?? textOf(members, 'refreshToken') ?? textOf(members, 'assertion') ?? textOf(members, 'subjectToken') ?? ''}`,
    }),
  ),
  error('token-in-error', 'Errors carry an access token.', ['RFC6749-5.2-no-token-in-error'], (body) => ({
    ...body,
    accessToken: 'aoaAAAAAGZ2b2xhdGlsZS10b2tlbi1mb3ItZXJyb3I',
  })),
  {
    name: 'errors-with-status-200',
    changes: 'Errors have status 200.',
    breaks: ['RFC6749-5.1-no-error-member', 'AWS-success-shape', 'AWS-CreateTokenWithIAM-success-shape'],
    at: everywhere,
    ...answering(({ response }) => ({ ...response, status: 200 })),
  },
  {
    name: 'errors-with-status-422',
    changes: 'Errors with status 400 have status 422.',
    breaks: ['RFC6749-5.2-status-400', 'AWS-error-status'],
    at: everywhere,
    ...answering(({ response }) => (response.status === 400 ? { ...response, status: 422 } : response)),
  },
  {
    name: 'errors-as-html',
    changes: 'Errors are HTML pages.',
    breaks: ['AWS-no-html', 'RFC6749-5.2-content-type-json', 'RFC6749-5.2-error-member'],
    at: everywhere,
    ...answering((passing) =>
      isError(passing)
        ? {
            ...withHeader(passing.response, 'Content-Type', 'text/html'),
            body: '<!doctype html><title>Error</title><h1>Bad Request</h1>',
          }
        : passing.response,
    ),
  },
  {
    name: 'errors-as-html-to-browsers',
    changes: 'Who accepts HTML gets errors as HTML pages.',
    breaks: ['RFC6749-5.2-json-regardless-of-accept', 'AWS-no-html'],
    at: atToken,
    ...answering((passing) =>
      isError(passing) && passing.request.headers.get('accept')?.[0]?.includes('text/html')
        ? {
            ...withHeader(passing.response, 'Content-Type', 'text/html'),
            body: '<!doctype html><title>Error</title><h1>Bad Request</h1>',
          }
        : passing.response,
    ),
  },
  {
    name: 'error-content-type-missing',
    changes: 'Errors have no Content-Type.',
    breaks: ['RFC6749-5.2-content-type-json'],
    at: everywhere,
    ...answering((passing) =>
      isError(passing) ? withHeader(passing.response, 'Content-Type', undefined) : passing.response,
    ),
  },
  {
    name: 'errors-redirected',
    changes: 'Errors redirect to a login page with status 307.',
    breaks: ['RFC9700-4.12-no-307-redirect'],
    at: everywhere,
    ...answering((passing) =>
      isError(passing)
        ? { ...withHeader(passing.response, 'Location', 'https://login.example/'), status: 307, body: '' }
        : passing.response,
    ),
  },
  {
    name: 'errors-empty',
    changes: 'Errors have an empty body.',
    breaks: ['RFC6749-5.2-error-member', shape],
    at: everywhere,
    ...answering((passing) => (isError(passing) ? { ...passing.response, body: '' } : passing.response)),
  },
  {
    name: 'error-member-twice',
    changes: 'The error member is there twice.',
    breaks: ['RFC6749-5.1-response-params-unique'],
    at: everywhere,
    ...answering((passing) =>
      isError(passing) && passing.body
        ? {
            ...passing.response,
            body: `{"error":"server_error",${JSON.stringify(passing.body).slice(1)}`,
          }
        : passing.response,
    ),
  },
];
