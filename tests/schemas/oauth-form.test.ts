import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { readSchema, schemaNames } from '../../schemas/read.ts';
import { but, type Examples, having, noObject, testExamples, texts, without } from './examples.ts';
import { documents } from './oauth-form-documents.ts';

const grant = (name: string) => `urn:ietf:params:oauth:grant-type:${name}`;
const tokenType = (name: string) => `urn:ietf:params:oauth:token-type:${name}`;
const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln';

const code = {
  grant_type: 'authorization_code',
  code: 'code-1',
  redirect_uri: 'https://app.example/cb',
  code_verifier: '-._~'.padEnd(43, 'v'),
};
const refresh = { grant_type: 'refresh_token', refresh_token: 'refresh-1' };
const credentials = { grant_type: 'client_credentials', scope: 'a b' };
const password = { grant_type: 'password', username: 'josé', password: 'correct horse' };
const device = { grant_type: grant('device_code'), device_code: 'device-1', client_id: 'client-1' };
const bearer = { grant_type: grant('jwt-bearer'), assertion: jwt };
const exchange = {
  grant_type: grant('token-exchange'),
  subject_token: 'subject-1',
  subject_token_type: tokenType('access_token'),
};
const asserted = {
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion: jwt,
};
const start = { client_id: 'client-1', scope: 'openid' };

const tokens = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'refresh-1',
  scope: 'openid a',
  id_token: jwt,
};
const exchanged = {
  access_token: jwt,
  token_type: 'N_A',
  issued_token_type: tokenType('jwt'),
  expires_in: 60,
};
const started = {
  device_code: 'device-1',
  user_code: 'WDJB-MJHT',
  verification_uri: 'https://as.example/device',
  verification_uri_complete: 'https://as.example/device?user_code=WDJB-MJHT',
  expires_in: 1800,
  interval: 5,
};
const refusal = {
  error: 'invalid_grant',
  error_description: 'The code is gone.',
  error_uri: '/errors#gone',
};

const clientParameters: Examples['refuses'] = {
  'a secret without a client_id': [
    but(start, { client_id: undefined, client_secret: 'x' }),
    'must have property client_id when property client_secret is present',
  ],
  'an assertion without its type': [
    but(start, { client_assertion: jwt }),
    'must have property client_assertion_type when property client_assertion is present',
  ],
  'the type of an assertion alone': [
    but(start, { client_assertion_type: asserted.client_assertion_type }),
    'must have property client_assertion when property client_assertion_type is present',
  ],
};

const messages: Readonly<Record<string, Examples>> = {
  'token.request': {
    accepts: {
      'the code grant': code,
      'the code grant without a redirect URI and a verifier': but(code, {
        redirect_uri: undefined,
        code_verifier: undefined,
      }),
      'a verifier of 128 characters': but(code, { code_verifier: 'v'.repeat(128) }),
      'the refresh grant': refresh,
      'the client credentials grant': credentials,
      'the client credentials grant without scope': but(credentials, { scope: undefined }),
      'the password grant': password,
      'the device grant': device,
      'the JWT bearer grant': bearer,
      'an encrypted assertion': but(bearer, { assertion: 'e30.a.b.c.d' }),
      'token exchange': exchange,
      'token exchange with everything': but(exchange, {
        actor_token: jwt,
        actor_token_type: tokenType('jwt'),
        requested_token_type: tokenType('saml2'),
        audience: 'some service',
        resource: 'https://rs.example/?tenant=1',
      }),
      'an extension grant': { grant_type: 'https://as.example/grants/own', code: '' },
      'a secret in the body': but(refresh, { client_id: 'client 1', client_secret: 'a+b/c=~' }),
      'a client assertion without client_id': but(refresh, asserted),
      'a client assertion of another type': but(refresh, {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
        client_assertion: 'PHNhbWw+',
      }),
      'a resource with another grant': but(refresh, { resource: 'urn:rs' }),
      'an unknown parameter': but(refresh, { hello: 'world' }),
      'an empty parameter of another grant': but(refresh, { device_code: '' }),
    },
    refuses: {
      ...noObject,
      ...texts(code, 'grant_type', 'code'),
      ...texts(refresh, 'refresh_token'),
      ...texts(password, 'username', 'password'),
      ...texts(device, 'device_code'),
      ...texts(bearer, 'assertion'),
      ...texts(exchange, 'subject_token', 'subject_token_type'),
      'a grant type with a space': [but(code, { grant_type: 'code grant' }), '/grant_type must match'],
      'a verifier of 42 characters': [
        but(code, { code_verifier: 'v'.repeat(42) }),
        '/code_verifier must match pattern',
      ],
      'a verifier of 129 characters': [
        but(code, { code_verifier: 'v'.repeat(129) }),
        '/code_verifier must match pattern',
      ],
      'a verifier with padding': [
        but(code, { code_verifier: '='.padStart(44, 'v') }),
        '/code_verifier must match pattern',
      ],
      'an assertion that is no JWT': [but(bearer, { assertion: 'x' }), '/assertion must match pattern'],
      'a client assertion that is no JWT': [
        but(refresh, { ...asserted, client_assertion: 'x' }),
        '/client_assertion must match pattern',
      ],
      'an actor token without its type': [
        but(exchange, { actor_token: 'a' }),
        'must have property actor_token_type when property actor_token is present',
      ],
      'the type of an actor token alone': [
        but(exchange, { actor_token_type: tokenType('jwt') }),
        'must have property actor_token when property actor_token_type is present',
      ],
      'the short name of a token type': [
        but(exchange, { subject_token_type: 'access_token' }),
        '/subject_token_type must match pattern',
      ],
      'a relative resource': [but(exchange, { resource: 'foo' }), '/resource must match pattern'],
      'a resource with a fragment': [but(exchange, { resource: 'https://a/#f' }), '/resource must match'],
      'two spaces in scope': [but(credentials, { scope: 'a  b' }), '/scope must match pattern'],
      'a scope in an array': [but(credentials, { scope: ['a'] }), '/scope must be string'],
      'a quote in scope': [but(credentials, { scope: 'a"' }), '/scope must match pattern'],
      ...clientParameters,
    },
  },

  'token.response': {
    accepts: {
      'all members': tokens,
      'the required members alone': { access_token: 'a', token_type: 'bearer' },
      'an issued token that is no access token': exchanged,
      'another token type': but(tokens, { token_type: 'DPoP' }),
      'a lifetime of zero': but(tokens, { expires_in: 0 }),
      'an encrypted ID token': but(tokens, { id_token: 'e30.a.b.c.d' }),
      'an ID token without a signature': but(tokens, { id_token: 'e30.e30.' }),
      'an unknown member': but(tokens, { something_new: { deep: [null] } }),
      'null for error': but(tokens, { error: null }),
    },
    refuses: {
      ...noObject,
      ...texts(tokens, 'access_token', 'token_type'),
      ...having('null', null, 'must be string', tokens, 'refresh_token', 'scope', 'id_token'),
      ...having('an empty text', '', 'must match', tokens, 'refresh_token', 'scope', 'id_token'),
      ...having('a line break', 'a\nb', 'must match pattern', tokens, 'access_token', 'refresh_token'),
      ...having('a string', '3600', 'must be integer', tokens, 'expires_in'),
      ...having('a fraction', 0.5, 'must be integer', tokens, 'expires_in'),
      ...having('a negative number', -1, 'must be >= 0', tokens, 'expires_in'),
      ...having('null', null, 'must be integer', tokens, 'expires_in'),
      'a scope in an array': [but(tokens, { scope: ['a', 'b'] }), '/scope must be string'],
      'scopes with a comma and a space too many': [but(tokens, { scope: 'a, b ' }), '/scope must match'],
      'an ID token of two parts': [but(tokens, { id_token: 'e30.e30' }), '/id_token must match pattern'],
      'an ID token with padding': [but(tokens, { id_token: 'e30=.e30.c2ln' }), '/id_token must match'],
      'the short name of the issued type': [
        but(exchanged, { issued_token_type: 'jwt' }),
        '/issued_token_type must match pattern',
      ],
      'an error': [but(tokens, { error: 'invalid_grant' }), '/error must be null'],
      'an error_description': [but(tokens, { error_description: '' }), '/error_description must be null'],
    },
  },

  error: {
    accepts: {
      'all members': refusal,
      'error alone': { error: 'invalid_request' },
      'a code of an extension': { error: 'use_dpop_nonce' },
      'an absolute error_uri': but(refusal, { error_uri: 'https://as.example/errors?code=1' }),
      'an empty description': but(refusal, { error_description: '' }),
      'the whole range of permitted characters': but(refusal, { error_description: ' !#[]~' }),
      'an unknown member': but(refusal, { trace_id: 7 }),
      'null for a token': but(refusal, { access_token: null }),
    },
    refuses: {
      ...noObject,
      ...texts(refusal, 'error'),
      ...having('a number', 400, 'must be string', refusal, 'error_description', 'error_uri'),
      ...having('null', null, 'must be string', refusal, 'error_description', 'error_uri'),
      ...Object.assign(
        {},
        ...['"', '\\', '\n', '\t', '\u007f', 'é'].map((character) =>
          having(
            JSON.stringify(character),
            `a${character}`,
            'must match pattern',
            refusal,
            'error',
            'error_description',
            'error_uri',
          ),
        ),
      ),
      'a space in error_uri': [but(refusal, { error_uri: '/a b' }), '/error_uri must match'],
      ...having('a token', 'a', 'must be null', refusal, 'access_token', 'refresh_token', 'id_token'),
    },
  },

  'device-authorization.request': {
    accepts: {
      'a public client': start,
      'a client that authenticates in a header': {},
      'a secret in the body': but(start, { client_secret: 'secret-1' }),
      'a client assertion': but(asserted, { scope: 'a' }),
      'an unknown parameter': but(start, { hello: 'world' }),
    },
    refuses: {
      ...noObject,
      ...having('an empty text', '', 'must ', start, 'client_id', 'scope', 'client_assertion'),
      ...having('a number', 1, 'must be string', start, 'client_id', 'scope'),
      ...clientParameters,
    },
  },

  'device-authorization.response': {
    accepts: {
      'all members': started,
      'the required members alone': but(started, {
        verification_uri_complete: undefined,
        interval: undefined,
      }),
      'an interval with a fraction': but(started, { interval: 2.5 }),
      'an unknown member': but(started, { message: 'hello' }),
    },
    refuses: {
      ...noObject,
      ...texts(started, 'device_code', 'user_code', 'verification_uri'),
      ...without(started, 'expires_in'),
      ...having('a string', '5', 'must be number', started, 'expires_in', 'interval'),
      ...having('null', null, 'must be number', started, 'expires_in', 'interval'),
      ...having('a negative number', -1, 'must be >= 0', started, 'expires_in', 'interval'),
      'a relative verification_uri': [
        but(started, { verification_uri: '/device' }),
        '/verification_uri must match format "uri"',
      ],
      'a verification_uri that runs a script': [
        but(started, { verification_uri: 'javascript:alert(1)' }),
        '/verification_uri must match pattern',
      ],
      'a verification_uri_complete that is null': [
        but(started, { verification_uri_complete: null }),
        '/verification_uri_complete must be string',
      ],
      'the name that drafts had': [
        but(started, { verification_uri: undefined, verification_url: started.verification_uri }),
        "the body must have required property 'verification_uri'",
      ],
      'an error': [but(started, { error: 'invalid_scope' }), '/error must be null'],
    },
  },
};

test('every schema is valid, compiles in strict mode, has its place as its id, and has examples', () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  formats.default(ajv);
  const names = schemaNames('oauth-form');

  for (const name of names) {
    expect(() => ajv.compile(readSchema(name)), name).not.toThrow();
    expect(readSchema(name)).toHaveProperty('$id', `urn:token-conformance:${name.replace('/', ':')}`);
  }
  expect(names.sort()).toEqual(
    [...Object.keys(messages), ...Object.keys(documents)].map((name) => `oauth-form/${name}`).sort(),
  );
});

testExamples('oauth-form', { ...messages, ...documents });
