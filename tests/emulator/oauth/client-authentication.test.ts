import { expect, test } from 'vitest';
import {
  type Answer,
  assertionType,
  basic,
  type Client,
  emulatorForThisFile,
  type Form,
  type Headers,
  type Json,
  publicKeys,
} from './support.ts';

const api = emulatorForThisFile();

const asking: Form = { grant_type: 'client_credentials' };
const ask = (form: Form, headers: Headers = {}) => api.post('/token', { ...asking, ...form }, headers);

const own = (text: string): Headers => ({ Authorization: text });
const encoded = (text: string): Headers => own(`Basic ${btoa(text)}`);
/** Every character as a form may write it. */
const percent = (text: string): string =>
  [...Buffer.from(text)].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');

type Row = readonly [name: string, probe: (who: Client) => Promise<Answer>, outcome: string];

const refused = '401 invalid_client';
const malformed = '400 invalid_request';

const byBasic: readonly Row[] = [
  ['its secret', ({ id, secret }) => ask({}, basic(id, secret)), 'granted'],
  [
    'all of it percent-encoded',
    ({ id, secret }) => ask({}, encoded(`${percent(id)}:${percent(secret)}`)),
    'granted',
  ],
  [
    'the scheme in lower case',
    ({ id, secret }) => ask({}, own(`basic ${btoa(`${id}:${secret}`)}`)),
    'granted',
  ],
  ['the same client in the body', ({ id, secret }) => ask({ client_id: id }, basic(id, secret)), 'granted'],
  [
    'another client in the body',
    ({ id, secret }) => ask({ client_id: 'other' }, basic(id, secret)),
    malformed,
  ],
  ['another secret', ({ id }) => ask({}, basic(id, 'other')), refused],
  ['more after a second colon', ({ id, secret }) => ask({}, encoded(`${id}:${secret}:more`)), refused],
  ['an unknown client', () => ask({}, basic('other', 'other')), refused],
  ['no colon', ({ id }) => ask({}, encoded(id)), refused],
  ['a broken percent sign', ({ id, secret }) => ask({}, encoded(`${id}:%${secret}`)), refused],
  ['no Base64', () => ask({}, own('Basic !')), refused],
  ['nothing', () => ask({}, own('Basic')), refused],
  ['another scheme', ({ id, secret }) => ask({}, own(`Foo ${btoa(`${id}:${secret}`)}`)), refused],
  ['a bearer token', ({ id }) => ask({ client_id: id }, own('Bearer a')), refused],
  [
    'its secret in the body too',
    ({ id, secret }) => ask({ client_secret: secret }, basic(id, secret)),
    malformed,
  ],
  [
    'an assertion too',
    ({ id, secret }) =>
      ask({ client_assertion: 'a', client_assertion_type: assertionType }, basic(id, secret)),
    malformed,
  ],
  ['its secret in the body only', ({ id, secret }) => ask({ client_id: id, client_secret: secret }), refused],
  ['only its name', ({ id }) => ask({ client_id: id }), refused],
  ['nothing at all', () => ask({}), refused],
  [
    'its secret in the query',
    ({ id, secret }) =>
      api.raw(`/token?client_id=${id}&client_secret=${secret}`, 'grant_type=client_credentials'),
    refused,
  ],
];

test.for(byBasic)('a client of client_secret_basic with %s', async ([, probe, outcome]) => {
  const answer = await probe(await api.client({ auth: 'client_secret_basic' }));
  expect(answer.outcome).toBe(outcome);
  if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toBe('Basic realm="oauth2"');
});

const byPost: readonly Row[] = [
  ['its secret', ({ id, secret }) => ask({ client_id: id, client_secret: secret }), 'granted'],
  ['another secret', ({ id }) => ask({ client_id: id, client_secret: 'other' }), refused],
  ['an empty secret', ({ id }) => ask({ client_id: id, client_secret: '' }), refused],
  ['a secret without a name', ({ secret }) => ask({ client_secret: secret }), refused],
  ['its secret by Basic', ({ id, secret }) => ask({}, basic(id, secret)), refused],
];

test.for(byPost)('a client of client_secret_post with %s', async ([, probe, outcome]) => {
  expect((await probe(await api.client({ auth: 'client_secret_post' }))).outcome).toBe(outcome);
});

const redeem = async (who: Client, form: Form, headers: Headers = {}) =>
  api.post('/token', { ...(await api.codeForm(who)), ...form }, headers);

const byNothing: readonly Row[] = [
  ['its name', (who) => redeem(who, { client_id: who.id }), 'granted'],
  ['no name', (who) => redeem(who, {}), refused],
  ['an empty name', (who) => redeem(who, { client_id: '' }), refused],
  ['a secret of its own making', (who) => redeem(who, { client_id: who.id, client_secret: 'a' }), refused],
  ['an empty secret', (who) => redeem(who, { client_id: who.id, client_secret: '' }), 'granted'],
];

test.for(byNothing)('a public client with %s', async ([, probe, outcome]) => {
  expect((await probe(await api.client({ auth: 'none' }))).outcome).toBe(outcome);
});

const assert = (client_assertion: string, form: Form = {}) =>
  ask({ client_assertion, client_assertion_type: assertionType, ...form });
const claiming =
  (changes: Json, header: Json = {}) =>
  async (who: Client) =>
    assert(await api.clientAssertion(who, changes, header));
const now = Math.floor(Date.now() / 1000);

const byAssertion: readonly Row[] = [
  ['a good assertion', claiming({}), 'granted'],
  [
    'its name besides',
    async (who) => assert(await api.clientAssertion(who), { client_id: who.id }),
    'granted',
  ],
  [
    'another name besides',
    async (who) => assert(await api.clientAssertion(who), { client_id: (await api.client()).id }),
    refused,
  ],
  ['the token endpoint as audience', (who) => claiming({ aud: `${api.issuer()}/token` })(who), 'granted'],
  ['an audience of two', (who) => claiming({ aud: ['https://other.example', api.issuer()] })(who), 'granted'],
  ['another audience', claiming({ aud: 'https://other.example' }), refused],
  ['a slash after the issuer', (who) => claiming({ aud: `${api.issuer()}/` })(who), refused],
  ['no audience', claiming({ aud: null }), refused],
  ['another issuer', claiming({ iss: 'other' }), refused],
  ['no issuer', claiming({ iss: null }), refused],
  ['another subject', claiming({ sub: 'other' }), refused],
  ['no subject', claiming({ sub: null }), refused],
  ['no expiry', claiming({ exp: null }), refused],
  ['an expiry of text', claiming({ exp: String(now + 60) }), refused],
  ['an expiry that is over', claiming({ exp: now - 60 }), refused],
  ['a beginning to come', claiming({ nbf: now + 600 }), refused],
  ['a beginning a few seconds ahead', claiming({ nbf: now + 5 }), 'granted'],
  ['a time of issue to come', claiming({ iat: now + 600 }), refused],
  ['no time of issue', claiming({ iat: null }), 'granted'],
  ['no identifier', claiming({ jti: null }), refused],
  ['an unknown key', claiming({}, { kid: 'two' }), refused],
  ['no type', async (who) => assert(await api.clientAssertion(who), { client_assertion_type: '' }), refused],
  [
    'another type',
    async (who) => assert(await api.clientAssertion(who), { client_assertion_type: 'a' }),
    refused,
  ],
  ['no assertion', ({ id }) => ask({ client_id: id, client_assertion_type: assertionType }), refused],
  ['an assertion that is none', ({ id }) => assert('a.b.c', { client_id: id }), refused],
  [
    'the assertion twice',
    async (who) => {
      const assertion = await api.clientAssertion(who);
      await assert(assertion, { scope: 'admin' });
      return assert(assertion);
    },
    refused,
  ],
];

test.for(byAssertion)('a client of private_key_jwt with %s', async ([, probe, outcome]) => {
  expect((await probe(await api.client({ auth: 'private_key_jwt' }))).outcome).toBe(outcome);
});

const signedBySecret = byAssertion.filter(([name]) => name !== 'an unknown key');

test.for(signedBySecret)('a client of client_secret_jwt with %s', async ([, probe, outcome]) => {
  expect((await probe(await api.client({ auth: 'client_secret_jwt' }))).outcome).toBe(outcome);
});

test('a public key is no secret', async () => {
  const who = await api.client({ auth: 'private_key_jwt' });
  const secret = JSON.stringify((await publicKeys()).keys[0]);
  expect(
    (await assert(await api.clientAssertion({ ...who, auth: 'client_secret_jwt', secret }))).outcome,
  ).toBe(refused);
});

test('nobody signs for a client', async () => {
  const who = await api.client({ auth: 'private_key_jwt' });
  const [, claims] = (await api.clientAssertion(who)).split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  expect((await assert(`${header}.${claims}.`)).outcome).toBe(refused);
});

test('a secret that has expired is good for nothing, by any method', async () => {
  for (const auth of ['client_secret_basic', 'client_secret_post', 'client_secret_jwt']) {
    const who = await api.client({ auth });
    expect((await api.token(who, asking)).outcome).toBe('granted');
    await api.made('expire', { kind: 'clientSecret', value: who.secret });
    expect((await api.token(who, asking)).outcome).toBe(refused);
  }
});

test('an assertion is remembered although its request was refused, and by its client only', async () => {
  const [one, other] = [
    await api.client({ auth: 'private_key_jwt' }),
    await api.client({ auth: 'private_key_jwt' }),
  ];
  expect((await assert(await api.clientAssertion(one, { jti: 'same' }))).outcome).toBe('granted');
  expect((await assert(await api.clientAssertion(other, { jti: 'same' }))).outcome).toBe('granted');
  expect((await assert(await api.clientAssertion(one, { jti: 'same' }))).outcome).toBe(refused);
});
