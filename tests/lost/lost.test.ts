import { expect, test } from 'vitest';
import { type Loss, losses, openLane, plan, untrue } from './losing.ts';

/** One of each kind: `npm run lost` loses every exchange of every case. */
const sample = [
  'refresh-token/three-in-a-row',
  'refresh-token/rotates-again',
  'refresh-token/reuse-revokes-family',
  'refresh-token/in-parallel',
  'authorization-code/redeemed',
  'authorization-code/verifier-of-another-code',
  'register-client/fault-server-error',
  'iam-authorization-code/redeemed',
  'generated/refresh-token/race',
  'generated/lifecycle/create-token',
];

const chosen = plan.cases.filter(({ id }) => sample.includes(id));

test('the sample names cases that there are', () => {
  expect(chosen.length).toBe(sample.length);
});

test.concurrent.for(chosen.map(({ id, generated }) => ({ id, generated })))(
  'whichever exchange of $id is lost, nothing is said that an honest run does not say',
  async ({ id, generated }, { expect, onTestFinished }) => {
    const lane = await openLane();
    onTestFinished(lane.close);
    const { verdicts: honest, exchanges } = await lane.certify(id, 0);
    expect(exchanges).toBeGreaterThan(1);
    const problems: string[] = [];
    for (let nth = 1; nth <= exchanges; nth += generated ? Math.ceil(exchanges / 2) : 1)
      for (const loss of losses) {
        const { verdicts } = await lane.certify(id, nth, loss);
        problems.push(...untrue(honest, verdicts).map((problem) => `${named(loss, nth)}: ${problem}`));
      }
    expect(problems).toEqual([]);
  },
);

const named = ({ what, how }: Loss, nth: number) => `${what} ${nth} (${how})`;
