import type { Case } from '../../harness/case.ts';
import { inferred, rejected } from '../../harness/expectation.ts';
import { sameAsValid } from '../../harness/stop.ts';
import { ofAws } from '../aws/evidence.ts';
import { refusal } from '../kit/cases.ts';
import { set, swappedCase } from '../kit/change.ts';
import { noAssertion } from '../kit/evidence.ts';
import { type GrantAt, ofGrant } from '../kit/grant.ts';
import { malformedAssertion, type NearlyRight, nearly } from './jwt-bearer.ts';

/** RFC 7515 §5.2: with line breaks, blanks or other characters within it a signature cannot be validated. */
const signatures = (at: GrantAt): readonly Case[] =>
  (
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
      ...ofGrant(at),
      id: `${at.folder}/signature-${name}`,
      title: `a signature ${what}`,
      requirement: 'RFC7523-3-signature',
      change: set('assertion', (valid: string) => valid.replace(/[^.]*$/, (signature) => spelt(signature))),
      expect: noAssertion,
    }),
  );

/** An audience in another spelling; a list has all of them so. */
const spelt = (aud: unknown, change: (text: string) => string): unknown => {
  const changed = Array.isArray(aud) ? aud.map((one) => change(String(one))) : change(String(aud));
  if (JSON.stringify(changed) === JSON.stringify(aud)) throw sameAsValid();
  return changed;
};

const minute = 60;

const claims: readonly (readonly [
  name: string,
  title: string,
  requirement: string,
  claims: NearlyRight['claims'],
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

const malformedOrExpired = rejected(
  'invalid_grant',
  ofAws(inferred('expired_token', 'AWS documents ExpiredTokenException for an expired token in general')),
  inferred('invalid_request', 'a malformed assertion'),
);

/** What of an assertion somebody may take for right: another spelling, or a time that is nearly right. */
export const assertionLookAlikes = (at: GrantAt): readonly Case[] => [
  ...signatures(at),
  ...claims.map(([name, title, requirement, claims]) =>
    nearly(
      at,
      { name, title, requirement, claims },
      requirement === 'RFC7523-3-exp' ? malformedOrExpired : malformedAssertion,
    ),
  ),
];
