import { coreBehaviours as usual } from '../../core/behaviours.ts';
import { refusalFor } from '../../core/refusal.ts';
import { atRegister, type Defect, refusing, replacing, skipping, skippingWhen } from '../defect.ts';

const uris = 'RFC7591-3.2.2-errors';

export const registrations: readonly Defect[] = [
  {
    name: 'any-grant-type-registered',
    changes: 'RegisterClient accepts grant types that the service does not have.',
    breaks: ['AWS-RegisterClient-grantTypes'],
    at: atRegister,
    ...skipping('grant-types-supported'),
  },
  {
    name: 'any-redirect-uri-registered',
    changes: 'RegisterClient accepts every redirect URI.',
    breaks: [uris],
    at: atRegister,
    ...skipping('redirect-uris-allowed'),
  },
  {
    name: 'redirect-uri-with-fragment-registered',
    changes: 'RegisterClient accepts redirect URIs with a fragment.',
    breaks: [uris],
    at: atRegister,
    ...skippingWhen(
      ({ members }) => members.redirect_uris?.some((uri) => uri.includes('#')) === true,
      'redirect-uris-allowed',
    ),
  },
  {
    name: 'script-redirect-uri-registered',
    changes: 'RegisterClient accepts redirect URIs that run a script.',
    breaks: [uris],
    at: atRegister,
    ...skippingWhen(
      ({ members }) => members.redirect_uris?.some((uri) => uri.startsWith('javascript:')) === true,
      'redirect-uris-allowed',
    ),
  },
  {
    name: 'redirect-uri-refused-with-wrong-exception',
    changes: 'RegisterClient answers a bad redirect URI with InvalidScopeException.',
    breaks: [uris],
    at: atRegister,
    ...refusing('invalid_scope', ['redirect-uris-allowed']),
  },
  {
    name: 'any-scope-registered',
    changes: 'RegisterClient accepts scopes with any characters.',
    breaks: ['AWS-RegisterClient-InvalidScope'],
    at: atRegister,
    ...skipping('scopes-well-formed'),
  },
  {
    name: 'code-clients-refused',
    changes: 'RegisterClient refuses clients for the authorization code grant.',
    breaks: ['RFC7591-3.2.1-registration-response'],
    at: atRegister,
    // The other front does not ask this.
    dialects: ['aws-json'],
    ...replacing(() => ({
      'grant-types-supported': (attempt) =>
        attempt.members.redirect_uris !== undefined
          ? refusalFor('unsupported_grant_type')
          : usual['grant-types-supported'](attempt),
    })),
  },
  {
    name: 'registration-forgotten-at-first',
    changes: 'A client is unknown at its first request.',
    breaks: ['RFC7591-2-metadata-enforced'],
    at: ['register', 'device_authorization', 'token'],
    ...replacing(() => {
      const seen = new Set<string>();
      return {
        'find-client': (all, members) => {
          const client = usual['find-client'](all, members);
          if (!client || seen.has(client.id)) return client;
          seen.add(client.id);
          return undefined;
        },
      };
    }),
  },
  {
    name: 'ten-scopes-registered-at-most',
    changes: 'RegisterClient refuses more than ten scopes.',
    breaks: ['AWS-RegisterClient-scopes-unlimited'],
    at: atRegister,
    ...replacing(() => ({
      'scopes-well-formed': (attempt) =>
        (attempt.members.scope?.length ?? 0) > 10
          ? refusalFor('invalid_scope')
          : usual['scopes-well-formed'](attempt),
    })),
  },
];
