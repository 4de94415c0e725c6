import { expect, onTestFinished, test } from 'vitest';
import { type Behaviours, defaultBehaviours as usual } from '../../../emulator/behaviours.ts';
import type { ReportVerdict } from '../../../harness/report/report-verdict.ts';
import { certifyHere } from '../../support/certify.ts';
import { startEmulator } from '../../support/emulator.ts';

/** The verdict of one property at an emulator that behaves so. */
async function tried(name: string, behaviours: Partial<Behaviours> = {}): Promise<ReportVerdict> {
  const { url: endpoint, fixtures, close } = await startEmulator({ behaviours });
  onTestFinished(close);
  const report = await certifyHere(
    { endpoint, fixtures },
    { seed: 3, selection: { cases: [`generated/authorization-code/${name}`] }, budget: { runs: 20 } },
  );
  const [verdict] = report.verdicts;
  if (verdict === undefined) throw new Error(`there is no property ${name}`);
  return verdict;
}

/** Whoever presents a code uses it up, whatever the answer is: no document forbids that. */
const spending: Partial<Behaviours> = {
  'find-code': (state, members) => {
    const code = usual['find-code'](state, members);
    setImmediate(() => {
      if (code !== undefined) code.redeemed = true;
    });
    return code;
  },
};
/** Takes a redirect URI for right that has something behind it. */
const lenient: Partial<Behaviours> = {
  'redirect-uri-same': (attempt) =>
    attempt.members.redirect_uri?.startsWith('http://127.0.0.1:8400/oauth/callback')
      ? undefined
      : usual['redirect-uri-same'](attempt),
};

test('mistakes share a code, and it is granted after them', async () => {
  const { verdict, generated } = await tried('altered-redirect-uri');
  expect(verdict).toBe('pass');
  expect(generated).toMatchObject({ runs: 20, requests: 4 * (5 + 1) });
});

test('where the first mistake spends the code, each is tried again with a fresh one', async () => {
  const { verdict, generated } = await tried('altered-redirect-uri', spending);
  expect(verdict).toBe('pass');
  expect(generated?.requests).toBeGreaterThan(4 * (5 + 1));
});

test.each<[string, Partial<Behaviours>]>([
  ['', lenient],
  [', also where others spend the code', { ...spending, ...lenient }],
])('a mistake that is granted breaks the property, and is shown alone%s', async (_, behaviours) => {
  const { verdict, generated, exchanges } = await tried('altered-redirect-uri', behaviours);
  expect(verdict).toBe('fail');
  expect(generated?.counterexample?.value).toHaveLength(1);
  expect(exchanges.map(({ step }) => step)).toEqual(['control', 'probe']);
});
