import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { atIamToken, type Defect, refusing, replacing, skipping, skippingWhen } from '../defect.ts';

const kinds = 'AWS-client-kinds';

export const applications: readonly Defect[] = [
  {
    name: 'principal-unchecked',
    changes: 'Everybody who can sign may use every application.',
    breaks: ['AWS-CreateTokenWithIAM-AccessDenied'],
    at: atIamToken,
    ...skipping('principal-allowed'),
  },
  {
    name: 'principal-refused-as-invalid-grant',
    changes: 'A principal without permission is answered with InvalidGrantException.',
    breaks: ['AWS-CreateTokenWithIAM-AccessDenied'],
    at: atIamToken,
    ...refusing('invalid_grant', ['principal-allowed']),
  },
  {
    name: 'client-of-create-token-with-iam',
    changes: 'The signed operation serves clients that were registered for CreateToken.',
    breaks: [kinds],
    at: atIamToken,
    ...replacing(() => ({
      'client-known': (attempt) =>
        attempt.state.clients.has(attempt.members.client_id ?? '')
          ? undefined
          : usual['client-known'](attempt),
    })),
  },
  {
    name: 'refresh-token-of-create-token-with-iam',
    changes: 'The signed operation refreshes tokens that CreateToken issued.',
    breaks: [kinds],
    at: atIamToken,
    ...skippingWhen(
      ({ operation, refreshToken, state: { clients: all } }) =>
        operation === 'iam_token' && all.has(refreshToken?.clientId ?? ''),
      'refresh-token-bound-to-client',
    ),
  },
  {
    name: 'scope-not-narrowed',
    changes: 'The signed operation grants every scope, whatever was asked for.',
    breaks: ['AWS-CreateTokenWithIAM-scope-narrowed'],
    at: atIamToken,
    ...replacing(() => ({
      'granted-scope': ({ client }) => client?.scopes ?? [],
    })),
  },
  {
    name: 'scope-of-anybody',
    changes: 'The signed operation grants scopes that the application does not have.',
    breaks: ['RFC8693-2.1-scope-not-widened', 'RFC6749-5.2-invalid_scope'],
    at: atIamToken,
    ...skipping('scope-of-application'),
  },
  {
    name: 'scope-beyond-the-grant',
    changes: 'The signed operation grants scopes on request that the user did not authorize.',
    breaks: ['RFC8693-2.1-scope-not-widened', 'RFC6749-6-scope-not-widened'],
    at: atIamToken,
    ...skipping('scope-within-grant'),
  },
  {
    name: 'authorized-scope-forgotten',
    changes:
      'A refresh at the signed operation gets any scope of the application, although the user authorized fewer.',
    breaks: ['RFC8693-2.1-scope-not-widened', 'RFC6749-6-scope-not-widened'],
    at: atIamToken,
    ...skippingWhen(
      ({ refreshToken, state: { codes } }) =>
        refreshToken !== undefined &&
        [...codes.values()].some(
          ({ family, scope }) => family === refreshToken.family && scope !== undefined,
        ),
      'scope-within-grant',
    ),
  },
  {
    name: 'unknown-application-as-internal-error',
    changes: 'An unknown application is answered with InternalServerException.',
    breaks: ['RFC6749-5.2-no-5xx-for-client-errors', 'AWS-CreateTokenWithIAM-InvalidClient', kinds],
    at: atIamToken,
    dialects: ['aws-json'],
    ...refusing('server_error', ['client-known'], ({ operation }) => operation === 'iam_token'),
  },
  {
    name: 'missing-client-id-as-invalid-client',
    changes: 'A missing application id is answered with InvalidClientException.',
    breaks: ['AWS-CreateTokenWithIAM-required-members'],
    at: atIamToken,
    ...skipping('client-id-present'),
  },
];
