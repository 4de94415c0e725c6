import { but, type Examples, having, noObject, texts, without } from './examples.ts';

const registration = {
  redirect_uris: ['https://app.example/cb'],
  token_endpoint_auth_method: 'private_key_jwt',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  client_name: 'token-conformance',
  'client_name#de': 'Token-Konformität',
  client_uri: 'https://app.example/',
  scope: 'openid a',
  contacts: ['alice@app.example'],
  jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'eA' }] },
};
const registered = {
  ...registration,
  client_id: 'client-1',
  client_secret: 'secret-1',
  client_id_issued_at: 1603898686,
  client_secret_expires_at: 0,
  registration_client_uri: 'https://as.example/register/client-1',
  registration_access_token: 'token-1',
};
const issuer = 'http://127.0.0.1:9802';
const metadata = {
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token?tenant=1`,
  jwks_uri: `${issuer}/oauth/jwks`,
  registration_endpoint: `${issuer}/oauth/register`,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: ['RS256', 'ES256'],
  code_challenge_methods_supported: ['S256'],
  claims_parameter_supported: false,
};
const machine = {
  issuer,
  token_endpoint: `${issuer}/token`,
  response_types_supported: [],
  grant_types_supported: ['client_credentials'],
};
const openid = {
  ...metadata,
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256', 'none'],
};
const rsa = { kty: 'RSA', n: 'sXch', e: 'AQAB', alg: 'RS256', use: 'sig', kid: '1' };
const ec = { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', key_ops: ['verify'] };
const token = {
  active: true,
  scope: 'a b',
  client_id: 'client-1',
  username: 'alice',
  token_type: 'Bearer',
  exp: 1603898686,
  iat: 1603895086,
  nbf: 1603895086,
  sub: 'user-1',
  aud: ['https://rs.example'],
  iss: issuer,
  jti: '1',
};

/** Of a request and of the response, which repeats it. */
function clientMetadata(body: object): Examples['refuses'] {
  const names = ['token_endpoint_auth_method', 'client_name', 'scope', 'client_uri'];
  const lists = ['redirect_uris', 'grant_types', 'response_types', 'contacts'];
  return {
    ...noObject,
    ...having('null', null, 'must be string', body, ...names),
    ...having('a list', ['a'], 'must be string', body, ...names),
    ...having('null', null, 'must be array', body, ...lists),
    ...having('a text', 'a b', 'must be array', body, ...lists),
    'an empty method': [
      but(body, { token_endpoint_auth_method: '' }),
      '/token_endpoint_auth_method must NOT have fewer than 1',
    ],
    'a grant type that is no string': [but(body, { grant_types: [1] }), '/grant_types/0 must be string'],
    'a relative redirect URI': [but(body, { redirect_uris: ['/cb'] }), '/redirect_uris/0 must match'],
    'a redirect URI with a fragment': [
      but(body, { redirect_uris: ['https://app.example/cb#x'] }),
      '/redirect_uris/0 must match pattern',
    ],
    'a client_uri that is none': [but(body, { client_uri: 'app' }), '/client_uri must match format "uri"'],
    'a translated name that is no string': [
      but(body, { 'client_name#de': 1 }),
      '/client_name#de must be string',
    ],
    'keys that are no set': [but(body, { jwks: [] }), '/jwks must be object'],
    'a key without a type': [
      but(body, { jwks: { keys: [{}] } }),
      "/jwks/keys/0 must have required property 'kty'",
    ],
    'keys, and where they are': [
      but(body, { jwks_uri: 'https://app.example/jwks' }),
      '/jwks_uri boolean schema is false',
    ],
  };
}

/** Registration, and the documents that a server publishes about itself, its keys and its tokens. */
export const documents: Readonly<Record<string, Examples>> = {
  'registration.request': {
    accepts: {
      'a client with the code grant': registration,
      'a redirect URI alone': { redirect_uris: ['com.example.app:/cb'] },
      'a client without redirection': { grant_types: ['client_credentials'] },
      'a software statement in place of everything': { software_statement: 'e30.e30.c2ln' },
      'an unknown member': but(registration, { application_type: 'native' }),
    },
    refuses: {
      ...clientMetadata(registration),
      ...without(registration, 'redirect_uris'),
      'no redirect URI for the default grant': [{}, "must have required property 'redirect_uris'"],
      'no redirect URI for the implicit grant': [
        { grant_types: ['implicit', 'client_credentials'] },
        "must have required property 'redirect_uris'",
      ],
    },
  },

  'registration.response': {
    accepts: {
      'all members': registered,
      'a client_id alone': { client_id: 'client-1' },
      'an empty list': but(registered, { redirect_uris: [] }),
      'an unknown member': but(registered, { application_type: null }),
    },
    refuses: {
      ...clientMetadata(registered),
      ...texts(registered, 'client_id'),
      ...having('an empty text', '', 'must NOT', registered, 'client_secret', 'registration_access_token'),
      ...having(
        'milliseconds',
        1603898686000,
        'must be < 100000000000',
        registered,
        'client_id_issued_at',
        'client_secret_expires_at',
      ),
      ...having(
        'a string',
        '0',
        'must be integer',
        registered,
        'client_id_issued_at',
        'client_secret_expires_at',
      ),
      'a secret without its end': [
        but(registered, { client_secret_expires_at: undefined }),
        'must have property client_secret_expires_at when property client_secret is present',
      ],
      'a place to manage it without the right': [
        but(registered, { registration_access_token: undefined }),
        'must have property registration_access_token when property registration_client_uri is present',
      ],
      'the right to manage it without a place': [
        but(registered, { registration_client_uri: undefined }),
        'must have property registration_client_uri when property registration_access_token is present',
      ],
      'an error': [but(registered, { error: 'invalid_client_metadata' }), '/error must be null'],
    },
  },

  'registration.error': {
    accepts: {
      'a code and a description': { error: 'invalid_redirect_uri', error_description: 'No "http" here.' },
      'a code alone': { error: 'invalid_client_metadata' },
      'an unknown member': { error: 'invalid_client_metadata', field: 'scope' },
    },
    refuses: {
      ...noObject,
      ...texts({ error: 'invalid_client_metadata' }, 'error'),
      'a description that is not ASCII': [
        { error: 'invalid_client_metadata', error_description: 'é' },
        '/error_description must match pattern',
      ],
      ...having(
        'a text',
        'a',
        'must be null',
        { error: 'invalid_client_metadata' },
        'client_id',
        'client_secret',
        'registration_access_token',
      ),
    },
  },

  metadata: {
    accepts: {
      'a server with the code grant': metadata,
      'a server for machines': machine,
      'a provider of OpenID Connect': openid,
      'no grant types, since they have a default': but(metadata, { grant_types_supported: undefined }),
      'an implicit grant alone': but(metadata, {
        grant_types_supported: ['implicit'],
        token_endpoint: undefined,
      }),
      'methods without assertions and no algorithms': but(metadata, {
        token_endpoint_auth_methods_supported: ['none'],
        token_endpoint_auth_signing_alg_values_supported: undefined,
      }),
      'an unknown member': but(metadata, { mtls_endpoint_aliases: {} }),
    },
    refuses: {
      ...noObject,
      ...texts(metadata, 'issuer', 'token_endpoint', 'authorization_endpoint'),
      ...without(metadata, 'response_types_supported'),
      ...having(
        'an empty list',
        [],
        'must NOT have fewer than 1 items',
        metadata,
        'grant_types_supported',
        'code_challenge_methods_supported',
        'token_endpoint_auth_methods_supported',
      ),
      ...having(
        'a text',
        'code',
        'must be array',
        metadata,
        'response_types_supported',
        'grant_types_supported',
        'scopes_supported',
      ),
      ...having('a text', 'true', 'must be boolean', metadata, 'claims_parameter_supported'),
      ...having(
        'a relative URL',
        '/x',
        'must match format "uri"',
        metadata,
        'token_endpoint',
        'jwks_uri',
        'revocation_endpoint',
      ),
      'an issuer with a query': [but(metadata, { issuer: `${issuer}/?a` }), '/issuer must match pattern'],
      'an issuer with a fragment': [but(metadata, { issuer: `${issuer}/#a` }), '/issuer must match pattern'],
      'a token endpoint with a fragment': [
        but(metadata, { token_endpoint: `${issuer}/token#a` }),
        '/token_endpoint must match pattern',
      ],
      'no authorization endpoint with the default grant types': [
        but(metadata, { grant_types_supported: undefined, authorization_endpoint: undefined }),
        "must have required property 'authorization_endpoint'",
      ],
      'client assertions without algorithms': [
        but(metadata, { token_endpoint_auth_signing_alg_values_supported: undefined }),
        "must have required property 'token_endpoint_auth_signing_alg_values_supported'",
      ],
      'none among the algorithms of client assertions': [
        but(metadata, { token_endpoint_auth_signing_alg_values_supported: ['RS256', 'none'] }),
        '/token_endpoint_auth_signing_alg_values_supported must NOT be valid',
      ],
    },
  },

  'openid-metadata': {
    accepts: { 'all that is required': openid },
    refuses: {
      ...noObject,
      ...without(
        openid,
        'issuer',
        'authorization_endpoint',
        'jwks_uri',
        'response_types_supported',
        'subject_types_supported',
        'id_token_signing_alg_values_supported',
      ),
      'no RS256': [
        but(openid, { id_token_signing_alg_values_supported: ['ES256'] }),
        '/id_token_signing_alg_values_supported must contain at least 1 valid item',
      ],
    },
  },

  jwks: {
    accepts: {
      'keys of several types': { keys: [rsa, ec, { kty: 'OKP', crv: 'Ed25519', x: 'eA' }] },
      'a key of an unknown type': { keys: [{ kty: 'AKP', pub: 'eA' }] },
      'certificates in Base64': { keys: [but(rsa, { x5c: ['MII+/w=='], 'x5t#S256': 'eA' })] },
      'no keys': { keys: [] },
      'an unknown member': { keys: [but(rsa, { exp: 1 })], more: true },
    },
    refuses: {
      ...noObject,
      ...without({ keys: [] }, 'keys'),
      'one key in place of a list': [{ keys: rsa }, '/keys must be array'],
      'a key without a type': [
        { keys: [but(rsa, { kty: undefined })] },
        "/keys/0 must have required property 'kty'",
      ],
      'a symmetric key': [{ keys: [{ kty: 'oct', k: 'eA' }] }, '/keys/0/kty must NOT be valid'],
      ...Object.fromEntries(
        ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].map((part) => [
          `the private part ${part}`,
          [{ keys: [but(rsa, { [part]: 'eA' })] }, `/keys/0/${part} boolean schema is false`],
        ]),
      ),
      ...Object.fromEntries(
        [
          [rsa, 'n'],
          [rsa, 'e'],
          [ec, 'crv'],
          [ec, 'x'],
          [ec, 'y'],
        ].map(([key, part]) => [
          `no ${part}`,
          [
            { keys: [but(key as object, { [part as string]: undefined })] },
            `/keys/0 must have required property '${part}'`,
          ],
        ]),
      ),
      'a modulus with padding': [{ keys: [but(rsa, { n: 'sXch==' })] }, '/keys/0/n must match pattern'],
      'a kid that is a number': [{ keys: [but(rsa, { kid: 1 })] }, '/keys/0/kid must be string'],
    },
  },

  'introspection.response': {
    accepts: {
      'a living token': token,
      'a token that is good no more': { active: false },
      'one audience': but(token, { aud: 'https://rs.example' }),
      'an unknown member': but(token, { cnf: {} }),
    },
    refuses: {
      ...noObject,
      ...without(token, 'active'),
      ...having('a text', 'true', 'must be boolean', token, 'active'),
      ...having('a text', '1', 'must be integer', token, 'exp', 'iat', 'nbf'),
      ...having('a list', ['a'], 'must be string', token, 'scope', 'client_id', 'sub', 'username'),
      ...having('an object', {}, 'must be string,array', token, 'aud'),
      'an error': [but(token, { error: 'invalid_request' }), '/error must be null'],
    },
  },
};
