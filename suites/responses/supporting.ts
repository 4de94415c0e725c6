import { isLoopback } from '../../harness/loopback.ts';
import { deviceAuthorizationShape, registrationShape } from '../aws/responses.ts';
import { isSuccess, member, noStore, type RuleRow, show, when } from '../kit/rule.ts';

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
