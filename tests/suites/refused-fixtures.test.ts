import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogueOf } from '../../cli/catalogue.ts';
import { rejudge } from '../../harness/report/rejudge.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { callHttp } from '../../targets/providers/http.ts';
import { certifyHere } from '../support/certify.ts';
import { startEmulator } from '../support/emulator.ts';

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

type Input = Readonly<Record<string, unknown>>;

test.each<
  [what: string, refuses: (verb: string, input: Input) => boolean, cases: readonly string[], many: number]
>([
  [
    'a code without a challenge',
    (verb, { codeChallenge }) => verb === 'authorization-code' && codeChallenge === undefined,
    ['authorization-code/without-challenge', 'authorization-code/verifier-without-challenge'],
    2,
  ],
  [
    'a code for a redirect URI that is not the usual one',
    (verb, { redirectUri }) =>
      verb === 'authorization-code' && !/^http:[^?]*\/oauth\/callback$/.test(String(redirectUri)),
    ['*authorization-code/redirect-uri-*', 'authorization-code/redirect-uris-swapped'],
    15,
  ],
  [
    'the end of a session',
    (verb, { kind }) => verb === 'expire' && kind === 'sessionToken',
    ['iam-signature/expired-session-token*'],
    2,
  ],
])(
  '%s that a provider refuses takes cases away, also when they are judged again',
  async (_, refuses, cases, many) => {
    const all = callHttp(emulator.fixtures, 10_000);
    const provider: FixtureProvider = async (verb, input) =>
      refuses(verb, input) ? { kind: 'refused', message: 'no' } : all(verb, input);
    const report = await certifyHere(
      { endpoint: emulator.url, profile: 'aws-sso-oidc' },
      { selection: { cases }, provider },
    );
    const verdicts = ({ verdicts }: typeof report) =>
      verdicts.map(({ case: id, verdict, reason }) => [id, verdict, reason]);
    expect(report.verdicts.filter(({ verdict }) => verdict === 'not-applicable').length).toBe(many);
    expect(verdicts(rejudge([report], catalogueOf(report)))).toEqual(verdicts(report));
  },
);
