import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { type CertifyOptions, certify, type Report, type TargetFile } from '../../cli/api.ts';
import { openCatalogue } from '../../cli/catalogue.ts';
import { type Behaviours, defaultBehaviours } from '../../emulator/behaviours.ts';
import type { Middleware } from '../../emulator/wire.ts';
import { rejudge } from '../../harness/report/rejudge.ts';
import { renderHtml } from '../../reporters/html.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import { problemsWith } from '../../schemas/read.ts';
import { targetAt } from '../../targets/target/target.ts';
import { startEmulator } from '../support/emulator.ts';
import { closedPort } from '../targets/support.ts';

const closing: (() => unknown)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

/** A server of its own for a test, and how often it was asked. */
async function serving(listener: RequestListener): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

const answering =
  (status: number, type: string, body: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': type }).end(body);

async function emulator(options: { middleware?: Middleware; behaviours?: Partial<Behaviours> } = {}) {
  const started = await startEmulator(options);
  closing.push(started.close);
  return started;
}

/** The emulator, but for what is registered there. */
const refusingRegistrations = (status: number, type: string, body: string): Middleware => {
  return async (request, endpoint) =>
    request.path === '/client/register'
      ? { status, headers: [['Content-Type', type]], body }
      : endpoint(request);
};

/** A standard server that lets nobody register without a token, and a client of it. */
async function protectedRegistration({
  status,
  body,
  headers,
}: {
  readonly status: number;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
}) {
  const type = ['Content-Type', 'application/json'] as const;
  const started = await startEmulator({
    oauth: {
      middleware: async (request, next) =>
        request.path.endsWith('/register') ? { status, headers: [type, ...headers], body } : next(request),
    },
  });
  closing.push(started.close);
  const { issuer } = started.oauth;
  const redirectUris = ['http://127.0.0.1:8400/oauth/callback'];
  const wishes = { grantTypes: ['authorization_code', 'refresh_token'], redirectUris, auth: 'secret' };
  const { clientId, clientSecret } = JSON.parse((await started.oauth.fixture('client', wishes)).body);
  return {
    client: { clientId, clientSecret, redirectUris },
    target: { name: 'protected', profile: 'oauth2', issuer } satisfies TargetFile,
  };
}

const certifying = (target: Omit<TargetFile, 'name'>, options: CertifyOptions = {}): Promise<Report> =>
  certify({ name: 'closed', timeoutSeconds: 0.5, ...target } as TargetFile, {
    budget: 'quick',
    seed: 1,
    ...options,
  });

/** What has to be true of every run that ends at a closed door. */
function expectClosed(report: Report, diagnosis: RegExp): void {
  expect(report.diagnosis).toMatch(diagnosis);
  expect(report.exitCode).toBe(2);
  expect(problemsWith('report', report)).toEqual([]);
  const open = report.verdicts.filter(
    ({ verdict }) => verdict !== 'inconclusive' && verdict !== 'not-tested',
  );
  expect(open.map((one) => [one.case, one.verdict])).toEqual([]);
  expect(new Set(report.verdicts.map(({ reason }) => reason)).size).toBe(1);
  const lines = renderTerminal(report, { color: false }).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.slice(2, 5).join(' ')).toMatch(diagnosis);
  expect(lines).toContain(`${report.verdicts.length} cases were not run.`);
  for (const rendered of [renderMarkdown(report), renderHtml(report)]) {
    expect(rendered).toContain(`${report.verdicts.length} cases were not run.`);
    expect(rendered).not.toContain('InvalidGrantException');
  }
}

// Side by side, since most of the time is the pause between two knocks.
describe.concurrent('a door is closed', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('where nobody listens, at %s', async (host) => {
    const endpoint = (await closedPort()).replace('127.0.0.1', host);
    const report = await certifying({ endpoint });
    expectClosed(report, /^No request got a response from http:\S+: (?:connection refused|the host cannot)/);
    expect(report.requests).toBe(9);
  });

  test('where nobody knows the name', async () => {
    const report = await certifying({ endpoint: 'http://nobody.invalid' });
    expectClosed(report, /the host name cannot be resolved\. Is the host name spelt right/);
  });

  test('where one URL for each operation leads nowhere', async () => {
    const [one, other] = [await closedPort(), await closedPort()];
    const report = await certifying({
      endpoint: {
        CreateToken: `${one}/token`,
        RegisterClient: `${other}/r`,
        StartDeviceAuthorization: `${other}/d`,
      },
    });
    expectClosed(report, /No request got a response from/);
    expect(report.diagnosis).toContain(one);
    expect(report.diagnosis).toContain(other);
  });

  test.each<[string, string | undefined]>([
    ['is said', undefined],
    ['is HTTP', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ])('where nothing %s', async (_, banner) => {
    const server = createSocketServer((socket) => {
      socket.on('error', () => {});
      if (banner !== undefined) socket.end(banner);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const report = await certifying({ endpoint, timeoutSeconds: 0.2 });
    expectClosed(report, banner === undefined ? /no complete response within/ : /not valid HTTP/);
  });

  test.each<[string, number, string, string]>([
    ['403', 403, 'application/json', '{"message":"Forbidden"}'],
    ['500', 500, 'text/plain', ''],
    ['500 in the right words', 500, 'application/json', '{"error":"server_error"}'],
    ['HTML', 200, 'text/html', '<!doctype html><title>Welcome</title>'],
    ['404', 404, 'application/json', '{"message":"Not Found"}'],
  ])('where every registration is answered with %s', async (_, status, type, body) => {
    const { url: endpoint } = await emulator({ middleware: refusingRegistrations(status, type, body) });
    const report = await certifying({ endpoint });
    expectClosed(report, /^No client can be had: http:\S+ refused every valid registration \(status \d+/);
  });

  test.each<[string, number, string, [string, string][]]>([
    ['403 of a policy', 403, '{"error":"insufficient_scope","error_description":"Policy"}', []],
    ['401 without words', 401, '', []],
    ['400 and a challenge', 400, '{"error":"invalid_request"}', [['WWW-Authenticate', 'Bearer realm="x"']]],
  ])('where registration is protected (RFC 7591 §3), and answers %s', async (_, status, body, headers) => {
    const { target, client } = await protectedRegistration({ status, body, headers });
    const cases = ['register-client/*', 'metadata/*', 'authorization-code/valid', 'wire/error-*'];
    const report = await certify(target, { budget: 'quick', seed: 1, cases });
    expect(
      report.verdicts.filter((one) => one.verdict === 'fail').map((one) => [one.case, one.reason]),
    ).toEqual([]);
    expect(report.exitCode).toBe(2);
    expect(report.diagnosis).toMatch(
      /^Registration is not open at http:\S+ \(status 40\d.*declare "clients"/,
    );
    const declared = await certify(
      { ...target, clients: { one: client } },
      { budget: 'quick', seed: 1, cases },
    );
    const of = (id: string) => declared.verdicts.find((one) => one.case === id);
    expect(of('authorization-code/valid')?.verdict).toBe('pass');
    expect(of('register-client/valid')).toMatchObject({ verdict: 'not-tested' });
    expect(of('register-client/valid')?.reason).toMatch(/^registration is not open here/);
    expect(declared.exitCode).toBe(2);
  });

  test('where everything wants a login, whoever comes', async () => {
    const { fixtures } = await emulator();
    const clients = { one: { clientId: 'one', clientSecret: 'a secret of this client' } };
    const comers = [{}, { fixtures }, { clients }].map(async (more) => {
      const { url: endpoint, asked } = await serving(
        answering(401, 'application/json', '{"message":"Unauthorized"}'),
      );
      const report = await certifying({ endpoint, ...more });
      expectClosed(report, /^Something in front of http:\S+ refuses every request, .* \(status 401: /);
      expect(report.requests).toBe(asked());
    });
    await Promise.all(comers);
  });

  test('where everything wants a login, signed requests too', async () => {
    const { url: endpoint } = await serving(answering(401, 'text/plain', ''));
    const { fixtures } = await emulator();
    const report = await certifying({ endpoint, fixtures, profile: 'aws-sso-oidc' });
    expect(report.exitCode).toBe(2);
    expect(report.diagnosis).toMatch(
      /^Something in front of .* The signed operation was not judged: .* \(status 401\)\.$/,
    );
    expect(
      report.verdicts.filter((one) => one.verdict === 'fail').map((one) => [one.case, one.reason]),
    ).toEqual([]);
    expect(renderTerminal(report, { color: false }).trimEnd().split('\n').length).toBeLessThanOrEqual(12);
  });

  test('in every part of a certification that is put together', async () => {
    const report = await certifying({ endpoint: await closedPort() });
    const again = rejudge([report, report], openCatalogue(targetAt('http://127.0.0.1')));
    expect(again).toMatchObject({ exitCode: 2, diagnosis: report.diagnosis });
  });

  test('with its reason without what is secret in it', async () => {
    const secret = 'x7Qm2LkV9sTz4RbN8wYc';
    const clients = { one: { clientId: 'one', clientSecret: secret } };
    const { url: endpoint } = await serving((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.writeHead(403, { 'Content-Type': 'text/plain' }).end(`no: ${body}`));
    });
    const report = await certifying({ endpoint, clients });
    expect(report.exitCode).toBe(2);
    expect(JSON.stringify(report)).not.toContain(secret);
  });
});

describe.concurrent('a door is open', () => {
  test('where the first answers are lost', async () => {
    let lost = 0;
    const { url: endpoint, fixtures } = await emulator();
    const { url } = await serving(async (request, response) => {
      if (lost++ < 4) return void request.socket.destroy();
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const answer = await fetch(endpoint + request.url, {
        method: String(request.method),
        headers: { 'Content-Type': 'application/json' },
        ...(request.method === 'POST' && { body: Buffer.concat(chunks) }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
    });
    const report = await certifying(
      { endpoint: url, fixtures, timeoutSeconds: 10 },
      { cases: ['device-code/pending'] },
    );
    expect(report).toMatchObject({ diagnosis: null, counts: { pass: 1 } });
  });

  test('where somebody in front lets in who has a client', async () => {
    const honest = await emulator();
    const { url: endpoint, fixtures } = await emulator({
      behaviours: {
        'error-headers': () => [],
        'error-body': () => ({ message: 'Unauthorized' }),
        'error-status': (name) =>
          name === 'InvalidClientException' ? 401 : defaultBehaviours['error-status'](name),
      },
      middleware: async (request, next) => {
        const body = request.method === 'POST' ? Buffer.from(request.body ?? []).toString() : '';
        const isStranger = !body.includes('clientSecret') || body.includes('"clientId":"token-conformance"');
        const answer = { status: 401, headers: [['Content-Type', 'application/json']] as const, body: '{}' };
        return isStranger && request.path !== '/client/register' ? answer : next(request);
      },
    });
    const report = await certifying(
      { endpoint, fixtures, jwks: honest.jwks },
      { cases: ['device-code/approved', 'authorization-code/valid'] },
    );
    expect(report.diagnosis).toBeNull();
    expect(report.counts.pass).toBeGreaterThan(0);
  });

  test('where clients come from the fixture provider, and only registrations fail', async () => {
    const { url: endpoint, fixtures } = await emulator({
      middleware: refusingRegistrations(403, 'application/json', '{"message":"Forbidden"}'),
    });
    const report = await certifying(
      { endpoint, fixtures },
      { cases: ['authorization-code/valid', 'register-client/valid'] },
    );
    expect(report).toMatchObject({ diagnosis: null, exitCode: 1, counts: { pass: 1, fail: 1 } });
  });

  test('where registrations are refused in words of the endpoint: these are judged, and nothing else', async () => {
    const { url: endpoint } = await emulator({
      behaviours: { 'client-type-public': () => ({ error: 'invalid_client_metadata', description: 'no' }) },
    });
    const report = await certifying({ endpoint }, { cases: ['register-client/valid', 'device-code/*'] });
    expect(report.exitCode).toBe(1);
    expect(report.diagnosis).toMatch(/^No client can be had/);
    const of = (id: string) => report.verdicts.find((one) => one.case === id)?.verdict;
    expect(of('register-client/valid')).toBe('fail');
    expect(of('device-code/pending')).toBe('not-tested');
  });

  test('where only one grant can be registered', async () => {
    const { url: endpoint } = await emulator({
      middleware: async (request, next) =>
        String(Buffer.from(request.body ?? [])).includes('authorization_code')
          ? { status: 403, headers: [['Content-Type', 'text/plain']], body: 'no' }
          : next(request),
    });
    const report = await certifying({ endpoint }, { cases: ['device-code/polled-twice'] });
    expect(report).toMatchObject({ diagnosis: null, counts: { pass: 1 } });
  });

  test('where one operation of several answers', async () => {
    const { url, fixtures } = await emulator();
    const nobody = await closedPort();
    const endpoint = {
      CreateToken: `${url}/token`,
      RegisterClient: `${nobody}/client/register`,
      StartDeviceAuthorization: `${url}/device_authorization`,
    };
    const report = await certifying(
      { endpoint, fixtures },
      { cases: ['device-code/pending', 'register-client/valid'] },
    );
    expect(report).toMatchObject({ counts: { pass: 1, inconclusive: 1 } });
  });
});
