import { type Lane, losses, openLane, plan, untrue } from './losing.ts';

/*
 * Loses each exchange of each case, in each way, and says what that made of verdicts that it must not.
 *
 *   npm run lost                    every exchange of every example, some of every generated case
 *   npm run lost -- refresh-token   only the cases whose id contains this
 */

/** Side by side: most wait for what does not come. */
const lanes = 8;
/** Of a generated case as many exchanges as these are lost: which, is spread over all of them. */
const ofGenerated = 6;

const [only = ''] = process.argv.slice(2);
const cases = plan.cases.filter(({ id }) => !id.startsWith('wire/') && id.includes(only));
const begin = performance.now();
let runs = 0;
const found: string[] = [];
const queue = [...cases];

async function loseAll(lane: Lane): Promise<void> {
  for (let planned = queue.shift(); planned !== undefined; planned = queue.shift()) {
    const { id, generated } = planned;
    const { verdicts: honest, exchanges } = await lane.certify(id, 0);
    const step = generated ? Math.max(1, Math.floor(exchanges / ofGenerated)) : 1;
    for (let nth = 1; nth <= exchanges; nth += step)
      for (const loss of losses) {
        runs += 1;
        const { verdicts } = await lane.certify(id, nth, loss);
        for (const problem of untrue(honest, verdicts)) {
          const line = `${id}, ${loss.what} ${nth} of ${exchanges} lost (${loss.how}): ${problem}`;
          found.push(line);
          process.stdout.write(`${line}\n`);
        }
      }
  }
}

await Promise.all(
  Array.from({ length: lanes }, async () => {
    const lane = await openLane();
    try {
      await loseAll(lane);
    } finally {
      await lane.close();
    }
  }),
);
const seconds = Math.round((performance.now() - begin) / 1_000);
process.stdout.write(
  `${cases.length} cases, ${runs} exchanges lost, ${found.length} untrue verdicts · ${seconds} s\n`,
);
process.exitCode = found.length > 0 ? 1 : 0;
