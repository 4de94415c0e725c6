import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { accessTokenType, refreshTokenType } from '../../core/checks/subject-token.ts';
import { invalidRequest } from '../../core/refusal.ts';
import { atIamToken, type Defect, refusing, replacing, skipping } from '../defect.ts';

const invalid = 'RFC8693-2.2.2-invalid-subject_token';
const types = 'RFC8693-2.1-unsupported-token-types';

export const subjectTokens: readonly Defect[] = [
  {
    name: 'subject-token-type-any',
    changes: 'A subject token may be of any type.',
    breaks: [types],
    at: atIamToken,
    ...skipping('subject-token-type-known'),
  },
  {
    name: 'requested-token-type-any',
    changes: 'A token of any type may be asked for.',
    breaks: [types],
    at: atIamToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...skipping('requested-token-type-known'),
  },
  {
    name: 'subject-token-any',
    changes: 'Any text is taken for a subject token.',
    breaks: [invalid],
    at: atIamToken,
    ...skipping('subject-token-known'),
  },
  {
    name: 'subject-token-expiry-ignored',
    changes: 'An expired subject token is exchanged.',
    breaks: [invalid],
    at: atIamToken,
    ...skipping('subject-token-not-expired'),
  },
  {
    name: 'bad-subject-token-as-invalid-client',
    changes: 'A bad subject token is answered with InvalidClientException.',
    breaks: [invalid],
    at: atIamToken,
    ...refusing('invalid_client', ['subject-token-known', 'subject-token-not-expired']),
  },
  {
    name: 'subject-token-missing-as-invalid-grant',
    changes: 'A missing subject token is answered with InvalidGrantException.',
    breaks: ['RFC8693-2.1-missing-subject', 'RFC6749-3.2-empty-required-param'],
    at: atIamToken,
    ...refusing('invalid_grant', ['subject-token-present']),
  },
  {
    name: 'subject-token-type-optional',
    changes: 'The type of a subject token may be left out.',
    breaks: ['RFC8693-2.1-missing-subject'],
    at: atIamToken,
    ...skipping('subject-token-type-present'),
  },
  {
    name: 'exchange-refused',
    changes: 'Every subject token is refused.',
    breaks: ['RFC8693-2.2.1-success-members'],
    at: atIamToken,
    ...replacing(() => ({ 'subject-token-known': () => invalidRequest('subject token') })),
  },
  {
    name: 'requested-token-type-ignored',
    changes: 'A token exchange always brings an access token.',
    breaks: ['RFC8693-2.2.1-issued_token_type', 'AWS-CreateTokenWithIAM-issued-token-type'],
    at: atIamToken,
    ...replacing(() => ({
      'issued-token-type': (attempt: Attempt) =>
        attempt.grant === 'urn:ietf:params:oauth:grant-type:token-exchange'
          ? accessTokenType
          : usual['issued-token-type'](attempt),
    })),
  },
  {
    name: 'exchange-for-refresh-token',
    changes: 'A token exchange always brings a refresh token.',
    breaks: ['RFC8693-2.2.1-issued_token_type', 'AWS-CreateTokenWithIAM-issued-token-type'],
    at: atIamToken,
    ...replacing(() => ({ 'issued-token-type': () => refreshTokenType })),
  },
];
