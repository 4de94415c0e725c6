import type { Case } from '../../harness/case.ts';
import { inferred, rejected, rejectedOrIgnored } from '../../harness/expectation.ts';
import { sameAsValid } from '../../harness/stop.ts';
import { refusal } from '../kit/cases.ts';
import { set } from '../kit/change.ts';
import { ofAws } from './evidence.ts';
import { assertion, assertionWith, freshSubjectToken, tokenExchangeGrant } from './given.ts';
import { iamGrants } from './grants.ts';
import { claimsOf } from './jwt-bearer.ts';

/** What of an assertion or a scope somebody may take for right: another spelling, or a time that is nearly right. */

/** RFC 7515 §5.2: with line breaks, blanks or other characters within it a signature cannot be validated. */
const signatures: readonly Case[] = (
  [
    [
      'padded',
      'with padding',
      (signature: string) => signature.padEnd(Math.ceil(signature.length / 4) * 4, '='),
    ],
    [
      'in-plain-base64',
      'in base64 in place of base64url',
      (signature: string) => signature.replaceAll('-', '+').replaceAll('_', '/'),
    ],
    [
      'with-line-break',
      'with a line break',
      (signature: string) => `${signature.slice(0, 76)}\r\n${signature.slice(76)}`,
    ],
    ['with-blank-behind', 'with a blank behind it', (signature: string) => `${signature} `],
  ] as const
).map(([name, what, spelt]) =>
  refusal({
    ...assertion,
    id: `jwt-bearer/signature-${name}`,
    title: `a signature ${what}`,
    requirement: 'RFC7523-3-signature',
    change: set('assertion', (valid: string) => valid.replace(/[^.]*$/, (signature) => spelt(signature))),
    expect: rejected('invalid_grant', inferred('invalid_request', 'a malformed parameter')),
  }),
);

const swappedCase = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

/** An audience in another spelling; a list has all of them so. */
const spelt = (aud: unknown, change: (text: string) => string): unknown => {
  const changed = Array.isArray(aud) ? aud.map((one) => change(String(one))) : change(String(aud));
  if (JSON.stringify(changed) === JSON.stringify(aud)) throw sameAsValid();
  return changed;
};

type Claims = Readonly<Record<string, unknown>>;
const minute = 60;

/** Each made from the claims of a valid one and the target's time in seconds. */
const claims: readonly (readonly [
  name: string,
  title: string,
  requirement: string,
  of: (valid: Claims, now: number) => Claims,
])[] = [
  [
    'issuer-with-slash',
    'an issuer with a slash behind it',
    'RFC7523-3-iss',
    ({ iss }) => ({ iss: `${String(iss)}/` }),
  ],
  [
    'issuer-in-other-case',
    'an issuer with the case of its letters swapped',
    'RFC7523-3-iss',
    ({ iss }) => ({ iss: swappedCase(String(iss)) }),
  ],
  [
    'issuer-with-blank-behind',
    'an issuer with a blank behind it',
    'RFC7523-3-iss',
    ({ iss }) => ({ iss: `${String(iss)} ` }),
  ],
  [
    'audience-in-other-case',
    'an audience with the case of its letters swapped',
    'RFC7523-3-aud',
    ({ aud }) => ({ aud: spelt(aud, swappedCase) }),
  ],
  [
    'audience-with-blank-behind',
    'an audience with a blank behind it',
    'RFC7523-3-aud',
    ({ aud }) => ({ aud: spelt(aud, (text) => `${text} `) }),
  ],
  ['expiry-of-zero', 'an expiry of 0', 'RFC7523-3-exp', () => ({ exp: 0 })],
  [
    'expired-half-an-hour-ago',
    'an expiry half an hour ago, minutes after it was issued',
    'RFC7523-3-exp',
    (_, now) => ({ exp: now - 30 * minute, iat: now - 35 * minute, nbf: now - 35 * minute }),
  ],
  [
    'valid-in-half-an-hour',
    'valid in half an hour',
    'RFC7523-3-nbf-iat',
    (_, now) => ({ nbf: now + 30 * minute, exp: now + 60 * minute }),
  ],
];

const nearlyRight: readonly Case[] = claims.map(([name, title, requirement, of]) =>
  refusal({
    ...assertion,
    needs: [...assertion.needs, 'assertion/claims'],
    id: `jwt-bearer/${name}`,
    title,
    requirement,
    change: (valid, world) =>
      assertionWith({ claims: of(claimsOf(String(valid.members.assertion)), world.now()) })(world),
    expect:
      requirement === 'RFC7523-3-exp'
        ? rejected(
            'invalid_grant',
            ofAws(
              inferred(
                'expired_token',
                'AWS documents ExpiredTokenException for an expired token in general',
              ),
            ),
            inferred('invalid_request', 'a malformed assertion'),
          )
        : rejected('invalid_grant', inferred('invalid_request', 'a malformed assertion')),
  }),
);

const scopes: readonly Case[] = iamGrants.map(({ folder, grant, needs, given }) =>
  refusal({
    operation: 'iam_token',
    grant,
    needs,
    given,
    id: `${folder}/scope-in-other-case`,
    title: 'a scope of the application in upper case',
    requirement: 'RFC8693-2.1-scope-not-widened',
    change: set('scope', ['OPENID']),
    expect: rejectedOrIgnored('invalid_scope', 'RFC 6749 §3.3: a server may ignore a scope and say so'),
    holds: ({ probe = [] }) =>
      probe
        .filter(({ reply }) => JSON.stringify(reply.members.scope ?? '').includes('OPENID'))
        .map(() => 'the response says that a scope was granted that the application does not have'),
  }),
);

const tokenTypes: readonly Case[] = [
  refusal({
    operation: 'iam_token',
    grant: tokenExchangeGrant,
    needs: ['subject-token'],
    given: freshSubjectToken,
    id: 'token-exchange/subject-token-type-in-upper-case',
    title: 'the type of the subject token in upper case',
    requirement: 'RFC8693-2.1-unsupported-token-types',
    change: set('subject_token_type', (valid: string) => valid.toUpperCase()),
    expect: rejected('invalid_request'),
  }),
];

export const iamLookAlikes: readonly Case[] = [...signatures, ...nearlyRight, ...scopes, ...tokenTypes];
