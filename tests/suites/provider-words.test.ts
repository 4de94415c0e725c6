import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../harness/report/report.ts';
import { renderMarkdown } from '../../reporters/markdown.ts';
import { renderTerminal } from '../../reporters/terminal.ts';
import type { FixtureProvider, Offer } from '../../targets/fixtures/provider.ts';
import { callHttp } from '../../targets/providers/http.ts';
import type { FixtureVerb } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** The provider of the emulator, but for one verb. */
function providerWith(
  verb: FixtureVerb,
  say: (given: Offer, input: Readonly<Record<string, unknown>>) => Offer,
) {
  const all = callHttp(emulator.fixtures, 10_000);
  const provider: FixtureProvider = async (asked, input) => {
    const offer = await all(asked, input);
    return asked === verb ? say(offer, input) : offer;
  };
  return provider;
}

const certify = (provider: FixtureProvider, ...cases: readonly string[]): Promise<Report> =>
  certifyHere({ endpoint: emulator.url, profile: 'aws-sso-oidc' }, { selection: { cases }, provider });

describe('a provider that refuses', () => {
  const refusing = (message: string) => () => ({ kind: 'refused', message }) as const;

  test.each([
    ['authorization-code', 'authorization-code/valid'],
    ['device-decision', 'device-code/approved'],
    ['assertion', 'jwt-bearer/valid'],
    ['subject-token', 'token-exchange/valid'],
  ] as const)('is quoted with what it says of %s', async (verb, id) => {
    const report = await certify(providerWith(verb, refusing('the user store is read-only')), id);
    expect(report.verdicts).toMatchObject([
      { verdict: 'not-tested', reason: `the fixture "${verb}" was refused: the user store is read-only` },
    ]);
  });

  test('is quoted without a secret, without control characters, and not for ever', async () => {
    const token = 'A1b2C3d4'.repeat(6);
    const said = `\u001b[31m<script> **no** code=${token} ${'x'.repeat(2_000)}`;
    const report = await certify(
      providerWith('authorization-code', refusing(said)),
      'authorization-code/valid',
    );
    const reason = report.verdicts[0]?.reason ?? '';
    expect(reason).toContain('[code 48 chars');
    expect(reason).not.toContain(token);
    expect(reason.length).toBeLessThan(700);
    expect(renderTerminal(report, { color: false })).not.toContain('\u001b');
    expect(renderMarkdown(report)).not.toMatch(/<script>|\*\*no\*\*/);
  });
});

describe('a provider whose assertions are none', () => {
  const giving = (assertion: string) => () => ({ kind: 'given', output: { assertion } }) as const;
  const json = Buffer.from('{}').toString('base64url');

  test.each([
    ['opaque-assertion-of-an-emulator', 'it has 1 of 3 parts'],
    ['bm8.bm8.bm8', 'its header is no JSON object in base64url'],
    [`${json}.bm8.bm8`, 'its payload is no JSON object in base64url'],
  ])('says so of every case that needs one: %s', async (assertion, why) => {
    const report = await certify(providerWith('assertion', giving(assertion)), 'jwt-bearer/*');
    const concerned = report.verdicts.filter(({ verdict }) => verdict !== 'not-applicable');
    expect(concerned.length).toBeGreaterThan(20);
    expect(new Set(concerned.map(({ verdict, reason }) => `${verdict}: ${reason}`))).toEqual(
      new Set([`not-tested: the fixture "assertion" gave no signed JWT: ${why}`]),
    );
  });
});
