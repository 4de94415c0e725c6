import { createHash } from 'node:crypto';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  apiOf,
  type Client,
  emulatorForThisFile,
  type Json,
  newVerifier,
  redirectUri,
  s256,
} from './support.ts';

const api = emulatorForThisFile();

const idTokenOf = async ({ id_token }: Json, { id }: Client) => {
  const keys = createRemoteJWKSet(new URL(`${api.issuer()}/jwks`));
  return jwtVerify(String(id_token), keys, { issuer: api.issuer(), audience: id, algorithms: ['RS256'] });
};

describe('metadata', () => {
  test.for(['openid-configuration', 'oauth-authorization-server'])('%s is found both ways', async (name) => {
    const below = await api.send(`/.well-known/${name}`);
    const before = await fetch(new URL(`/.well-known/${name}/oauth2`, api.issuer()));
    expect(below.status).toBe(200);
    expect(below.headers.get('content-type')).toBe('application/json');
    expect(await before.json()).toEqual(below.body);
    expect(below.body.issuer).toBe(api.issuer());
  });

  test('names the host by which it was asked', async () => {
    const elsewhere = apiOf(() => new URL(api.issuer()).origin.replace('127.0.0.1', 'localhost'));
    const { body } = await elsewhere.send('/.well-known/openid-configuration');
    expect(body.issuer).toBe(elsewhere.issuer());
    expect(body.token_endpoint).toBe(`${elsewhere.issuer()}/token`);
  });

  test('every endpoint that it names is there, and every grant and method works as the tables say', async () => {
    const { body } = await api.send('/.well-known/openid-configuration');
    const endpoints = Object.entries(body).filter(([name]) => /_endpoint$|_uri$/.test(name));
    expect(endpoints).toHaveLength(8);
    for (const [name, url] of endpoints) {
      const { status } = await fetch(String(url), { method: 'PATCH' });
      expect(status, name).toBe(405);
    }
    expect(body.grant_types_supported).not.toContain('password');
    expect(body).toMatchObject({
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      id_token_signing_alg_values_supported: ['RS256'],
      subject_types_supported: ['public'],
    });
  });

  test('the JWK Set has the public part of one key', async () => {
    const { body } = await api.send('/jwks');
    expect(body.keys).toEqual([
      { kty: 'RSA', kid: expect.any(String), alg: 'RS256', use: 'sig', n: expect.any(String), e: 'AQAB' },
    ]);
  });
});

describe('ID tokens', () => {
  test('of a code', async () => {
    const who = await api.client();
    const form = await api.codeForm(who, {
      scope: ['openid', 'read'],
      nonce: 'n',
      acr: 'urn:acr',
      subject: 'alice',
    });
    const { body } = await api.token(who, form);
    const { payload, protectedHeader } = await idTokenOf(body, who);
    const hash = createHash('sha256').update(String(body.access_token)).digest();
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(payload).toEqual({
      iss: api.issuer(),
      aud: who.id,
      sub: expect.any(String),
      nonce: 'n',
      acr: 'urn:acr',
      auth_time: expect.any(Number),
      iat: expect.any(Number),
      exp: Number(payload.iat) + 3600,
      at_hash: hash.subarray(0, 16).toString('base64url'),
    });
  });

  test('only where OpenID Connect was granted', async () => {
    const who = await api.client();
    const { body } = await api.token(who, await api.codeForm(who, { scope: ['read'] }));
    expect('id_token' in body).toBe(false);
  });

  test('of a refresh tell of the same sign-in, without the nonce', async () => {
    const who = await api.client({ auth: 'none' });
    const form = await api.codeForm(who, { scope: ['openid', 'read'], nonce: 'n', acr: 'a', subject: 'bob' });
    let { body } = await api.token(who, form);
    const first = decodeJwt(String(body.id_token));
    for (const generation of [1, 2]) {
      await api.advance(60);
      ({ body } = await api.token(who, {
        grant_type: 'refresh_token',
        refresh_token: String(body.refresh_token),
      }));
      const { iss, sub, aud, auth_time, acr, nonce, iat = 0 } = decodeJwt(String(body.id_token));
      expect({ iss, sub, aud, auth_time, acr }).toEqual({
        iss: first.iss,
        sub: first.sub,
        aud: first.aud,
        auth_time: first.auth_time,
        acr: first.acr,
      });
      expect(nonce).toBeUndefined();
      expect(iat).toBeGreaterThanOrEqual(Number(first.iat) + generation * 60);
    }
    const { body: narrowed } = await api.token(who, {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
      scope: 'read',
    });
    expect('id_token' in narrowed).toBe(false);
  });

  test('have the same subject for the same user, and the UserInfo endpoint has it too', async () => {
    const [one, other] = [await api.client(), await api.client({ auth: 'client_secret_post' })];
    const wishes = { scope: ['openid', 'profile', 'email'], subject: 'carol@example.com' };
    const { body } = await api.token(one, await api.codeForm(one, wishes));
    const { body: second } = await api.token(other, await api.codeForm(other, wishes));
    const { sub } = decodeJwt(String(body.id_token));
    expect(decodeJwt(String(second.id_token)).sub).toBe(sub);
    const told = await api.send('/userinfo', { headers: { Authorization: `Bearer ${body.access_token}` } });
    expect(told.body).toEqual({
      sub,
      name: 'carol@example.com',
      preferred_username: 'carol@example.com',
      email: 'carol@example.com',
      email_verified: true,
    });
  });
});

describe('UserInfo', () => {
  const ask = (authorization?: string) =>
    api.send('/userinfo', authorization === undefined ? {} : { headers: { Authorization: authorization } });

  test('asks for a token', async () => {
    const answer = await ask();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="oauth2"');
    expect((await ask('Bearer other')).outcome).toBe('401 invalid_token');
    expect((await ask('Basic YTpi')).outcome).toBe('401 invalid_token');
  });

  test('asks for a token of a user who signed in by OpenID Connect', async () => {
    const who = await api.client();
    const { body } = await api.token(who, await api.codeForm(who));
    const answer = await ask(`Bearer ${body.access_token}`);
    expect(answer.outcome).toBe('403 insufficient_scope');
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });

  test('asks for a token that is alive', async () => {
    const who = await api.client();
    const form = await api.codeForm(who, { scope: ['openid'] });
    const { body } = await api.token(who, form);
    await api.made('expire', { kind: 'accessToken', value: body.access_token });
    expect((await ask(`Bearer ${body.access_token}`)).outcome).toBe('401 invalid_token');
  });
});

describe('authorization', () => {
  const good = (id: string, changes: Readonly<Record<string, string | undefined>> = {}) => {
    const all = {
      client_id: id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid read',
      state: 's',
      code_challenge: s256(newVerifier()),
      code_challenge_method: 'S256',
      ...changes,
    };
    return new URLSearchParams(
      Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
  };
  const ask = async (parameters: URLSearchParams) => {
    const answer = await api.send(`/authorize?${parameters}`);
    const location = answer.headers.get('location');
    return { ...answer, told: Object.fromEntries(location ? new URL(location).searchParams : []), location };
  };

  test('gives a code at once, with the state and the issuer', async () => {
    const who = await api.client({ auth: 'none' });
    const verifier = newVerifier();
    const { status, told, location } = await ask(
      good(who.id, { code_challenge: s256(verifier), nonce: 'n' }),
    );
    expect(status).toBe(303);
    expect(location).toMatch(/^https:\/\/app\.example\/callback\?/);
    expect(told).toEqual({ code: expect.any(String), state: 's', iss: api.issuer() });
    const { body } = await api.token(who, {
      grant_type: 'authorization_code',
      code: told.code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    expect(body.scope).toBe('openid read');
    expect((await idTokenOf(body, who)).payload.nonce).toBe('n');
  });

  test.for([
    ['no response type', { response_type: undefined }, 'invalid_request'],
    ['a token at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['no challenge', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a challenge without a method', { code_challenge_method: undefined }, 'invalid_request'],
    ['a malformed challenge', { code_challenge: 'short' }, 'invalid_request'],
    ['a malformed scope', { scope: 'openid  read' }, 'invalid_scope'],
    ['a request object', { request: 'a.b.c' }, 'request_not_supported'],
    ['a request URI', { request_uri: 'https://a.example' }, 'request_uri_not_supported'],
    ['a response in a fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['prompts that contradict each other', { prompt: 'none login' }, 'invalid_request'],
    ['an unknown resource', { resource: 'https://api.invalid' }, 'invalid_target'],
  ] as const)('tells the client of %s', async ([, changes, error]) => {
    const who = await api.client({ auth: 'none' });
    const { told } = await ask(good(who.id, changes));
    expect(told).toMatchObject({ error, state: 's', iss: api.issuer() });
    expect('code' in told).toBe(false);
  });

  test.for([
    ['an unknown client', { client_id: 'other' }],
    ['another redirect URI', { redirect_uri: 'https://evil.example/callback' }],
    ['no redirect URI', { redirect_uri: undefined }],
  ] as const)('tells nobody but the person of %s', async ([, changes]) => {
    const who = await api.client({ auth: 'none' });
    const { status, location } = await ask(good(who.id, changes));
    expect([status, location]).toEqual([400, null]);
  });

  test('needs no redirect URI where one is registered and OpenID Connect is not asked for', async () => {
    const who = await api.client();
    const plain = {
      redirect_uri: undefined,
      scope: 'read',
      code_challenge: undefined,
      code_challenge_method: undefined,
    };
    const { told } = await ask(good(who.id, plain));
    const granted = await api.token(who, { grant_type: 'authorization_code', code: told.code });
    expect(granted.outcome).toBe('granted');
  });

  test('leaves out what the client may not have', async () => {
    const who = await api.client({ scopes: ['openid', 'read'] });
    const verifier = newVerifier();
    const { told } = await ask(good(who.id, { scope: 'openid read admin', code_challenge: s256(verifier) }));
    const { body } = await api.token(who, {
      grant_type: 'authorization_code',
      code: told.code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    });
    expect(body.scope).toBe('openid read');
  });

  test('remembers for which resources the code is', async () => {
    const who = await api.client();
    const resources = ['https://one.example', 'https://two.example'];
    const parameters = good(who.id, { code_challenge: undefined, code_challenge_method: undefined });
    for (const one of resources) parameters.append('resource', one);
    const { told } = await ask(parameters);
    const form = { grant_type: 'authorization_code', code: told.code, redirect_uri: redirectUri };
    const { body: first } = await api.token(who, { ...form, resource: resources[1] });
    const refresh = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) };
    const { body: second } = await api.token(who, refresh);
    const audience = async ({ access_token }: Json) =>
      (await api.as(who, '/introspect', { token: String(access_token) })).body.aud;
    expect(await audience(first)).toEqual([resources[1]]);
    expect(await audience(second)).toEqual(resources);
  });

  test('answers a fault that is armed for it', async () => {
    const who = await api.client({ auth: 'none' });
    await api.made('fault', {
      operation: 'authorization',
      exception: 'access_denied',
      clientId: who.id,
      times: 1,
    });
    expect((await ask(good(who.id))).told).toMatchObject({ error: 'access_denied', state: 's' });
    expect((await ask(good(who.id))).told).toMatchObject({ code: expect.any(String) });
  });

  test('is asked by POST as well', async () => {
    const who = await api.client({ auth: 'none' });
    const answer = await api.raw('/authorize', good(who.id).toString());
    expect(answer.status).toBe(303);
  });
});
