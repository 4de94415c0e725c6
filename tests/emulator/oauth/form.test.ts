import { expect, test } from 'vitest';
import { type Answer, type Api, basic, emulatorForThisFile, type Headers, redirectUri } from './support.ts';

const api = emulatorForThisFile();

const sent =
  (body: string | Uint8Array<ArrayBuffer>, headers: Headers = {}) =>
  async (to: Api) => {
    const { id, secret } = await to.client();
    return to.raw('/token', body, { ...basic(id, secret), ...headers });
  };
const typed = (type: string, body = 'grant_type=client_credentials') => sent(body, { 'Content-Type': type });
const other = (method: string) => async (to: Api) => to.send('/token', { method });

const malformed = '400 invalid_request';

const rows: readonly (readonly [string, (to: Api) => Promise<Answer>, string])[] = [
  ['a form', sent('grant_type=client_credentials'), 'granted'],
  ['a form with a charset', typed('application/x-www-form-urlencoded; charset=utf-8'), 'granted'],
  ['a form whose type is in upper case', typed('APPLICATION/X-WWW-FORM-URLENCODED'), 'granted'],
  ['JSON', typed('application/json', '{"grant_type":"client_credentials"}'), malformed],
  ['plain text', typed('text/plain'), malformed],
  ['an empty body', sent(''), malformed],
  ['a percent sign that starts no octet', sent('grant_type=client_credentials&scope=%zz'), malformed],
  ['a percent sign at the end', sent('grant_type=client_credentials&scope=a%'), malformed],
  ['octets that are no UTF-8', sent('grant_type=client_credentials&scope=%ff'), malformed],
  ['raw octets that are no UTF-8', sent(new Uint8Array([0x61, 0x3d, 0xff])), malformed],
  ['a broken unknown parameter', sent('grant_type=client_credentials&a=%zz'), malformed],
  ['an encoded name', sent('grant%5Ftype=client%5fcredentials'), 'granted'],
  ['an unknown parameter', sent('grant_type=client_credentials&foo=bar'), 'granted'],
  ['an unknown parameter twice', sent('grant_type=client_credentials&foo=bar&foo=bar'), 'granted'],
  ['an empty scope', sent('grant_type=client_credentials&scope='), 'granted'],
  ['a scope without a value', sent('grant_type=client_credentials&scope'), 'granted'],
  ['a scope with a plus', sent('grant_type=client_credentials&scope=read+write'), 'granted'],
  ['a grant type twice', sent('grant_type=client_credentials&grant_type=client_credentials'), malformed],
  ['an empty scope besides another', sent('grant_type=client_credentials&scope=&scope=read'), malformed],
  [
    'two resources',
    sent('grant_type=client_credentials&resource=https://a.example&resource=https://b.example'),
    'granted',
  ],
  ['two audiences', sent('grant_type=client_credentials&audience=a&audience=b'), 'granted'],
  ['a name in upper case', sent('Grant_type=client_credentials'), malformed],
  ['ampersands too many', sent('&grant_type=client_credentials&&'), 'granted'],
  ['a body beyond all bounds', sent(`grant_type=client_credentials&a=${'a'.repeat(1_100_000)}`), malformed],
  ['GET', other('GET'), '405 invalid_request'],
  ['PUT', other('PUT'), '405 invalid_request'],
  ['DELETE', other('DELETE'), '405 invalid_request'],
  ['a path that is none', (to) => to.post('/nowhere', {}), '404 invalid_request'],
  [
    'members of objects',
    (to) => to.post('/token', { grant_type: 'constructor', client_id: '__proto__' }),
    '401 invalid_client',
  ],
];

test.for(rows)('%s', async ([, probe, outcome]) => {
  const answer = await probe(api);
  expect(answer.outcome).toBe(outcome);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  if (answer.status === 405) expect(answer.headers.get('allow')).toBe('POST');
  if (answer.status !== 200) expect(answer.body.error_description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
});

test('what is only in the query was not sent', async () => {
  const { id, secret } = await api.client();
  const answer = await api.raw('/token?grant_type=client_credentials', '', basic(id, secret));
  expect(answer.outcome).toBe(malformed);
});

test('text beyond ASCII arrives as it was sent', async () => {
  const who = await api.client();
  const form = { ...(await api.codeForm(who)), redirect_uri: `${redirectUri}/é` };
  expect((await api.token(who, form)).outcome).toBe('400 invalid_grant');
});

test('a page in a browser may ask', async () => {
  const headers = { Origin: 'https://spa.example', 'Access-Control-Request-Method': 'POST' };
  const preflight = await api.send('/token', { method: 'OPTIONS', headers });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('content-length')).toBeNull();
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  const refused = await api.post('/token', {}, { Origin: 'https://spa.example' });
  expect(refused.outcome).toBe('401 invalid_client');
  expect(refused.headers.get('access-control-allow-origin')).toBe('*');
  const page = await api.send('/authorize', { headers: { Origin: 'https://spa.example' } });
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
});
