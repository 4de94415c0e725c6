import type { JsonObject, WireResponse } from '../../wire.ts';
import { atToken, type Change, type Defect, leaving, renaming } from '../defect.ts';
import { answering, defect, editing, heading, issuesTokens, type Passing, writing } from './kit.ts';

const json = 'RFC6749-5.1-json-object';
const type = 'RFC6749-5.1-content-type-json';
const unique = 'RFC6749-5.1-response-params-unique';
const caching = 'RFC6749-5.1-cache-control';
const coding = 'RFC9110-8.4-content-coding';
const scopes = 'RFC6749-3.3-scope-syntax';

const success = (name: string, changes: string, breaks: string | Defect['breaks'], change: Change): Defect =>
  defect(name, changes, breaks, atToken, change);

const text = (
  name: string,
  changes: string,
  breaks: string,
  write: (text: string) => string | Uint8Array,
): Defect => success(name, changes, breaks, writing(issuesTokens, write));

const members = (
  name: string,
  changes: string,
  breaks: string | Defect['breaks'],
  edit: (body: JsonObject, passing: Passing) => unknown,
): Defect => success(name, changes, breaks, editing(issuesTokens, edit));

const head = (
  name: string,
  changes: string,
  breaks: string,
  headers: Readonly<Record<string, string | undefined>>,
  concerns: (passing: Passing) => boolean = issuesTokens,
): Defect => success(name, changes, breaks, heading(concerns, headers));

const status = (name: string, changes: string, code: number): Defect =>
  success(
    name,
    changes,
    'RFC6749-5.1-status-200',
    answering(
      (passing): WireResponse =>
        issuesTokens(passing) ? { ...passing.response, status: code } : passing.response,
    ),
  );

/** The scope, where there is one, written otherwise. */
const scope = (name: string, changes: string, write: (scope: string) => unknown): Defect =>
  members(name, changes, scopes, (body) =>
    typeof body.scope === 'string' ? { ...body, scope: write(body.scope) } : body,
  );

const refreshed = (passing: Passing): boolean =>
  issuesTokens(passing) && passing.form.get('grant_type') === 'refresh_token';

/** How tokens are told (RFC 6749 section 5.1). */
export const tokenAnswers: readonly Defect[] = [
  status('tokens-as-201', 'Tokens are issued with status 201.', 201),

  text('tokens-cut-off', 'The JSON of tokens ends in the middle.', json, (body) => body.slice(0, -3)),
  text(
    'tokens-behind-a-notice',
    'A notice of the interpreter stands before the JSON of tokens.',
    json,
    (body) => `<br />\nNotice: Undefined index: scope in token.php on line 42<br />\n${body}`,
  ),
  text(
    'tokens-behind-a-bom',
    'A byte order mark stands before the JSON of tokens.',
    json,
    (body) => `\ufeff${body}`,
  ),
  text('tokens-in-utf-16', 'The JSON of tokens is UTF-16.', json, (body) => Buffer.from(body, 'utf16le')),
  text('tokens-with-latin-1', 'A member beside the tokens is ISO 8859-1.', json, (body) =>
    Buffer.concat([Buffer.from(body.slice(0, -1)), Buffer.from(',"user":"Andr\u00e9"}', 'latin1')]),
  ),
  text(
    'tokens-behind-a-guard',
    'The JSON of tokens stands behind )]}\u2019 on a line of its own.',
    json,
    (body) => `)]}'\n${body}`,
  ),
  text('tokens-as-jsonp', 'Tokens come as a call of a function.', json, (body) => `callback(${body});`),
  text('tokens-in-a-list', 'Tokens come in a list of one object.', json, (body) => `[${body}]`),
  text('tokens-as-json-text', 'Tokens come as a string of JSON.', json, (body) => JSON.stringify(body)),
  text('tokens-as-form', 'Tokens come as a form.', json, (body) =>
    new URLSearchParams(JSON.parse(body) as Record<string, string>).toString(),
  ),
  members(
    'tokens-in-data',
    'Tokens stand within the member data.',
    ['RFC6749-5.1-access_token-present', json],
    (body) => ({ data: body }),
  ),
  text(
    'told-access-token-twice',
    'The access token is there twice.',
    unique,
    (body) => `{"access_token":"at-first",${body.slice(1)}`,
  ),
  text(
    'told-token-type-twice',
    'The token type is there twice.',
    unique,
    (body) => `{"token_type":"bearer",${body.slice(1)}`,
  ),
  text('told-lifetime-twice', 'The lifetime is there twice, once as it was before.', unique, (body) =>
    body.replace(/,"expires_in":\d+/, (member) => `${member},"expires_in":0`),
  ),

  head('tokens-as-plain-text', 'Tokens have the media type text/plain.', type, {
    'Content-Type': 'text/plain;charset=UTF-8',
  }),
  head('tokens-as-javascript', 'Tokens have the media type text/javascript.', type, {
    'Content-Type': 'text/javascript',
  }),
  head('tokens-without-type', 'Tokens have no media type.', type, { 'Content-Type': undefined }),

  head('tokens-without-no-store', 'Tokens have no Cache-Control.', caching, { 'Cache-Control': undefined }),
  head(
    'tokens-no-cache-private',
    'The framework puts no-cache and private in the place of no-store.',
    caching,
    {
      'Cache-Control': 'no-cache, private',
    },
  ),
  head('tokens-for-a-minute', 'Tokens may be kept for a minute.', caching, {
    'Cache-Control': 'private, max-age=60',
  }),
  head(
    'refreshed-tokens-kept',
    'Tokens of a refresh have no Cache-Control.',
    caching,
    { 'Cache-Control': undefined },
    refreshed,
  ),

  head('tokens-called-gzip', 'Tokens are said to be in gzip, and are not.', coding, {
    'Content-Encoding': 'gzip',
  }),

  members(
    'told-no-access-token',
    'There is no access token beside the refresh token.',
    'RFC6749-5.1-access_token-present',
    (body) => leaving(body, 'access_token'),
  ),
  members(
    'told-access-token-in-camel-case',
    'The access token is called accessToken.',
    'RFC6749-5.1-access_token-present',
    (body) => renaming(body, 'access_token', 'accessToken'),
  ),
  members(
    'told-access-token-empty',
    'The access token is empty.',
    'RFC6749-5.1-access_token-present',
    (body) => ({
      ...body,
      access_token: '',
    }),
  ),
  members(
    'told-access-token-with-letters-of-others',
    'An access token has letters outside ASCII.',
    'RFC6749-A.12-access_token-charset',
    (body) => ({
      ...body,
      access_token: `${body.access_token}-\u00e9\u00df`,
    }),
  ),
  members(
    'told-access-token-with-line-break',
    'An access token ends with a line break.',
    'RFC6749-A.12-access_token-charset',
    (body) => ({
      ...body,
      access_token: `${body.access_token}\n`,
    }),
  ),
  members(
    'told-refresh-token-with-line-break',
    'A refresh token ends with a line break.',
    'RFC6749-A.17-refresh_token-charset',
    (body) =>
      typeof body.refresh_token === 'string' ? { ...body, refresh_token: `${body.refresh_token}\n` } : body,
  ),
  members(
    'told-refresh-token-empty',
    'Where there is no refresh token it is empty.',
    'RFC6749-A.17-refresh_token-charset',
    (body) => ({
      refresh_token: '',
      ...body,
    }),
  ),
  members(
    'told-refresh-token-as-object',
    'A refresh token is an object of its value and its lifetime.',
    'RFC6749-A.17-refresh_token-charset',
    (body) =>
      typeof body.refresh_token === 'string'
        ? { ...body, refresh_token: { value: body.refresh_token, expires_in: 3600 } }
        : body,
  ),
  members('told-no-token-type', 'There is no token type.', 'RFC6749-5.1-token_type-present', (body) =>
    leaving(body, 'token_type'),
  ),
  members('told-token-type-null', 'The token type is null.', 'RFC6749-5.1-token_type-present', (body) => ({
    ...body,
    token_type: null,
  })),
  members(
    'told-token-type-as-list',
    'The token type is a list.',
    'RFC6749-5.1-token_type-present',
    (body) => ({
      ...body,
      token_type: ['Bearer'],
    }),
  ),
  members('told-token-type-jwt', 'The token type is JWT.', 'RFC6749-5.1-token_type-value', (body) => ({
    ...body,
    token_type: 'JWT',
  })),
  members(
    'told-token-type-with-blank',
    'A blank stands behind the token type.',
    'RFC6749-5.1-token_type-value',
    (body) => ({
      ...body,
      token_type: 'Bearer ',
    }),
  ),
  members('told-lifetime-as-text', 'The lifetime is text.', 'RFC6749-5.1-expires_in-number', (body) => ({
    ...body,
    expires_in: String(body.expires_in),
  })),
  members(
    'told-lifetime-with-fraction',
    'The lifetime has a fraction.',
    'RFC6749-5.1-expires_in-number',
    (body) => ({
      ...body,
      expires_in: Number(body.expires_in) - 0.25,
    }),
  ),
  members(
    'told-lifetime-negative',
    'The lifetime is -1 for tokens that are said not to end.',
    'RFC6749-5.1-expires_in-number',
    (body) => ({
      ...body,
      expires_in: -1,
    }),
  ),
  members('told-no-lifetime', 'There is no lifetime.', 'RFC6749-5.1-expires_in-present', (body) =>
    leaving(body, 'expires_in'),
  ),
  members(
    'told-moment-as-lifetime',
    'The lifetime is the time at which it ends.',
    'RFC6749-5.1-expires_in-plausible',
    (body) => ({
      ...body,
      expires_in: Math.floor(Date.now() / 1000) + Number(body.expires_in),
    }),
  ),
  members(
    'told-success-as-error',
    'A success has the error none.',
    'RFC6749-5.1-no-error-member',
    (body) => ({
      ...body,
      error: 'none',
    }),
  ),
  members('told-error-empty', 'A success has an empty error.', 'RFC6749-5.1-no-error-member', (body) => ({
    ...body,
    error: '',
    error_description: '',
  })),

  scope('told-scope-as-list', 'The scope is a list.', (value) => value.split(' ')),
  scope(
    'told-scope-with-commas',
    'There are commas and blanks between scopes.',
    (value) => `${value.replaceAll(' ', ',  ')}  `,
  ),
  scope('told-scope-in-quotes', 'The scope stands in quotation marks.', (value) => `"${value}"`),
  members('told-scope-null', 'The scope is null.', scopes, (body) => ({ ...body, scope: null })),
];
