import { expect, test } from 'vitest';
import { isTried } from '../support/whole.ts';
import { type Lane, type Loss, losses, openLane, plan, untrue } from './losing.ts';

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

/** Most of the time nothing comes. */
const sideBySide = 6;

const chosen = plan.cases.filter(({ id }) => sample.includes(id));

test('the sample names cases that there are', () => {
  expect(chosen.length).toBe(sample.length);
});

test.concurrent.for(chosen.filter(isTried).map(({ id, generated }) => ({ id, generated })))(
  'whichever exchange of $id is lost, nothing is said that an honest run does not say',
  async ({ id, generated }, { expect, onTestFinished }) => {
    const lanes = await Promise.all(Array.from({ length: sideBySide }, openLane));
    onTestFinished(() => Promise.all(lanes.map(({ close }) => close())).then(() => undefined));
    const [{ certify }] = lanes as [Lane, ...Lane[]];
    const { verdicts: honest, exchanges } = await certify(id, 0);
    expect(exchanges).toBeGreaterThan(1);
    const step = generated ? Math.ceil(exchanges / 2) : 1;
    const queue = Array.from({ length: Math.ceil(exchanges / step) }, (_, at) => 1 + at * step).flatMap(
      (nth) => losses.map((loss) => ({ nth, loss })),
    );
    const problems: string[] = [];
    const loseAll = async (lane: Lane) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { nth, loss } = next;
        const { verdicts } = await lane.certify(id, nth, loss);
        problems.push(...untrue(honest, verdicts).map((problem) => `${named(loss, nth)}: ${problem}`));
      }
    };
    await Promise.all(lanes.map(loseAll));
    expect(problems).toEqual([]);
  },
);

const named = ({ what, how }: Loss, nth: number) => `${what} ${nth} (${how})`;
