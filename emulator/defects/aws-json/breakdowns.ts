import type { JsonObject } from '../../wire.ts';
import { atRegister, atToken, type Defect, everywhere, tokens } from '../defect.ts';
import { awsError, intercepting } from './kit.ts';

/** Few requests only are too much for the endpoint. */
export const breakdowns: readonly Defect[] = [
  breaking(
    'long-text-as-500',
    'A text of more than 8,192 characters is answered with status 500.',
    (members) => texts(members).some((text) => text.length > 8192 && !text.startsWith('eyJ')),
  ),
  breaking(
    'quotes-in-tokens-as-500',
    'A quotation mark in a code or token breaks the query that looks it up.',
    ({ code, refreshToken, deviceCode, assertion, subjectToken }) =>
      texts({ code, refreshToken, deviceCode, assertion, subjectToken }).some((text) => text.includes("'")),
    tokens,
  ),
  breaking('non-ascii-as-500', 'A text outside ASCII is answered with status 500.', (members) =>
    texts(members).some((text) => /[^\0-\x7f]/.test(text)),
  ),
  breaking('control-characters-as-500', 'A control character is answered with status 500.', (members) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
    texts(members).some((text) => /[\0-\x1f]/.test(text)),
  ),
  breaking(
    'surrogates-as-500',
    'A character beyond the basic plane is answered with status 500.',
    (members) => texts(members).some((text) => /[\u{10000}-\u{10ffff}]/u.test(text)),
  ),
  breaking(
    'null-members-as-500',
    'A member that is null is answered with status 500.',
    (members) => Object.values(members).includes(null),
    atToken,
    ['RFC6749-3.2-empty-optional-param', 'RFC6749-5.2-malformed-encoding'],
  ),
  breaking(
    'nested-members-as-500',
    'A member that is an object is answered with status 500.',
    (members) =>
      Object.values(members).some(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      ),
    atToken,
    ['RFC6749-3.2-unknown-params-ignored'],
  ),
  breaking(
    'deep-nesting-as-500',
    'Nesting of more than a thousand levels is answered with status 500.',
    (_, text) => text.includes('['.repeat(1000)),
    atToken,
  ),
  breaking(
    'quotes-as-500',
    'A quote in the client id is answered with status 500, as an SQL injection would be.',
    ({ clientId }) => typeof clientId === 'string' && clientId.includes("'"),
    atToken,
  ),
  breaking(
    'long-client-name-as-500',
    'A client name of more than 255 characters is answered with status 500.',
    ({ clientName }) => typeof clientName === 'string' && clientName.length > 255,
    atRegister,
  ),
  breaking(
    'long-lists-as-500',
    'A list of more than 100 items is answered with status 500.',
    (members) => Object.values(members).some((value) => Array.isArray(value) && value.length > 100),
    atRegister,
  ),
  breaking(
    'numbers-in-lists-as-500',
    'A list with something else than text is answered with status 500.',
    (members) =>
      Object.values(members).some(
        (value) => Array.isArray(value) && value.some((item) => typeof item !== 'string'),
      ),
    atRegister,
  ),
  breaking(
    'repeated-items-as-500',
    'A list with the same item twice is answered with status 500.',
    (members) =>
      Object.values(members).some((value) => Array.isArray(value) && new Set(value).size < value.length),
    atRegister,
  ),
  breaking(
    'escaped-slash-as-500',
    'A slash that is written with a backslash is answered with status 500.',
    (_, text) => text.includes('\\/'),
    everywhere,
    ['RFC6749-3.2-unknown-params-ignored', 'RFC8628-3.1-parameter-rules'],
  ),
  breaking(
    'mistyped-start-url-as-500',
    'A start URL that is no text is answered with status 500.',
    ({ startUrl }) => startUrl !== undefined && startUrl !== null && typeof startUrl !== 'string',
    ['device_authorization'],
  ),
  {
    name: 'long-member-names-refused',
    changes: 'A member with a name of more than 30 characters is refused.',
    breaks: ['RFC6749-3.2-unknown-params-ignored'],
    at: atToken,
    ...intercepting((members) =>
      Object.keys(members).some((name) => name.length > 30) ? awsError('InvalidRequestException') : undefined,
    ),
  },
];

function texts(members: JsonObject): string[] {
  return Object.values(members).filter((value): value is string => typeof value === 'string');
}

/** The request is answered with InternalServerException when this holds. */
function breaking(
  name: string,
  changes: string,
  holds: (members: JsonObject, text: string) => boolean,
  at: Defect['at'] = everywhere,
  also: readonly string[] = [],
): Defect {
  return {
    name,
    changes,
    breaks: ['RFC6749-5.2-no-5xx-for-client-errors', 'RFC6749-10.14-input-sanitised', ...also],
    at,
    ...intercepting((members, { body }, operation) =>
      at.includes(operation) && holds(members, Buffer.from(body ?? '').toString('utf8'))
        ? awsError('InternalServerException')
        : undefined,
    ),
  };
}
