import { defaultBehaviours as usual } from '../../behaviours.ts';
import type { RegisteredClient } from '../../core/state.ts';
import {
  atRegister,
  type Change,
  type Defect,
  replacing,
  skipping,
  skippingWhen,
  textOf,
} from '../defect.ts';
import { answeredAt } from './answered-again.ts';

/** What AWS asks of a registration beyond RFC 7591, and what is written down of a client. */
export const awsRegistrations: readonly Defect[] = [
  {
    name: 'confidential-client-registered',
    changes: 'RegisterClient accepts every client type.',
    breaks: ['AWS-RegisterClient-public-only'],
    at: atRegister,
    ...skipping('client-type-public'),
  },
  {
    name: 'client-name-optional',
    changes: 'RegisterClient does without a client name.',
    breaks: ['AWS-RegisterClient-required-members'],
    at: atRegister,
    ...skipping('client-name-present'),
  },
  {
    name: 'client-type-optional',
    changes: 'RegisterClient does without a client type.',
    breaks: ['AWS-RegisterClient-required-members'],
    at: atRegister,
    ...skippingWhen(
      ({ members }) => members.client_type === undefined,
      'client-type-present',
      'client-type-public',
    ),
  },
  {
    name: 'secret-expires-before-issue',
    changes: 'RegisterClient says that the secret expired before it was issued.',
    breaks: ['RFC7591-3.2.1-registration-response'],
    at: atRegister,
    ...replacing(() => ({
      'registration-body': (client) => ({
        ...usual['registration-body'](client),
        clientSecretExpiresAt: 1,
      }),
    })),
  },
  {
    name: 'registration-an-hour-ahead',
    changes: 'RegisterClient says that the client will be issued in an hour.',
    breaks: ['RFC7591-3.2.1-issued-at'],
    at: atRegister,
    ...replacing(() => ({
      'registration-body': (client) =>
        usual['registration-body']({ ...client, issuedAt: client.issuedAt + 3_600_000 }),
    })),
  },
  {
    name: 'registration-in-milliseconds',
    changes: 'RegisterClient states its times in milliseconds.',
    breaks: ['RFC7591-3.2.1-issued-at', 'RFC7591-3.2.1-secret-lifetime-plausible'],
    at: atRegister,
    ...replacing(() => ({
      'registration-body': (client) => ({
        ...usual['registration-body'](client),
        clientIdIssuedAt: client.issuedAt,
        clientSecretExpiresAt: client.secretExpiresAt,
      }),
    })),
  },
  {
    name: 'secret-of-a-century',
    changes: 'RegisterClient states that the secret lives a century longer.',
    breaks: ['RFC7591-3.2.1-secret-lifetime-plausible'],
    at: atRegister,
    ...replacing(() => ({
      'registration-body': (client) => ({
        ...usual['registration-body'](client),
        clientSecretExpiresAt: Math.floor(client.secretExpiresAt / 1_000) + 100 * 365 * 86_400,
      }),
    })),
  },
  {
    name: 'token-endpoint-with-fragment',
    changes: 'RegisterClient names a token endpoint with a fragment.',
    breaks: ['RFC6749-3.2-uri-no-fragment'],
    at: atRegister,
    ...replacing(() => ({
      'registration-body': (client) => ({
        ...usual['registration-body'](client),
        tokenEndpoint: 'https://oidc.us-east-1.amazonaws.com/token#here',
      }),
    })),
  },
];

/** What was answered before. */
export const keptRegistrations: readonly Defect[] = [
  {
    name: 'registration-kept-by-name',
    changes:
      'Who registers under a name that is known gets the client of that name, whatever else is asked for.',
    breaks: ['RFC7591-2-metadata-enforced'],
    at: atRegister,
    ...answeredAt('register', (members) => textOf(members, 'clientName')),
  },
];

/** RegisterClient promises another end of the secret. */
const promising = (end: (client: RegisteredClient) => number): Change =>
  replacing(() => ({
    'registration-body': (client) => ({
      ...usual['registration-body'](client),
      clientSecretExpiresAt: end(client),
    }),
  }));

const day = 86_400_000;

/** What RegisterClient says of a secret, and nobody keeps. */
export const statedSecretLives: readonly Defect[] = [
  {
    name: 'secret-expiry-rounded-up',
    changes: 'RegisterClient rounds clientSecretExpiresAt up to a whole month, and the secret ends before.',
    breaks: ['RFC8628-3.5-authorization_pending'],
    at: ['register', 'device_authorization', 'token'],
    ...promising(({ secretExpiresAt }) => Math.ceil((secretExpiresAt + 1) / (30 * day)) * 30 * 86_400),
  },
  {
    name: 'secret-end-in-milliseconds',
    changes: 'RegisterClient states clientSecretExpiresAt in milliseconds.',
    breaks: ['RFC7591-3.2.1-registration-response'],
    at: atRegister,
    ...promising(({ secretExpiresAt }) => secretExpiresAt),
  },
];
