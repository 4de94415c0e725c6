import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { readTarget } from '../../targets/target/read.ts';
import { startEmulator } from '../support/emulator.ts';
import { httpServer } from '../targets/support.ts';
import { cli, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const at = (path: string) => folder.file(path);

/** A server that says this of itself. */
async function serverWith(document: object): Promise<string> {
  let issuer = '';
  issuer = await httpServer((request, response) => {
    const isThere = request.url === '/.well-known/oauth-authorization-server';
    response.writeHead(isThere ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(isThere ? JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, ...document }) : '');
  });
  return issuer;
}

test('writes a target file that runs, and overwrites nothing', async () => {
  const emulator = await startEmulator();
  onTestFinished(emulator.close);
  const { issuer } = emulator.oauth;
  const out = at('new/target.yaml');
  const first = await cli(['init', '--issuer', issuer, '--out', out]);
  expect([first.code, first.out]).toEqual([
    0,
    `target file: ${out}\nnext: read it, fill in what it asks for, then npx token-conformance run --target ${out}\n`,
  ]);
  const { target } = readTarget(out, {});
  expect(target).toMatchObject({ issuer, profile: 'oidc', scopes: ['openid', 'offline_access'] });
  const text = readFileSync(out, 'utf8');
  expect(text).toMatch(/# {3}token +\S+\/oauth2\/token\n/);
  expect(text).toMatch(/# {3}- \{ fixture: expire, reason: .* # \d+ cases\n/);
  expect(text).toContain(`# Clients are registered at ${issuer}/register.`);
  const again = await cli(['init', '--issuer', issuer, '--out', out]);
  expect([again.code, again.err]).toEqual([
    3,
    `${out} is there already, and init overwrites nothing: give another name with --out.\n`,
  ]);
  expect(readFileSync(out, 'utf8')).toBe(text);
});

test('says what a server without registration needs, and keeps what the server says in its comments', async () => {
  const issuer = await serverWith({
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
    grant_types_supported: ['authorization_code\nname: somebody else'],
    scopes_supported: ['read\u2028limits: []', 'x'.repeat(9_999)],
  });
  const out = at('less.yaml');
  expect((await cli(['init', '--issuer', issuer, '--out', out])).code).toBe(0);
  const { target } = readTarget(out, {});
  expect(target).toMatchObject({ issuer, profile: 'oauth2', scopes: [] });
  expect(target.name).toBe(new URL(issuer).host);
  const text = readFileSync(out, 'utf8');
  expect(text.split('\n').every((line) => line.length < 600)).toBe(true);
  expect(text).toContain('# There is no registration: without clients nothing can be tested.');
  expect(text).toContain(
    '#   web: { clientId: web, clientSecret: "$' + '{WEB_SECRET}", authMethod: client_secret_post, ',
  );
  expect(text).toContain('#   spa: { clientId: spa, authMethod: none, ');
  expect(text).toContain('so codes come from a fixture service alone');
  // What is commented out is right when it is not.
  const uncommented = text
    .replaceAll(/^# {3}(?=(?:web|other|spa|-) ?)/gm, '  ')
    .replaceAll(/^# (clients:|limits:)/gm, '$1');
  expect(uncommented).toMatch(/^clients:\n {2}web/m);
});

test('a server that tells nothing of itself is told, and no file is written', async () => {
  const issuer = await serverWith({ issuer: 'https://somebody.else' });
  const out = at('none.yaml');
  const { code, err } = await cli(['init', '--issuer', issuer, '--out', out]);
  expect(code).toBe(3);
  expect(err).toContain('answered 200 with the metadata of another issuer, "https://somebody.else"');
  expect(existsSync(out)).toBe(false);
});
