import { coreBehaviours } from '../../core/behaviours.ts';
import { parsed } from '../../core/uris.ts';
import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { JsonObject } from '../../wire.ts';
import { atRegister, type Change, type Defect, leaving, replacingOAuth } from '../defect.ts';
import { answeringRegistrations, isRegistration, membersOf, tellingOf } from './client-kit.ts';

const response = 'RFC7591-3.2.1-registration-response';
const entropy = 'RFC6749-10.10-client-secret-entropy-128';
const unknown = 'RFC6749-3.2-unknown-params-ignored';
const breakdown = 'RFC6749-5.2-no-5xx-for-client-errors';

const isForCodes = ({ redirect_uris }: JsonObject): boolean => redirect_uris !== undefined;

const known = new Set([
  ...['client_name', 'redirect_uris', 'grant_types', 'response_types', 'scope', 'jwks', 'jwks_uri'],
  ...['token_endpoint_auth_method', 'token_endpoint_auth_signing_alg', 'id_token_signed_response_alg'],
  ...['client_uri', 'logo_uri', 'contacts', 'tos_uri', 'policy_uri', 'software_id', 'software_version'],
  'software_statement',
]);

/** Refuses registrations with an error of their own, or breaks down at them. */
const refusingRegistrations = (
  isRefused: (asked: JsonObject) => boolean,
  error: 'invalid_client_metadata' | 'server_error',
): Change => ({
  oauth: {
    middleware: () => async (request, endpoint) =>
      isRegistration(request) && isRefused(membersOf(request))
        ? {
            status: error === 'server_error' ? 500 : 400,
            headers: [
              ['Content-Type', 'application/json'],
              ['Cache-Control', 'no-store'],
            ],
            body: JSON.stringify({ error }),
          }
        : endpoint(request),
  },
});

/** How clients are registered, and what they are answered. */
export const oauthRegistrations: readonly Defect[] = [
  {
    name: 'registered-with-status-200',
    changes: 'A registration is answered with status 200.',
    breaks: [response],
    at: atRegister,
    ...answeringRegistrations((one) => (one.status === 201 ? { ...one, status: 200 } : one)),
  },
  {
    name: 'registered-for-codes-with-status-200',
    changes: 'A registration with redirect URIs is answered with status 200.',
    breaks: [response],
    at: atRegister,
    ...answeringRegistrations((one, asked) =>
      one.status === 201 && isForCodes(asked) ? { ...one, status: 200 } : one,
    ),
  },
  {
    name: 'registered-without-end-of-secret',
    changes: 'A registration brings a secret and no client_secret_expires_at.',
    breaks: [response],
    at: atRegister,
    ...tellingOf((body) => leaving(body, 'client_secret_expires_at')),
  },
  {
    name: 'registered-with-ended-secret',
    changes: 'A registration says that its secret ends when it is issued.',
    breaks: [response],
    at: atRegister,
    ...tellingOf((body) => ({ ...body, client_secret_expires_at: body.client_id_issued_at })),
  },
  {
    name: 'registered-with-end-in-milliseconds',
    changes: 'A registration states client_secret_expires_at in milliseconds.',
    breaks: [response],
    at: atRegister,
    ...tellingOf((body) => ({
      ...body,
      client_secret_expires_at: Number(body.client_secret_expires_at) * 1_000,
    })),
  },
  {
    name: 'registered-without-secret',
    changes: 'A client that authenticates by a secret is registered without one.',
    breaks: [response],
    at: atRegister,
    ...tellingOf((body) => leaving(body, 'client_secret', 'client_secret_expires_at')),
  },
  {
    name: 'registered-with-secret-of-all',
    changes: 'All clients get the same secret.',
    breaks: [entropy],
    at: atRegister,
    ...replacingOAuth(() => {
      const secret = 'mJ8_q2Zt0cVn5LxB7yRwK4dHsG1fEaPuTi9oQ6kN3bWX';
      return { 'new-client-secret': () => secret };
    }),
  },
  {
    name: 'registered-with-secret-of-the-hour',
    changes: 'Clients that are registered within one hour get the same secret.',
    breaks: [entropy],
    at: atRegister,
    ...replacingOAuth(() => {
      const secrets = new Map<number, string>();
      return {
        'new-client-secret': (facts) => {
          const hour = Math.floor((facts as { readonly issuedAt: number }).issuedAt / 3_600_000);
          const secret = secrets.get(hour) ?? usual['new-client-secret'](facts);
          secrets.set(hour, secret);
          return secret;
        },
      };
    }),
  },
  {
    name: 'registration-with-unknown-member-refused',
    changes: 'A registration with a member that the server does not know is refused.',
    breaks: [unknown],
    at: atRegister,
    ...refusingRegistrations(
      (asked) => Object.keys(asked).some((name) => !known.has(name)),
      'invalid_client_metadata',
    ),
  },
  {
    name: 'registration-with-unknown-object-refused',
    changes: 'A registration with an object in a member that the server does not know is refused.',
    breaks: [unknown],
    at: atRegister,
    ...refusingRegistrations(
      (asked) =>
        Object.entries(asked).some(
          ([name, value]) => !known.has(name) && typeof value === 'object' && value !== null,
        ),
      'invalid_client_metadata',
    ),
  },
  {
    name: 'registration-with-many-members-breaks',
    changes: 'A registration with more than eight members breaks down.',
    breaks: [unknown],
    at: atRegister,
    ...refusingRegistrations((asked) => Object.keys(asked).length > 8, 'server_error'),
  },
  {
    name: 'registration-with-odd-redirect-uri-breaks',
    changes: 'A redirect URI that is no URI breaks the registration down.',
    breaks: [breakdown],
    at: atRegister,
    ...replacingOAuth(() => ({
      'redirect-uris-allowed': (attempt) => {
        if (attempt.members.redirect_uris?.some((uri) => parsed(uri) === undefined))
          throw new Error('The URI cannot be read.');
        return coreBehaviours['redirect-uris-allowed'](attempt);
      },
    })),
  },
  {
    name: 'registration-with-other-types-breaks',
    changes: 'A member that is a number breaks the registration down.',
    breaks: [breakdown],
    at: atRegister,
    ...refusingRegistrations(
      (asked) => Object.entries(asked).some(([name, value]) => known.has(name) && typeof value === 'number'),
      'server_error',
    ),
  },
  {
    name: 'registration-with-second-redirect-uri-breaks',
    changes: 'A second redirect URI breaks the registration down.',
    breaks: [response],
    at: atRegister,
    ...replacingOAuth(() => ({
      'redirect-uris-allowed': (attempt) => {
        if ((attempt.members.redirect_uris ?? []).length > 1) throw new Error('There is room for one.');
        return coreBehaviours['redirect-uris-allowed'](attempt);
      },
    })),
  },
];
