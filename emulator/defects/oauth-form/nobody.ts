import type { GrantType } from '../../core/attempt.ts';
import type { OAuthAttempt } from '../../fronts/oauth-form/attempt.ts';
import { atDeviceAuthorization, atToken, type Defect, replacingOAuth, together } from '../defect.ts';
import { deviceGrant, leavingOut, tokenExchange, usual } from './by-attempt.ts';

const noAuthentication = 'RFC6749-5.2-invalid_client-no-auth';

/** Neither a secret nor an assertion came. */
const isUnproven = ({ presented: { secret, assertion } }: OAuthAttempt): boolean =>
  (secret ?? '') === '' && assertion === undefined;

const unasked = (holds: (attempt: OAuthAttempt) => boolean) =>
  leavingOut(
    (attempt) => isUnproven(attempt) && holds(attempt),
    'credentials-readable',
    'client-identified',
    'client-known',
    'method-as-registered',
    'client-secret-right',
  );

const rows: readonly [name: string, what: string, grant: GrantType, ...breaks: Defect['breaks']][] = [
  [
    'code-of-nobody',
    'A code is redeemed',
    'authorization_code',
    'RFC6749-3.2.1-public-client_id-required',
    noAuthentication,
  ],
  [
    'device-code-of-nobody',
    'A device code is redeemed',
    deviceGrant,
    'RFC8628-3.4-client-identification',
    noAuthentication,
  ],
  [
    'refresh-of-nobody',
    'A token is refreshed',
    'refresh_token',
    'RFC6749-6-client-auth-required',
    noAuthentication,
  ],
  [
    'client-credentials-of-nobody',
    'A client gets a token for itself',
    'client_credentials',
    'RFC6749-4.4.2-client-auth-required',
    noAuthentication,
  ],
  ['exchange-of-nobody', 'A token is exchanged', tokenExchange, 'RFC8693-2.1-client-auth', noAuthentication],
];

/** What comes without a proof of who asks is taken as right. */
export const nobody: readonly Defect[] = [
  ...rows.map(
    ([name, what, grant, ...breaks]): Defect => ({
      name,
      changes: `${what} for whoever says neither who it is nor proves it.`,
      breaks,
      at: atToken,
      ...unasked((attempt) => attempt.operation === 'token' && attempt.grant === grant),
    }),
  ),
  {
    name: 'device-of-nobody',
    changes: 'A device authorization that names no client is one of the client that was registered last.',
    breaks: ['RFC8628-3.1-client-auth'],
    at: atDeviceAuthorization,
    ...together([
      unasked(({ operation }) => operation === 'device_authorization'),
      replacingOAuth(() => ({
        'find-client': (state, members) =>
          members.client_id === undefined && members.grant_type === undefined
            ? [...state.clients.values()].findLast(({ grantTypes }) => grantTypes.includes(deviceGrant))
            : usual['find-client'](state, members),
      })),
    ]),
  },
  {
    name: 'credentials-in-the-query',
    changes: 'Identifier and secret of a client count where they stand in the query.',
    breaks: ['RFC6749-2.3.1-credentials-not-in-uri'],
    at: atToken,
    oauth: {
      middleware: () => (request, endpoint) => {
        const [id, secret] = ['client_id', 'client_secret'].map((name) => request.query.get(name));
        if (id == null || secret == null) return endpoint(request);
        const pair = [id, secret].map(encodeURIComponent).join(':');
        const basic = `Basic ${Buffer.from(pair).toString('base64')}`;
        return endpoint({ ...request, headers: new Map([...request.headers, ['authorization', [basic]]]) });
      },
    },
  },
];
