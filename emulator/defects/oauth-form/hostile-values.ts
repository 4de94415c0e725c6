import type { WireResponse } from '../../wire.ts';
import { atDeviceAuthorization, atToken, type Defect } from '../defect.ts';
import {
  answering,
  askedWith,
  defect,
  editing,
  intercepting,
  oauthError,
  page,
  refusesTokens,
} from './kit.ts';

const sanitised = 'RFC6749-10.14-input-sanitised';
const noServerError = 'RFC6749-5.2-no-5xx-for-client-errors';

/** What looks something up, in the order in which it is presented. */
const lookedUp = ['client_id', 'code', 'device_code', 'refresh_token'];

/** A form with such a value is answered with status 500. */
const breaking = (
  name: string,
  changes: string,
  holds: (value: string, parameter: string) => boolean,
  answer: WireResponse = oauthError('server_error', 500),
): Defect =>
  defect(
    name,
    changes,
    [sanitised, noServerError],
    [...atToken, ...atDeviceAuthorization],
    intercepting((_, request, place) =>
      (place === 'token' || place === 'device_authorization') &&
      [...askedWith(request)].some(([parameter, value]) => holds(value, parameter))
        ? answer
        : undefined,
    ),
  );

/** Values that few clients send, and what is made of them. */
export const hostileValues: readonly Defect[] = [
  breaking(
    'quotes-in-forms-as-500',
    'A quote in a value of a form breaks the query that looks it up.',
    (value) => value.includes("'"),
  ),
  breaking(
    'controls-in-forms-as-500',
    'A control character in a value of a form is answered with status 500.',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    (value) => /[\0-\x1f]/.test(value),
  ),
  breaking(
    'non-ascii-in-forms-as-500',
    'A value outside ASCII, of a parameter that is known, is answered with a page and status 500.',
    (value, parameter) =>
      lookedUp.concat('client_secret', 'scope').includes(parameter) && /[^\0-\x7f]/.test(value),
    page(500, 'Internal Server Error'),
  ),
  breaking(
    'four-octets-in-forms-as-500',
    'A character of four octets does not fit into the database: status 500.',
    (value) => /[\u{10000}-\u{10ffff}]/u.test(value),
  ),
  breaking(
    'values-longer-than-their-column-as-500',
    'A client identifier, code or token of more than 255 characters is answered with status 500.',
    (value, parameter) => lookedUp.includes(parameter) && value.length > 255,
  ),
  breaking(
    'values-of-32-kib-as-500',
    'A value of more than 32,768 characters is answered with a page and status 500.',
    (value) => value.length > 32_768,
    page(500, 'Internal Server Error'),
  ),
  defect(
    'client-id-in-a-header',
    'The client identifier comes back in a header, line breaks included.',
    sanitised,
    atToken,
    answering(({ request, response }) => {
      const [first = '', ...lines] = (askedWith(request).get('client_id') ?? '').split(/\r\n/);
      const injected = lines.flatMap((line) => {
        const [, name, value] = /^([\w-]+): *([\x20-\x7e]+)$/.exec(line) ?? [];
        return name === undefined || value === undefined ? [] : [[name, value] as const];
      });
      const headers = [['X-Client', first.replaceAll(/[^\x20-\x7e]/g, '')] as const, ...injected];
      return { ...response, headers: [...response.headers, ...headers] };
    }),
  ),
  defect(
    'unknown-client-as-page',
    'An unknown client is told so on a page, with its identifier as it came.',
    [sanitised, 'RFC6749-5.2-content-type-json'],
    atToken,
    answering((passing) =>
      refusesTokens('invalid_client')(passing)
        ? page(passing.response.status, `Unknown client ${askedWith(passing.request).get('client_id')}`)
        : passing.response,
    ),
  ),
  defect(
    'client-id-in-description',
    'The description of an error quotes the client identifier as it came.',
    ['RFC6749-5.2-error_description-charset', sanitised],
    atToken,
    editing(refusesTokens('invalid_client'), (body, { request }) => ({
      ...body,
      error_description: `no client ${askedWith(request).get('client_id') ?? ''}`,
    })),
  ),
];
