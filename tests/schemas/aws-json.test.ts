import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { kebab, problemsWith, readSchema, schemaNames, sentence } from '../../schemas/read.ts';
import { readDialect } from '../../specs/read.ts';

const spec = readDialect('aws-json');
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const refreshTokenType = 'urn:ietf:params:oauth:token-type:refresh_token';

/** What a schema accepts, and what it refuses with the clause that says why. */
interface Examples {
  readonly accepts: Readonly<Record<string, unknown>>;
  readonly refuses: Readonly<Record<string, readonly [body: unknown, because: string]>>;
}

/** A value with other members; `undefined` removes one. */
function but(body: object, members: object): object {
  return JSON.parse(JSON.stringify({ ...body, ...members }));
}

const noObject: Examples['refuses'] = {
  'an array': [[], 'the body must be object'],
  null: [null, 'the body must be object'],
  'a string': ['Bearer', 'the body must be object'],
};

const client = { clientId: 'client-1', clientSecret: 'secret-1' };
const codeRequest = {
  ...client,
  grantType: 'authorization_code',
  code: 'code-1',
  redirectUri: 'http://127.0.0.1:49152/oauth/callback',
  codeVerifier: '-._~'.padEnd(43, 'v'),
};
const deviceRequest = { grantType: device, ...client, deviceCode: 'device-code-1' };
const refreshRequest = { ...client, grantType: 'refresh_token', refreshToken: 'aor-refresh' };
const application = { clientId: 'arn:aws:sso::123456789012:application/ssoins-1/apl-1' };
const exchangeRequest = {
  ...application,
  grantType: tokenExchange,
  subjectToken: 'aoa-subject',
  subjectTokenType: accessTokenType,
  requestedTokenType: accessTokenType,
};
const iamCodeRequest = {
  ...application,
  grantType: 'authorization_code',
  code: 'code-1',
  redirectUri: 'https://app.example/redirect',
};
const registration = {
  clientName: 'token-conformance',
  clientType: 'public',
  scopes: ['sso:account:access'],
  redirectUris: ['http://127.0.0.1/oauth/callback'],
  grantTypes: ['authorization_code', 'refresh_token'],
  issuerUrl: 'https://identitycenter.amazonaws.com/ssoins-1',
};
const start = { ...client, startUrl: 'https://d-1234567890.awsapps.com/start' };

/** The members that strict decoders of the live service have seen. */
const tokens = {
  accessToken: 'aoa-access',
  aws_sso_app_session_id: null,
  expiresIn: 3600,
  idToken: null,
  issuedTokenType: null,
  originSessionId: null,
  refreshToken: 'aor-refresh',
  tokenType: 'Bearer',
};
const iamTokens = {
  accessToken: 'aoa-access',
  tokenType: 'Bearer',
  expiresIn: 3600,
  refreshToken: 'aor-refresh',
  idToken: 'e30.e30.c2ln',
  issuedTokenType: refreshTokenType,
  scope: ['openid', 'aws', 'sts:identity_context'],
  awsAdditionalDetails: { identityContext: 'context' },
};
const registered = {
  clientId: 'client-1',
  clientSecret: 'secret-1',
  clientIdIssuedAt: 1603898686,
  clientSecretExpiresAt: 1611674686,
};
const deviceAuthorization = {
  deviceCode: 'device-code-1',
  expiresIn: 600,
  interval: 1,
  userCode: 'KWQB-TGMA',
  verificationUri: 'https://device.sso.us-west-2.amazonaws.com/',
  verificationUriComplete: 'https://device.sso.us-west-2.amazonaws.com/?user_code=KWQB-TGMA',
};
const portal = 'https://alias.awsapps.com/start/#/device';

/** What every token response refuses. */
function tokenRefusals(body: object): Examples['refuses'] {
  return {
    ...noObject,
    'a string for expiresIn': [but(body, { expiresIn: '3600' }), '/expiresIn must be integer,null'],
    'a fraction for expiresIn': [but(body, { expiresIn: 3600.5 }), '/expiresIn must be integer,null'],
    'an expiresIn of zero': [but(body, { expiresIn: 0 }), '/expiresIn must be >= 1'],
    'a point in time in milliseconds for expiresIn': [
      but(body, { expiresIn: 1_700_000_000_000 }),
      '/expiresIn must be <= 2147483647',
    ],
    'an empty accessToken': [
      but(body, { accessToken: '' }),
      '/accessToken must NOT have fewer than 1 characters',
    ],
    'no accessToken': [
      but(body, { accessToken: undefined }),
      "the body must have required property 'accessToken'",
    ],
    'null for accessToken': [but(body, { accessToken: null }), '/accessToken must be string'],
    'an object for accessToken': [but(body, { accessToken: {} }), '/accessToken must be string'],
    'the OAuth spelling of accessToken': [
      but(body, { accessToken: undefined, access_token: 'aoa-access' }),
      "the body must have required property 'accessToken'",
    ],
    'no tokenType': [but(body, { tokenType: undefined }), "the body must have required property 'tokenType'"],
    'the outdated tokenType BearerToken': [
      but(body, { tokenType: 'BearerToken' }),
      '/tokenType must match pattern "^[Bb][Ee][Aa][Rr][Ee][Rr]$"',
    ],
    'an empty refreshToken': [
      but(body, { refreshToken: '' }),
      '/refreshToken must NOT have fewer than 1 characters',
    ],
    'a number for refreshToken': [but(body, { refreshToken: 1 }), '/refreshToken must be string,null'],
    'a boolean for idToken': [but(body, { idToken: false }), '/idToken must be string,null'],
    'an error': [but(body, { error: 'invalid_grant' }), '/error must be null'],
    'an error that is no string': [but(body, { error: false }), '/error must be null'],
    'an error_description': [but(body, { error_description: 'no' }), '/error_description must be null'],
  };
}

function missing(body: object, ...members: string[]): Examples['refuses'] {
  return Object.fromEntries(
    members.flatMap((member) => [
      [
        `no ${member}`,
        [but(body, { [member]: undefined }), `the body must have required property '${member}'`],
      ],
      [`an empty ${member}`, [but(body, { [member]: '' }), `/${member} must `]],
      [`a number for ${member}`, [but(body, { [member]: 7 }), `/${member} must be string`]],
    ]),
  );
}

const operations: Readonly<Record<string, Examples>> = {
  'create-token.request': {
    accepts: {
      'the authorization code grant': codeRequest,
      'the device grant': deviceRequest,
      'the refresh grant': refreshRequest,
      'a verifier of 128 characters': but(codeRequest, { codeVerifier: 'v'.repeat(128) }),
      'a scope': but(refreshRequest, { scope: ['codewhisperer:completions'] }),
      'an empty scope': but(refreshRequest, { scope: [] }),
      'an unknown member': but(refreshRequest, { hello: 'world' }),
      'a member of another grant': but(refreshRequest, { deviceCode: '' }),
    },
    refuses: {
      ...noObject,
      ...missing(codeRequest, 'clientId', 'clientSecret', 'grantType', 'code', 'redirectUri', 'codeVerifier'),
      ...missing(deviceRequest, 'deviceCode'),
      ...missing(refreshRequest, 'refreshToken'),
      'a verifier of 42 characters': [
        but(codeRequest, { codeVerifier: 'v'.repeat(42) }),
        '/codeVerifier must match pattern',
      ],
      'a verifier of 129 characters': [
        but(codeRequest, { codeVerifier: 'v'.repeat(129) }),
        '/codeVerifier must match pattern',
      ],
      'a verifier with padding': [
        but(codeRequest, { codeVerifier: '='.padStart(44, 'v') }),
        '/codeVerifier must match pattern',
      ],
      'the device grant with the hyphen of the published example': [
        but(deviceRequest, { grantType: device.replace('_', '-') }),
        '/grantType must be equal to one of the allowed values',
      ],
      'a grant of CreateTokenWithIAM': [
        but(refreshRequest, { grantType: jwtBearer }),
        '/grantType must be equal to one of the allowed values',
      ],
      'a scope in one string': [but(refreshRequest, { scope: 'a b' }), '/scope must be array'],
      'a scope that is no string': [but(refreshRequest, { scope: [1] }), '/scope/0 must be string'],
      'null for an optional member': [but(refreshRequest, { code: null }), '/code must be string'],
    },
  },

  'create-token-with-iam.request': {
    accepts: {
      'the authorization code grant without a verifier, as documented': iamCodeRequest,
      'the authorization code grant with a verifier': but(iamCodeRequest, { codeVerifier: 'v'.repeat(43) }),
      'the refresh grant': { ...application, grantType: 'refresh_token', refreshToken: 'aor-refresh' },
      'the JWT bearer grant': { ...application, grantType: jwtBearer, assertion: 'e30.e30.c2ln' },
      'token exchange': exchangeRequest,
      'token exchange for no particular type': but(exchangeRequest, { requestedTokenType: undefined }),
      'token exchange for a refresh token': but(exchangeRequest, { requestedTokenType: refreshTokenType }),
    },
    refuses: {
      ...noObject,
      ...missing(iamCodeRequest, 'clientId', 'grantType', 'code', 'redirectUri'),
      ...missing(exchangeRequest, 'subjectToken', 'subjectTokenType'),
      ...missing({ ...application, grantType: 'refresh_token', refreshToken: 'aor-refresh' }, 'refreshToken'),
      ...missing({ ...application, grantType: jwtBearer, assertion: 'e30.e30.c2ln' }, 'assertion'),
      'a grant of CreateToken': [
        { ...application, grantType: device, deviceCode: 'device-code-1' },
        '/grantType must be equal to one of the allowed values',
      ],
      'a verifier that is too short': [
        but(iamCodeRequest, { codeVerifier: 'abc' }),
        '/codeVerifier must match pattern',
      ],
      'a subject token of another type': [
        but(exchangeRequest, { subjectTokenType: refreshTokenType }),
        '/subjectTokenType must be equal to constant',
      ],
      'a scope that is no string': [but(exchangeRequest, { scope: [1] }), '/scope/0 must be string'],
      'an unknown requested type': [
        but(exchangeRequest, { requestedTokenType: 'urn:ietf:params:oauth:token-type:id_token' }),
        '/requestedTokenType must be equal to one of the allowed values',
      ],
    },
  },

  'register-client.request': {
    accepts: {
      'the registration of a client with the code grant': registration,
      'a name and a type alone': { clientName: 'cli', clientType: 'public' },
      'the redirect URI of the published example': but(registration, {
        redirectUris: ['127.0.0.1:PORT/oauth/callback'],
      }),
      'the device grant': but(registration, { grantTypes: [device, 'refresh_token'] }),
    },
    refuses: {
      ...noObject,
      ...missing(registration, 'clientName', 'clientType'),
      'a confidential client': [
        but(registration, { clientType: 'confidential' }),
        '/clientType must be equal to constant "public"',
      ],
      'an unsupported grant type': [
        but(registration, { grantTypes: ['client_credentials'] }),
        '/grantTypes/0 must be equal to one of the allowed values',
      ],
      'scopes in one string': [but(registration, { scopes: 'a b' }), '/scopes must be array'],
      'an empty scope': [but(registration, { scopes: [''] }), '/scopes/0 must NOT have fewer than 1'],
      'an empty redirect URI': [
        but(registration, { redirectUris: [''] }),
        '/redirectUris/0 must NOT have fewer than 1',
      ],
      'a redirect URI that is no string': [
        but(registration, { redirectUris: [1] }),
        '/redirectUris/0 must be string',
      ],
    },
  },

  'start-device-authorization.request': {
    accepts: {
      'a portal URL': start,
      'an issuer URL': but(start, { startUrl: 'https://identitycenter.amazonaws.com/ssoins-1' }),
      'an unknown member': but(start, { hello: 'world' }),
    },
    refuses: {
      ...noObject,
      ...missing(start, 'clientId', 'clientSecret', 'startUrl'),
      'a startUrl that is no URL': [
        but(start, { startUrl: 'not a url' }),
        '/startUrl must match format "uri"',
      ],
    },
  },

  'create-token.response': {
    accepts: {
      'the observed members': tokens,
      'the documented members': but(tokens, {
        aws_sso_app_session_id: undefined,
        idToken: undefined,
        issuedTokenType: undefined,
        originSessionId: undefined,
      }),
      'no refresh token, for a registration without scopes': but(tokens, {
        refreshToken: undefined,
        expiresIn: 28800,
      }),
      'null for every optional member': but(tokens, { expiresIn: null, refreshToken: null, idToken: null }),
      'no expiresIn': but(tokens, { expiresIn: undefined }),
      'bearer in another letter case': but(tokens, { tokenType: 'bEARER' }),
      'an unknown member': but(tokens, { somethingNew: { deep: [1] } }),
      'null for error': but(tokens, { error: null }),
    },
    refuses: tokenRefusals(tokens),
  },

  'create-token-with-iam.response': {
    accepts: {
      'the members of the JWT bearer grant': iamTokens,
      'the members of the refresh grant': but(iamTokens, { idToken: undefined, awsAdditionalDetails: null }),
      'the members of token exchange': but(iamTokens, {
        refreshToken: undefined,
        issuedTokenType: accessTokenType,
      }),
      'null for every optional member': but(iamTokens, {
        expiresIn: null,
        refreshToken: null,
        idToken: null,
        issuedTokenType: null,
        scope: null,
        awsAdditionalDetails: { identityContext: null },
      }),
      'an unknown member inside a structure': but(iamTokens, { awsAdditionalDetails: { other: 1 } }),
    },
    refuses: {
      ...tokenRefusals(iamTokens),
      'a scope in one string': [but(iamTokens, { scope: 'openid aws' }), '/scope must be array,null'],
      'a scope that is no string': [but(iamTokens, { scope: [1] }), '/scope/0 must be string'],
      'an empty scope in the array': [but(iamTokens, { scope: [''] }), '/scope/0 must NOT have fewer than 1'],
      'an empty idToken': [but(iamTokens, { idToken: '' }), '/idToken must NOT have fewer than 1'],
      'an unknown issuedTokenType': [
        but(iamTokens, { issuedTokenType: 'access_token' }),
        '/issuedTokenType must be equal to one of the allowed values',
      ],
      'a string for awsAdditionalDetails': [
        but(iamTokens, { awsAdditionalDetails: 'context' }),
        '/awsAdditionalDetails must be object,null',
      ],
      'a number for identityContext': [
        but(iamTokens, { awsAdditionalDetails: { identityContext: 1 } }),
        '/awsAdditionalDetails/identityContext must be string,null',
      ],
    },
  },

  'register-client.response': {
    accepts: {
      'the observed members': registered,
      'null for both endpoints': but(registered, { authorizationEndpoint: null, tokenEndpoint: null }),
      'both endpoints': but(registered, {
        authorizationEndpoint: 'https://oidc.us-east-1.amazonaws.com/authorize',
        tokenEndpoint: 'https://oidc.us-east-1.amazonaws.com/token',
      }),
      'a secret that never expires': but(registered, { clientSecretExpiresAt: 0 }),
      'an unknown member': but(registered, { scopes: ['a'] }),
    },
    refuses: {
      ...noObject,
      ...missing(registered, 'clientId', 'clientSecret'),
      'no clientIdIssuedAt': [
        but(registered, { clientIdIssuedAt: undefined }),
        "the body must have required property 'clientIdIssuedAt'",
      ],
      'no clientSecretExpiresAt': [
        but(registered, { clientSecretExpiresAt: undefined }),
        "the body must have required property 'clientSecretExpiresAt'",
      ],
      'a string for clientIdIssuedAt': [
        but(registered, { clientIdIssuedAt: '1603898686' }),
        '/clientIdIssuedAt must be integer',
      ],
      'null for clientSecretExpiresAt': [
        but(registered, { clientSecretExpiresAt: null }),
        '/clientSecretExpiresAt must be integer',
      ],
      'an issue time in milliseconds': [
        but(registered, { clientIdIssuedAt: 1603898686000 }),
        '/clientIdIssuedAt must be < 100000000000',
      ],
      'an expiry in milliseconds': [
        but(registered, { clientSecretExpiresAt: 1611674686000 }),
        '/clientSecretExpiresAt must be < 100000000000',
      ],
      'a negative issue time': [but(registered, { clientIdIssuedAt: -1 }), '/clientIdIssuedAt must be >= 0'],
      'a negative expiry': [
        but(registered, { clientSecretExpiresAt: -1 }),
        '/clientSecretExpiresAt must be >= 0',
      ],
      'a relative authorizationEndpoint': [
        but(registered, { authorizationEndpoint: '/authorize' }),
        '/authorizationEndpoint must match format "uri"',
      ],
      'a relative tokenEndpoint': [
        but(registered, { tokenEndpoint: '/token' }),
        '/tokenEndpoint must match format "uri"',
      ],
      'an error': [but(registered, { error: 'invalid_scope' }), '/error must be null'],
      'an error_description': [
        but(registered, { error_description: 'no' }),
        '/error_description must be null',
      ],
    },
  },

  'start-device-authorization.response': {
    accepts: {
      'the observed members': deviceAuthorization,
      'the pages of newer instances': but(deviceAuthorization, {
        verificationUri: portal,
        verificationUriComplete: `${portal}?user_code=KWQB-TGMA`,
      }),
      'neither interval nor verificationUriComplete': but(deviceAuthorization, {
        interval: undefined,
        verificationUriComplete: undefined,
      }),
      'null for both': but(deviceAuthorization, { interval: null, verificationUriComplete: null }),
      'an interval of zero': but(deviceAuthorization, { interval: 0 }),
      'an unknown member': but(deviceAuthorization, { message: 'hello' }),
    },
    refuses: {
      ...noObject,
      ...missing(deviceAuthorization, 'deviceCode', 'userCode', 'verificationUri'),
      'no expiresIn': [
        but(deviceAuthorization, { expiresIn: undefined }),
        "the body must have required property 'expiresIn'",
      ],
      'null for expiresIn': [but(deviceAuthorization, { expiresIn: null }), '/expiresIn must be integer'],
      'a string for expiresIn': [
        but(deviceAuthorization, { expiresIn: '600' }),
        '/expiresIn must be integer',
      ],
      'an expiresIn of zero': [but(deviceAuthorization, { expiresIn: 0 }), '/expiresIn must be >= 1'],
      'a point in time in milliseconds for expiresIn': [
        but(deviceAuthorization, { expiresIn: 1_700_000_000_000 }),
        '/expiresIn must be <= 2147483647',
      ],
      'an interval beyond 32 bits': [
        but(deviceAuthorization, { interval: 2 ** 31 }),
        '/interval must be <= 2147483647',
      ],
      'a string for interval': [
        but(deviceAuthorization, { interval: '1' }),
        '/interval must be integer,null',
      ],
      'a fraction for interval': [
        but(deviceAuthorization, { interval: 1.5 }),
        '/interval must be integer,null',
      ],
      'an interval below zero': [but(deviceAuthorization, { interval: -1 }), '/interval must be >= 0'],
      'a verificationUri that runs a script': [
        but(deviceAuthorization, { verificationUri: 'javascript:alert(1)' }),
        '/verificationUri must match pattern "^https?://"',
      ],
      'a relative verificationUri': [
        but(deviceAuthorization, { verificationUri: '/device' }),
        '/verificationUri must match format "uri"',
      ],
      'a number for verificationUriComplete': [
        but(deviceAuthorization, { verificationUriComplete: 1 }),
        '/verificationUriComplete must be string,null',
      ],
      'an error': [but(deviceAuthorization, { error: 'slow_down' }), '/error must be null'],
      'an error_description': [
        but(deviceAuthorization, { error_description: 'no' }),
        '/error_description must be null',
      ],
    },
  },
};

/** Error bodies as they were captured from the live service. */
const observedErrors: readonly (readonly [exception: string, body: string])[] = [
  [
    'AuthorizationPendingException',
    '{"error":"authorization_pending","error_description":"Authorization is still pending"}',
  ],
  ['InvalidGrantException', '{"error":"invalid_grant","error_description":"Invalid device code provided"}'],
  ['InvalidGrantException', '{"error":"invalid_grant","error_description":"Invalid grant provided"}'],
  ['InvalidGrantException', '{"error":"invalid_grant","error_description":"Invalid refresh token provided"}'],
  ['InvalidRequestException', '{"error":"invalid_request","error_description":"Invalid token provided"}'],
  ['InvalidClientException', '{"error":"invalid_client","error_description":"Invalid client provided"}'],
  [
    'InvalidClientException',
    '{"error":"invalid_client","error_description":"The maximum number of users have consented to scopes for this client"}',
  ],
  [
    'UnauthorizedClientException',
    '{"error":"unauthorized_client","error_description":"Client is unauthorized"}',
  ],
];

describe('schemas/aws-json', () => {
  test('every schema is valid and compiles in strict mode', () => {
    const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
    formats.default(ajv);

    for (const name of ['.', 'aws-json', 'aws-json/errors'].flatMap(schemaNames))
      expect(() => ajv.compile(readSchema(name)), name).not.toThrow();
  });

  test('every schema of an operation has examples', () => {
    expect(schemaNames('aws-json').sort()).toEqual(
      Object.keys(operations)
        .map((name) => `aws-json/${name}`)
        .sort(),
    );
  });
});

describe.each(Object.entries(operations))('%s', (name, { accepts, refuses }) => {
  test.each(Object.entries(accepts))('accepts %s', (_, body) => {
    expect(problems(name, body)).toEqual([]);
  });

  test.each(Object.entries(refuses))('refuses %s', (_, [body, because]) => {
    expect(problems(name, body)).toContainEqual(expect.stringContaining(because));
  });
});

describe('every member has its type', () => {
  const iamRefreshRequest = { ...application, grantType: 'refresh_token', refreshToken: 'aor-refresh' };
  const bodies: Readonly<Record<string, { requests: readonly object[]; response: object }>> = {
    CreateToken: { requests: [codeRequest, deviceRequest, refreshRequest], response: tokens },
    CreateTokenWithIAM: {
      requests: [iamCodeRequest, iamRefreshRequest, exchangeRequest],
      response: iamTokens,
    },
    RegisterClient: { requests: [registration], response: registered },
    StartDeviceAuthorization: { requests: [start], response: deviceAuthorization },
  };
  const wrong = (type: string) => (type === 'structure' ? [] : {});

  test.each(Object.entries(spec.operations))('%s', (operation, { request, response }) => {
    const { requests = [], response: success = {} } = bodies[operation] ?? {};
    const problem = (member: string) => expect.stringMatching(`^/${member} must be \\w+(,null)?$`);

    for (const [member, { type }] of Object.entries(request))
      for (const body of requests)
        expect(problems(`${kebab(operation)}.request`, but(body, { [member]: wrong(type) }))).toContainEqual(
          problem(member),
        );
    for (const [member, { type }] of Object.entries(response))
      expect(
        problems(`${kebab(operation)}.response`, but(success, { [member]: wrong(type) })),
      ).toContainEqual(problem(member));
  });

  test.each(['create-token', 'create-token-with-iam'])('%s asks for no grant without grantType', (name) => {
    const found = problems(`${name}.request`, { ...client, hello: 'world' });

    expect(found).toEqual(["the body must have required property 'grantType'"]);
  });
});

describe('errors of the live service', () => {
  test.each(observedErrors)('%s accepts %s', (exception, body) => {
    expect(problems(`errors/${kebab(exception)}`, JSON.parse(body))).toEqual([]);
  });
});

describe.each(Object.entries(spec.exceptions))('errors/%s', (exception, { error, reason, members = [] }) => {
  const name = `errors/${kebab(exception)}`;
  const body = { error, error_description: 'Invalid thing provided' };
  const other = error === 'invalid_grant' ? 'invalid_request' : 'invalid_grant';
  const optional = Object.fromEntries(
    ['error_description', ...(reason ? ['reason'] : []), ...members].map((member) => [member, null]),
  );

  test.each<readonly [string, unknown]>([
    ['error and error_description', body],
    ['error alone', { error }],
    ['null for every optional member', { error, ...optional }],
    ['an unknown member', { ...body, message: null, __type: exception }],
    ['null for a token', { ...body, accessToken: null }],
    ['the whole range of permitted characters', { error, error_description: ' !#[]~' }],
    ...(reason ?? []).map((value) => [`the reason ${value}`, { ...body, reason: value }] as const),
    ...members.map((member) => [`a ${member}`, { ...body, [member]: 'us-east-1' }] as const),
  ])('accepts %s', (_, value) => {
    expect(problems(name, value)).toEqual([]);
  });

  test.each<readonly [string, unknown, string]>([
    ...Object.entries(noObject).map(([what, [value, because]]) => [what, value, because] as const),
    ['no error', { error_description: 'no' }, "the body must have required property 'error'"],
    ['null for error', { ...body, error: null }, '/error must be equal to constant'],
    ['another error', { ...body, error: other }, `/error must be equal to constant "${error}"`],
    [
      'error in capitals',
      { ...body, error: error.toUpperCase() },
      `/error must be equal to constant "${error}"`,
    ],
    [
      'a number for error_description',
      { ...body, error_description: 400 },
      '/error_description must be string,null',
    ],
    ...['"', '\\', '\n', '\r', '\t', '\u007f', 'é'].map(
      (character) =>
        [
          `${JSON.stringify(character)} in error_description`,
          { ...body, error_description: `Invalid${character}` },
          '/error_description must match pattern',
        ] as const,
    ),
    ...['accessToken', 'refreshToken', 'idToken', 'access_token', 'refresh_token', 'id_token'].map(
      (token) => [`a token in ${token}`, { ...body, [token]: 'aoa' }, `/${token} must be null`] as const,
    ),
    ...(reason
      ? [
          [
            'an unknown reason',
            { ...body, reason: 'KMS' },
            '/reason must be equal to one of the allowed values',
          ] as const,
        ]
      : []),
    ...members.map(
      (member) =>
        [`a number for ${member}`, { ...body, [member]: 1 }, `/${member} must be string,null`] as const,
    ),
  ])('refuses %s', (_, value, because) => {
    expect(problems(name, value)).toContainEqual(expect.stringContaining(because));
  });
});

function problems(name: string, body: unknown): string[] {
  return problemsWith(`aws-json/${name}`, body).map(sentence);
}
