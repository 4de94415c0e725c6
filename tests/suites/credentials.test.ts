import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Behaviours } from '../../emulator/behaviours.ts';
import { orderOfChecks } from '../../emulator/fronts/aws-json/order.ts';
import type { Emulator } from '../../emulator/server.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import type { Credentials } from '../../targets/authentication/aws-signature.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** Wrong credentials are the user's mistake: one diagnosis, and not a red case for every grant. */
let emulator: Emulator;
let valid: Credentials;

async function fixture(verb: string, input: object): Promise<Record<string, string>> {
  const response = await fetch(`${emulator.fixtures}/${verb}`, {
    method: 'POST',
    body: JSON.stringify(input),
  });
  return (await response.json()) as Record<string, string>;
}

async function freshCredentials(): Promise<Credentials> {
  const {
    accessKeyId = '',
    secretAccessKey = '',
    sessionToken = '',
  } = await fixture('credentials', { allowed: true });
  return { accessKeyId, secretAccessKey, sessionToken };
}

beforeAll(async () => {
  emulator = await startEmulator();
  valid = await freshCredentials();
});
afterAll(() => emulator.close());

const noClock = { fixture: 'clock', reason: 'nobody moves it' } as const;

/** Looks at the application before anything else. */
const clientFirst: Behaviours['order-of-checks'] = (operation, grant) => {
  const others = orderOfChecks(operation, grant).filter((name) => name !== 'client-known');
  return ['client-known', ...others];
};

const exceptionOf = (error: string) => (error === 'invalid_client' ? 'InvalidClientException' : error);

const certify = (credentials: Credentials, endpoint = emulator.url, fixtures = emulator.fixtures) =>
  certifyHere(
    {
      limits: [noClock],
      endpoint,
      fixtures,
      profile: 'aws-create-token-with-iam',
      credentials,
    },
    { selection: { cases: ['jwt-bearer/valid', 'iam-signature/unsigned', 'token-exchange/*'] } },
  );

describe('the diagnosis of', () => {
  test('right credentials is none', async () => {
    const report = await certify(valid);
    expect(report).toMatchObject({ diagnosis: null, exitCode: 0 });
  });

  test.each<[string, Partial<Behaviours>]>([
    ['in the body alone', { 'error-headers': () => [] }],
    [
      'by __type',
      {
        'error-headers': () => [],
        'error-body': ({ error }) => ({ __type: `com.amazonaws.ssooidc#${exceptionOf(error)}` }),
      },
    ],
    [
      'by code',
      {
        'error-headers': () => [],
        'error-body': ({ error }) => ({ code: exceptionOf(error), message: 'x' }),
      },
    ],
  ])('an unknown application that is named %s is none', async (_, behaviours) => {
    const other = await startEmulator({ behaviours: { ...behaviours, 'order-of-checks': clientFirst } });
    try {
      const answer = await fetch(`${other.fixtures}/credentials`, {
        method: 'POST',
        body: '{"allowed":true}',
      });
      const { diagnosis } = await certify((await answer.json()) as Credentials, other.url, other.fixtures);
      expect(diagnosis).toBeNull();
    } finally {
      await other.close();
    }
  });

  test.each<[string, () => Promise<Credentials>, RegExp]>([
    [
      'a wrong secret key',
      async () => ({ ...valid, secretAccessKey: `${valid.secretAccessKey}x` }),
      /the secret access key is wrong/,
    ],
    [
      'an unknown access key',
      async () => ({ ...valid, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }),
      /the access key is not known/,
    ],
    [
      'an expired session token',
      async () => {
        const credentials = await freshCredentials();
        await fixture('expire', { kind: 'sessionToken', value: credentials.sessionToken });
        return credentials;
      },
      /the session token has expired/,
    ],
  ])('%s', async (_, credentials, meaning) => {
    const report = await certify(await credentials());
    expect(report.diagnosis).toMatch(meaning);
    expect(report.exitCode).toBe(2);
    expect(report.counts).toMatchObject({ pass: 0, warn: 0, fail: 0 });
    expect(report.verdicts.every(({ reason }) => meaning.test(reason ?? ''))).toBe(true);
    expect(renderTerminal(report, { color: false }).match(new RegExp(meaning, 'g'))).toHaveLength(1);
  });

  test('a clock that is an hour off', async () => {
    const late = await startEmulator();
    try {
      await fetch(`${late.fixtures}/clock`, { method: 'POST', body: '{"advanceSeconds":3600}' });
      const response = await fetch(`${late.fixtures}/credentials`, {
        method: 'POST',
        body: '{"allowed":true}',
      });
      const report = await certify((await response.json()) as Credentials, late.url);
      expect(report.diagnosis).toMatch(/the clock of this machine and that of the target differ/);
      expect(report.counts.fail).toBe(0);
    } finally {
      await late.close();
    }
  });
});
