import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant } from '../../core/refusal.ts';
import {
  atIamToken,
  atToken,
  type Defect,
  refusing,
  replacing,
  skipping,
  skippingWhen,
  tokens,
} from '../defect.ts';

/** A code whose redirect URI counts as the same when both look alike in this form. */
const alike = (form: (uri: string) => string) =>
  skippingWhen(
    ({ code, members }) => form(code?.redirectUri ?? '') === form(members.redirect_uri ?? ''),
    'redirect-uri-same',
  );
const identical = 'RFC6749-4.1.3-redirect_uri-identical';

export const authorizationCodes: readonly Defect[] = [
  {
    name: 'code-reusable',
    changes: 'A code can be redeemed any number of times.',
    breaks: [
      'RFC6749-4.1.2-code-single-use',
      'AWS-CreateToken-InvalidGrant',
      'RFC6749-5.2-invalid_grant',
      'AWS-CreateTokenWithIAM-InvalidGrant',
    ],
    at: tokens,
    ...skipping('code-not-redeemed'),
  },
  {
    name: 'code-reusable-with-iam',
    changes: 'A code can be redeemed again, but only at the signed operation.',
    breaks: ['RFC6749-4.1.2-code-single-use'],
    at: atIamToken,
    dialects: ['aws-json'],
    ...skippingWhen(({ operation }) => operation === 'iam_token', 'code-not-redeemed'),
  },
  {
    name: 'code-of-any-client',
    changes: 'A code can be redeemed by another client than the one it was issued to.',
    breaks: ['RFC6749-4.1.3-code-bound-to-confidential-client'],
    at: tokens,
    ...skipping('code-bound-to-client'),
  },
  {
    name: 'code-expiry-ignored',
    changes: 'An expired code is still redeemed.',
    breaks: ['RFC6749-4.1.2-code-expiry'],
    at: tokens,
    ...skipping('code-not-expired'),
  },
  {
    name: 'code-lives-ten-days',
    changes: 'A code lives ten days.',
    breaks: ['RFC6749-4.1.2-code-expiry'],
    at: tokens,
    ...replacing(() => ({ 'code-lifetime': () => 864_000 })),
  },
  {
    name: 'code-any',
    changes: 'Any text is taken for a code.',
    breaks: ['RFC6749-4.1.3-unknown-code'],
    at: tokens,
    ...skipping('code-known'),
  },
  {
    name: 'code-compared-by-its-beginning',
    changes: 'Only the first sixteen characters of a code are compared.',
    breaks: ['RFC6749-4.1.3-unknown-code'],
    at: tokens,
    ...replacing(() => ({
      'find-code': ({ codes }, { code = '' }) =>
        [...codes.values()].find(({ value }) => code !== '' && value.startsWith(code.slice(0, 16))),
    })),
  },
  {
    name: 'unknown-code-as-invalid-request',
    changes: 'An unknown code is answered with InvalidRequestException.',
    breaks: ['RFC6749-4.1.3-unknown-code'],
    at: tokens,
    ...refusing('invalid_request', ['code-known']),
  },
  {
    name: 'redeemed-code-as-invalid-request',
    changes: 'A redeemed code is answered with InvalidRequestException.',
    breaks: ['RFC6749-4.1.2-code-single-use'],
    at: tokens,
    ...refusing('invalid_request', ['code-not-redeemed']),
  },
  {
    name: 'missing-code-as-invalid-grant',
    changes: 'A missing or empty code is taken for an unknown one.',
    breaks: ['RFC6749-4.1.3-missing-code', 'RFC6749-3.2-empty-required-param'],
    at: tokens,
    ...skipping('code-present'),
  },
  {
    name: 'redirect-uri-unchecked',
    changes: 'The redirect URI may be any.',
    breaks: [identical],
    at: tokens,
    ...skipping('redirect-uri-same'),
  },
  {
    name: 'redirect-uri-optional',
    changes: 'The redirect URI may be left out, but not be wrong.',
    breaks: ['RFC6749-4.1.3-redirect_uri-required'],
    at: tokens,
    // OpenID Connect Core section 3.1.3.2 permits it.
    dialects: ['aws-json'],
    ...skippingWhen(
      ({ members }) => members.redirect_uri === undefined,
      'redirect-uri-present',
      'redirect-uri-same',
    ),
  },
  {
    name: 'redirect-uri-by-prefix',
    changes: 'A redirect URI that begins like the right one is taken for it.',
    breaks: [identical],
    at: tokens,
    ...skippingWhen(
      ({ code, members }) => (members.redirect_uri ?? '').startsWith(code?.redirectUri ?? ' '),
      'redirect-uri-same',
    ),
  },
  {
    name: 'redirect-uri-in-any-case',
    changes: 'Redirect URIs are compared without regard to case.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => uri.toLowerCase()),
  },
  {
    name: 'redirect-uri-normalised',
    changes: 'Redirect URIs are compared after they were normalised.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => URL.parse(uri)?.href ?? uri),
  },
  {
    name: 'redirect-uri-decoded',
    changes: 'Redirect URIs are compared after they were percent-decoded.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => {
      try {
        return decodeURIComponent(uri);
      } catch {
        return uri;
      }
    }),
  },
  {
    name: 'redirect-uri-slash-ignored',
    changes: 'A slash at the end of a redirect URI does not count.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => uri.replace(/\/$/, '')),
  },
  {
    name: 'redirect-uri-query-ignored',
    changes: 'The query of a redirect URI does not count.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => uri.replace(/\?.*$/, '')),
  },
  {
    name: 'redirect-uri-scheme-ignored',
    changes: 'http and https are the same in a redirect URI.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => uri.replace(/^https:/, 'http:')),
  },
  {
    name: 'redirect-uri-by-origin',
    changes: 'Only scheme, host and port of a redirect URI are compared.',
    breaks: [identical],
    at: tokens,
    ...alike((uri) => URL.parse(uri)?.origin ?? uri),
  },
  {
    name: 'redirect-uri-as-invalid-request',
    changes: 'A wrong redirect URI is answered with InvalidRequestException.',
    breaks: [identical],
    at: tokens,
    ...refusing('invalid_request', ['redirect-uri-same']),
  },
  {
    name: 'loopback-port-fixed',
    changes: 'A loopback redirect URI counts only with port 8400 or 80.',
    breaks: ['AWS-loopback-port'],
    at: atToken,
    ...replacing(() => ({
      'redirect-uri-same': (attempt) =>
        /:(8400|80)\/|1\/|:8400$/.test(attempt.members.redirect_uri ?? '')
          ? usual['redirect-uri-same'](attempt)
          : invalidGrant('redirect URI'),
    })),
  },
  {
    name: 'failed-request-spends-code',
    changes: 'A wrong verifier or secret uses the code up.',
    breaks: ['OAUTH21-7.5.2-failed-request-keeps-code'],
    at: atToken,
    // Only the draft of OAuth 2.1 says more.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'verifier-matches': (attempt) => {
        const refusal = usual['verifier-matches'](attempt);
        if (refusal && attempt.code) attempt.code.redeemed = true;
        return refusal;
      },
    })),
  },
  {
    name: 'replay-revokes-nothing',
    changes: 'A code that is presented twice leaves its tokens alone.',
    breaks: ['RFC6749-4.1.2-code-reuse-revokes-refresh-tokens'],
    at: atToken,
    ...replacing(() => ({ 'revoke-tokens-of-reused-code': () => undefined })),
  },
  {
    name: 'invalid-replay-revokes',
    changes: 'A replayed code revokes its tokens even when the request was invalid otherwise.',
    breaks: ['OAUTH21-7.5.2-invalid-replay-no-revocation'],
    at: atToken,
    // Only the draft of OAuth 2.1 says more.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'verifier-matches': (attempt) => {
        const refusal = usual['verifier-matches'](attempt);
        if (refusal && attempt.code?.redeemed) attempt.code.family.revoked = true;
        return refusal;
      },
    })),
  },
  {
    name: 'code-refused-with-iam',
    changes: 'The signed operation refuses every code.',
    breaks: ['RFC6749-4.1.4-code-exchange-success'],
    at: atIamToken,
    dialects: ['aws-json'],
    ...replacing(() => ({
      'code-known': (attempt) =>
        attempt.operation === 'iam_token' ? invalidGrant('code') : usual['code-known'](attempt),
    })),
  },
  {
    name: 'code-refused',
    changes: 'Every code is refused.',
    breaks: ['RFC6749-4.1.4-code-exchange-success'],
    at: atToken,
    ...replacing(() => ({ 'code-known': () => invalidGrant('code') })),
  },
];
