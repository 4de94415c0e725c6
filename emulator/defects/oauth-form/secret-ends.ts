import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import { atToken, type Defect, replacingOAuth } from '../defect.ts';
import { passing, passingWhen, refusingAs } from './client-kit.ts';

const ended = 'RFC7591-3.2.1-expired-secret';

/** Client secrets that work beyond client_secret_expires_at, and what is said of those that have ended. */
export const secretEnds: readonly Defect[] = [
  {
    name: 'secret-end-ignored',
    changes: 'A client secret that has ended still authenticates its client.',
    breaks: [ended],
    at: atToken,
    ...passing('oauth-secret-not-expired'),
  },
  {
    name: 'secret-end-ignored-at-refresh',
    changes: 'Whoever refreshes may do so with a client secret that has ended.',
    breaks: [ended],
    at: atToken,
    ...passingWhen(({ grant }) => grant === 'refresh_token', 'oauth-secret-not-expired'),
  },
  {
    name: 'secret-end-ignored-in-body',
    changes: 'A client secret that has ended still works in the body.',
    breaks: [ended],
    at: atToken,
    ...passingWhen(({ presented }) => presented.method === 'client_secret_post', 'oauth-secret-not-expired'),
  },
  {
    name: 'secret-end-ignored-of-hmac',
    changes: 'A client secret that has ended still keys assertions.',
    breaks: [ended],
    at: atToken,
    ...passingWhen(({ presented }) => presented.method === 'assertion', 'oauth-secret-not-expired'),
  },
  {
    name: 'secret-ends-a-day-late',
    changes: 'A client secret works for a day beyond client_secret_expires_at.',
    breaks: [ended],
    at: atToken,
    ...passingWhen(
      ({ client, now }) => client !== undefined && now < client.secretExpiresAt + 86_400_000,
      'oauth-secret-not-expired',
    ),
  },
  {
    name: 'secret-end-looked-at-once',
    changes: 'Whether a client secret has ended is asked at its first use alone.',
    breaks: [ended],
    at: atToken,
    ...replacingOAuth(() => {
      const known = new Set<string>();
      return {
        'oauth-secret-not-expired': (attempt) => {
          const { client } = attempt;
          if (client && known.has(client.id)) return undefined;
          const refusal = usual['oauth-secret-not-expired'](attempt);
          if (client && !refusal) known.add(client.id);
          return refusal;
        },
      };
    }),
  },
  {
    name: 'secret-end-as-invalid-grant',
    changes: 'A client secret that has ended is answered with invalid_grant.',
    breaks: [ended],
    at: atToken,
    ...refusingAs('invalid_grant', ['oauth-secret-not-expired']),
  },
  {
    name: 'secret-end-as-unauthorized-client',
    changes: 'A client secret that has ended is answered with unauthorized_client.',
    breaks: [ended],
    at: atToken,
    ...refusingAs('unauthorized_client', ['oauth-secret-not-expired']),
  },
];
