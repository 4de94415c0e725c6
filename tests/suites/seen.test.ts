import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editing, issuesTokens } from '../../emulator/defects/aws-json/kit.ts';
import type { Emulator } from '../../emulator/server.ts';
import type { Report } from '../../harness/report/report.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

/** A reason for which a case does not apply is given only where it was seen. */
let emulator: Emulator;

beforeAll(async () => {
  const { middleware } = editing(issuesTokens, (body) => ({ ...body, expiresIn: String(body.expiresIn) }));
  emulator = await startEmulator({ middleware: middleware?.() });
});
afterAll(() => emulator.close());

/** A provider that gives no code without a challenge. */
const careful: FixtureProvider = async (verb, input) => {
  if (verb === 'authorization-code' && !('codeChallenge' in input))
    return { kind: 'refused', message: 'a challenge is required' };
  const { status, body } = await emulator.fixture(verb, input);
  return status === 200
    ? { kind: 'given', output: JSON.parse(body) as Record<string, unknown> }
    : { kind: 'refused', message: body };
};

const certify = (...cases: string[]): Promise<Report> =>
  certifyHere({ endpoint: emulator.url }, { provider: careful, selection: { cases } });

const told = ({ verdicts }: Report) => verdicts.map(({ case: id, verdict, reason }) => [id, verdict, reason]);

describe('what was not seen', () => {
  test('is no pass where a step could not be reached', async () => {
    const report = await certify('authorization-code/*without-challenge');
    expect(told(report)).toEqual([
      ['authorization-code/without-challenge', 'not-applicable', 'no code is issued without a challenge'],
      [
        'authorization-code/verifier-without-challenge',
        'not-applicable',
        'no code is issued without a challenge',
      ],
    ]);
  });

  test('is not called absent where it is there in another type', async () => {
    const report = await certify('authorization-code/valid', 'wire/expires-in-plausible');
    expect(told(report)).toContainEqual([
      'wire/expires-in-plausible',
      'not-tested',
      'no response of this kind was seen',
    ]);
  });

  test('is not said of unknown grant types that nobody asked for', async () => {
    const report = await certify(
      'authorization-code/valid',
      'wire/CreateToken/UnsupportedGrantTypeException',
    );
    expect(told(report)).toContainEqual([
      'wire/CreateToken/UnsupportedGrantTypeException',
      'not-tested',
      'no response of this kind was seen',
    ]);
  });
});
