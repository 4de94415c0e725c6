import { isLoopback } from '../../harness/loopback.ts';
import { deviceAuthorizationShape, registrationShape } from '../aws/responses.ts';
import { body, isSuccess, member, noStore, type RuleRow, show, when } from '../kit/rule.ts';

const isText = (value: unknown) => typeof value === 'string';
const isNumber = (value: unknown) => typeof value === 'number';
const isList = (value: unknown) => Array.isArray(value) && value.every(isText);
const isKeySet = (value: unknown) =>
  typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);

/** What RFC 7591 §2 and §3.2.1 have each member of an answer be. */
const types: readonly (readonly [type: string, is: (value: unknown) => boolean, names: string])[] = [
  [
    'a text',
    isText,
    'client_id client_secret token_endpoint_auth_method client_name client_uri logo_uri scope tos_uri policy_uri jwks_uri software_id software_version software_statement',
  ],
  ['a list of texts', isList, 'redirect_uris grant_types response_types contacts'],
  ['a number', isNumber, 'client_id_issued_at client_secret_expires_at'],
  ['an object with a list of keys', isKeySet, 'jwks'],
];

function mistypedIn(told: Readonly<Record<string, unknown>>): string[] {
  const mistyped = types.flatMap(([type, is, names]) =>
    names
      .split(' ')
      .filter((name) => told[name] !== undefined && !is(told[name]))
      .map((name) => `${name} is ${show(told[name])}, not ${type}`),
  );
  return told.token_endpoint_auth_method === ''
    ? [...mistyped, 'token_endpoint_auth_method is empty']
    : mistyped;
}

/** Registrations and device authorizations. */
export const supporting: RuleRow[] = [
  registrationShape,
  {
    id: 'wire/registration-no-store',
    operation: 'register',
    title: 'caching of registrations',
    requirement: 'RFC7591-3.2.1-no-store',
    expected: 'Cache-Control with no-store',
    problem: noStore,
  },
  {
    id: 'wire/registration-member-types',
    operation: 'register',
    title: 'the types of the members of a registration',
    requirement: 'RFC7591-2-member-types',
    expected: 'what RFC 7591 has each member be, so none of them null, and a method that is not empty',
    problem: (seen) => mistypedIn(body(seen).object ?? {}),
  },
  deviceAuthorizationShape,
  {
    id: 'wire/device-authorization-members',
    operation: 'device_authorization',
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
    operation: 'device_authorization',
    title: 'the scheme of the verification URI',
    requirement: 'RFC8628-3.2-verification_uri-https',
    expected: 'https, or http on loopback',
    applies: (seen) => isSuccess(seen) && URL.canParse(String(member(seen, 'verification_uri'))),
    problem: (seen) => {
      const uri = String(member(seen, 'verification_uri'));
      const protocol = URL.parse(uri)?.protocol;
      const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback(uri));
      return when(!isSafe, `the verification URI is ${show(member(seen, 'verification_uri'))}`);
    },
  },
  {
    id: 'wire/device-authorization-no-store',
    operation: 'device_authorization',
    title: 'caching of device authorizations',
    requirement: 'RFC8628-3.2-no-store',
    expected: 'Cache-Control with no-store',
    problem: noStore,
  },
];
