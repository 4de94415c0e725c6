import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import { unofferedIn } from '../../targets/metadata.ts';
import type { DeclaredClient, RegisteredMethod, Target } from '../../targets/target/target.ts';
import { certifyHere, verdictOf } from '../support/certify.ts';
import { endpointsOf, fixturesOf, startEmulator } from '../support/emulator.ts';

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const grantTypes = {
  code: ['authorization_code', 'refresh_token'],
  device: [deviceCodeGrant, 'refresh_token'],
};

/** Certifies an emulator with clients that its operator has registered: two of each flow, all with this redirect URI. */
async function certified(
  redirectUri: string,
  cases: readonly string[],
  fixturesLeft: readonly ('fault' | 'expire')[] = ['fault', 'expire'],
): Promise<Report> {
  const emulator = await startEmulator();
  const declared = async (flow: keyof typeof grantTypes): Promise<DeclaredClient> => {
    const wishes = {
      grantTypes: grantTypes[flow],
      scopes: ['sso:account:access'],
      ...(flow === 'code' && { redirectUris: [redirectUri] }),
    };
    const { clientId, clientSecret } = JSON.parse((await emulator.fixture('client', wishes)).body);
    return { clientId, clientSecret, ...wishes };
  };
  try {
    const clients = {
      web: await declared('code'),
      'other web': await declared('code'),
      device: await declared('device'),
      'other device': await declared('device'),
    };
    const { url: endpoint, fixtures } = emulator;
    const limits = fixturesLeft.map((fixture) => ({ fixture, reason: 'not here' }));
    return await certifyHere({ endpoint, fixtures, clients, limits }, { selection: { cases } });
  } finally {
    await emulator.close();
  }
}

const uris = ['https://app.example/callback', 'https://app.example/', 'app.example:/other', 'http://[::1]/'];

describe.each(uris)('a client that was registered with %s', (uri) => {
  test('is failed by no change that changes nothing, and a report of it can be recomputed', async () => {
    const report = await certified(uri, ['authorization-code/*', 'generated/authorization-code/*']);
    expect(
      report.verdicts.filter(({ verdict }) => verdict === 'fail').map((one) => [one.case, one.reason]),
    ).toEqual([]);
    const again = rejudge([report], openCatalogue(targetOf(report)));
    expect(again.verdicts.map((one) => [one.case, one.verdict])).toEqual(
      report.verdicts.map((one) => [one.case, one.verdict]),
    );
  });
});

test('what a change leaves alone is said, and what it changes is sent', async () => {
  const report = await certified('https://app.example/', ['authorization-code/redirect-uri-*']);
  expect(verdictOf(report, 'authorization-code/redirect-uri-other-scheme')).toBe('pass');
  expect(verdictOf(report, 'authorization-code/redirect-uri-upper-case')).toBe('not-applicable');
  expect(report.verdicts.find(({ verdict }) => verdict === 'not-applicable')?.reason).toMatch(
    /already what this case would make of it/,
  );
});

test('nobody can claim so of a change that changes something', async () => {
  const report = await certified('https://app.example/callback', [
    'authorization-code/redirect-uri-upper-case',
  ]);
  const claimed = {
    ...report,
    verdicts: report.verdicts.map((one) => ({
      ...one,
      verdict: 'not-applicable' as const,
      reason:
        'the valid request is here already what this case would make of it, so nothing is wrong with it',
      exchanges: one.exchanges.filter(({ step }) => step === 'control'),
    })),
  };
  expect(rejudge([claimed], openCatalogue(targetOf(report))).verdicts[0]?.verdict).toBe('not-tested');
});

test('faults and expired secrets of clients that all cases share fail nothing', async () => {
  const report = await certified(
    'http://127.0.0.1:8400/oauth/callback',
    ['authorization-code/*', 'device-code/*'],
    [],
  );
  const others = report.verdicts.filter(({ verdict }) => verdict !== 'pass');
  expect(
    others
      .filter(({ verdict }) => verdict !== 'not-tested' && verdict !== 'not-applicable')
      .map((one) => [one.case, one.verdict, one.reason]),
  ).toEqual([
    ...['authorization-code', 'device-code'].map((folder) => [
      `${folder}/expired-secret`,
      'inconclusive',
      'all cases share one client here, and need its secret',
    ]),
  ]);
  expect(report.verdicts.filter((one) => /fault-/.test(one.case) && one.verdict !== 'pass')).toEqual([]);
});

describe('clients of a server of the standards', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'mine' }] };
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'mine' } as DeclaredClient['key'];

  /** Certifies an emulator with one client for each of these methods, in this order, all for codes. */
  async function certifiedWith(
    methods: readonly RegisteredMethod[],
    cases: readonly string[],
    reached: Pick<Partial<Target>, 'usualMethod' | 'limits'> = {},
  ): Promise<Report> {
    const { oauth, close } = await startEmulator();
    const declared = async (authMethod: RegisteredMethod): Promise<DeclaredClient> => {
      const isOfKeys = authMethod === 'private_key_jwt';
      const wishes = { grantTypes: grantTypes.code, redirectUris: ['https://app.example/callback'] };
      const auth = { auth: authMethod, ...(isOfKeys && { jwks }) };
      const { body } = await oauth.fixture('client', { ...wishes, ...auth });
      const { clientId, clientSecret } = JSON.parse(body);
      return {
        clientId,
        authMethod,
        ...wishes,
        ...(clientSecret !== undefined && { clientSecret }),
        ...(isOfKeys && { key }),
      } as DeclaredClient;
    };
    try {
      const all = await Promise.all(methods.map(declared));
      const { issuer, fixtures } = oauth;
      const target = {
        dialect: 'oauth-form',
        profile: 'oidc',
        issuer,
        endpoint: endpointsOf(issuer),
        fixtures,
        scopes: ['openid'],
        clients: Object.fromEntries(all.map((one, at) => [`client ${at}`, one])),
        ...reached,
      } as const;
      return await certifyHere(target, {
        provider: fixturesOf({ fixture: oauth.fixture }),
        selection: { cases },
      });
    } finally {
      await close();
    }
  }

  const all = [
    'none',
    'private_key_jwt',
    'client_secret_jwt',
    'client_secret_post',
    'client_secret_basic',
  ] as const;
  const cases = [
    'authorization-code/valid',
    'authorization-code/wrong-secret',
    'client-basic/*',
    'client-authentication/*',
    'private-key-jwt/*',
    'client-secret-jwt/*',
  ];

  test.each([
    ['as listed', all],
    ['backwards', all.toReversed()],
  ])('are chosen by how they authenticate, not by their place: %s', async (_, methods) => {
    const { verdicts } = await certifiedWith(methods, cases);
    const others = verdicts.filter(({ verdict }) => verdict !== 'pass');
    expect(new Set(others.map(({ reason }) => reason))).toEqual(
      new Set([
        'all cases share one client here, and need its secret',
        'the target file declares a client that signs with ES256',
        ...['client_secret_basic', 'private_key_jwt', 'client_secret_jwt'].map(
          (method) =>
            `the target file declares no second client for ${method} with the grants authorization_code, refresh_token`,
        ),
      ]),
    );
    expect(others.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
    for (const id of ['authorization-code/valid', 'client-basic/spelled-out', 'private-key-jwt/valid'])
      expect(verdicts.find((one) => one.case === id)?.verdict, id).toBe('pass');
  });

  test('are asked by the method that they have where none is wished for', async () => {
    const { verdicts } = await certifiedWith(
      ['private_key_jwt', 'client_secret_post'],
      ['authorization-code/valid', 'authorization-code/wrong-secret', 'client-basic/spelled-out'],
    );
    expect(Object.fromEntries(verdicts.map((one) => [one.case, one.verdict]))).toEqual({
      'authorization-code/valid': 'pass',
      'authorization-code/wrong-secret': 'pass',
      'client-basic/spelled-out': 'not-tested',
    });
  });

  test('may all be public where nobody authenticates: then no secret is made up for them', async () => {
    const document = { token_endpoint_auth_methods_supported: ['none'] };
    const { verdicts } = await certifiedWith(
      ['none', 'none'],
      [
        'authorization-code/valid',
        'authorization-code/wrong-secret',
        'authorization-code/credentials-in-query',
      ],
      { usualMethod: 'none', limits: unofferedIn(document, 'https://as.example/metadata') },
    );
    expect(Object.fromEntries(verdicts.map((one) => [one.case, one.verdict]))).toEqual({
      'authorization-code/valid': 'pass',
      'authorization-code/wrong-secret': 'not-applicable',
      'authorization-code/credentials-in-query': 'not-applicable',
    });
  });
});
