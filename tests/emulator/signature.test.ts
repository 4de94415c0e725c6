import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { orderOfSignatureChecks } from '../../emulator/fronts/aws-json/signature-checks.ts';
import { startEmulator } from '../../emulator/server.ts';
import { allGrants, iamOf, iamPath } from './iam.ts';
import { type Rule, testRules } from './rule-table.ts';
import { basic, type Signer, type Signing } from './signing.ts';
import { type Answer, type Api, apiOf, emulatorForThisFile, raw } from './support.ts';

const api = emulatorForThisFile();
const iam = iamOf(api);

const missing = 'MissingAuthenticationTokenException';
const incomplete = 'IncompleteSignatureException';
const invalid = 'InvalidSignatureException';
const unrecognized = 'UnrecognizedClientException';
const invalidRequest = 'InvalidRequestException';
const mismatch = `${invalid}: The request signature does not match the one that was calculated`;

type How = Signing & { readonly signer?: (good: Required<Signer>) => Signer };

/** A signed request without content: a signature that is accepted leads to InvalidRequestException. */
const signed =
  ({ signer = (good) => good, ...signing }: How) =>
  async (to: Api): Promise<Answer> => {
    const { send, credentials } = iamOf(to);
    return send({}, { by: signer(await credentials()), ...signing });
  };

const authorization = (change: (value: string) => string | string[]) =>
  signed({ finally: (headers) => ({ ...headers, authorization: change(headers.authorization ?? '') }) });

const without = (name: string) => signed({ finally: ({ [name]: _, ...headers }) => headers });

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function compact(headers: Record<string, string>) {
  return { ...headers, authorization: headers.authorization?.replaceAll(', ', ',') ?? '' };
}

function reversed(headers: Record<string, string>) {
  const [, parts = ''] = /^AWS4-HMAC-SHA256 (.*)$/.exec(headers.authorization ?? '') ?? [];
  return { ...headers, authorization: `AWS4-HMAC-SHA256 ${parts.split(', ').reverse().join(', ')}` };
}

const early = { at: Date.now() - 3_600_000 };
const late = { at: Date.now() + 3_600_000 };

const rules: readonly Rule[] = [
  [
    'authorization-present',
    without('authorization'),
    `${missing}: Missing Authentication Token`,
    invalidRequest,
  ],
  ['authorization-once', authorization((value) => [value, value]), incomplete, invalidRequest],
  ['authorization-well-formed', authorization(() => 'Bearer aoa'), incomplete, invalidRequest],
  [
    'access-key-known',
    signed({ signer: (good) => ({ ...good, accessKeyId: 'ASIAUNKNOWN' }) }),
    unrecognized,
    invalidRequest,
  ],
  ['scope-date-right', signed({ scopeDate: '20150830' }), invalid, invalidRequest],
  ['scope-region-right', signed({ region: 'eu-west-1' }), invalid, invalidRequest],
  ['scope-service-right', signed({ service: 'sso' }), invalid, invalidRequest],
  [
    'scope-terminator-right',
    signed({ terminator: 'aws5_request' }),
    `${invalid}: Credential should be scoped with a valid terminator`,
    mismatch,
  ],
  ['amz-date-present', without('x-amz-date'), incomplete, invalid],
  ['amz-date-well-formed', signed({ amzDate: basic(Date.now()).slice(0, -1) }), incomplete, invalidRequest],
  ['amz-date-not-too-early', signed(early), `${invalid}: Signature expired`, invalidRequest],
  ['amz-date-not-too-late', signed(late), `${invalid}: Signature not yet current`, invalidRequest],
  ['host-signed', signed({ unsigned: ['host'] }), invalid, invalidRequest],
  ['amz-date-signed', signed({ unsigned: ['x-amz-date'] }), invalid, invalidRequest],
  ['security-token-signed', signed({ unsigned: ['x-amz-security-token'] }), invalid, invalidRequest],
  ['content-sha256-right', signed({ contentSha256: 'UNSIGNED-PAYLOAD' }), invalid, invalidRequest],
  ['content-sha256-right', signed({ contentSha256: 'a'.repeat(64) }), invalid, invalidRequest],
  [
    'content-sha256-right',
    signed({ contentSha256: 'a'.repeat(64), unsigned: ['x-amz-content-sha256'] }),
    invalid,
    invalidRequest,
  ],
  [
    'session-token-right',
    signed({ signer: (good) => ({ ...good, sessionToken: undefined }) }),
    unrecognized,
    invalidRequest,
  ],
  [
    'session-token-right',
    signed({ signer: (good) => ({ ...good, sessionToken: 'another' }) }),
    unrecognized,
    invalidRequest,
  ],
  [
    'session-token-not-expired',
    async (to) => {
      const { send, credentials } = iamOf(to);
      const by = await credentials();
      await to.made('expire', { kind: 'sessionToken', value: by.sessionToken });
      return send({}, { by });
    },
    'ExpiredTokenException: The security token included in the request is expired',
    invalidRequest,
  ],
  ...[
    signed({ signer: (good) => ({ ...good, secretAccessKey: 'wrong' }) }),
    signed({ finally: (headers) => ({ ...headers, 'content-type': 'text/plain' }) }),
    authorization((value) => value.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
    authorization((value) => value.replace('SignedHeaders=content-type;', 'SignedHeaders=')),
    async (to: Api) => {
      const { send } = iamOf(to);
      return send({}, { finally: (headers) => ({ ...headers, 'x-amz-date': basic(Date.now() + 60_000) }) });
    },
  ].map((probe): Rule => ['signature-right', probe, mismatch, invalidRequest]),
];

describe('every check of a signature', () => {
  testRules(rules);

  test('is in the table above', () => {
    expect([...new Set(rules.map(([check]) => check))].sort()).toEqual([...orderOfSignatureChecks()].sort());
  });
});

describe('a signature is accepted', () => {
  test.each<[string, Signing]>([
    ['of nearly five minutes ago', { at: Date.now() - 240_000 }],
    ['of nearly five minutes from now', { at: Date.now() + 240_000 }],
    ['with the hash of the body in a header', { contentSha256: sha256('{}') }],
    ['with that header not signed', { contentSha256: sha256('{}'), unsigned: ['x-amz-content-sha256'] }],
    ['over more headers', { headers: { 'x-one': '  a   b ', 'user-agent': 'test', 'x-amz-two': '' } }],
    ['beside headers that it does not cover', { headers: { accept: '*/*' }, unsigned: ['accept'] }],
    ['without spaces between its parts', { finally: compact }],
    ['in another order', { finally: reversed }],
  ])('%s', async (_, signing) => {
    expect((await iam.send({}, signing)).outcome).toBe(invalidRequest);
  });

  test.each(['aws_iam=t&b=2&a=1', 'a=%20%2F&aws_iam=t', 'aws_iam=t&a=2&a=1'])(
    'over the query %s',
    async (query) => {
      expect((await iam.send({}, { path: `/token?${query}` })).outcome).toBe(invalidRequest);
    },
  );

  test('over a body that is too long to be read', async () => {
    expect((await iam.send('a'.repeat(2_000_000))).outcome).toBe(invalidRequest);
  });

  test('at the time of the virtual clock', async () => {
    const { url, close } = await startEmulator();
    const moved = apiOf(() => url);
    const { send, credentials } = iamOf(moved);
    const by = await credentials();
    await moved.advance(3600);
    const [real, virtual] = [await send({}, { by }), await send({}, { by, at: Date.now() + 3_600_000 })];
    await close();
    expect([real.outcome, virtual.outcome]).toEqual([invalid, invalidRequest]);
  });

  test('for as long as the session lives', async () => {
    const { url, close } = await startEmulator();
    const moved = apiOf(() => url);
    const { send, credentials } = iamOf(moved);
    const by = await credentials();
    const day = 86_400;
    await moved.advance(day);
    const early = await send({}, { by, at: Date.now() + day * 1000 });
    await moved.advance(day / 2);
    const late = await send({}, { by, at: Date.now() + 1.5 * day * 1000 });
    await close();
    expect([early.outcome, late.outcome]).toEqual([invalidRequest, 'ExpiredTokenException']);
  });
});

describe('the signature comes first', () => {
  test.each(['', '{', '[]', '{"clientId":5}', 'a'.repeat(2_000_000), Buffer.from([0xff])])(
    'whatever the body is',
    async (body) => {
      expect((await api.send(iamPath, { body })).outcome).toBe(missing);
      expect((await iam.send(body, { service: 'sso' })).outcome).toBe(invalid);
      expect((await iam.send(body)).outcome).toBe(invalidRequest);
    },
  );

  test('and a request that fails it consumes nothing', async () => {
    for (const grant of allGrants) {
      const request = await iam.request(grant);
      const by = { ...(await iam.credentials()), secretAccessKey: 'wrong' };
      expect((await iam.send(request, { by })).outcome).toBe(invalid);
      expect((await iam.send(request)).outcome).toBe('granted');
    }
  });

  test('CreateToken asks for none, and minds none', async () => {
    const request = await api.codeRequest();
    const headers = { Authorization: 'AWS4-HMAC-SHA256 nonsense' };
    expect((await api.send('/token', { body: JSON.stringify(request), headers })).outcome).toBe('granted');
  });
});

describe('hostile headers', () => {
  const key = 'AKIAHOSTILE';
  const credential = `Credential=${key}/20260101/us-east-1/sso-oauth/aws4_request`;
  const rest = `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
  const hostile = [
    '',
    ' ',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 ',
    'AWS4-HMAC-SHA256 ,,,',
    'AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=',
    `AWS4-HMAC-SHA256 ${credential}`,
    `AWS4-HMAC-SHA256 ${credential}, ${rest}, ${rest}`,
    `AWS4-HMAC-SHA256 ${credential}, ${credential}, ${rest}`,
    `aws4-hmac-sha256 ${credential}, ${rest}`,
    `AWS4-ECDSA-P256-SHA256 ${credential}, ${rest}`,
    `AWS4-HMAC-SHA256 ${credential}/more, ${rest}`,
    `AWS4-HMAC-SHA256 Credential=${key}%00/20260101/us-east-1/sso-oauth/aws4_request, ${rest}`,
    `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=%00, Signature=%00`,
    `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${'a;'.repeat(4000)}a b, Signature=0`,
    `AWS4-HMAC-SHA256 ${'Credential=a/'.repeat(800)}`,
    `AWS4-HMAC-SHA256 ${','.repeat(10_000)}`,
    'Basic dXNlcjpwYXNz',
    'Bearer aoaSECRET',
    'null',
    '{"$ne":1}',
    `\u0080\u00ff${'é'.repeat(100)}`,
  ];
  test.each(hostile)('%j', async (authorization) => {
    const answer = await api.send(iamPath, {
      body: '{}',
      headers: { authorization, 'x-amz-date': basic(Date.now()) },
    });
    expect([answer.status, answer.outcome]).toEqual([403, incomplete]);
    expect(answer.text).not.toContain(key);
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    '%s as an access key or a header name',
    async (name) => {
      const asKey = await iam.send(
        {},
        { by: { accessKeyId: name, secretAccessKey: 'x', sessionToken: 'x' } },
      );
      expect(asKey.outcome).toBe(unrecognized);
      expect(
        (await iam.send({}, { headers: Object.fromEntries([[name.toLowerCase(), 'x']]) })).status,
      ).toBeLessThan(500);
    },
  );

  test.each(['not-a-date', '20261399T996199Z', '99999999T999999Z', '', '20150830', '%00', 'T'.repeat(9000)])(
    'the date %j',
    async (amzDate) => {
      const { status, text } = await iam.send({}, { amzDate });
      expect(status).toBe(403);
      expect(text).not.toContain('TTTT');
    },
  );

  test('more than a server reads is refused by the server', async () => {
    const authorization = `AWS4-HMAC-SHA256 ${randomBytes(20_000).toString('hex')}`;
    expect((await sendBytes(`Authorization: ${authorization}`)).split('\r\n')[0]).toMatch(/ 431 /);
  });

  test('a NUL is no part of a header', async () => {
    expect(await sendBytes('Authorization: AWS4-HMAC-SHA256 \x00')).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('no Authorization header, twice', async () => {
    expect(await sendBytes('Authorization:\r\nAuthorization:')).toContain(incomplete);
  });

  const sendBytes = (header: string) =>
    raw(
      api.url(),
      `POST ${iamPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n${header}\r\n\r\n{}`,
    );
});

describe('a refusal', () => {
  test('looks like those of requests that reach no operation', async () => {
    const { status, rawHeaders, headers, text } = await iam.send({}, { region: 'eu-west-1' });
    expect(status).toBe(403);
    expect(rawHeaders[rawHeaders.indexOf('x-amzn-ErrorType') + 1]).toBe(
      'InvalidSignatureException:http://internal.amazon.com/coral/com.amazon.coral.service/',
    );
    expect(headers['content-type']).toBe('application/json');
    expect(headers['www-authenticate']).toBeUndefined();
    expect(text).toBe('{"message":"Credential should be scoped to a valid region"}');
  });

  test('repeats nothing that was sent, and nothing that was reckoned', async () => {
    const by = await iam.credentials();
    const { refreshToken, ...request } = await iam.request('refresh_token');
    const refused = [
      await iam.send({ ...request, refreshToken }, { by: { ...by, secretAccessKey: 'wrong' } }),
      await iam.send({ ...request, refreshToken }, { by: { ...by, sessionToken: 'wrong' } }),
      await iam.send({ ...request, refreshToken }, { by, contentSha256: 'UNSIGNED-PAYLOAD' }),
      await iam.send({ ...request, refreshToken }, { by, service: 'sso' }),
    ];
    for (const { status, text, rawHeaders } of refused) {
      const all = text + rawHeaders.join();
      expect(status).toBe(403);
      for (const secret of [...Object.values(by), refreshToken]) expect(all).not.toContain(secret);
      expect(all).not.toMatch(/[0-9a-f]{64}|sso-oauth|aws4_request|x-amz-date/);
    }
  });
});
