import { createHash } from 'node:crypto';
import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { identityOf } from '../../core/checks/assertion.ts';
import { accessTokenType } from '../../core/checks/subject-token.ts';
import { invalidGrant } from '../../core/refusal.ts';
import { trustedIssuer } from '../../core/trusted-issuer.ts';
import { atIamToken, type Change, type Defect, replacing, skippingWhen, tokens } from '../defect.ts';

/** Redirect URIs count as the same when both look alike in this form, which changes a part and nothing else. */
const redirectUri = (name: string, changes: string, form: (uri: string) => string): Defect => ({
  name,
  changes,
  breaks: ['RFC6749-4.1.3-redirect_uri-identical'],
  at: tokens,
  ...skippingWhen(
    ({ code, members }) => form(code?.redirectUri ?? '') === form(members.redirect_uri ?? ''),
    'redirect-uri-same',
  ),
});

/** A signature of a JWT that is read although it is not the one spelling of its bytes. */
const leniently = (accepts: RegExp): Change =>
  replacing(() => ({
    'read-assertion': async (value, trusted) => {
      const [header = '', claims = '', signature = '', ...rest] = value.split('.');
      const plain = Buffer.from(signature, 'base64').toString('base64url');
      return rest.length === 0 && accepts.test(signature)
        ? usual['read-assertion']([header, claims, plain].join('.'), trusted)
        : usual['read-assertion'](value, trusted);
    },
  }));

/** A `jti` is known by a form of its text. */
const jtiBy = (form: (jti: string) => string): Change =>
  replacing(() => {
    const used = new Set<string>();
    const key = ({ assertion }: Attempt) => assertion && form(identityOf(assertion));
    return {
      'use-up-assertion': (attempt) => {
        used.add(key(attempt) ?? '');
      },
      'assertion-not-used': (attempt) =>
        attempt.assertion && used.has(key(attempt) ?? '') ? invalidGrant('assertion') : undefined,
    };
  });

const ofAssertion = (name: string, changes: string, requirement: string, change: Change): Defect => ({
  name,
  changes,
  breaks: [requirement],
  at: atIamToken,
  ...change,
});

const noncesAs = (form: (nonce: string) => string): Change =>
  replacing(() => ({
    'id-token-claims': (attempt, signIn, context) =>
      usual['id-token-claims'](
        attempt,
        { ...signIn, nonce: signIn.nonce === undefined ? undefined : form(signIn.nonce) },
        context,
      ),
  }));

/** Values that are normalised, cut or decoded before they are compared or given back. */
export const values: readonly Defect[] = [
  redirectUri(
    'redirect-uri-host-in-any-case',
    'The case of the host of a redirect URI does not count.',
    (uri) => uri.replace(/^(https?:\/\/)([^/?#]*)/, (_, scheme, host) => scheme + host.toLowerCase()),
  ),
  redirectUri('redirect-uri-default-port', 'The default port of https may be written or left out.', (uri) =>
    uri.replace(/^(https:\/\/[^/?#:]*):443(?=[/?#]|$)/, '$1'),
  ),
  redirectUri(
    'redirect-uri-escapes-in-any-case',
    'The case of percent-encodings in a redirect URI does not count.',
    (uri) => uri.replace(/%[\da-f]{2}/gi, (octet) => octet.toUpperCase()),
  ),
  redirectUri('redirect-uri-trimmed', 'Blanks around a redirect URI do not count.', (uri) => uri.trim()),
  redirectUri('redirect-uri-fragment-ignored', 'A fragment of a redirect URI does not count.', (uri) =>
    uri.replace(/#.*$/, ''),
  ),
  redirectUri(
    'redirect-uri-query-in-any-order',
    'The order of the parameters of a redirect URI does not count.',
    (uri) => uri.replace(/\?([^#]*)/, (_, query) => `?${query.split('&').toSorted().join('&')}`),
  ),
  ofAssertion(
    'assertion-signature-padded',
    'The signature of an assertion may have padding.',
    'RFC7523-3-signature',
    leniently(/^[\w-]+={1,2}$/),
  ),
  ofAssertion(
    'assertion-signature-in-plain-base64',
    'The signature of an assertion may be in base64 as well as in base64url.',
    'RFC7523-3-signature',
    leniently(/^[A-Za-z0-9+/]+$/),
  ),
  ofAssertion(
    'assertion-signature-with-line-breaks',
    'The signature of an assertion may have line breaks and blanks, which a decoder skips.',
    'RFC7523-3-signature',
    leniently(/^[\w\s-]+$/),
  ),
  ofAssertion(
    'assertion-signature-once-right',
    'After one assertion was right, no other signature of that issuer is verified.',
    'RFC7523-3-signature',
    replacing(() => {
      const right = new Set<unknown>();
      return {
        'assertion-signature-right': (attempt) => {
          const refusal = usual['assertion-signature-right'](attempt);
          const issuer = attempt.assertion?.claims.iss;
          if (!refusal) right.add(issuer);
          return right.has(issuer) ? undefined : refusal;
        },
      };
    }),
  ),
  ofAssertion(
    'issuer-slash-ignored',
    'A slash behind the issuer of an assertion does not count.',
    'RFC7523-3-iss',
    skippingWhen(
      ({ assertion }) => String(assertion?.claims.iss).replace(/\/$/, '') === trustedIssuer,
      'assertion-issuer-trusted',
    ),
  ),
  ofAssertion(
    'issuer-in-any-case',
    'The issuer of an assertion is compared without regard to case.',
    'RFC7523-3-iss',
    skippingWhen(
      ({ assertion }) => String(assertion?.claims.iss).toLowerCase() === trustedIssuer,
      'assertion-issuer-trusted',
    ),
  ),
  ofAssertion(
    'audience-in-any-case',
    'The audience of an assertion is compared without regard to case.',
    'RFC7523-3-aud',
    audienceBy((text) => text.toLowerCase()),
  ),
  ofAssertion(
    'audience-with-blanks-around',
    'Blanks around the audience of an assertion do not count.',
    'RFC7523-3-aud',
    audienceBy((text) => text.trim()),
  ),
  ofAssertion(
    'jti-of-32-characters',
    'Only the first 32 characters of a jti are remembered, so that another one may look used.',
    'RFC7523-3.1-success',
    jtiBy((jti) => jti.slice(0, JSON.stringify([trustedIssuer, '']).length - 2 + 32)),
  ),
  ofAssertion(
    'jti-in-any-case',
    'A jti is remembered without regard to case, so that another one may look used.',
    'RFC7523-3.1-success',
    jtiBy((jti) => jti.toLowerCase()),
  ),
  {
    name: 'token-type-in-any-case',
    changes: 'The type of a subject token is compared without regard to case.',
    breaks: ['RFC8693-2.1-unsupported-token-types'],
    at: atIamToken,
    ...skippingWhen(
      ({ members }) => members.subject_token_type?.toLowerCase() === accessTokenType,
      'subject-token-type-known',
    ),
  },
  {
    name: 'grant-type-trimmed',
    changes: 'Blanks around a grant type do not count.',
    breaks: ['RFC6749-5.2-unsupported_grant_type', 'AWS-CreateTokenWithIAM-grants'],
    at: tokens,
    ...replacing(() => ({
      'find-grant': (members, known) =>
        usual['find-grant']({ ...members, grant_type: members.grant_type?.trim() ?? '' }, known),
      'find-iam-grant': (members) =>
        usual['find-iam-grant']({ ...members, grant_type: members.grant_type?.trim() ?? '' }),
    })),
  },
  {
    name: 'refresh-token-loses-plus-signs',
    changes: 'The plus signs of a refresh token are stored as blanks, so that it is not found again.',
    breaks: ['RFC6749-6-refresh-success'],
    at: tokens,
    // Refresh tokens of the other front have none.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'find-refresh-token': (state, members) =>
        members.refresh_token?.includes('+') ? undefined : usual['find-refresh-token'](state, members),
    })),
  },
  {
    name: 's256-in-plain-base64',
    changes: 'The hash of a verifier is compared in base64 without padding, not in base64url.',
    breaks: ['RFC7636-4.6-s256-accepted'],
    at: tokens,
    ...replacing(() => ({
      'verifier-matches': ({ code, members: { code_verifier: codeVerifier } }) =>
        code?.challenge !== undefined &&
        codeVerifier !== undefined &&
        code.challenge !== createHash('sha256').update(codeVerifier).digest('base64').replace(/=$/, '')
          ? invalidGrant('code verifier')
          : undefined,
    })),
  },
  ofAssertion(
    'nonce-of-32-characters',
    'Only the first 32 characters of a nonce are kept.',
    'OIDC-2-nonce',
    noncesAs((nonce) => nonce.slice(0, 32)),
  ),
  ofAssertion(
    'nonce-decoded-again',
    'A nonce is percent-decoded once more than it was encoded.',
    'OIDC-2-nonce',
    noncesAs((nonce) => {
      try {
        return decodeURIComponent(nonce.replaceAll('+', ' '));
      } catch {
        return nonce;
      }
    }),
  ),
];

function audienceBy(form: (text: string) => string): Change {
  return skippingWhen(
    ({ assertion, client }) =>
      client !== undefined &&
      'audience' in client &&
      typeof assertion?.claims.aud === 'string' &&
      form(assertion.claims.aud) === form(client.audience),
    'assertion-audience-right',
  );
}
