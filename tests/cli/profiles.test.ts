import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { commandLine } from '../../cli/certify.ts';
import { chooseTarget, defaultBudget } from '../../cli/choose.ts';
import { checkEndpoints, reachTarget } from '../../cli/reaching.ts';
import { passwordUser } from '../../emulator/fronts/oauth-form/start.ts';
import { budgets } from '../../harness/trial.ts';
import { profileNames } from '../../specs/read.ts';
import { targetAt, targetOfIssuer } from '../../targets/target/target.ts';
import { cli, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const issuer = 'http://127.0.0.1:9';
const server = folder.write('server.yaml', `name: some server\nprofile: oidc\nissuer: ${issuer}\n`);
const standard = profileNames('oauth-form').join(', ');

const wrong: readonly (readonly [what: string, args: readonly string[], message: string])[] = [
  [
    'a misspelt profile',
    ['list', '--profile', 'odc'],
    `There is no profile "odc". Did you mean "oidc"? Known: ${profileNames().join(', ')}`,
  ],
  [
    'a misspelt profile of AWS, of the emulator',
    ['run', '--profile', 'aws-create-tokens'],
    `There is no profile "aws-create-tokens". Did you mean "aws-create-token"? Known: ${profileNames().join(', ')}`,
  ],
  [
    'an unknown profile to explain a requirement in',
    ['explain', 'RFC6749-5.1-pragma', '--profile', 'nobodys'],
    `There is no profile "nobodys". Known: ${profileNames().join(', ')}`,
  ],
  ['an issuer alone', ['run', '--issuer', issuer], `--issuer needs --profile: ${standard}`],
  [
    'an issuer that is none',
    ['run', '--issuer', '127.0.0.1:9', '--profile', 'oidc'],
    '"127.0.0.1:9" is not an http or https URL. Give the issuer as its metadata has it, such as https://id.example.com',
  ],
  [
    'an issuer with a profile of AWS',
    ['list', '--issuer', issuer, '--profile', 'aws-sso-oidc'],
    `--issuer does not go with the profile "aws-sso-oidc": give --endpoint, or a profile of ${standard}.`,
  ],
  [
    'an endpoint with a profile of the standards',
    ['list', '--endpoint', issuer, '--profile', 'oidc'],
    '--endpoint does not go with the profile "oidc": give --issuer, or a target file with "endpoints".',
  ],
  [
    'an issuer and an endpoint',
    ['run', '--issuer', issuer, '--endpoint', issuer],
    '--endpoint and --issuer exclude each other: the one is for AWS, the other for a server of the standards.',
  ],
  [
    'an issuer and a target file',
    ['run', '--issuer', issuer, '--target', server],
    '--target and --issuer exclude each other: put the issuer into the target file.',
  ],
  [
    'a profile and a target file',
    ['run', '--target', server, '--profile', 'oauth2'],
    '--target and --profile exclude each other: put the profile into the target file.',
  ],
  [
    'a profile and a target file to explain a requirement in',
    ['explain', 'RFC6749-5.1-pragma', '--target', server, '--profile', 'oidc'],
    '--target and --profile exclude each other: put the profile into the target file.',
  ],
];

test.each(wrong)('%s: exit code 3', async (_what, args, message) => {
  const { code, out, err } = await cli(args);
  expect({ code, out, err }).toEqual({ code: 3, out: '', err: `${message}\n` });
});

test('a profile of AWS is listed for the emulator or an endpoint as it is for a target file', async () => {
  const file = folder.write(
    'aws.yaml',
    'name: staging\nprofile: aws-create-token-with-iam\nendpoint: http://127.0.0.1:1\n',
  );
  const profile = ['--profile', 'aws-create-token-with-iam'];
  const [named, here, endpoint] = await Promise.all([
    cli(['list', '--json', '--target', file]),
    cli(['list', '--json', ...profile]),
    cli(['list', '--json', '--endpoint', 'http://127.0.0.1:1', ...profile]),
  ]);
  expect([named.code, named.err]).toEqual([0, '']);
  expect([here, endpoint]).toEqual([named, named]);
  const explained = await cli(['explain', 'RFC6749-5.1-pragma', ...profile]);
  expect(explained.out).toContain('SHOULD in aws-create-token-with-iam');
});

test('without the options everything is as it was', () => {
  expect(chooseTarget({})).toEqual({
    ...targetAt('http://127.0.0.1', 'reference emulator'),
    timeoutSeconds: 60,
    profile: 'aws-sso-oidc',
  });
  expect(chooseTarget({ endpoint: issuer })).toEqual(targetAt(issuer));
  expect(openCatalogue(targetAt(issuer)).profile.name).toBe('aws-create-token');
});

const emulator = {
  url: 'http://127.0.0.1:1',
  fixtures: 'http://127.0.0.1:1/_fixtures',
  jwks: 'http://127.0.0.1:1/jwks',
  oauth: { issuer: 'http://127.0.0.1:1/oauth2', fixtures: 'http://127.0.0.1:1/oauth2/_fixtures' },
};

test('the embedded emulator is taken in the dialect of the profile', () => {
  expect(chooseTarget({ profile: 'oidc' }, emulator)).toEqual({
    ...targetOfIssuer(emulator.oauth.issuer, 'oidc', 'reference emulator'),
    timeoutSeconds: 60,
    scopes: ['openid', 'offline_access'],
    fixtures: emulator.oauth.fixtures,
    login: { ...passwordUser, passwordGrant: true },
    limits: [],
  });
  expect(chooseTarget({ profile: 'oauth21' }, emulator)).toEqual({
    ...targetOfIssuer(emulator.oauth.issuer, 'oauth21', 'reference emulator'),
    timeoutSeconds: 60,
    scopes: ['openid', 'offline_access'],
    fixtures: emulator.oauth.fixtures,
  });
  expect(chooseTarget({ profile: 'mcp' }, emulator)).toEqual({
    ...targetOfIssuer(emulator.oauth.issuer, 'mcp', 'reference emulator'),
    timeoutSeconds: 60,
    scopes: ['openid', 'offline_access'],
    resource: 'https://mcp.example.com/mcp',
    fixtures: emulator.oauth.fixtures,
  });
  expect(chooseTarget({ profile: 'aws-create-token' }, emulator)).toEqual({
    ...targetAt(emulator.url, 'reference emulator'),
    timeoutSeconds: 60,
    profile: 'aws-create-token',
    fixtures: emulator.fixtures,
    jwks: emulator.jwks,
  });
});

test('an issuer on this machine gets as much generated traffic as an endpoint there', () => {
  expect(defaultBudget(targetOfIssuer('http://127.0.0.1:9', 'oidc'))).toEqual(budgets.standard);
  expect(defaultBudget(targetOfIssuer('https://id.test', 'oidc'))).toEqual(budgets.quick);
  const proxied = {
    ...targetOfIssuer('https://id.test', 'oidc'),
    endpoint: { token: 'http://localhost/token' },
  };
  expect(defaultBudget(proxied)).toEqual(budgets.quick);
});

test('the command that repeats a case names the issuer and the profile', () => {
  const line = (options: Parameters<typeof commandLine>[1]) => commandLine(['run'], options, 'a/b', 7);
  expect(line({ issuer, profile: 'oidc' })).toBe(
    'run --issuer http://127.0.0.1:9 --profile oidc --case a/b --seed 7',
  );
  expect(line({ profile: 'oidc' })).toBe('run --profile oidc --case a/b --seed 7');
  expect(line({ target: 'a.yaml', strict: true })).toBe('run --target a.yaml --case a/b --seed 7 --strict');
});

async function serverWith(tokenEndpoint: string | undefined): Promise<string> {
  const listening = createServer((request, response) => {
    const own = `http://${request.headers.host}`;
    const isThere = tokenEndpoint !== undefined && request.url === '/.well-known/openid-configuration';
    response.writeHead(isThere ? 200 : 404);
    response.end(isThere ? JSON.stringify({ issuer: own, token_endpoint: own + tokenEndpoint }) : '');
  });
  onTestFinished(() => void listening.close());
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

test('a run begins with the endpoints of the issuer, and ends with it where it tells none', async () => {
  const [there, mute] = [await serverWith('/t'), await serverWith(undefined)];
  const warnings: string[] = [];
  const found = await reachTarget(targetOfIssuer(there, 'oidc'), (warning) => warnings.push(warning));
  const url = `${there}/.well-known/openid-configuration`;
  expect(found).toMatchObject({
    target: {
      ...targetOfIssuer(there, 'oidc'),
      endpoint: { metadata: url, token: `${there}/t` },
      limits: [
        expect.anything(),
        { operation: 'device_authorization', reason: `${url} names no device_authorization_endpoint` },
        { operation: 'register', reason: `${url} names no registration_endpoint` },
        { grant: expect.stringContaining('device_code') },
      ],
    },
    asked: [{ request: { url } }, {}],
    requests: 2,
  });
  const own = { ...targetOfIssuer(there, 'oidc'), endpoint: { token: 'http://127.0.0.1:1/own' } };
  await reachTarget(own, (warning) => warnings.push(warning));
  expect(warnings).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:1\/own is taken for token/)]);
  const { closed } = await reachTarget(targetOfIssuer(mute, 'oidc'));
  expect(closed).toMatchObject({
    verdict: 'not-tested',
    diagnosis: expect.stringMatching(/^No metadata of .* was found: .* answered 404/),
  });
  const { closed: gone } = await reachTarget(targetOfIssuer('http://127.0.0.1:1', 'oidc'));
  expect(gone?.verdict).toBe('inconclusive');
});

test('a target of AWS is not asked for any metadata', async () => {
  const target = targetAt('http://127.0.0.1:1');
  expect(await reachTarget(target)).toEqual({ target, asked: [], requests: 0 });
});

test('what has cases and no endpoint is told before they are run', () => {
  const operations = ['token', 'device_authorization', 'register'];
  const target = { ...targetOfIssuer(issuer, 'oidc', 'some server'), endpoint: { token: `${issuer}/token` } };
  expect(() => checkEndpoints(target, operations)).toThrow(
    'some server: neither its metadata nor a target file has an endpoint for device_authorization, register. Give it under "endpoints" in a target file, or say there that the server has none: limits: [{ operation: device_authorization, reason: … }]',
  );
  const { issuer: _none, ...withoutIssuer } = target;
  expect(() => checkEndpoints(withoutIssuer, operations)).toThrow(
    'some server: the target file has no endpoint for device_authorization, register.',
  );
  expect(() => checkEndpoints(target, ['token'])).not.toThrow();
  expect(() => checkEndpoints(targetAt(issuer), ['CreateToken'])).not.toThrow();
});
