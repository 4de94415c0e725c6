import { invalidGrant, refusalFor } from '../../../emulator/core/refusal.ts';
import { replacingOAuth } from '../../../emulator/defects/defect.ts';
import { usual } from '../../../emulator/defects/oauth-form/by-attempt.ts';
import type { Variant } from '../variant.ts';
import { refusing, reordering } from './kit.ts';

const before = (names: readonly string[], first: readonly string[]): readonly string[] => [
  ...first.filter((one) => names.includes(one)),
  ...names.filter((one) => !first.includes(one)),
];

const presence = [
  'grant-type-present',
  'grant-type-known',
  'grant-offered',
  'code-present',
  'refresh-token-present',
  'device-code-present',
  'assertion-present',
  'subject-token-present',
  'subject-token-type-present',
  'actor-token-type-present',
  'actor-token-present',
];

/** Which error is told where documents leave room, and which of two. */
export const errorVariants: readonly Variant[] = [
  {
    name: 'grant-type-asked-first',
    differs: 'The grant type is looked at before it is asked who the client is.',
    ...reordering((names) => before(names, ['grant-type-present', 'grant-type-known', 'grant-offered'])),
  },
  {
    name: 'parameters-asked-first',
    differs: 'That a parameter is missing is told before it is asked who the client is.',
    ...reordering((names) => before(names, presence)),
  },
  {
    name: 'artefact-asked-first',
    differs: 'Whether a code or token is known and alive is asked before all else about it.',
    ...reordering((names) => {
      const last = ['redirect-uri-same', 'verifier-present', 'verifier-matches', 'code-bound-to-client'];
      return [
        ...names.filter((one) => !last.includes(one)),
        ...last.filter((one) => names.includes(one)).toReversed(),
      ];
    }),
  },
  {
    name: 'grant-before-right-to-it',
    differs: 'Whether a client may use a grant is asked last.',
    ...reordering((names) =>
      names.includes('grant-allowed')
        ? [...names.filter((one) => one !== 'grant-allowed'), 'grant-allowed']
        : names,
    ),
  },
  {
    name: 'scope-asked-early',
    differs: 'The scope is looked at before the code, token or assertion.',
    ...reordering((names) => {
      const scope = ['scope-well-formed', 'scope-of-application', 'target-acceptable'];
      const at = names.indexOf('no-fault-armed');
      if (at < 0) return names;
      const first = names.slice(0, at + 2);
      return [
        ...first,
        ...before(
          names.filter((one) => !first.includes(one)),
          scope,
        ),
      ];
    }),
  },
  {
    name: 'another-clients-code-as-invalid-client',
    differs: 'Whoever brings the code or token of another client is told invalid_client.',
    ...refusing('invalid_client', 'code-bound-to-client', 'refresh-token-bound-to-client'),
  },
  {
    name: 'nobody-as-invalid-request',
    differs: 'A request that names no client is answered with invalid_request.',
    ...refusing('invalid_request', 'client-identified'),
  },
  {
    name: 'unreadable-credentials-as-invalid-request',
    // RFC 6749 section 5.2: otherwise malformed.
    differs: 'A header Authorization that cannot be read is answered with invalid_request.',
    ...refusing('invalid_request', 'credentials-readable'),
  },
  {
    name: 'lack-of-a-verifier-as-invalid-request',
    differs: 'A missing code_verifier is answered with invalid_request.',
    ...refusing('invalid_request', 'verifier-present'),
  },
  {
    name: 'malformed-verifier-as-invalid-request',
    differs: 'A code_verifier of another length or alphabet is answered with invalid_request.',
    ...refusing('invalid_request', 'verifier-long-enough', 'verifier-short-enough', 'verifier-unreserved'),
  },
  {
    name: 'superfluous-verifier-as-invalid-grant',
    // RFC 9700 section 4.8.2 says no error.
    differs: 'A code_verifier for a code without a challenge is answered with invalid_grant.',
    ...refusing('invalid_grant', 'code-has-challenge'),
  },
  {
    name: 'missing-redirect-uri-as-invalid-request',
    differs: 'A missing redirect_uri is answered with invalid_request.',
    ...replacingOAuth(() => ({
      'redirect-uri-same': (attempt) =>
        attempt.code?.redirectUri !== undefined && attempt.members.redirect_uri === undefined
          ? refusalFor('invalid_request')
          : usual['redirect-uri-same'](attempt),
    })),
  },
  {
    name: 'assertion-type-as-invalid-request',
    // RFC 7521 section 4.2 demands the parameter; RFC 6749 section 5.2 has invalid_request for one that is missing or wrong.
    differs: 'A client_assertion_type that is missing or unknown is answered with invalid_request.',
    ...refusing('invalid_request', 'client-assertion-type-right'),
  },
  {
    name: 'two-names-as-invalid-client',
    differs: 'A client_id beside Basic that is that of another client is answered with invalid_client.',
    ...refusing('invalid_client', 'client-named-once'),
  },
  {
    name: 'superfluous-redirect-uri-as-invalid-request',
    differs: 'A redirect_uri for a code that was asked for without one is answered with invalid_request.',
    ...replacingOAuth(() => ({
      'redirect-uri-same': (attempt) =>
        attempt.code?.redirectUri === undefined && attempt.members.redirect_uri !== undefined
          ? refusalFor('invalid_request')
          : usual['redirect-uri-same'](attempt),
    })),
  },
  {
    name: 'unknown-code-of-unallowed-client',
    differs: 'A client that may not use codes, with a code of nobody, is told invalid_grant.',
    ...replacingOAuth(() => ({
      'grant-allowed': (attempt) =>
        attempt.grant === 'authorization_code' && !attempt.code
          ? invalidGrant('code')
          : usual['grant-allowed'](attempt),
    })),
  },
  {
    name: 'unknown-grants-of-the-client-as-unsupported',
    // RFC 6749 section 5.2 has both; the grant type is unknown to everybody.
    differs: 'A grant type that nobody may use is told before anything else about the request.',
    ...replacingOAuth(() => ({
      'one-method-only': (attempt) =>
        attempt.members.grant_type !== undefined &&
        attempt.grant === undefined &&
        attempt.operation === 'token'
          ? refusalFor('unsupported_grant_type')
          : usual['one-method-only'](attempt),
    })),
  },
  {
    name: 'malformed-grant-types-as-invalid-request',
    // RFC 6749 section 4.5 and appendix A.10: neither the name of a grant nor an absolute URI.
    differs: 'A grant type that is written as none can be is answered with invalid_request.',
    ...replacingOAuth(() => ({
      'grant-type-known': (attempt) =>
        attempt.grant === undefined &&
        !/^(?:[\w.-]+|[a-z][\w+.-]*:\S+)$/i.test(attempt.members.grant_type ?? '')
          ? refusalFor('invalid_request')
          : usual['grant-type-known'](attempt),
    })),
  },
  {
    name: 'expired-device-codes-forgotten',
    differs: 'An expired device code is as good as an unknown one: invalid_grant.',
    ...refusing('invalid_grant', 'device-code-not-expired'),
  },
];
