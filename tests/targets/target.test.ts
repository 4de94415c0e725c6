import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSchema } from '../../schemas/read.ts';
import { UserError } from '../../targets/problem.ts';
import { readTarget } from '../../targets/target/read.ts';
import { endpointOf, isUrl, targetAt } from '../../targets/target/target.ts';
import { authority } from '../support/tls.ts';
import { folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const base = 'name: staging\nendpoint: https://idp.test\n';

type Environment = Record<string, string | undefined>;

function read(text: string, environment: Environment = {}, name = 'target.yaml') {
  return readTarget(folder.write(name, text), environment);
}

/** What a user reads, with the folder left out of the paths. */
function mistakesOf(text: string, environment: Environment = {}, name = 'target.yaml'): string {
  return refusalOf(() => read(text, environment, name));
}

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message.replaceAll(`${folder.path}/`, '');
  }
  throw new Error('nothing was refused');
}

const example = `name: staging
dialect: aws-json
endpoint: https://oidc.us-east-1.amazonaws.com     # or one URL per operation
region: us-east-1
profile: aws-create-token
fixtures: http://127.0.0.1:9400/_fixtures           # or ./fixtures.ts, or a command
limits:                                              # what this target cannot offer, and why
  - fixture: device-decision
    reason: staging needs a person to consent
clients:                                             # only where the target has no registration
  confidential: { clientId: ci, clientSecret: "\${CLIENT_SECRET}", auth: secret }
`;

test('the example of the design is read', () => {
  expect(read(example, { CLIENT_SECRET: 's3cret' })).toMatchInlineSnapshot(`
    {
      "target": {
        "clients": {
          "confidential": {
            "auth": "secret",
            "clientId": "ci",
            "clientSecret": "s3cret",
          },
        },
        "dialect": "aws-json",
        "endpoint": "https://oidc.us-east-1.amazonaws.com",
        "fixtures": "http://127.0.0.1:9400/_fixtures",
        "limits": [
          {
            "fixture": "device-decision",
            "reason": "staging needs a person to consent",
          },
        ],
        "name": "staging",
        "profile": "aws-create-token",
        "region": "us-east-1",
        "scopes": [
          "sso:account:access",
        ],
        "startUrl": "https://token-conformance.awsapps.com/start",
        "timeoutSeconds": 10,
      },
      "warnings": [],
    }
  `);
});

test('the same as JSON is the same', () => {
  const json = JSON.stringify(
    {
      name: 'staging',
      dialect: 'aws-json',
      endpoint: 'https://oidc.us-east-1.amazonaws.com',
      region: 'us-east-1',
      profile: 'aws-create-token',
      fixtures: 'http://127.0.0.1:9400/_fixtures',
      limits: [{ fixture: 'device-decision', reason: 'staging needs a person to consent' }],
      clients: { confidential: { clientId: 'ci', clientSecret: `\${CLIENT_SECRET}`, auth: 'secret' } },
    },
    null,
    '\t',
  );
  const environment = { CLIENT_SECRET: 's3cret' };
  expect(read(json, environment, 'target.json')).toEqual(read(example, environment));
});

test('a name and an endpoint are enough; the rest has defaults', () => {
  expect(read(base).target).toEqual({ ...targetAt('https://idp.test'), name: 'staging' });
  expect(targetAt('https://idp.test')).toMatchInlineSnapshot(`
    {
      "dialect": "aws-json",
      "endpoint": "https://idp.test",
      "limits": [],
      "name": "https://idp.test",
      "scopes": [
        "sso:account:access",
      ],
      "startUrl": "https://token-conformance.awsapps.com/start",
      "timeoutSeconds": 10,
    }
  `);
});

test('an endpoint per operation', () => {
  const { target } = read('name: staging\nendpoint:\n  CreateToken: https://idp.test/oauth?v=2\n');
  expect(endpointOf(target, 'CreateToken', '/token')).toBe('https://idp.test/oauth?v=2');
  expect(refusalOf(() => endpointOf(target, 'RegisterClient', '/client/register'))).toMatchInlineSnapshot(
    `"staging: the target file gives no endpoint for RegisterClient"`,
  );
});

test.each([
  ['https://idp.test', 'https://idp.test/token'],
  ['https://idp.test/', 'https://idp.test/token'],
  ['https://idp.test/tenant//', 'https://idp.test/tenant/token'],
])('the path of an operation follows the base URL %s', (endpoint, url) => {
  expect(endpointOf(targetAt(endpoint), 'CreateToken', '/token')).toBe(url);
});

test.each([
  'localhost:8080',
  'ftp://idp.test',
  'https://idp.test/?a=b',
  'https://idp test',
  'http://:80:90',
  '',
])('--endpoint %j is no base URL', (endpoint) => {
  expect(refusalOf(() => targetAt(endpoint))).toBe(
    `"${endpoint}" is not an http or https URL. Give the base URL, such as https://oidc.us-east-1.amazonaws.com`,
  );
});

test.each([
  ['http://127.0.0.1', true],
  ['HTTPS://idp.test', true],
  ['./fixtures.ts', false],
  ['httpfixtures.ts', false],
])('isUrl(%j) is %j', (text, expected) => {
  expect(isUrl(text)).toBe(expected);
});

test('a fixture module is looked for beside the target file', () => {
  expect(read(`${base}fixtures: ./own/fixtures.ts\n`).target.fixtures).toBe(
    join(folder.path, 'own/fixtures.ts'),
  );
  expect(read(`${base}fixtures: /elsewhere/fixtures.ts\n`).target.fixtures).toBe('/elsewhere/fixtures.ts');
});

test('a fixture command runs in the folder of the target file', () => {
  expect(read(`${base}fixtures: { command: [node, fixtures.js] }\n`).target.fixtures).toEqual({
    command: ['node', 'fixtures.js'],
    cwd: folder.path,
  });
});

test('a variable is replaced wherever it stands in a value, once', () => {
  const environment = { HOST: 'idp.test', PORT: '8443', NAME: `\${HOST} $& $1` };
  const { target } = read(
    `name: "\${NAME}"\nendpoint: https://\${HOST}:\${PORT}/$HOME # \${NOTHING}\n`,
    environment,
  );
  expect([target.name, target.endpoint]).toEqual([`\${HOST} $& $1`, 'https://idp.test:8443/$HOME']);
});

test('a secret typed into the file is accepted with a warning, one from the environment without', () => {
  const clients = (secret: string) =>
    read(`${base}clients:\n  ci: { clientId: ci, clientSecret: "${secret}" }\n`, { SECRET: 's3cret' });
  const typed = clients('typed');
  expect(typed.target.clients?.ci?.clientSecret).toBe('typed');
  expect(typed.warnings.map((warning) => warning.replace(`${folder.path}/`, ''))).toMatchInlineSnapshot(`
    [
      "target.yaml:4:37: clientSecret is typed into the file. Write "\${NAME}" and set NAME in the environment.",
    ]
  `);
  expect(clients(`\${SECRET}`).warnings).toEqual([]);
});

test.each([
  ['missing.yaml', 'there is no such file'],
  ['folder', 'it is a folder'],
  ['target.yaml/below', 'ENOTDIR'],
])('a file that cannot be read: %s', (name, why) => {
  folder.write('target.yaml', base);
  mkdirSync(join(folder.path, 'folder'), { recursive: true });
  expect(refusalOf(() => readTarget(join(folder.path, name), {}))).toBe(
    `The target file ${name} cannot be read: ${why}`,
  );
});

const needs = 'must hold "name: …" and "endpoint: …" (or "region: …"), as YAML or JSON';

test.each([
  ['an empty file', '', `target.yaml:1:1: the file is empty. It ${needs}`],
  ['nothing but a comment', '# name: staging\n', `target.yaml:1:1: the file is empty. It ${needs}`],
  ['a list', '- name\n', `target.yaml:1:1: the file ${needs}`],
  ['HTML', '<!doctype html>\n<p>Sign in</p>\n', `target.yaml:1:1: the file ${needs}`],
  [
    'an open quote',
    'name: "staging\nendpoint: https://idp.test\n',
    'target.yaml:3:1: not valid YAML or JSON: Missing closing "quote',
  ],
  [
    'a tab',
    'limits:\n\t- fixture: clock\n',
    'target.yaml:2:1: not valid YAML or JSON: Tabs are not allowed as indentation',
  ],
  ['a key twice', `${base}name: other\n`, 'target.yaml:3:1: not valid YAML or JSON: this key occurs twice'],
  [
    'two documents',
    `${base}---\n${base}`,
    'target.yaml:3:1: not valid YAML or JSON: a second document starts here. Write one into a file.',
  ],
  [
    'a forgotten comma of JSON',
    '{ "name": "staging",\n  "region": "us-east-1"\n  "endpoint": "https://idp.test" }',
    'target.yaml:3:3: not valid YAML or JSON: Missing , between flow map items',
  ],
  [
    'a variable without quotes in braces',
    `${base}clients:\n  ci: { clientId: ci, clientSecret: \${SECRET} }\n`,
    `target.yaml:4:38: not valid YAML or JSON: Unexpected flow-map-start at node end. Put "\${NAME}" in quotes.`,
  ],
  [
    'an asterisk without quotes',
    `${base}scopes: [*]\n`,
    'target.yaml:3:10: not valid YAML or JSON: Alias cannot be an empty string. Put a text that starts with * in quotes.',
  ],
  [
    'an alias without anchor',
    `${base}profile: *mine\n`,
    'target.yaml:3:10: *mine refers to nothing. Put a text that starts with * in quotes.',
  ],
])('not a target file: %s', (_what, text, message) => {
  expect(mistakesOf(text)).toBe(message);
});

test('a file that unfolds to millions of values is refused', () => {
  const level = (name: string, of: string) => `  ${name}: &${name} [${Array(50).fill(of)}]\n`;
  const bomb = `${base}clients:\n${level('a', 'x')}${level('b', '*a')}${level('c', '*b')}${level('d', '*c')}`;
  expect(mistakesOf(bomb)).toMatchInlineSnapshot(
    `"target.yaml: not valid YAML: Excessive alias count indicates a resource exhaustion attack"`,
  );
});

interface Enum {
  readonly enum: readonly string[];
}

/** The lists of names that messages show; they grow with the schema. */
const schema = readSchema('target') as {
  properties: {
    dialect: Enum;
    limits: { items: { properties: { fixture: Enum } } };
    clients: { additionalProperties: { properties: { auth: Enum } } };
  };
};

const oneOf = (names: readonly string[]) =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names.map((name) => `"${name}"`));

const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'an unknown key',
    `${base}limitz:\n  - { fixture: clock, reason: none }\n`,
    'target.yaml:3:1: the file has an unknown key "limitz". Did you mean "limits"?',
  ],
  [
    'a key in the wrong case',
    `${base}Region: us-east-1\n`,
    'target.yaml:3:1: the file has an unknown key "Region". Did you mean "region"?',
  ],
  [
    'a key that is like no other',
    `${base}colour: blue\n`,
    `target.yaml:3:1: the file has an unknown key "colour". Known: ${Object.keys(schema.properties).join(', ')}.`,
  ],
  [
    'a part of no fixture',
    `${base}limits:\n  - { reason: none, without: deny, grant: refresh_token }\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'a part of a fixture and a grant',
    `${base}limits:\n  - { reason: none, fixture: expire, without: code, grant: refresh_token }\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'an unknown key of a limit',
    `${base}limits:\n  - reason: none\n    fixtures: clock\n`,
    'target.yaml:5:5: /limits/0 has an unknown key "fixtures". Did you mean "fixture"?',
  ],
  [
    'an unknown key of a client',
    `${base}clients:\n  ci: { clientId: ci, secret: "\${SECRET}" }\n`,
    'target.yaml:4:23: /clients/ci has an unknown key "secret". Known: clientId, clientSecret, auth, authMethod, key, grantTypes, redirectUris.',
  ],
  [
    'an unknown key of a command',
    `${base}fixtures: { command: [node], shell: true }\n`,
    'target.yaml:3:30: /fixtures has an unknown key "shell". Known: command.',
  ],
  [
    'limits that are no list',
    `${base}limits:\n  fixture: clock\n  reason: none\n`,
    'target.yaml:4:3: /limits must be a list: begin each limit with "- "',
  ],
  [
    'a limit without reason',
    `${base}limits:\n  - fixture: clock\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'a limit of nothing',
    `${base}limits:\n  - reason: none\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'a limit of two things',
    `${base}limits:\n  - { fixture: clock, grant: refresh_token, reason: none }\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'a limit that is text',
    `${base}limits:\n  - clock\n`,
    'target.yaml:4:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"',
  ],
  [
    'a misspelt fixture',
    `${base}limits:\n  - { fixture: clok, reason: none }\n`,
    `target.yaml:4:16: /limits/0/fixture must be ${oneOf(schema.properties.limits.items.properties.fixture.enum)}. Did you mean "clock"?`,
  ],
  [
    'an empty reason',
    `${base}limits:\n  - { fixture: clock, reason: "" }\n`,
    'target.yaml:4:31: /limits/0/reason must not be empty',
  ],
  [
    'a timeout in quotes',
    `${base}timeoutSeconds: "5"\n`,
    'target.yaml:3:17: /timeoutSeconds must be a number (without quotes or unit) above 0 and up to 300',
  ],
  [
    'a timeout with a unit',
    `${base}timeoutSeconds: 5s\n`,
    'target.yaml:3:17: /timeoutSeconds must be a number (without quotes or unit) above 0 and up to 300',
  ],
  [
    'a timeout of 0',
    `${base}timeoutSeconds: 0\n`,
    'target.yaml:3:17: /timeoutSeconds must be a number (without quotes or unit) above 0 and up to 300',
  ],
  [
    'a timeout of an hour',
    `${base}timeoutSeconds: 3600\n`,
    'target.yaml:3:17: /timeoutSeconds must be a number (without quotes or unit) above 0 and up to 300',
  ],
  [
    'a misspelt dialect',
    `${base}dialect: aws_json\n`,
    `target.yaml:3:10: /dialect must be ${oneOf(schema.properties.dialect.enum)}. Did you mean "aws-json"?`,
  ],
  [
    'a region in upper case',
    `${base}region: US-EAST-1\n`,
    'target.yaml:3:9: /region must be an AWS region, such as us-east-1',
  ],
  [
    'a key without value',
    `${base}region:\n`,
    'target.yaml:3:8: /region must be an AWS region, such as us-east-1',
  ],
  [
    'a start URL that is none',
    `${base}startUrl: start\n`,
    'target.yaml:3:11: /startUrl must be an http or https URL',
  ],
  [
    'a scope instead of a list',
    `${base}scopes: sso:account:access\n`,
    'target.yaml:3:9: /scopes must be a list of at least one scope',
  ],
  ['no scope', `${base}scopes: []\n`, 'target.yaml:3:9: /scopes must be a list of at least one scope'],
  [
    'fixtures that are a number',
    `${base}fixtures: 9400\n`,
    'target.yaml:3:11: /fixtures must be a URL, the path of a module, or a map with a "command"',
  ],
  [
    'fixtures without host',
    `${base}fixtures: http://:9400\n`,
    'target.yaml:3:11: /fixtures is not a complete URL: check its host and port',
  ],
  [
    'no command',
    `${base}fixtures: {}\n`,
    'target.yaml:3:11: /fixtures must be a URL, the path of a module, or a map with a "command"',
  ],
  [
    'a command line instead of a list',
    `${base}fixtures: { command: node fixtures.js }\n`,
    'target.yaml:3:22: /fixtures/command must be a list of a program and its arguments, such as [node, fixtures.js]',
  ],
  [
    'a number in a command',
    `${base}fixtures: { command: [node, 5] }\n`,
    'target.yaml:3:29: /fixtures/command/1 must be text. Put a number in quotes.',
  ],
  [
    'a client without id',
    `${base}clients:\n  ci: { clientSecret: "\${SECRET}" }\n`,
    'target.yaml:4:7: /clients/ci must be a map with at least a "clientId"',
  ],
  [
    'a client behind an alias',
    `${base}clients:\n  a: &a { clientId: a, clientid: a }\n  b: *a\n`,
    [
      'target.yaml:4:24: /clients/a has an unknown key "clientid". Did you mean "clientId"?',
      'target.yaml:4:24: /clients/b has an unknown key "clientid". Did you mean "clientId"?',
    ].join('\n'),
  ],
  [
    'a client whose name has a slash',
    `${base}clients:\n  a/b: { clientId: a, auth: password }\n`,
    `target.yaml:4:29: /clients/a~1b/auth must be ${oneOf(schema.properties.clients.additionalProperties.properties.auth.enum)}.`,
  ],
  [
    'a secret that is a number',
    `${base}clients:\n  ci: { clientId: ci, clientSecret: 12345 }\n`,
    'target.yaml:4:37: /clients/ci/clientSecret must be text. Put a number in quotes.',
  ],
  [
    'an unset variable',
    `${base}profile: "\${PROFILE}"\n`,
    'target.yaml:3:10: the environment variable PROFILE is not set. Set it, or write the value here.',
  ],
  [
    'an empty variable',
    `${base}profile: "\${EMPTY}"\n`,
    'target.yaml:3:10: the environment variable EMPTY is empty. Set it, or write the value here.',
  ],
  [
    'an unset variable where another pattern is asked for',
    `${base}region: "\${PROFILE}"\n`,
    'target.yaml:3:9: the environment variable PROFILE is not set. Set it, or write the value here.',
  ],
  [
    'a variable that is none',
    `${base}profile: "\${my-profile}"\n`,
    `target.yaml:3:10: \${my-profile} names no environment variable. A name has letters, digits and _ only.`,
  ],
  ['no name', 'endpoint: https://idp.test\n', 'target.yaml:1:1: the file has no "name"'],
  [
    'no endpoint',
    'name: staging\n',
    'target.yaml:1:1: the file has no "endpoint", and no "region" of AWS that it could follow from',
  ],
  [
    'neither',
    'timeoutSeconds: 5\n',
    [
      'target.yaml:1:1: the file has no "name"',
      'target.yaml:1:1: the file has no "endpoint", and no "region" of AWS that it could follow from',
    ].join('\n'),
  ],
  ['an empty name', 'name: ""\nendpoint: https://idp.test\n', 'target.yaml:1:7: /name must not be empty'],
  [
    'a name that is a number',
    'name: 5\nendpoint: https://idp.test\n',
    'target.yaml:1:7: /name must be text. Put a number in quotes.',
  ],
  [
    'an endpoint that is a number',
    'name: staging\nendpoint: 8080\n',
    'target.yaml:2:11: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  ],
  [
    'an endpoint without scheme',
    'name: staging\nendpoint: localhost:8080\n',
    'target.yaml:2:11: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  ],
  [
    'an endpoint with a query',
    'name: staging\nendpoint: https://idp.test/?a=b\n',
    'target.yaml:2:11: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  ],
  [
    'an endpoint without value',
    'name: staging\nendpoint:\n',
    'target.yaml:2:10: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  ],
  [
    'an endpoint that no URL parser takes',
    'name: staging\nendpoint: http://:80:90\n',
    'target.yaml:2:11: /endpoint is not a complete URL: check its host and port',
  ],
  [
    'an endpoint of a misspelt operation',
    'name: staging\nendpoint:\n  CreateTokn: https://idp.test/token\n',
    'target.yaml:3:3: /endpoint has an unknown key "CreateTokn". Did you mean "CreateToken"?',
  ],
  [
    'an endpoint of an operation that is no URL',
    'name: staging\nendpoint:\n  CreateToken: /token\n',
    'target.yaml:3:16: /endpoint/CreateToken must be an http or https URL',
  ],
  [
    'an endpoint of an operation that no URL parser takes',
    'name: staging\nendpoint:\n  CreateToken: https://idp.test:99999/token\n',
    'target.yaml:3:16: /endpoint/CreateToken is not a complete URL: check its host and port',
  ],
  [
    'endpoints of no operation',
    'name: staging\nendpoint: {}\n',
    'target.yaml:2:11: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation',
  ],
];

test.each(wrong)('%s', (_what, text, message) => {
  expect(mistakesOf(text, { SECRET: 's3cret', EMPTY: '' })).toBe(message);
});

test('every mistake of a file is listed, in its order', () => {
  const text = `nam: staging
endpoint: 5
region: "\${REGION}"
timeoutSeconds: "5"
limits:
  - fixture: clock
clients:
  ci: { clientid: ci, clientSecret: "\${SECRET}" }
`;
  expect(mistakesOf(text)).toMatchInlineSnapshot(`
    "target.yaml:1:1: the file has no "name"
    target.yaml:1:1: the file has an unknown key "nam". Did you mean "name"?
    target.yaml:2:11: /endpoint must be an http or https URL without a query, such as https://oidc.us-east-1.amazonaws.com, or a map with one URL per operation
    target.yaml:3:9: the environment variable REGION is not set. Set it, or write the value here.
    target.yaml:4:17: /timeoutSeconds must be a number (without quotes or unit) above 0 and up to 300
    target.yaml:6:5: /limits/0 must have a "reason" and exactly one of "fixture", "grant", "operation"
    target.yaml:8:7: /clients/ci must be a map with at least a "clientId"
    target.yaml:8:9: /clients/ci has an unknown key "clientid". Did you mean "clientId"?
    target.yaml:8:37: the environment variable SECRET is not set. Set it, or write the value here."
  `);
});

test('no message repeats a secret', () => {
  const text = `${base}clients:\n  ci: { clientId: 5, clientSecret: "\${SECRET}", auth: "\${SECRET}" }\n`;
  expect(mistakesOf(text, { SECRET: 's3cret' })).not.toContain('s3cret');
});

test('what TLS takes is read with the file, from where the file is', async () => {
  const { ca, client } = await authority();
  folder.write('ca.pem', ca);
  folder.write('client.pem', client.cert);
  folder.write('client.key', client.private);
  const { target, warnings } = read(
    `${base}tls: { ca: ca.pem, cert: ./client.pem, key: client.key }\nheaders: { x-api-key: "\${KEY}" }\n`,
    { KEY: 'gateway' },
  );
  expect(target).toMatchObject({
    tls: { ca, cert: client.cert, key: client.private },
    headers: { 'x-api-key': 'gateway' },
    origins: ['https://idp.test'],
  });
  expect(warnings).toEqual([]);
  expect(mistakesOf(`${base}tls: { cert: ca.pem, key: client.key }\n`)).toBe(
    'target.yaml:3:27: /tls/key is not the private key of the certificate /tls/cert',
  );
  expect(mistakesOf(`${base}tls: { ca: none.pem, cert: client.key, key: client.pem }\n`)).toBe(
    [
      'target.yaml:3:12: /tls/ca: none.pem: there is no such file',
      'target.yaml:3:28: /tls/cert: client.key: it is no certificate as PEM',
      'target.yaml:3:45: /tls/key: client.pem: it is no private key as PEM',
    ].join('\n'),
  );
});

test.each([
  [
    'tls: { cert: c.pem }',
    'target.yaml:3:6: /tls must be a map with "ca", or with "cert" and its "key", or with all three',
  ],
  [
    'tls: ca.pem',
    'target.yaml:3:6: /tls must be a map with "ca", or with "cert" and its "key", or with all three',
  ],
  [
    'rate: 0',
    'target.yaml:3:7: /rate must be a number (without quotes or unit) above 0 and up to 1000: requests a second',
  ],
  ['concurrency: 1.5', 'target.yaml:3:14: /concurrency must be a whole number from 1 to 96'],
  [
    'headers: { x: 1 }',
    'target.yaml:3:15: /headers/x must be visible ASCII text, on one line. Put a number in quotes',
  ],
  ['headers: { "a b": c }', 'target.yaml:3:12: /headers has "a b", which is no name'],
  [
    'headers: { Content-Type: text/plain }',
    'target.yaml:3:12: /headers/Content-Type belongs to the requests themselves: cases would mean something else',
  ],
])('%s is a mistake', (line, mistake) => {
  expect(mistakesOf(`${base}${line}\n`)).toBe(mistake);
});

test('a header that is typed into the file is warned of', () => {
  expect(read(`${base}headers: { x-api-key: typed }\n`).warnings).toEqual([
    expect.stringContaining('x-api-key is typed into the file.'),
  ]);
});
