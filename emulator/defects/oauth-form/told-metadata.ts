import { oauthFormBehaviours as usual } from '../../fronts/oauth-form/behaviours.ts';
import type { JsonObject } from '../../wire.ts';
import { atRegister, type Change, type Defect, leaving, replacingOAuth } from '../defect.ts';
import { tellingOf } from './client-kit.ts';

const returned = 'RFC7591-3.2.1-metadata-returned';
const defaults = 'RFC7591-3.2.1-defaults-returned';
const types = 'RFC7591-2-member-types';

/** Makes members of an answer otherwise, where the client asked for them or, else, where it did not. */
const told = (members: JsonObject, where: 'asked' | 'unasked' | 'always' = 'always'): Change =>
  tellingOf((body, asked) => ({
    ...body,
    ...Object.fromEntries(
      Object.entries(members).filter(
        ([name]) => where === 'always' || (asked[name] !== undefined) === (where === 'asked'),
      ),
    ),
  }));

/** What a registration says that a client is registered with. */
export const toldMetadata: readonly Defect[] = [
  {
    name: 'registered-redirect-uris-untold',
    changes: 'A registration is answered without the redirect URIs that it brought.',
    breaks: [returned],
    at: atRegister,
    ...tellingOf((body) => leaving(body, 'redirect_uris')),
  },
  {
    name: 'registered-redirect-uris-told-as-none',
    changes: 'A registration is answered with an empty list of redirect URIs.',
    breaks: [returned],
    at: atRegister,
    ...told({ redirect_uris: [] }),
  },
  {
    name: 'registered-grant-types-untold',
    changes: 'A registration is answered without the grant types that its client is held to.',
    breaks: [returned],
    at: ['register', 'token'],
    ...tellingOf((body) => leaving(body, 'grant_types')),
  },
  {
    name: 'registered-grant-types-told-as-default',
    changes:
      'A registration is answered with the grant type authorization_code, whatever it asked for and got.',
    breaks: [returned],
    at: ['register', 'token'],
    ...told({ grant_types: ['authorization_code'] }),
  },
  {
    name: 'registered-method-untold',
    changes: 'A registration is answered without the method that its client is held to.',
    breaks: [returned],
    at: ['register', 'token'],
    ...tellingOf((body) => leaving(body, 'token_endpoint_auth_method')),
  },
  {
    name: 'registered-keys-untold',
    changes: 'A registration is answered without the keys that the client is known by.',
    breaks: [returned],
    at: ['register', 'token'],
    ...tellingOf((body) => leaving(body, 'jwks')),
  },
  {
    name: 'registered-keys-told-as-none',
    changes:
      'A registration is answered with an empty JWK Set in place of the keys that the client is known by.',
    breaks: [returned],
    at: ['register', 'token'],
    ...told({ jwks: { keys: [] } }, 'asked'),
  },
  {
    name: 'registered-defaults-untold',
    changes: 'A registration is answered with what it asked for alone.',
    breaks: [defaults],
    at: atRegister,
    ...tellingOf((body, asked) =>
      leaving(
        body,
        ...['grant_types', 'response_types', 'token_endpoint_auth_method'].filter(
          (name) => asked[name] === undefined,
        ),
      ),
    ),
  },
  {
    name: 'registered-default-method-untold',
    changes: 'A registration that names no method is answered without one.',
    breaks: [defaults],
    at: atRegister,
    ...tellingOf((body, asked) =>
      asked.token_endpoint_auth_method === undefined ? leaving(body, 'token_endpoint_auth_method') : body,
    ),
  },
  {
    name: 'registered-defaults-told-as-null',
    changes:
      'What a registration left out is null in its answer, and its method is empty, though defaults apply.',
    breaks: [defaults, types],
    at: atRegister,
    ...told({ grant_types: null, response_types: null, token_endpoint_auth_method: '' }, 'unasked'),
  },
  {
    name: 'registered-without-contacts-told-as-null',
    changes: 'A registration is answered with null for every member that it has no value for.',
    breaks: [types],
    at: atRegister,
    ...told(
      { contacts: null, logo_uri: null, client_uri: null, jwks_uri: null, software_id: null },
      'unasked',
    ),
  },
  {
    name: 'registered-scope-told-as-list',
    changes: 'A registration is answered with a list of scopes.',
    breaks: [types],
    at: atRegister,
    ...tellingOf((body) => ({ ...body, scope: String(body.scope).split(' ') })),
  },
  {
    name: 'registered-lists-told-as-text',
    changes: 'A registration is answered with its grant types in one text.',
    breaks: [types],
    at: atRegister,
    ...tellingOf((body) => ({ ...body, grant_types: (body.grant_types as readonly string[]).join(' ') })),
  },
  {
    name: 'registered-times-told-as-text',
    changes: 'A registration is answered with its times as texts.',
    breaks: [types],
    at: atRegister,
    ...tellingOf((body) => ({
      ...body,
      client_id_issued_at: String(body.client_id_issued_at),
      client_secret_expires_at: String(body.client_secret_expires_at),
    })),
  },
  {
    name: 'registered-keys-told-as-text',
    changes: 'A registration is answered with its keys as a text that holds JSON.',
    breaks: [types],
    at: atRegister,
    ...tellingOf((body) => (body.jwks === undefined ? body : { ...body, jwks: JSON.stringify(body.jwks) })),
  },
  {
    name: 'token-endpoint-told-with-fragment',
    changes: 'The metadata name a token endpoint with a fragment.',
    breaks: ['RFC6749-3.2-uri-no-fragment'],
    at: ['metadata'],
    ...replacingOAuth(() => ({
      'server-metadata': (...asked) => {
        const metadata = usual['server-metadata'](...asked);
        return { ...metadata, token_endpoint: `${metadata.token_endpoint}#here` };
      },
    })),
  },
];
