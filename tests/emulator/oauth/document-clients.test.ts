import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Emulator } from '../../../emulator/server.ts';
import { startEmulator } from '../../support/emulator.ts';
import { apiOf, type Json, newVerifier, s256 } from './support.ts';

const id = 'https://app.example/oauth/client.json';
const redirect_uri = 'http://127.0.0.1:3000/callback';
const document = { client_id: id, client_name: 'An application', redirect_uris: [redirect_uri] };

let emulator: Emulator;
let hosted: Readonly<Record<string, string>> = {};
const asked: string[] = [];
const api = apiOf(() => emulator.url);

beforeAll(async () => {
  const behaviours = {
    'fetch-client-document': async (url: string) => {
      asked.push(url);
      return hosted[url];
    },
  };
  emulator = await startEmulator({ oauth: { behaviours } });
});
afterAll(() => emulator.close());
beforeEach(() => {
  hosted = { [id]: JSON.stringify(document) };
  asked.length = 0;
});

const authorize = (verifier: string, changes: Json = {}) =>
  api.send(
    `/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri,
      code_challenge: s256(verifier),
      code_challenge_method: 'S256',
      ...changes,
    })}`,
  );

test('a client whose id is the URL of a document redeems a code', async () => {
  const verifier = newVerifier();
  const { headers } = await authorize(verifier);
  const code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
  const form = {
    grant_type: 'authorization_code',
    client_id: id,
    code,
    redirect_uri,
    code_verifier: verifier,
  };
  expect((await api.post('/token', form)).outcome).toBe('granted');
  expect(asked).toEqual([id]);
});

test('the document is asked each time, and one that is gone ends its client', async () => {
  expect((await authorize(newVerifier())).status).toBe(303);
  hosted = {};
  expect((await authorize(newVerifier())).status).toBe(400);
  expect(asked).toEqual([id, id]);
});

test.each<[what: string, changes: Json]>([
  ['names another client', { client_id: 'https://app.example/other.json' }],
  ['has no name', { client_name: undefined }],
  ['has no redirect URI', { redirect_uris: undefined }],
  ['has another redirect URI', { redirect_uris: ['http://127.0.0.1:3000/other'] }],
  ['has a redirect URI that nobody may have', { redirect_uris: [redirect_uri, 'http://app.example/cb'] }],
  ['authenticates by a secret', { token_endpoint_auth_method: 'client_secret_post' }],
])('a document that %s is that of no client', async (_, changes) => {
  hosted = { [id]: JSON.stringify({ ...document, ...changes }) };
  expect((await authorize(newVerifier())).status).toBe(400);
});

test.each(['[]', 'no JSON', ''])('a document that is %j is that of no client', async (text) => {
  hosted = { [id]: text };
  expect((await authorize(newVerifier())).status).toBe(400);
});

test.each([
  'http://app.example/client.json',
  'https://app.example',
  'https://app.example/',
  'https://app.example/client.json#part',
  'https://user@app.example/client.json',
  'https://app.example/a/../client.json',
  'client.json',
])('nothing is fetched from %s', async (client_id) => {
  expect((await authorize(newVerifier(), { client_id })).status).toBe(400);
  expect(asked).toEqual([]);
});
