import { type Change, leaving, replacingOAuth, together } from '../../../emulator/defects/defect.ts';
import {
  answeringRegistrations,
  isRegistration,
  membersOf,
  passing,
  passingWhen,
  refusingAs,
  refusingWhen,
  tellingOf,
} from '../../../emulator/defects/oauth-form/client-kit.ts';
import { oauthFormBehaviours as usual } from '../../../emulator/fronts/oauth-form/behaviours.ts';
import type { JsonObject, WireResponse } from '../../../emulator/wire.ts';
import type { Variant } from '../variant.ts';

/** Reads another registration than the one that came. */
const registering = (of: (asked: JsonObject) => JsonObject): Change => ({
  oauth: {
    middleware: () => (request, endpoint) =>
      endpoint(
        isRegistration(request) && Object.keys(membersOf(request)).length > 0
          ? { ...request, body: Buffer.from(JSON.stringify(of(membersOf(request)))) }
          : request,
      ),
  },
});

/** Refuses some registrations, as RFC 7591 section 3.2.2 has it. */
const refusingRegistrations = (
  isRefused: (asked: JsonObject) => boolean,
  error = 'invalid_client_metadata',
): Change =>
  answeringRegistrations(
    (response, asked): WireResponse =>
      response.status === 201 && isRefused(asked)
        ? { ...response, status: 400, body: JSON.stringify({ error }) }
        : response,
  );

const claimsOf = (attempt: Parameters<Parameters<typeof passingWhen>[0]>[0]): JsonObject =>
  attempt.clientAssertion?.claims ?? {};

/** Conformant ways to ask clients who they are. */
export const authenticationVariants: readonly Variant[] = [
  {
    name: 'wrong-clients-with-status-400',
    differs:
      'A client that did not use the Authorization header is refused with status 400, and no challenge.',
    oauth: {
      middleware: () => async (request, endpoint) => {
        const response = await endpoint(request);
        return response.status === 401 && !request.headers.has('authorization')
          ? {
              ...response,
              status: 400,
              headers: response.headers.filter(([name]) => name !== 'WWW-Authenticate'),
            }
          : response;
      },
    },
  },
  {
    name: 'challenges-of-two-schemes',
    differs: 'The challenge to an unknown client names another realm, a charset, and Bearer besides.',
    ...replacingOAuth(() => ({
      'error-headers': (refusal) =>
        refusal.error === 'invalid_client'
          ? [
              ['WWW-Authenticate', 'Basic realm="clients, and others", charset="UTF-8"'],
              ['WWW-Authenticate', 'Bearer realm="clients"'],
            ]
          : [],
    })),
  },
  {
    name: 'challenges-in-lower-case',
    differs: 'The scheme of a challenge is written in lower case, and its realm is empty.',
    ...replacingOAuth(() => ({
      'error-headers': (refusal) =>
        refusal.error === 'invalid_client' ? [['www-authenticate', 'basic realm=""']] : [],
    })),
  },
  {
    name: 'two-methods-as-invalid-client',
    differs: 'Two methods at once are refused as an authentication that is not supported.',
    ...refusingAs('invalid_client', ['one-method-only']),
  },
  {
    name: 'client-assertions-without-id',
    differs: 'A client assertion needs no jti, and one without may be used again.',
    ...together([
      passing('client-assertion-id-present'),
      passingWhen((attempt) => claimsOf(attempt).jti === undefined, 'client-assertion-not-used'),
    ]),
  },
  {
    name: 'client-assertions-by-named-keys-alone',
    differs: 'The header of a client assertion has to name one of the keys of the client by its kid.',
    ...refusingWhen(
      ({ client, clientAssertion }) =>
        client?.method === 'private_key_jwt' &&
        client.keys?.some(({ kid }) => kid === clientAssertion?.header.kid) === false,
      'invalid_client',
      'client-assertion-signature-right',
    ),
  },
  {
    name: 'client-assertions-issued-lately',
    differs: 'A client assertion has to say when it was issued, and ten minutes ago is too long.',
    ...refusingWhen(
      (attempt) => !(Number(claimsOf(attempt).iat) * 1_000 > attempt.now - 600_000),
      'invalid_client',
      'client-assertion-issued-in-the-past',
    ),
  },
  {
    name: 'client-assertions-for-one-audience',
    differs: 'The aud of a client assertion has to be one text, and no list.',
    ...refusingWhen(
      (attempt) => Array.isArray(claimsOf(attempt).aud),
      'invalid_client',
      'client-assertion-audience-right',
    ),
  },
  {
    name: 'plain-basic-as-well',
    differs: 'Beside the id and the secret as a form spells them, Basic may have them as they are.',
    ...replacingOAuth(() => {
      const secrets = new Set<string>();
      return {
        'new-client-secret': (facts) => {
          const secret = `${usual['new-client-secret'](facts)}+a/b=%`;
          secrets.add(secret);
          return secret;
        },
        'basic-credentials': (header) => {
          const plain = Buffer.from(header.split(' ').at(-1) ?? '', 'base64').toString();
          const [id = '', secret = ''] = [
            plain.slice(0, plain.indexOf(':')),
            plain.slice(plain.indexOf(':') + 1),
          ];
          return /^basic /i.test(header) && secrets.has(secret)
            ? { id, secret }
            : usual['basic-credentials'](header);
        },
      };
    }),
  },
  {
    name: 'basic-of-mended-base64',
    differs: 'Basic is read in the alphabet of URLs as well, and without padding.',
    ...replacingOAuth(() => ({
      'basic-credentials': (header) =>
        usual['basic-credentials'](
          header.replace(/^(basic +)([\w+/-]+)=*$/i, (_, scheme, text) => {
            const encoded = Buffer.from(text, 'base64').toString('base64');
            return `${scheme}${encoded}`;
          }),
        ),
    })),
  },
];

/** Conformant ways to register clients: RFC 7591 section 2 lets a server refuse or replace what it likes. */
export const registrationVariants: readonly Variant[] = [
  {
    name: 'registered-for-basic-alone',
    differs: 'Whatever method a client with a secret asks for, it is registered for Basic, and told so.',
    ...registering((asked) =>
      asked.token_endpoint_auth_method === 'client_secret_post'
        ? { ...asked, token_endpoint_auth_method: 'client_secret_basic' }
        : asked,
    ),
  },
  {
    name: 'registered-without-method',
    differs: 'No method is registered: a client may send its secret in the header or in the body.',
    ...together([
      passingWhen(
        ({ client, presented: { method } }) =>
          client?.secret !== '' && (method === 'client_secret_basic' || method === 'client_secret_post'),
        'method-as-registered',
      ),
      tellingOf((body, asked) =>
        /^client_secret_(?:basic|post)$/.test(String(asked.token_endpoint_auth_method))
          ? leaving(body, 'token_endpoint_auth_method')
          : body,
      ),
    ]),
  },
  {
    name: 'registered-with-more-grants',
    differs: 'Every client with a secret may have tokens of its own as well, and is told so.',
    ...registering((asked) =>
      asked.token_endpoint_auth_method === 'none' || !Array.isArray(asked.grant_types)
        ? asked
        : { ...asked, grant_types: [...new Set([...asked.grant_types, 'client_credentials'])] },
    ),
  },
  {
    name: 'registered-with-scopes-in-other-order',
    differs: 'The scopes of a registration come back in another order, and one more with them.',
    ...registering((asked) =>
      typeof asked.scope === 'string'
        ? { ...asked, scope: [...new Set(['profile', ...asked.scope.split(' ').toReversed()])].join(' ') }
        : asked,
    ),
  },
  {
    name: 'registered-without-scopes',
    differs: 'Scopes are not registered: every client may ask for any that the server offers.',
    ...together([
      registering((asked) => leaving(asked, 'scope')),
      tellingOf((body) => leaving(body, 'scope')),
    ]),
  },
  {
    name: 'registered-redirect-uris-with-more',
    differs: 'Beside the redirect URIs that it asked for, a client gets one at the server.',
    ...registering((asked) =>
      Array.isArray(asked.redirect_uris)
        ? { ...asked, redirect_uris: [...asked.redirect_uris, 'https://server.example/debug'] }
        : asked,
    ),
  },
  {
    name: 'registered-with-least',
    differs: 'A registration says nothing of names, times of issue and its own management.',
    ...tellingOf((body) =>
      leaving(
        body,
        'client_name',
        'client_id_issued_at',
        'registration_access_token',
        'registration_client_uri',
      ),
    ),
  },
  {
    name: 'registered-with-members-of-its-own',
    differs: 'A registration has members of other documents and of the server, some of them null or empty.',
    ...tellingOf((body) => ({
      ...body,
      'client_name#de': 'Eine Anwendung',
      application_type: 'web',
      subject_type: 'public',
      default_max_age: null,
      require_auth_time: false,
      tenant: null,
      tags: [],
      description: '',
    })),
  },
  {
    name: 'registered-keys-with-more',
    differs: 'The keys of a client come back with their algorithm and the operations that they are for.',
    ...tellingOf((body) => {
      const { keys } = (body.jwks ?? {}) as { readonly keys?: readonly object[] };
      return keys
        ? { ...body, jwks: { keys: keys.map((key) => ({ ...key, key_ops: ['verify'], state: 'active' })) } }
        : body;
    }),
  },
  {
    name: 'registrations-without-null',
    differs: 'A registration with null in a member that RFC 7591 knows is refused.',
    ...refusingRegistrations((asked) =>
      Object.entries(asked).some(
        ([name, value]) =>
          value === null &&
          /^(?:client_(?:name|uri)|scope|.*_uris?|jwks|contacts|grant_types|response_types|token_endpoint_auth_method|software_\w+)$/.test(
            name,
          ),
      ),
    ),
  },
  {
    name: 'registrations-without-defaults',
    differs: 'A registration that does not name its grant types and its method is refused.',
    ...refusingRegistrations(
      (asked) => asked.grant_types === undefined || asked.token_endpoint_auth_method === undefined,
    ),
  },
  {
    name: 'registrations-with-one-redirect-uri',
    differs: 'A registration may have one redirect URI, of a port that is no reserved one.',
    ...refusingRegistrations(({ redirect_uris: uris }) => {
      if (!Array.isArray(uris)) return false;
      return uris.length > 1 || uris.some((uri) => Number(URL.parse(String(uri))?.port || 8_400) < 1_024);
    }, 'invalid_redirect_uri'),
  },
];
