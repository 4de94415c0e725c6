import { expect, test } from 'vitest';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';
import { UserError } from '../../targets/problem.ts';
import { readTarget, targetFrom } from '../../targets/target/read.ts';
import { endpointOf, targetOfIssuer } from '../../targets/target/target.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const base = 'name: some server\nprofile: oidc\nissuer: http://127.0.0.1:9802\n';

type Environment = Record<string, string | undefined>;

const read = (text: string, environment: Environment = {}) =>
  readTarget(folder.write('target.yaml', text), environment);

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replaceAll(`${folder.path}/`, '');
  }
  throw new Error('nothing was refused');
}

const mistakesOf = (text: string, environment: Environment = {}) => refusalOf(() => read(text, environment));

test('four lines are enough', () => {
  expect(read(`${base}fixtures: http://127.0.0.1:9802/_fixtures\n`)).toMatchInlineSnapshot(`
    {
      "target": {
        "dialect": "oauth-form",
        "endpoint": {},
        "fixtures": "http://127.0.0.1:9802/_fixtures",
        "issuer": "http://127.0.0.1:9802",
        "limits": [
          {
            "grant": "password",
            "reason": "the target file does not declare the grant "password"",
          },
        ],
        "name": "some server",
        "profile": "oidc",
        "scopes": [
          "openid",
        ],
        "startUrl": "https://token-conformance.awsapps.com/start",
        "timeoutSeconds": 10,
      },
      "warnings": [],
    }
  `);
});

test('the grant password counts where the file declares it, and no limit takes it away', () => {
  const login = `login: { username: alice, password: "\${PASSWORD}"`;
  const limitsIn = (more: string) =>
    read(`${base}${more}`, { PASSWORD: 'tulip' }).target.limits.map(({ reason }) => reason);
  expect(limitsIn(`${login}, passwordGrant: true }\n`)).toEqual([]);
  expect(limitsIn(`${login} }\n`)).toEqual(['the target file does not declare the grant "password"']);
  expect(
    limitsIn(`${login}, passwordGrant: true }\nlimits: [{ grant: password, reason: no user }]\n`),
  ).toEqual(['no user']);
  const more = read(`${base}${login}, fields: { otp: "\${PASSWORD}", Tenant: a } }\n`, { PASSWORD: 'tulip' });
  expect(more.target.login?.fields).toEqual({ otp: 'tulip', Tenant: 'a' });
  const wrong = `${base}login: { username: alice, password: tulip, fields: { otp: 1 } }\n`;
  expect(mistakesOf(wrong)).toContain('/login/fields/otp');
  expect(mistakesOf(`${base}login: { username: alice }\n`)).toContain('/login must be a map with');
  expect(read(`${base}login: { username: alice, password: tulip }\n`).warnings).toEqual([
    expect.stringContaining('password is typed into the file'),
  ]);
});

test('the issuer alone, and an object, come to the same', () => {
  const target = targetOfIssuer('http://127.0.0.1:9802', 'oidc', 'some server');
  expect(read(base).target).toEqual(target);
  expect(targetFrom({ name: 'some server', profile: 'oidc', issuer: 'http://127.0.0.1:9802' }, {})).toEqual(
    target,
  );
});

test.each([
  ['oauth2', []],
  ['oauth21', []],
  ['mcp', []],
  ['oidc', ['openid']],
])('the profile %s says the dialect, and the scopes where the file says none', (profile, scopes) => {
  const { target } = read(`name: some server\nprofile: ${profile}\nissuer: https://id.test\n`);
  expect([target.dialect, target.scopes]).toEqual(['oauth-form', scopes]);
  const own = read(`name: some server\nprofile: ${profile}\nissuer: https://id.test\nscopes: [read]\n`);
  expect(own.target.scopes).toEqual(['read']);
});

test.each(['aws-create-token', 'aws-create-token-with-iam', 'aws-sso-oidc', 'of-nobody'])(
  'a target of AWS stays one with the profile %s',
  (profile) => {
    const { target } = read(`name: staging\nprofile: ${profile}\nendpoint: https://idp.test\n`);
    expect([target.dialect, target.endpoint]).toEqual(['aws-json', 'https://idp.test']);
  },
);

test('a resource is taken as it is written', () => {
  expect(read(`${base}resource: HTTPS://MCP.test/mcp?a=b\n`).target.resource).toBe(
    'HTTPS://MCP.test/mcp?a=b',
  );
});

test('the dialect may be said where it is the one of the profile', () => {
  expect(read(`${base}dialect: oauth-form\n`).target).toEqual(read(base).target);
});

test('endpoints take the place of metadata', () => {
  const { target } = read(
    'name: some server\nprofile: oauth2\nendpoints:\n  token: https://id.test/t?v=2\n  register: https://id.test/r\n',
  );
  expect([target.issuer, target.endpoint]).toEqual([
    undefined,
    { token: 'https://id.test/t?v=2', register: 'https://id.test/r' },
  ]);
  expect('endpoints' in target).toBe(false);
  expect(endpointOf(target, 'token', '')).toBe('https://id.test/t?v=2');
});

test('with an issuer they need not name all', () => {
  const { target } = read(`${base}endpoints: { authorization: "https://id.test/a" }\n`);
  expect([target.issuer, target.endpoint]).toEqual([
    'http://127.0.0.1:9802',
    { authorization: 'https://id.test/a' },
  ]);
});

test.each(['localhost:9802', 'https://id.test/?tenant=a', 'https://id.test/#a', ''])(
  '--issuer %j is none',
  (issuer) => {
    expect(refusalOf(() => targetOfIssuer(issuer, 'oidc'))).toBe(
      `"${issuer}" is not an http or https URL. Give the issuer as its metadata has it, such as https://id.example.com`,
    );
  },
);

const d = 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI';
const x = 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU';
const y = 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0';
const key = `{ kty: EC, crv: P-256, kid: robot, x: ${x}, y: ${y}, d: "\${D}" }`;
const secrets = { SECRET: 's3cret', D: d };

test('clients have the methods of RFC 7591; client_secret_basic is the one that need not be said', () => {
  const { target, warnings } = read(
    `${base}clients:
  web: { clientId: web, clientSecret: "\${SECRET}" }
  post: { clientId: post, clientSecret: "\${SECRET}", authMethod: client_secret_post }
  hmac: { clientId: hmac, clientSecret: "\${SECRET}", authMethod: client_secret_jwt }
  spa: { clientId: spa, authMethod: none, redirectUris: [http://127.0.0.1:8400/cb] }
  robot:
    clientId: robot
    authMethod: private_key_jwt
    grantTypes: [client_credentials]
    key: ${key}
`,
    secrets,
  );
  const methods = Object.values(target.clients ?? {}).map(({ authMethod }) => authMethod);
  expect(methods).toEqual([
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'none',
    'private_key_jwt',
  ]);
  expect(target.clients?.robot?.key).toEqual({ kty: 'EC', crv: 'P-256', kid: 'robot', x, y, d });
  expect(warnings).toEqual([]);
});

test('the private part of a key that is typed into the file is warned of', () => {
  const { warnings } = read(
    `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: { kty: EC, crv: P-256, x: ${x}, y: ${y}, d: ${d} } }\n`,
  );
  expect(warnings.map((one) => one.replace(`${folder.path}/`, ''))).toEqual([
    `target.yaml:5:185: d is typed into the file. Write "\${NAME}" and set NAME in the environment.`,
  ]);
});

const profiles = '"mcp", "oauth2", "oauth21", or "oidc"';
const ofAws = '"aws-create-token-with-iam", "aws-create-token", or "aws-sso-oidc"';
const methods =
  '"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", or "none"';
const noUrl = 'must be an http or https URL without a query, such as https://id.example.com';

const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'neither issuer nor endpoints',
    'name: some server\nprofile: oidc\n',
    'target.yaml:1:1: the file has no "issuer", and no "endpoints" of a server without metadata',
  ],
  [
    'no profile',
    'name: some server\nissuer: https://id.test\n',
    `target.yaml:1:1: the file has no "profile". A server of the standards needs one: ${profiles}`,
  ],
  [
    'no profile, with a dialect',
    'name: some server\ndialect: oauth-form\nissuer: https://id.test\n',
    `target.yaml:1:1: the file has no "profile". A server of the standards needs one: ${profiles}`,
  ],
  [
    'a misspelt profile',
    'name: some server\nprofile: oidcc\nissuer: https://id.test\n',
    `target.yaml:2:10: /profile must be ${profiles}. Did you mean "oidc"?`,
  ],
  [
    'a dialect that is not the one of the profile',
    `${base}dialect: aws-json\n`,
    'target.yaml:4:10: /dialect is "aws-json", and the profile "oidc" is one of "oauth-form". Leave the dialect out: it follows from the profile.',
  ],
  [
    'a dialect that is not the one of the profile of AWS',
    'name: staging\nprofile: aws-create-token\ndialect: oauth-form\nendpoint: https://idp.test\n',
    'target.yaml:3:10: /dialect is "oauth-form", and the profile "aws-create-token" is one of "aws-json". Leave the dialect out: it follows from the profile.',
  ],
  [
    'an endpoint in place of the issuer',
    'name: some server\nprofile: oidc\nendpoint: https://id.test\n',
    `target.yaml:3:1: /endpoint does not go with the profile "oidc". Give "issuer", or "endpoints" where it has no metadata, or another profile: ${ofAws}.`,
  ],
  [
    'a region and an issuer',
    `${base}region: us-east-1\n`,
    `target.yaml:4:1: /region does not go with the profile "oidc". Give "issuer", or "endpoints" where it has no metadata, or another profile: ${ofAws}.`,
  ],
  [
    'credentials of AWS',
    `${base}startUrl: https://portal.test\ncredentials: { accessKeyId: a, secretAccessKey: "\${SECRET}" }\n`,
    [
      `target.yaml:4:1: /startUrl does not go with the profile "oidc". It is for ${ofAws}.`,
      `target.yaml:5:1: /credentials does not go with the profile "oidc". It is for ${ofAws}.`,
    ].join('\n'),
  ],
  [
    'an issuer with a profile of AWS',
    'name: staging\nprofile: aws-create-token\nissuer: https://id.test\n',
    `target.yaml:3:1: /issuer does not go with the profile "aws-create-token". Give "endpoint" or "region", or another profile: ${profiles}.`,
  ],
  [
    'an issuer and an endpoint, and no profile',
    'name: staging\nendpoint: https://idp.test\nissuer: https://id.test\n',
    `target.yaml:3:1: /issuer does not go with a target of AWS. Give "endpoint" or "region", or another profile: ${profiles}.`,
  ],
  [
    'an issuer without scheme',
    'name: some server\nprofile: oidc\nissuer: id.test\n',
    `target.yaml:3:9: /issuer ${noUrl}`,
  ],
  [
    'an issuer with a query',
    'name: some server\nprofile: oidc\nissuer: https://id.test/?tenant=a\n',
    `target.yaml:3:9: /issuer ${noUrl}`,
  ],
  [
    'an issuer that no URL parser takes',
    'name: some server\nprofile: oidc\nissuer: http://:80:90\n',
    'target.yaml:3:9: /issuer is not a complete URL: check its host and port',
  ],
  ...['mcp.example.com', 'https://mcp.example.com#mcp'].map(
    (resource) =>
      [
        `the resource ${resource}`,
        `${base}resource: ${resource}\n`,
        'target.yaml:4:11: /resource must be an absolute URI without fragment, such as https://mcp.example.com/mcp',
      ] as const,
  ),
  [
    'a resource at AWS',
    'name: staging\nprofile: aws-create-token\nendpoint: https://idp.test\nresource: https://mcp.test\n',
    `target.yaml:4:1: /resource does not go with the profile "aws-create-token". It is for ${profiles}.`,
  ],
  [
    'endpoints that are one',
    `${base}endpoints: https://id.test/token\n`,
    'target.yaml:4:12: /endpoints must be a map with one URL per operation, such as { token: https://id.example.com/token }',
  ],
  [
    'endpoints of nothing',
    `${base}endpoints: {}\n`,
    'target.yaml:4:12: /endpoints must be a map with one URL per operation, such as { token: https://id.example.com/token }',
  ],
  [
    'endpoints by the names of metadata',
    `${base}endpoints: { token_endpoint: "https://id.test/token" }\n`,
    'target.yaml:4:14: /endpoints has an unknown key "token_endpoint". Known: token, device_authorization, register, authorization, introspection, revocation, userinfo.',
  ],
  [
    'endpoints by the names of AWS',
    'name: some server\nprofile: oauth2\nendpoints:\n  CreateToken: https://id.test/token\n',
    'target.yaml:4:3: /endpoints has an unknown key "CreateToken". Known: token, device_authorization, register, authorization, introspection, revocation, userinfo.',
  ],
  [
    'an endpoint that is no URL',
    `${base}endpoints: { token: /token }\n`,
    'target.yaml:4:21: /endpoints/token must be an http or https URL',
  ],
  [
    'an endpoint that no URL parser takes',
    `${base}endpoints: { token: "https://id.test:99999/token" }\n`,
    'target.yaml:4:21: /endpoints/token is not a complete URL: check its host and port',
  ],
  [
    'endpoints without the one for tokens',
    'name: some server\nprofile: oauth2\nendpoints:\n  register: https://id.test/register\n',
    'target.yaml:4:3: /endpoints has no "token", and without an "issuer" there is no metadata that says it',
  ],
  [
    'a misspelt method',
    `${base}clients:\n  web: { clientId: web, authMethod: client_secret_basci }\n`,
    'target.yaml:5:37: /clients/web/authMethod must be "client_secret_basic", "client_secret_post", "none", "private_key_jwt", or "client_secret_jwt". Did you mean "client_secret_basic"?',
  ],
  [
    'a client without secret or method',
    `${base}clients:\n  web: { clientId: web }\n`,
    'target.yaml:5:8: /clients/web has no "clientSecret", which client_secret_basic (the method where none is given) needs',
  ],
  [
    'a client without the secret of its method',
    `${base}clients:\n  web: { clientId: web, authMethod: client_secret_jwt }\n`,
    'target.yaml:5:8: /clients/web has no "clientSecret", which client_secret_jwt needs',
  ],
  [
    'a client without the key of its method',
    `${base}clients:\n  a/b: { clientId: robot, authMethod: private_key_jwt }\n`,
    'target.yaml:5:8: /clients/a~1b has no "key", which private_key_jwt needs',
  ],
  [
    'a public client with a secret',
    `${base}clients:\n  spa: { clientId: spa, authMethod: none, clientSecret: "\${SECRET}" }\n`,
    'target.yaml:5:43: /clients/spa/clientSecret is not used by none: leave one of them out',
  ],
  [
    'a key of who has a secret',
    `${base}clients:\n  web: { clientId: web, clientSecret: "\${SECRET}", key: ${key} }\n`,
    'target.yaml:5:52: /clients/web/key is not used by client_secret_basic (the method where none is given): leave one of them out',
  ],
  [
    'a public key',
    `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: { kty: EC, crv: P-256, x: ${x}, y: ${y} } }\n`,
    'target.yaml:5:63: /clients/robot/key must be a private JWK: a map with at least "kty" and "d"',
  ],
  [
    'a key in PEM',
    `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: ./robot.pem }\n`,
    'target.yaml:5:63: /clients/robot/key must be a private JWK: a map with at least "kty" and "d"',
  ],
  [
    'a key that is none',
    `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: { kty: EC, crv: P-256, d: "\${SECRET}" } }\n`,
    'target.yaml:5:63: /clients/robot/key is no private key that can be used: a member is missing or wrong',
  ],
  [
    'a secret key',
    `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: { kty: oct, d: "\${SECRET}" } }\n`,
    'target.yaml:5:70: /clients/robot/key/kty must be "EC", "OKP", or "RSA".',
  ],
  [
    'a client as AWS has it',
    `${base}clients:\n  web: { clientId: web, auth: secret }\n`,
    `target.yaml:5:25: /clients/web/auth is for clients of AWS: give "authMethod", which is ${methods}`,
  ],
  [
    'a client of AWS with a method',
    'name: staging\nendpoint: https://idp.test\nclients:\n  ci: { clientId: ci, authMethod: none }\n',
    'target.yaml:4:23: /clients/ci/authMethod is for servers of the standards: a client of AWS has "auth", which is "secret" or "iam"',
  ],
];

test.each(wrong)('%s', (_what, text, message) => {
  expect(mistakesOf(text, secrets)).toBe(message);
});

test('no message repeats a part of a key', () => {
  const text = `${base}clients:\n  robot: { clientId: robot, authMethod: private_key_jwt, key: { kty: EC, crv: "\${D}", x: "\${D}", y: 5, d: "\${D}" } }\n`;
  expect(mistakesOf(text, { D: 's3cret' })).not.toContain('s3cret');
});

test('a registration says that it needs no response type where nobody is sent to the authorization endpoint', () => {
  const target = targetOfIssuer('http://127.0.0.1:9802', 'oidc');
  const wishes = { name: 'some client', scopes: ['openid'], method: 'client_secret_basic' } as const;
  const forDevices = oauthForm.registration({ ...wishes, grants: ['refresh_token'] }, target);
  expect([forDevices.response_types, forDevices.redirect_uris]).toEqual([[], undefined]);
  const redirectUris = ['https://app.example.com/callback'];
  const forCodes = oauthForm.registration(
    { ...wishes, grants: ['authorization_code'], redirectUris },
    target,
  );
  expect([forCodes.response_types, forCodes.redirect_uris]).toEqual([['code'], redirectUris]);
});

test('a device authorization asks for the scopes of the target, where it has any', () => {
  const target = targetOfIssuer('http://127.0.0.1:9802', 'oidc');
  const asked = (scopes: readonly string[]) => oauthForm.deviceRequest({ ...target, scopes });
  expect([asked(['openid', 'read']), asked([])]).toEqual([{ scope: ['openid', 'read'] }, {}]);
});
