import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { capture } from '../../harness/capture/capture.ts';
import { createVault } from '../../harness/capture/vault.ts';
import { observe } from '../../harness/judge/observe.ts';
import type { Reply } from '../../targets/dialect.ts';
import { awsJson } from '../../targets/dialects/aws-json/dialect.ts';
import { createTransport, type Transport } from '../../targets/transport/transport.ts';

/**
 * What the live service was observed to answer is accepted; what is known to break an SDK is refused.
 * Facts: aws-wire reference §0, §3.2 to §3.4, §5. The recorded texts are literal; tokens are made up in
 * their documented look.
 */
const host = 'https://oidc.us-east-1.amazonaws.com';
const coral = ':http://internal.amazon.com/coral/com.amazonaws.sso.oidc/';
const json = {
  'Content-Type': 'application/json',
  'x-amzn-RequestId': '0d4d3a36-7b1c-4f3e-9d6c-2f0a4a1b5c6d',
  Connection: 'keep-alive',
};
const paths: Record<string, string> = {
  CreateToken: '/token',
  RegisterClient: '/client/register',
  StartDeviceAuthorization: '/device_authorization',
};
const b64 = (length: number) => 'mZ3kQ9_xT-7bV1cN'.repeat(16).slice(0, length);

let transport: Transport;
beforeAll(() => {
  nock.disableNetConnect();
  transport = createTransport({ timeoutMs: 2_000, retryDelaysMs: [] });
});
afterEach(() => nock.cleanAll());
afterAll(async () => {
  await transport.close();
  nock.enableNetConnect();
  nock.restore();
});

async function replay(
  operation: string,
  status: number,
  headers: Record<string, string>,
  body: string,
): Promise<Reply> {
  nock(host)
    .post(paths[operation] ?? '/')
    .reply(status, body, headers);
  const request = { method: 'POST', url: `${host}${paths[operation]}`, headers: [], body: '{}' };
  const outcome = await transport.send(request);
  return observe(awsJson, capture({ step: 'probe', operation }, request, outcome, createVault())).reply;
}

const rejection = (exception: string, body: string, status = 400) =>
  [status, { ...json, 'x-amzn-ErrorType': exception + coral }, body] as const;
const text = (error: string, description: string) =>
  `{"error":"${error}","error_description":"${description}"}`;

const token = {
  accessToken: `aoa${b64(90)}:${b64(60)}`,
  aws_sso_app_session_id: null,
  expiresIn: 3600,
  idToken: null,
  issuedTokenType: null,
  originSessionId: null,
  refreshToken: `aor${b64(90)}:${b64(60)}`,
  tokenType: 'Bearer',
};
const device = {
  deviceCode: b64(86),
  expiresIn: 600,
  interval: 1,
  userCode: 'QDTN-GLMZ',
  verificationUri: 'https://device.sso.us-east-1.amazonaws.com/',
  verificationUriComplete: 'https://device.sso.us-east-1.amazonaws.com/?user_code=QDTN-GLMZ',
};
const client = {
  clientId: b64(33),
  clientIdIssuedAt: 1603898686,
  clientSecret: `eyJraWQiOiJrZXktMTU2NDAyODA5OSIsImFsZyI6IkhTMzg0In0.${b64(200)}.${b64(64)}`,
  clientSecretExpiresAt: 1611674686,
};

describe('what was observed is accepted', () => {
  test.each([
    [
      'CreateToken',
      'AuthorizationPendingException',
      text('authorization_pending', 'Authorization is still pending'),
      400,
      'authorization_pending',
    ],
    [
      'CreateToken',
      'InvalidGrantException',
      text('invalid_grant', 'Invalid device code provided'),
      400,
      'invalid_grant',
    ],
    [
      'CreateToken',
      'InvalidGrantException',
      text('invalid_grant', 'Invalid grant provided'),
      400,
      'invalid_grant',
    ],
    [
      'CreateToken',
      'InvalidGrantException',
      text('invalid_grant', 'Invalid refresh token provided'),
      400,
      'invalid_grant',
    ],
    [
      'CreateToken',
      'InvalidRequestException',
      text('invalid_request', 'Invalid token provided'),
      400,
      'invalid_request',
    ],
    [
      'CreateToken',
      'InvalidClientException',
      text('invalid_client', 'Invalid client provided'),
      401,
      'invalid_client',
    ],
    [
      'CreateToken',
      'InvalidClientException',
      text('invalid_client', 'The maximum number of users have consented to scopes for this client'),
      401,
      'invalid_client',
    ],
    [
      'CreateToken',
      'UnauthorizedClientException',
      text('unauthorized_client', 'Client is unauthorized'),
      400,
      'unauthorized_client',
    ],
    ['CreateToken', 'AccessDeniedException', '{"error":"access_denied"}', 400, 'access_denied'],
    [
      'CreateToken',
      'AccessDeniedException',
      '{"error":"access_denied","error_description":null,"reason":null}',
      400,
      'access_denied',
    ],
    [
      'CreateToken',
      'AccessDeniedException',
      '{"error":"access_denied","error_description":"x","reason":"KMS_AccessDeniedException"}',
      400,
      'access_denied',
    ],
    [
      'StartDeviceAuthorization',
      'InvalidRequestException',
      text('invalid_request', 'Invalid start url provided'),
      400,
      'invalid_request',
    ],
    [
      'RegisterClient',
      'InvalidScopeException',
      text('invalid_scope', 'Invalid scope provided'),
      400,
      'invalid_scope',
    ],
  ])('%s %s %s', async (operation, exception, body, status, error) => {
    const reply = await replay(operation, ...rejection(exception, body, status));
    expect(reply).toMatchObject({ outcome: 'rejected', exception, error, problems: [] });
  });

  test('the recorded bodies have the recorded lengths', () => {
    expect(text('authorization_pending', 'Authorization is still pending')).toHaveLength(86);
    expect(text('invalid_grant', 'Invalid refresh token provided')).toHaveLength(78);
    expect(JSON.stringify(device)).toHaveLength(311);
  });

  test.each([
    ['CreateToken', 'all members, unused ones null', token],
    ['CreateToken', 'no refresh token', { ...token, refreshToken: null }],
    ['CreateToken', 'a legacy registration', { ...token, refreshToken: null, expiresIn: 28800 }],
    ['CreateToken', 'session ids', { ...token, aws_sso_app_session_id: 'b7d3', originSessionId: 'b7d4' }],
    ['StartDeviceAuthorization', 'the device page of a region', device],
    [
      'StartDeviceAuthorization',
      'the device page of an access portal',
      {
        ...device,
        verificationUri: 'https://alias.awsapps.com/start/#/device',
        verificationUriComplete: 'https://alias.awsapps.com/start/#/device?user_code=QDTN-GLMZ',
      },
    ],
    ['RegisterClient', 'no endpoints', client],
    ['RegisterClient', 'null endpoints', { ...client, authorizationEndpoint: null, tokenEndpoint: null }],
  ])('%s with %s', async (operation, _, body) => {
    expect(await replay(operation, 200, json, JSON.stringify(body))).toMatchObject({
      outcome: 'granted',
      problems: [],
    });
  });

  test.each([
    ['a charset parameter', { ...json, 'Content-Type': 'application/json; charset=utf-8' }],
    ['other header spelling', { 'content-type': 'Application/JSON', 'X-AMZN-REQUESTID': 'x' }],
  ])('%s in the headers', async (_, headers) => {
    expect(await replay('CreateToken', 200, headers, JSON.stringify(token))).toMatchObject({ problems: [] });
  });

  test.each([
    'InvalidGrantException',
    'com.amazonaws.ssooidc#InvalidGrantException',
    `aws#InvalidGrantException${coral}`,
  ])('the exception header %s', async (header) => {
    const reply = await replay(
      'CreateToken',
      400,
      { ...json, 'X-Amzn-Errortype': header },
      text('invalid_grant', 'x'),
    );
    expect(reply).toMatchObject({ exception: 'InvalidGrantException', problems: [] });
  });
});

describe('what breaks an SDK is refused', () => {
  const grantBody = text('invalid_grant', 'Invalid grant provided');
  const withHeader = (header: string) => ({ ...json, 'x-amzn-ErrorType': header + coral });

  test.each([
    ['no exception header', 400, json, grantBody, /no x-amzn-ErrorType/],
    [
      'the exception in the body alone',
      400,
      json,
      '{"__type":"InvalidGrantException","error":"invalid_grant"}',
      /no x-amzn-ErrorType/,
    ],
    [
      'a header that contradicts __type',
      400,
      withHeader('InvalidClientException'),
      '{"__type":"InvalidGrantException","error":"invalid_client"}',
      /names InvalidClientException, the body's __type names InvalidGrantException/,
    ],
    [
      'a header that contradicts error',
      400,
      withHeader('InvalidGrantException'),
      text('invalid_client', 'x'),
      /\/error must be equal to constant "invalid_grant"/,
    ],
    [
      'an unknown exception',
      400,
      withHeader('NoSuchException'),
      grantBody,
      /NoSuchException is not documented/,
    ],
    [
      'an exception of another operation',
      400,
      withHeader('InvalidRedirectUriException'),
      text('invalid_redirect_uri', 'x'),
      /not documented for CreateToken/,
    ],
    [
      'slow_down with status 429',
      429,
      withHeader('SlowDownException'),
      text('slow_down', 'x'),
      /status is 429, SlowDownException is documented with 400/,
    ],
    [
      'invalid_client with status 400',
      400,
      withHeader('InvalidClientException'),
      text('invalid_client', 'x'),
      /documented with 401/,
    ],
    [
      'an empty body under an exception header',
      400,
      withHeader('InvalidGrantException'),
      '',
      /the body is empty/,
    ],
    [
      'HTML',
      503,
      { 'Content-Type': 'text/html' },
      '<html><body>Service Unavailable</body></html>',
      /Content-Type is text\/html/,
    ],
    [
      'an unmodelled 403',
      403,
      { ...json, 'x-amzn-ErrorType': 'MissingAuthenticationTokenException' },
      '{"message":"x"}',
      /not documented/,
    ],
    [
      'camelCase in the error body',
      400,
      withHeader('InvalidGrantException'),
      '{"error":"invalid_grant","errorDescription":5,"error_description":5}',
      /error_description must be/,
    ],
    [
      'a token within an error',
      400,
      withHeader('InvalidGrantException'),
      '{"error":"invalid_grant","accessToken":"aoaXXXXXXXXXXXX"}',
      /accessToken/,
    ],
  ])('%s', async (_, status, headers, body, problem) => {
    const reply = await replay('CreateToken', status, headers, body);
    expect(reply.problems.join('\n')).toMatch(problem);
  });

  test.each([
    ['expiresIn as a string', { ...token, expiresIn: '3600' }, /\/expiresIn must be integer/],
    ['expiresIn with a fraction', { ...token, expiresIn: 3600.5 }, /\/expiresIn must be integer/],
    ['an empty access token', { ...token, accessToken: '' }, /accessToken/],
    ['no access token', { ...token, accessToken: null }, /accessToken/],
    ['snake_case members', { access_token: 'x', token_type: 'Bearer', expires_in: 3600 }, /accessToken/],
    ['another token type', { ...token, tokenType: 'mac' }, /tokenType/],
    ['an error within a success', { ...token, error: 'invalid_grant' }, /error/],
    ['a refresh token that is a number', { ...token, refreshToken: 5 }, /refreshToken/],
  ])('a success with %s', async (_, body, problem) => {
    expect((await replay('CreateToken', 200, json, JSON.stringify(body))).problems.join('\n')).toMatch(
      problem,
    );
  });

  test.each([
    ['3600.0', /\/expiresIn is spelt 3600.0, not as a plain integer/],
    ['3.6e3', /\/expiresIn is spelt 3.6e3/],
  ])('expiresIn spelt %s', async (spelt, problem) => {
    const body = JSON.stringify(token).replace('3600', spelt);
    expect((await replay('CreateToken', 200, json, body)).problems.join('\n')).toMatch(problem);
  });

  test.each([
    [
      'a repeated member',
      JSON.stringify(token).replace('}', ',"tokenType":"Bearer"}'),
      /tokenType occurs twice/,
    ],
    ['a body cut off', JSON.stringify(token).slice(0, -5), /not JSON/],
    ['text behind the body', `${JSON.stringify(token)}ok`, /not JSON/],
    ['a list', `[${JSON.stringify(token)}]`, /not an object/],
    ['an empty body', '', /the body is empty/],
  ])('%s', async (_, body, problem) => {
    expect((await replay('CreateToken', 200, json, body)).problems.join('\n')).toMatch(problem);
  });

  test('a success with status 201', async () => {
    expect((await replay('CreateToken', 201, json, JSON.stringify(token))).problems).toEqual([
      'the status is 201, not 200',
    ]);
  });

  test('a success that names an exception', async () => {
    const reply = await replay(
      'CreateToken',
      200,
      withHeader('InvalidGrantException'),
      JSON.stringify(token),
    );
    expect(reply.problems).toEqual(['a success names an exception in x-amzn-ErrorType']);
  });
});
