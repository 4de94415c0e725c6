import { invalidGrant } from '../../core/refusal.ts';
import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import { atToken, type Change, type Defect, replacingOAuth } from '../defect.ts';
import { isOf, jwtBearer, leavingOut, refusingAs, refusingWhen, usual } from './by-attempt.ts';

const audience = 'RFC7523-3-aud';
const malformed = 'RFC7523-3.1-malformed';
const isAssertion = isOf(jwtBearer);

/** The audience is right too when this holds. */
const meantFor = (holds: (aud: unknown, attempt: OAuthAttempt) => boolean): Change =>
  leavingOut(
    (attempt) => attempt.assertion !== undefined && holds(attempt.assertion.claims.aud, attempt),
    'assertion-audience-right',
  );

const alike = (form: (text: string) => string): Change =>
  meantFor((aud, { audiences }) => audiences.some((one) => form(one) === form(String(aud))));

const audiences: readonly [name: string, changes: string, change: Change][] = [
  ['assertion-for-anybody', 'An assertion may be meant for any server.', meantFor(() => true)],
  [
    'assertion-for-nobody',
    'An assertion may have no audience, but not a wrong one.',
    meantFor((aud) => aud === undefined),
  ],
  [
    'assertion-for-names-that-begin-alike',
    'An assertion may be meant for whoever has a name that begins like that of this server.',
    meantFor((aud, { audiences }) => audiences.some((one) => String(aud).startsWith(one))),
  ],
  [
    'assertion-for-an-empty-list',
    'An assertion with an empty list of audiences is meant for everybody.',
    meantFor((aud) => Array.isArray(aud) && aud.length === 0),
  ],
  [
    'assertion-audience-in-any-case',
    'The audience of an assertion is compared without regard to case.',
    alike((text) => text.toLowerCase()),
  ],
  [
    'assertion-audience-trimmed',
    'Blanks around the audience of an assertion do not count.',
    alike((text) => text.trim()),
  ],
  [
    'assertion-audience-once-right',
    'After one assertion of a client was meant for this server, no other audience of it is looked at.',
    replacingOAuth(() => {
      const right = new Set<string | undefined>();
      return {
        'assertion-audience-right': (attempt) => {
          const refusal = usual['assertion-audience-right'](attempt);
          if (!refusal) right.add(attempt.client?.id);
          return right.has(attempt.client?.id) ? undefined : refusal;
        },
      };
    }),
  ],
];

/** Assertions as a grant (RFC 7523). */
export const assertionGrants: readonly Defect[] = [
  ...audiences.map(
    ([name, changes, change]): Defect => ({ name, changes, breaks: [audience], at: atToken, ...change }),
  ),
  {
    name: 'no-jwt-as-assertion',
    changes: 'Text that is no JWT is taken for an assertion.',
    breaks: [malformed],
    at: atToken,
    ...leavingOut(
      ({ assertion }) => assertion?.wellFormed === false,
      'assertion-well-formed',
      'assertion-algorithm-right',
      'assertion-signature-right',
      'assertion-issuer-trusted',
      'assertion-audience-right',
      'assertion-expiry-present',
      'assertion-subject-present',
    ),
  },
  {
    name: 'malformed-assertion-as-server-error',
    changes: 'An assertion that cannot be parsed is answered with server_error and status 500.',
    breaks: [malformed, 'RFC6749-5.2-no-5xx-for-client-errors'],
    at: atToken,
    ...refusingAs('server_error', 'assertion-well-formed'),
  },
  {
    name: 'assertion-up-to-a-blank',
    changes: 'What follows a blank in an assertion is not read.',
    breaks: [malformed],
    at: atToken,
    ...replacingOAuth(() => ({
      'read-assertion': (value, trusted) => usual['read-assertion'](value.split(' ')[0] ?? '', trusted),
    })),
  },
  {
    name: 'missing-assertion-as-server-error',
    changes: 'A missing or empty assertion is answered with server_error and status 500.',
    breaks: ['RFC7523-2.1-missing-assertion', 'RFC6749-3.2-empty-required-param'],
    at: atToken,
    ...refusingAs('server_error', 'assertion-present'),
  },
  {
    name: 'assertion-in-place-of-the-secret',
    changes: 'Whoever has an assertion is not asked whether its client secret is right.',
    breaks: ['RFC7521-4.1-client-auth-optional', 'RFC6749-5.2-invalid_client-wrong-secret'],
    at: atToken,
    ...leavingOut(isAssertion, 'client-secret-right'),
  },
  {
    name: 'assertion-for-any-scope',
    changes: 'An assertion brings whatever scope is asked for.',
    breaks: ['RFC6749-5.2-invalid_scope'],
    at: atToken,
    ...leavingOut(isAssertion, 'scope-of-application', 'scope-for-anybody'),
  },
  {
    name: 'unknown-subject-as-invalid-client',
    changes: 'An assertion about a user that nobody knows is answered with invalid_client.',
    breaks: ['RFC7523-3-sub'],
    at: atToken,
    ...refusingAs('invalid_client', 'assertion-user-known'),
  },
  {
    name: 'assertion-needs-a-scope',
    changes: 'An assertion without a scope is refused.',
    breaks: ['RFC7523-3.1-success'],
    at: atToken,
    ...refusingWhen(
      'invalid_scope',
      'scope-well-formed',
      ({ grant, members }) => grant === jwtBearer && members.scope === undefined,
    ),
  },
  {
    name: 'assertion-of-this-second-too-young',
    changes: 'An assertion counts only from the second after it was issued.',
    breaks: ['RFC7523-3.1-success'],
    at: atToken,
    ...replacingOAuth(() => ({
      'assertion-already-valid': (attempt) => {
        const { assertion, now } = attempt;
        return assertion && Number(assertion.claims.iat) + 1 > now / 1_000
          ? invalidGrant('assertion')
          : usual['assertion-already-valid'](attempt);
      },
    })),
  },
];
