import { sameSecret } from '../../secrets.ts';
import {
  atIamToken,
  atToken,
  type Defect,
  everywhere,
  refusing,
  replacing,
  skipping,
  skippingWhen,
} from '../defect.ts';

const wrongSecret = 'RFC6749-5.2-invalid_client-wrong-secret';
const alike = (form: (secret: string) => string) =>
  skippingWhen(
    ({ client, members }) =>
      client !== undefined && 'secret' in client && form(client.secret) === form(members.client_secret ?? ''),
    'client-secret-right',
  );

export const clients: readonly Defect[] = [
  {
    name: 'client-any',
    changes: 'A client that was never registered is accepted.',
    breaks: [
      'RFC6749-5.2-invalid_client-unknown-client',
      'RFC8628-3.1-client-auth',
      'AWS-CreateTokenWithIAM-InvalidClient',
      'AWS-client-kinds',
    ],
    at: everywhere,
    ...replacing(() => ({
      'client-known': () => undefined,
      'code-bound-to-client': () => undefined,
      'device-code-bound-to-client': () => undefined,
      'refresh-token-bound-to-client': () => undefined,
      'subject-token-bound-to-client': () => undefined,
    })),
  },
  {
    name: 'unknown-client-as-invalid-request',
    changes: 'An unknown client is answered with InvalidRequestException.',
    breaks: ['RFC6749-5.2-invalid_client-unknown-client', 'RFC8628-3.1-client-auth'],
    at: atToken,
    ...refusing('invalid_request', ['client-known']),
  },
  {
    name: 'unknown-client-as-unauthorized-client',
    changes: 'An unknown client is answered with UnauthorizedClientException.',
    breaks: ['RFC6749-5.2-invalid_client-unknown-client'],
    at: atToken,
    ...refusing('unauthorized_client', ['client-known']),
  },
  {
    name: 'secret-unchecked',
    changes: 'The client secret may be any.',
    breaks: [wrongSecret, 'RFC8628-3.1-client-auth'],
    at: atToken,
    ...skipping('client-secret-right'),
  },
  {
    name: 'secret-in-any-case',
    changes: 'Client secrets are compared without regard to case.',
    breaks: [wrongSecret],
    at: atToken,
    ...alike((secret) => secret.toLowerCase()),
  },
  {
    name: 'secret-by-prefix',
    changes: 'Only the first 64 characters of a client secret are compared.',
    breaks: [wrongSecret],
    at: atToken,
    // Secrets of the other front are shorter.
    dialects: ['aws-json'],
    ...alike((secret) => secret.slice(0, 64)),
  },
  {
    name: 'secret-of-any-client',
    changes: "Another client's secret is accepted.",
    breaks: [wrongSecret, 'RFC8628-3.1-client-auth'],
    at: atToken,
    ...skippingWhen(
      ({ members, state: { clients } }) =>
        [...clients.values()].some(({ secret }) => sameSecret(secret, members.client_secret ?? '')),
      'client-secret-right',
    ),
  },
  {
    name: 'secret-optional',
    changes: 'The client secret may be left out, but not be wrong.',
    breaks: [
      'RFC6749-5.2-invalid_client-no-auth',
      'RFC6749-6-client-auth-required',
      'RFC8628-3.4-client-identification',
      'RFC8628-3.1-client-auth',
    ],
    at: atToken,
    // The other front compares the method with the registered one.
    dialects: ['aws-json'],
    ...skippingWhen(
      ({ members }) => members.client_secret === undefined,
      'client-secret-present',
      'client-secret-right',
    ),
  },
  {
    name: 'secret-expiry-ignored',
    changes: 'An expired client secret is still accepted.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...skipping('client-secret-not-expired'),
  },
  {
    name: 'wrong-secret-as-access-denied',
    changes: 'A wrong client secret is answered with AccessDeniedException.',
    breaks: [wrongSecret, 'RFC8628-3.1-client-auth'],
    at: atToken,
    ...refusing('access_denied', ['client-secret-right']),
  },
  {
    name: 'expired-secret-as-expired-token',
    changes: 'An expired client secret is answered with ExpiredTokenException.',
    breaks: ['RFC7591-3.2.1-expired-secret'],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...refusing('expired_token', ['client-secret-not-expired']),
  },
  {
    name: 'client-id-optional',
    changes: 'Without a client id, client and secret are taken from what is presented.',
    breaks: [
      'RFC6749-3.2.1-public-client_id-required',
      'RFC8628-3.4-client-identification',
      'AWS-CreateToken-required-members',
      'RFC6749-5.2-invalid_client-no-auth',
      'RFC8628-3.1-client-auth',
    ],
    at: atToken,
    // The other front has a check of its own.
    dialects: ['aws-json'],
    ...skippingWhen(
      ({ members }) => members.client_id === undefined,
      'client-id-present',
      'client-secret-present',
      'client-known',
    ),
  },
  {
    name: 'client-id-from-artefact-with-iam',
    changes: 'Without a client id, the application is taken from what is presented.',
    breaks: ['AWS-CreateTokenWithIAM-required-members'],
    at: atIamToken,
    ...skippingWhen(({ members }) => members.client_id === undefined, 'client-id-present', 'client-known'),
  },
];
