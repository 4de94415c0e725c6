import { expect, onTestFinished, test } from 'vitest';
import { certifyTarget } from '../../cli/certify.ts';
import { runHere } from '../../cli/run-here.ts';
import { limitsOf, targetOfIssuer } from '../../targets/target/target.ts';
import { few } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';
import { saying } from '../support/metadata.ts';
import { isTried } from '../support/whole.ts';

async function certified(change: Readonly<Record<string, unknown>>) {
  const emulator = await startEmulator({ oauth: { middleware: saying(() => change) } });
  onTestFinished(emulator.close);
  const { issuer, fixtures } = emulator.oauth;
  const target = { ...targetOfIssuer(issuer, 'oauth2'), fixtures, scopes: ['openid', 'offline_access'] };
  const { report } = await certifyTarget(
    { ...target, limits: limitsOf(target) },
    { budget: few, seed: 1, commandFor: (id) => id, runJob: runHere() },
  );
  return report;
}

const methods = (...token_endpoint_auth_methods_supported: readonly string[]) => ({
  token_endpoint_auth_methods_supported,
});
const grants = (...grant_types_supported: readonly string[]) => ({ grant_types_supported });

/** What a server may leave out of its metadata, and what is then seen granted. */
const lists: readonly (readonly [string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
  [
    'public clients alone, codes and refresh tokens',
    { ...methods('none'), ...grants('authorization_code', 'refresh_token') },
    ['authorization_code', 'refresh_token'],
  ],
  ['client credentials alone', grants('client_credentials'), ['client_credentials']],
  [
    'secrets in the body alone',
    { ...methods('client_secret_post', 'tls_client_auth'), ...grants('authorization_code') },
    ['authorization_code'],
  ],
  [
    'pairs of keys alone',
    { ...methods('private_key_jwt'), ...grants('refresh_token', 'client_credentials') },
    ['client_credentials', 'refresh_token'],
  ],
  [
    'neither devices nor registration',
    {
      ...grants('authorization_code', 'client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'),
      device_authorization_endpoint: undefined,
      registration_endpoint: undefined,
    },
    ['authorization_code', 'client_credentials'],
  ],
];

test.each(lists.filter(isTried))(
  'a server whose metadata lists %s is blamed for nothing',
  async (_, change, granted) => {
    const report = await certified(change);
    const { verdicts, limits, metadata = [] } = report;
    const wrong = verdicts.filter(({ verdict }) => !['pass', 'not-applicable'].includes(verdict));
    expect(wrong.map((one) => `${one.verdict} ${one.case}: ${one.reason}`)).toEqual([]);
    const seen = report.grants.filter((one) => one.operation === 'token' && one.granted);
    expect(seen.map(({ grant }) => grant).toSorted()).toEqual(granted);
    expect(limits.filter(({ by }) => by === 'metadata').length).toBeGreaterThan(3);
    expect(metadata.map(({ response }) => response?.status)).toContain(200);
  },
);
