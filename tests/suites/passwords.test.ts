import { describe, expect, test } from 'vitest';
import { openCatalogue } from '../../cli/catalogue.ts';
import { passwordUser } from '../../emulator/fronts/oauth-form/start.ts';
import { planFor } from '../../harness/plan/plan.ts';
import type { Observation } from '../../harness/probe.ts';
import { rejudge, targetOf } from '../../harness/report/rejudge.ts';
import type { Report } from '../../harness/report/report.ts';
import { toldApart } from '../../suites/grants/alike.ts';
import { oauthForm } from '../../targets/dialects/oauth-form/dialect.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { type Login, limitsOf, targetOfIssuer } from '../../targets/target/target.ts';
import { certifyHere, verdictOf } from '../support/certify.ts';
import { endpointsOf, fixturesOf, startEmulator } from '../support/emulator.ts';

const declared: Login = { ...passwordUser, passwordGrant: true };

interface Run {
  readonly profile?: string;
  readonly login?: Login;
  readonly cases: readonly string[];
  readonly around?: (provider: FixtureProvider) => FixtureProvider;
}

async function certify({ profile = 'oauth2', login, cases, around = (one) => one }: Run): Promise<Report> {
  const emulator = await startEmulator({ oauth: { passwordGrant: login?.passwordGrant === true } });
  const { issuer } = emulator.oauth;
  const target = { dialect: 'oauth-form', profile, issuer, endpoint: endpointsOf(issuer) } as const;
  try {
    return await certifyHere(
      { ...target, scopes: ['openid', 'offline_access'], ...(login && { login }) },
      { selection: { cases }, provider: around(fixturesOf(emulator.oauth)) },
    );
  } finally {
    await emulator.close();
  }
}

describe('the grant password', () => {
  const cases = ['password/valid', 'password/wrong-password', 'refresh-token/password-grant'];

  test.each<[string, Omit<Run, 'cases'>, readonly (string | undefined)[]]>([
    ['declared', { login: declared }, ['pass', 'pass', 'not-applicable']],
    ['not declared', {}, ['not-applicable', 'not-applicable', 'pass']],
    ['not declared with a user', { login: passwordUser }, ['not-applicable', 'not-applicable', 'pass']],
    ['not known to the profile', { profile: 'oauth21' }, [undefined, undefined, 'pass']],
  ])('%s', async (_, run, expected) => {
    const report = await certify({ ...run, cases });
    expect(cases.map((id) => verdictOf(report, id))).toEqual(expected);
    const { profile = 'oauth2' } = run;
    const again = rejudge([report], openCatalogue({ ...targetOf(report), profile }));
    expect(cases.map((id) => verdictOf(again, id))).toEqual(expected);
    expect(JSON.stringify(report)).not.toContain(passwordUser.password);
  });

  test.each([
    ['oidc', undefined, false],
    ['oidc', declared, true],
    ['oauth21', declared, false],
  ] as const)('has cells in %s only where it counts', (profile, login, counts) => {
    const target = targetOfIssuer('http://127.0.0.1', profile);
    const limits = limitsOf({ ...target, limits: [], ...(login && { login }) });
    const { cells } = planFor(openCatalogue(target), { ...target, limits });
    expect(cells.some(({ grant }) => grant === 'password')).toBe(counts);
  });
});

describe('codes of requests that lack something', () => {
  const cases = ['authorization-code/without-redirect-uri', 'authorization-code/challenge-without-method'];
  /** A provider that never heard of it puts in what is missing. */
  const unaware =
    (provider: FixtureProvider): FixtureProvider =>
    (verb, { exactly: _, ...input }) =>
      verb === 'authorization-code'
        ? provider(verb, {
            redirectUri: 'http://127.0.0.1:8400/oauth/callback',
            ...input,
            codeChallengeMethod: 'S256',
          })
        : provider(verb, input);

  test('are judged where the provider confirms them, and where it does not they are not', async () => {
    const [confirmed, ignored] = [await certify({ cases }), await certify({ cases, around: unaware })];
    expect(cases.map((id) => verdictOf(confirmed, id))).toEqual(['pass', 'not-applicable']);
    expect(cases.map((id) => verdictOf(ignored, id))).toEqual(['not-applicable', 'not-applicable']);
  });
});

describe('what tells two kinds of answers apart', () => {
  const answer = (
    members: Readonly<Record<string, unknown>>,
    headers: readonly (readonly [string, string])[] = [],
    status = 400,
  ): Observation => {
    const response = { status, headers: [['Content-Type', 'application/json'], ...headers] as const };
    const body = JSON.stringify({ error: 'invalid_grant', ...members });
    return {
      exchange: { response: { ...response, body } },
      reply: oauthForm.read('token', { ...response, body }),
    } as unknown as Observation;
  };
  const saying = (text: string) => answer({ error_description: text });
  const same = [saying('Wrong'), saying('Wrong')];

  test.each<[string, readonly Observation[], readonly Observation[]]>([
    ['nothing', same, same],
    ['the order of members', [answer({ a: '1', b: '2' })], [answer({ b: '2', a: '1' })]],
    [
      'ids',
      [saying('Wrong. Id 1a'), saying('Wrong. Id 2b')],
      [saying('Wrong. Id 3c'), saying('Wrong. Id 4d')],
    ],
    [
      'a member that is another each time',
      [answer({ at: 1 }), answer({ at: 2 })],
      [answer({ at: 3 }), answer({ at: 4 })],
    ],
    ['the name that was sent', [saying('No alice'), saying('No alice')], [saying('No x1'), saying('No x2')]],
    ['a date', [answer({}, [['Date', 'now']])], [answer({}, [['Date', 'later']])]],
    ['what locks a user', [saying('Wrong'), saying('Locked')], same],
  ])('%s does not', (_, some, others) => {
    expect(toldApart(some, others)).toEqual([]);
  });

  test.each<[string, readonly Observation[], readonly Observation[]]>([
    ['the description', same, [saying('No user'), saying('No user')]],
    ['words between ids', [saying('Wrong 1'), saying('Wrong 2')], [saying('Nobody 3'), saying('Nobody 4')]],
    ['a member', [answer({ left: 4 })], [answer({})]],
    ['the status', [answer({})], [answer({}, [], 401)]],
    ['a header', [answer({})], [answer({}, [['X-Error', 'user']])]],
  ])('%s does', (_, some, others) => {
    expect(toldApart(some, others)).toHaveLength(1);
  });
});
