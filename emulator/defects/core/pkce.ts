import type { Attempt } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { invalidGrant } from '../../core/refusal.ts';
import type { AuthorizationCode } from '../../core/state.ts';
import { atToken, type Defect, refusing, replacing, skipping, skippingWhen, tokens } from '../defect.ts';

/** Of the client that presents another one. */
const sameClient = ({ code }: Attempt, other: AuthorizationCode): boolean =>
  other.clientId === code?.clientId;

export const pkce: readonly Defect[] = [
  {
    name: 'verifier-unchecked',
    changes: 'The verifier may be any.',
    breaks: ['RFC7636-4.6-wrong-verifier'],
    at: tokens,
    ...skipping('verifier-matches'),
  },
  {
    name: 'verifier-optional',
    changes: 'The verifier may be left out, but not be wrong.',
    breaks: ['RFC7636-4.6-missing-verifier'],
    at: tokens,
    ...skipping('verifier-present'),
  },
  {
    name: 'verifier-of-challenge',
    changes: 'The challenge itself is accepted as verifier, as under the method plain.',
    breaks: ['RFC7636-4.6-s256-not-downgraded-to-plain'],
    at: atToken,
    ...skippingWhen(({ code, members }) => code?.challenge === members.code_verifier, 'verifier-matches'),
  },
  {
    name: 'verifier-of-any-code',
    changes: 'The verifier of any code of the same client is accepted.',
    breaks: ['RFC7636-4.6-verifier-bound-to-code'],
    at: atToken,
    ...skippingWhen(
      (attempt) =>
        [...attempt.state.codes.values()].some(
          (other) => sameClient(attempt, other) && !usual['verifier-matches']({ ...attempt, code: other }),
        ),
      'verifier-matches',
    ),
  },
  {
    name: 'verifier-without-challenge',
    changes: 'A verifier is ignored when the code has no challenge.',
    breaks: ['RFC9700-4.8.2-verifier-without-challenge'],
    at: atToken,
    ...skipping('code-has-challenge'),
  },
  {
    name: 'pkce-optional',
    changes: 'A code that has no challenge is redeemed without a verifier.',
    breaks: ['RFC9700-2.1.1-pkce-required'],
    at: atToken,
    ...skippingWhen(
      ({ code, members }) => code?.challenge === undefined && members.code_verifier === undefined,
      'verifier-present',
      'code-has-challenge',
    ),
  },
  {
    name: 'wrong-verifier-as-invalid-request',
    changes: 'A wrong verifier is answered with InvalidRequestException.',
    breaks: ['RFC7636-4.6-wrong-verifier'],
    at: tokens,
    ...refusing('invalid_request', ['verifier-matches']),
  },
  {
    name: 'verifier-too-short',
    changes: 'A verifier of fewer than 43 characters is accepted.',
    breaks: ['RFC7636-4.1-verifier-too-short'],
    at: atToken,
    ...skipping('verifier-long-enough'),
  },
  {
    name: 'verifier-too-long',
    changes: 'A verifier of more than 128 characters is accepted.',
    breaks: ['RFC7636-4.1-verifier-too-long'],
    at: atToken,
    ...skipping('verifier-short-enough'),
  },
  {
    name: 'verifier-with-any-character',
    changes: 'A verifier may have characters that are not unreserved.',
    breaks: ['RFC7636-4.1-verifier-charset'],
    at: atToken,
    ...skipping('verifier-unreserved'),
  },
  {
    name: 'verifier-of-128-refused',
    changes: 'A verifier of 128 characters is too long.',
    breaks: ['RFC7636-4.1-verifier-bounds-accepted'],
    at: atToken,
    ...replacing(() => ({
      'verifier-short-enough': ({ members: { code_verifier: codeVerifier = '' } }) =>
        codeVerifier.length > 127 ? invalidGrant('code verifier') : undefined,
    })),
  },
  {
    name: 'verifier-of-43-refused',
    changes: 'A verifier of 43 characters is too short.',
    breaks: ['RFC7636-4.1-verifier-bounds-accepted', 'RFC7636-4.6-s256-accepted'],
    at: atToken,
    ...replacing(() => ({
      'verifier-long-enough': ({ members: { code_verifier: codeVerifier } }) =>
        codeVerifier !== undefined && codeVerifier.length < 44 ? invalidGrant('code verifier') : undefined,
    })),
  },
  {
    name: 'verifier-with-tilde-refused',
    changes: 'A verifier with a tilde is refused.',
    breaks: ['RFC7636-4.1-verifier-bounds-accepted'],
    at: atToken,
    ...replacing(() => ({
      'verifier-unreserved': ({ members: { code_verifier: codeVerifier } }) =>
        codeVerifier !== undefined && !/^[\w.-]*$/.test(codeVerifier)
          ? invalidGrant('code verifier')
          : undefined,
    })),
  },
  {
    name: 's256-with-padding',
    changes: 'The hash of the verifier is compared in base64 with padding, not in base64url.',
    breaks: ['RFC7636-4.6-s256-accepted'],
    at: tokens,
    ...replacing(() => ({
      'verifier-matches': ({ members }) =>
        members.code_verifier === undefined ? undefined : invalidGrant('code verifier'),
    })),
  },
];
