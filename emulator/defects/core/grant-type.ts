import type { Attempt, GrantType } from '../../core/attempt.ts';
import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atIamToken, atToken, type Defect, refusing, replacing, skipping, tokens } from '../defect.ts';

const artefacts: readonly (readonly [keyof Attempt['members'], GrantType])[] = [
  ['code', 'authorization_code'],
  ['device_code', 'urn:ietf:params:oauth:grant-type:device_code'],
  ['refresh_token', 'refresh_token'],
  ['assertion', 'urn:ietf:params:oauth:grant-type:jwt-bearer'],
  ['subject_token', 'urn:ietf:params:oauth:grant-type:token-exchange'],
  ['password', 'password'],
];
const guessed = (members: Attempt['members']): GrantType | undefined =>
  artefacts.find(([name]) => members[name] !== undefined)?.[1];
/** Finds the grant by another reading of its name. */
const read = (reading: (name: string, members: Attempt['members']) => string | undefined) =>
  replacing(() => ({
    'find-grant': (members, known) =>
      usual['find-grant'](
        { ...members, grant_type: reading(members.grant_type ?? '', members) ?? '' },
        known,
      ),
    'find-iam-grant': (members) =>
      usual['find-iam-grant']({ ...members, grant_type: reading(members.grant_type ?? '', members) ?? '' }),
  }));
const unsupported = 'RFC6749-5.2-unsupported_grant_type';

export const grantTypes: readonly Defect[] = [
  {
    name: 'grant-type-guessed',
    changes: 'A grant type that is unknown is guessed from the artefact.',
    breaks: [
      unsupported,
      'RFC9700-2.4-password-disabled',
      'AWS-CreateTokenWithIAM-grants',
      'RFC6749-1.8-names-case-sensitive',
    ],
    at: tokens,
    ...read((name, members) => (name === '' ? name : guessed(members))),
  },
  {
    name: 'grant-type-optional',
    changes: 'A grant type that is missing is guessed from the artefact.',
    breaks: [
      'RFC6749-5.2-missing-grant_type',
      'AWS-CreateToken-required-members',
      'AWS-CreateTokenWithIAM-required-members',
      'RFC6749-3.2-empty-required-param',
    ],
    at: tokens,
    behaviours: () => ({
      'grant-type-present': () => undefined,
      ...read((name, members) => (name === '' ? guessed(members) : name)).behaviours?.(),
    }),
  },
  {
    name: 'grant-type-in-any-case',
    changes: 'Grant types are compared without regard to case.',
    breaks: ['RFC6749-1.8-names-case-sensitive'],
    at: tokens,
    ...read((name) => name.toLowerCase()),
  },
  {
    name: 'grant-type-with-hyphens',
    changes: 'Hyphen and underscore are the same in a grant type.',
    breaks: [unsupported, 'AWS-CreateTokenWithIAM-grants'],
    at: tokens,
    ...read((name) => {
      const alike = (text: string) => text.replaceAll('_', '-');
      return artefacts.map(([, grant]) => grant).find((grant) => alike(grant) === alike(name)) ?? name;
    }),
  },
  {
    name: 'password-grant',
    changes: 'The password grant lets everybody in.',
    breaks: ['RFC9700-2.4-password-disabled'],
    at: atToken,
    ...read((name, members) => (name === 'password' ? guessed(members) : name)),
  },
  {
    name: 'unknown-grant-type-as-invalid-request',
    changes: 'An unknown grant type is answered with InvalidRequestException.',
    breaks: [unsupported, 'AWS-CreateTokenWithIAM-grants'],
    at: tokens,
    ...refusing('invalid_request', ['grant-type-known']),
  },
  {
    name: 'missing-grant-type-as-unsupported',
    changes: 'A missing grant type is answered with UnsupportedGrantTypeException.',
    breaks: [
      'RFC6749-5.2-missing-grant_type',
      'AWS-CreateToken-required-members',
      'AWS-CreateTokenWithIAM-required-members',
    ],
    at: tokens,
    ...skipping('grant-type-present'),
  },
  {
    name: 'grant-of-any-client',
    changes: 'A client may use grants that it was not registered for.',
    breaks: [
      'RFC6749-5.2-unauthorized_client',
      'RFC7591-2-metadata-enforced',
      'AWS-CreateTokenWithIAM-UnauthorizedClient',
      'RFC8693-2.1-client-auth',
    ],
    at: tokens,
    ...skipping('grant-allowed'),
  },
  {
    name: 'grant-not-registered-as-invalid-client',
    changes: 'A client without the grant is answered with InvalidClientException.',
    breaks: [
      'RFC6749-5.2-unauthorized_client',
      'RFC7591-2-metadata-enforced',
      'AWS-CreateTokenWithIAM-UnauthorizedClient',
      'RFC8693-2.1-client-auth',
    ],
    at: tokens,
    ...refusing('invalid_client', ['grant-allowed']),
  },
  {
    name: 'device-grant-with-iam',
    changes: 'The signed operation knows the device grant and lets everybody in.',
    breaks: ['AWS-CreateTokenWithIAM-grants'],
    at: atIamToken,
    ...replacing(() => ({
      'find-iam-grant': (members) =>
        members.device_code === undefined && members.grant_type?.endsWith('device_code')
          ? guessed(members)
          : usual['find-iam-grant'](members),
    })),
  },
  {
    name: 'scope-effective',
    changes: 'CreateToken refuses every request that names a scope.',
    breaks: ['AWS-scope-inert'],
    at: atToken,
    ...replacing(() => ({
      'scope-acceptable': ({ members }) =>
        members.scope === undefined ? undefined : refusalFor('unauthorized_client'),
    })),
  },
  {
    name: 'ten-scopes-at-most',
    changes: 'CreateToken refuses more than ten scopes.',
    breaks: ['AWS-scope-inert'],
    at: atToken,
    ...replacing(() => ({
      'scope-acceptable': ({ members }) =>
        (members.scope?.length ?? 0) > 10 ? refusalFor('invalid_scope') : undefined,
    })),
  },
  {
    name: 'unknown-scope-as-access-denied',
    changes: 'CreateToken answers an unknown scope with AccessDeniedException.',
    breaks: ['AWS-scope-inert'],
    at: atToken,
    ...replacing(() => ({
      'scope-acceptable': ({ members, client }) =>
        members.scope?.every((one) => client?.scopes.includes(one)) === false
          ? refusalFor('access_denied')
          : undefined,
    })),
  },
];
