import type { WireResponse } from '../../wire.ts';
import { atToken, type Change, type Defect, leaving, renaming } from '../defect.ts';
import { answering, defect, editing, heading, type Passing, page, refusesTokens, writing } from './kit.ts';

const member = 'RFC6749-5.2-error-member';
const type = 'RFC6749-5.2-content-type-json';
const status = 'RFC6749-5.2-status-400';
const registered = 'RFC6749-5.2-error-code-registered';
const characters = 'RFC6749-5.2-error-charset';
const description = 'RFC6749-5.2-error_description-charset';
const noServerError = 'RFC6749-5.2-no-5xx-for-client-errors';
const challenge = 'RFC6749-5.2-401-www-authenticate';
const uri = 'RFC6749-5.2-error_uri-syntax';

const anyRefusal = refusesTokens();
const badGrant = refusesTokens('invalid_grant');
const badClient = refusesTokens('invalid_client');

const refusal = (name: string, changes: string, breaks: string | Defect['breaks'], change: Change): Defect =>
  defect(name, changes, breaks, atToken, change);

const statusOf = (
  name: string,
  changes: string,
  breaks: string,
  concerns: (passing: Passing) => boolean,
  code: number,
): Defect =>
  refusal(
    name,
    changes,
    breaks,
    answering(
      (passing): WireResponse =>
        concerns(passing) ? { ...passing.response, status: code } : passing.response,
    ),
  );

/** An error with another word for it. */
const worded = (
  name: string,
  changes: string,
  breaks: string,
  concerns: (passing: Passing) => boolean,
  error: unknown,
): Defect =>
  refusal(
    name,
    changes,
    breaks,
    editing(concerns, (body) => ({ ...body, error })),
  );

const described = (name: string, changes: string, write: (passing: Passing) => unknown): Defect =>
  refusal(
    name,
    changes,
    description,
    editing(anyRefusal, (body, passing) => ({ ...body, error_description: write(passing) })),
  );

const linked = (name: string, changes: string, error_uri: unknown): Defect =>
  refusal(
    name,
    changes,
    uri,
    editing(anyRefusal, (body) => ({ ...body, error_uri })),
  );

const replaced = (
  concerns: (passing: Passing) => boolean,
  answer: (passing: Passing) => WireResponse,
): Change => answering((passing) => (concerns(passing) ? answer(passing) : passing.response));

/** How errors are told (RFC 6749 section 5.2). */
export const refusals: readonly Defect[] = [
  statusOf('refusals-as-200', 'An error has status 200.', status, anyRefusal, 200),
  statusOf('bad-grant-as-401', 'invalid_grant has status 401.', status, badGrant, 401),
  statusOf('bad-grant-as-403', 'invalid_grant has status 403.', status, badGrant, 403),
  statusOf(
    'bad-request-as-422',
    'invalid_request has status 422.',
    status,
    refusesTokens('invalid_request'),
    422,
  ),
  statusOf('bad-grant-as-500', 'invalid_grant has status 500.', noServerError, badGrant, 500),
  statusOf(
    'bad-client-as-403',
    'invalid_client has status 403.',
    'RFC6749-5.2-invalid_client-status',
    badClient,
    403,
  ),
  statusOf(
    'failed-basic-as-400',
    'Failed HTTP Basic is answered with status 400.',
    challenge,
    badClient,
    400,
  ),
  refusal(
    'unknown-grant-type-as-501',
    'A grant type that does not exist is answered with a page and status 501.',
    noServerError,
    replaced(refusesTokens('unsupported_grant_type'), () => page(501, 'Not Implemented')),
  ),
  refusal(
    'failed-basic-unchallenged',
    'Failed HTTP Basic is answered without WWW-Authenticate.',
    challenge,
    heading(badClient, { 'WWW-Authenticate': undefined }),
  ),
  refusal(
    'failed-basic-challenged-for-bearer',
    'Failed HTTP Basic is answered with a challenge for Bearer.',
    challenge,
    heading(badClient, { 'WWW-Authenticate': 'Bearer error=invalid_client, realm="basic"' }),
  ),

  refusal(
    'refusals-as-plain-text',
    'An error has the media type text/plain.',
    type,
    heading(anyRefusal, { 'Content-Type': 'text/plain; charset=utf-8' }),
  ),
  refusal(
    'refusals-as-problem',
    'An error has the media type application/problem+json.',
    type,
    heading(anyRefusal, { 'Content-Type': 'application/problem+json' }),
  ),
  refusal(
    'bad-grant-as-page',
    'invalid_grant is told on a page.',
    [type, member],
    replaced(badGrant, () => page(400, 'invalid_grant')),
  ),
  refusal(
    'bad-client-as-page',
    'The server in front answers a client that failed to authenticate, with a page.',
    [type, member],
    replaced(badClient, ({ response }) => ({
      ...page(401, 'Authorization Required'),
      headers: [
        ...page(401, '').headers,
        ...response.headers.filter(([name]) => name === 'WWW-Authenticate'),
      ],
    })),
  ),
  refusal(
    'refusals-behind-a-bom',
    'A byte order mark stands before the JSON of an error.',
    member,
    writing(anyRefusal, (text) => `\ufeff${text}`),
  ),
  refusal(
    'refusals-empty',
    'An error has no body.',
    member,
    writing(badGrant, () => ''),
  ),
  refusal(
    'refusals-nested',
    'An error is an object with a code and a message.',
    member,
    editing(anyRefusal, (body) => ({
      error: { code: body.error, message: body.error_description, status: 400 },
    })),
  ),
  refusal(
    'refusals-in-a-list',
    'Errors are a list.',
    member,
    editing(anyRefusal, (body) => ({ errors: [body] })),
  ),
  refusal(
    'refusals-under-another-name',
    'The error is called errorCode.',
    member,
    editing(anyRefusal, (body) => renaming(body, 'error', 'errorCode')),
  ),
  refusal(
    'refusals-in-description-alone',
    'An error has a description alone.',
    member,
    editing(anyRefusal, (body) => leaving(body, 'error')),
  ),
  worded('refusals-as-number', 'The error is the status.', member, anyRefusal, 400),
  refusal(
    'error-told-twice',
    'The error is there twice.',
    'RFC6749-5.1-response-params-unique',
    writing(anyRefusal, (text) => `{"error":"invalid_request",${text.slice(1)}`),
  ),
  refusal(
    'refusals-of-the-framework',
    'An error is the one of the framework: its time, its status, its reason phrase and the path.',
    registered,
    editing(anyRefusal, (_, { request }) => ({
      timestamp: new Date().toISOString(),
      status: 400,
      error: 'Bad Request',
      path: request.path,
    })),
  ),
  worded(
    'bad-grant-as-bad-code',
    'invalid_grant is called bad_verification_code.',
    registered,
    badGrant,
    'bad_verification_code',
  ),
  worded(
    'bad-client-in-capitals',
    'invalid_client is called INVALID_CLIENT.',
    registered,
    badClient,
    'INVALID_CLIENT',
  ),
  worded(
    'bad-grant-with-hyphen',
    'invalid_grant is written with a hyphen.',
    registered,
    badGrant,
    'invalid-grant',
  ),
  worded('error-in-quotes', 'The error stands in quotation marks.', characters, badGrant, '"invalid_grant"'),
  worded(
    'error-with-line-break',
    'The error ends with a line break.',
    characters,
    badClient,
    'invalid_client\n',
  ),

  described(
    'description-in-quotes',
    'A description quotes the name of a parameter.',
    () => 'The parameter "code" is wrong',
  ),
  described('description-with-stack', 'A description is a stack trace.', () =>
    [
      'TypeError: code is undefined',
      '    at grant (/srv/token.js:42:7)',
      '    at handle (/srv/app.js:7:3)',
    ].join('\n'),
  ),
  described(
    'description-in-german',
    'A description is in German, umlauts included.',
    () => 'Ungültige Anfrage',
  ),
  described('descriptions-in-a-list', 'A description is a list.', () => ['Invalid request provided']),
  refusal(
    'description-with-secret',
    'A description has what was presented.',
    'RFC6749-5.2-error-no-credential-echo',
    editing(anyRefusal, (body, { form }) => ({
      ...body,
      error_description: `not found: ${[...form.values()].find((value) => /^[\w-]{30,}$/.test(value)) ?? ''}`,
    })),
  ),

  linked('error-uri-with-blanks', 'The URI of an error has a blank.', 'https://docs.example/invalid request'),
  linked(
    'error-uri-in-words',
    'The URI of an error has quotation marks.',
    'see "errors" at https://docs.example',
  ),
  linked('error-uri-as-object', 'The URI of an error is an object.', { href: 'https://docs.example/errors' }),
  linked(
    'error-uri-outside-ascii',
    'The URI of an error has letters outside ASCII.',
    'https://docs.example/fehler/ungültig',
  ),

  refusal(
    'tokens-beside-an-error',
    'An error comes with a token.',
    'RFC6749-5.2-no-token-in-error',
    editing(badGrant, (body) => ({
      ...body,
      access_token: `at-${crypto.randomUUID()}`,
      token_type: 'Bearer',
    })),
  ),
];
