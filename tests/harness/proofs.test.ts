import { describe, expect, test } from 'vitest';
import { type Absence, absences } from '../../harness/absences.ts';
import type { Exchange } from '../../harness/exchange.ts';
import { granted, rejected } from '../../harness/expectation.ts';
import type { Probe } from '../../harness/probe.ts';
import { isShown } from '../../harness/report/proofs.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';
import { exchange, mark, type Row, tokenRows } from './token-proofs.ts';

const token = { accessToken: mark('accessToken', 'a'), tokenType: 'Bearer', expiresIn: 60 };
const refresh = (step: string, sent: string, brought?: string) =>
  exchange(
    step,
    'CreateToken',
    { grantType: 'refresh_token', refreshToken: mark('refreshToken', sent) },
    200,
    { ...token, ...(brought !== undefined && { refreshToken: mark('refreshToken', brought) }) },
  );
const redeemed = (step: string, members: object = {}) =>
  exchange(
    step,
    'CreateToken',
    { grantType: 'authorization_code', code: mark('code', 'c'), redirectUri: 'https://a.example/b' },
    200,
    { ...token, refreshToken: mark('refreshToken', '1'), ...members },
  );
const byBasic = (pair: string): Exchange => {
  const plain = redeemed('control');
  return { ...plain, request: { ...plain.request, headers: [['Authorization', `Basic ${pair}`]] } };
};
const byAssertion = (step: string, which: string, status: number): Exchange =>
  exchange(
    step,
    'CreateToken',
    { grantType: 'refresh_token', clientAssertion: mark('clientAssertion', which) },
    status,
    token,
  );
const registering = (method: string, status: number, answer: Record<string, unknown>, exception?: string) =>
  exchange(
    'given: registration',
    'RegisterClient',
    { token_endpoint_auth_method: method },
    status,
    answer,
    exception,
  );
const registered = (step: string, clientId: string, members: object = {}) =>
  exchange(step, 'RegisterClient', { clientName: 'x', scopes: ['a', 'b'] }, 200, { clientId, ...members });
const device = (expiresIn: number, interval: number) =>
  exchange('given: device code', 'StartDeviceAuthorization', {}, 200, {
    deviceCode: mark('deviceCode', 'd'),
    expiresIn,
    interval,
  });
const poll = (error: string, exception: string) =>
  exchange(
    'control: polls',
    'CreateToken',
    { deviceCode: mark('deviceCode', 'd') },
    400,
    { error },
    exception,
  );
const polls = (count: number, slow: number) => [
  ...Array.from({ length: count - slow }, () =>
    poll('authorization_pending', 'AuthorizationPendingException'),
  ),
  ...Array.from({ length: slow }, () => poll('slow_down', 'SlowDownException')),
];
const iam = (step: string, subject: string, scope: readonly string[] | undefined, status = 200) =>
  exchange(
    step,
    'CreateTokenWithIAM',
    {
      grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subjectToken: mark('subjectToken', subject),
    },
    status,
    status === 200 ? { ...token, ...(scope && { scope }) } : { error: 'invalid_request' },
    status === 200 ? undefined : 'InvalidRequestException',
  );
const wanting = (step: string, status = 200) => {
  const { request, ...one } = iam(step, '1', undefined, status);
  const sent = { ...JSON.parse(request.body ?? ''), requestedTokenType: 'urn:x' };
  return { ...one, request: { ...request, body: JSON.stringify(sent) } };
};
const few = (step: string, scopes: readonly string[]) =>
  exchange(step, 'RegisterClient', { scopes }, 400, { error: 'invalid_scope' }, 'InvalidScopeException');

const expected = { control: granted(), probe: rejected('invalid_grant') };
const overTime = { overTime: true as const };
const upper = (member: string) => ({
  edits: [{ member, of: (valid: unknown) => String(valid).toUpperCase() }],
});

const control = redeemed('control');
const probe = redeemed('probe');

const bare = (step: string, members: object = {}) =>
  exchange(
    step,
    'RegisterClient',
    { redirectUris: ['https://a.example/b'], ...members },
    400,
    {
      error: 'invalid_client_metadata',
    },
    'InvalidClientMetadataException',
  );

const rows: Readonly<Record<Absence, Row>> = {
  defaults: {
    shown: [bare('first')],
    forged: [bare('first', { grantTypes: ['authorization_code'] }), bare('probe')],
  },
  rotation: {
    shown: [refresh('control', '1', '1')],
    forged: [refresh('control', '1', '2'), redeemed('given')],
  },
  grace: {
    shown: [refresh('control', '1', '2'), refresh('reuse', '1', '3')],
    forged: [refresh('control', '1', '2'), refresh('reuse', '2', '3')],
  },
  refreshToken: {
    shown: [redeemed('control', { refreshToken: null })],
    forged: [control, registered('given: client', 'c1'), device(600, 5)],
  },
  refreshIdToken: {
    shown: [refresh('probe', '1', '2')],
    forged: [redeemed('control'), registered('given: client', 'c1')],
  },
  oneScope: { shown: [iam('control', '1', ['a'])], forged: [iam('control', '1', ['a', 'b']), control] },
  codeWithoutChallenge: {
    probe: { mayLack: ['codeWithoutChallenge'] },
    shown: [control],
    forged: [control, probe],
  },
  codeWithoutOpenid: {
    probe: { mayLack: ['codeWithoutOpenid'] },
    shown: [control],
    forged: [control, probe],
  },
  plainChallenge: {
    probe: { mayLack: ['plainChallenge'] },
    shown: [control],
    forged: [control, probe],
  },
  codeWithoutRedirectUri: {
    probe: { mayLack: ['codeWithoutRedirectUri'] },
    shown: [control],
    forged: [control],
    forgedProbe: { mayLack: ['plainChallenge'] },
  },
  otherRedirectUri: {
    probe: { mayLack: ['otherRedirectUri'] },
    shown: [],
    forged: [control, probe],
  },
  metadata: {
    probe: { mayLack: ['metadata'] },
    shown: [],
    forged: [control, probe],
  },
  redirectUris: {
    probe: { mayLack: ['redirectUris'] },
    shown: [],
    forged: [control],
    forgedProbe: { mayLack: ['sessionExpiry'] },
  },
  sessionExpiry: {
    probe: { mayLack: ['sessionExpiry'] },
    shown: [control],
    forged: [control],
    forgedProbe: { mayLack: [] },
  },
  sameClient: {
    shown: [registered('probe', 'c1'), registered('probe', 'c1')],
    forged: [registered('probe', 'c1'), registered('probe', 'c2'), control, control],
  },
  completeUri: {
    shown: [device(600, 5)],
    forged: [registered('given: client', 'c1'), control],
  },
  tokenEndpoint: {
    shown: [registered('probe', 'c1')],
    forged: [registered('probe', 'c1', { tokenEndpoint: 'https://t/token' }), control],
  },
  secretLife: { probe: overTime, shown: [control], forged: [control], forgedProbe: { overTime: undefined } },
  secretEnd: {
    probe: { expect: { registration: granted(), ...expected } },
    shown: [],
    forged: [],
    forgedProbe: { ...overTime, expect: expected },
  },
  deviceLife: { shown: [device(60, 5)], forged: [device(600, 5), control] },
  slowDown: { shown: polls(15, 0), forged: polls(15, 3) },
  scopes: {
    probe: { operation: 'register' },
    shown: [few('few', ['a', 'b', 'c'])],
    forged: [few('probe', ['a', 'b', 'c']), few('few', ['a'])],
  },
  change: {
    probe: upper('redirect_uri'),
    shown: [
      exchange(
        'control',
        'CreateToken',
        { grantType: 'authorization_code', redirectUri: 'HTTPS://A' },
        200,
        token,
      ),
    ],
    forged: [control],
  },
  method: {
    shown: [registering('private_key_jwt', 400, {}, 'InvalidClientMetadataException')],
    forged: [
      registering('private_key_jwt', 400, {}, 'InvalidRequestException'),
      registering('private_key_jwt', 200, { clientId: 'c1', token_endpoint_auth_method: 'private_key_jwt' }),
    ],
  },
  assertionUses: {
    shown: [byAssertion('control', '1', 200), byAssertion('second', '1', 200)],
    forged: [
      byAssertion('control', '1', 200),
      byAssertion('second', '2', 200),
      byAssertion('probe', '1', 200),
    ],
  },
  plainCredentials: {
    shown: [byBasic(`abc123:${mark('clientSecret', 'e')}`)],
    forged: [
      byBasic(`abc-123:${mark('clientSecret', 'e')}`),
      byBasic(`abc123:${mark('clientSecretEncoded', 'e')}`),
      control,
    ],
  },
  shortInterval: { probe: overTime, shown: [device(120, 5)], forged: [device(600, 5), ...polls(5, 0)] },
  requestedType: {
    shown: [wanting('control'), wanting('asked', 400)],
    forged: [wanting('control'), wanting('probe', 400), iam('asked', '1', undefined, 400)],
  },
  otherScope: {
    shown: [few('asked', ['a'])],
    forged: [few('probe', ['a']), few('asked', [])],
  },
  reuse: {
    shown: [iam('control', '1', undefined), iam('again', '1', undefined, 400)],
    forged: [iam('control', '1', undefined), iam('again', '2', undefined, 400)],
  },
  ...tokenRows,
};

const probeWith = (one: Partial<Probe> = {}): Probe =>
  ({
    id: 'a/b',
    title: '',
    requirement: 'R',
    operation: 'token',
    needs: [],
    expect: expected,
    ...one,
  }) as Probe;

describe.each(Object.entries(rows) as [Absence, Row][])(
  '%s',
  (name, { probe: own, shown, forged, forgedProbe, dialect = awsJson }) => {
    test('is shown by what a target without it answers', () => {
      expect(isShown(name, probeWith(own), shown, dialect)).toBe(true);
    });

    test('is not shown by anything else', () => {
      expect(isShown(name, probeWith({ ...own, ...forgedProbe } as Partial<Probe>), forged, dialect)).toBe(
        false,
      );
      expect(isShown(name, probeWith(), [control, probe], awsJson)).toBe(false);
    });
  },
);

test('of several devices, all of which are told to slow down, none can be polled to its end', () => {
  const devices = [device(600, 5), device(600, 5), device(600, 5)];
  const slowed = (count: number) =>
    isShown('shortInterval', probeWith(overTime), [...devices, ...polls(6, count)], awsJson);
  expect([slowed(2), slowed(1)]).toEqual([true, false]);
});

describe('a change that a form would not show', () => {
  const secret = mark('clientSecret', 's');
  const control = (body: string, headers: Exchange['request']['headers'] = []): Exchange => {
    const { operation, ...one } = redeemed('control');
    return { ...one, operation: 'token', request: { ...one.request, headers, body } };
  };
  const without = { edits: [{ member: 'client_secret', of: () => undefined }] };

  test.each([
    [
      'of a value that it leaves as it is',
      upper('redirect_uri'),
      [control('redirect_uri=HTTPS%3A%2F%2FA')],
      true,
    ],
    ['of a value', upper('redirect_uri'), [control('redirect_uri=https%3A%2F%2Fa')], false],
    ['that leaves out what is not there', without, [control('client_id=c1')], true],
    ['that leaves out what is in the body', without, [control(`client_secret=${secret}`)], false],
    [
      'that leaves out what is in the header',
      without,
      [control('code=x', [['Authorization', `Basic c1:${secret}`]])],
      false,
    ],
  ] as const)('%s', (_, own, seen, expectedly) => {
    expect(isShown('change', probeWith(own), seen, oauthForm)).toBe(expectedly);
  });
});

test('each absence has words of its own', () => {
  expect(new Set(Object.values(absences)).size).toBe(Object.keys(rows).length);
});
