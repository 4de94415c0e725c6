import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { main } from '../../cli/commands.ts';
import { runHere } from '../../cli/run-here.ts';
import type { Report } from '../../harness/report/report.ts';
import { startEmulator } from '../support/emulator.ts';
import { limited } from '../support/limited.ts';
import { cli, folderForThisFile } from './support.ts';

const folder = folderForThisFile();
const reportIn = (out: string): Report => JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));

async function emulator() {
  const started = await startEmulator();
  onTestFinished(() => started.close());
  return started;
}

test('who lets few requests through is certified without a false verdict, races too', async () => {
  const { url, fixtures } = await emulator();
  const front = await limited(url, 5, 50);
  const file = folder.write('limited.yaml', `name: limited\nendpoint: ${front.url}\nfixtures: ${fixtures}\n`);
  const out = folder.file('limited');
  const { code, err } = await cli([
    ...['run', '--target', file, '--out', out, '--seed', '7', '--rate', '100'],
    ...['--case', 'authorization-code/redeemed', '--case', 'authorization-code/redeemed-in-parallel'],
    ...['--case', 'authorization-code/altered-code', '--case', 'register-client/valid'],
  ]);
  const { verdicts, requests } = reportIn(out);
  expect(verdicts.map((one) => [one.case, one.verdict, one.reason])).toEqual(
    verdicts.map((one) => [one.case, 'pass', null]),
  );
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(front.refused).toBeLessThan(requests);
});

test('who ends a run gets the report of what was seen', async () => {
  const out = folder.file('interrupted');
  const [told, err]: [string[], string[]] = [[], []];
  let stop = async () => {};
  const run = runHere();
  const code = await main(
    ['run', '--out', out, '--seed', '7', '--concurrency', '1', '--case', 'authorization-code/re*'],
    {
      stdout: { write: (text) => told.push(text) },
      stderr: { write: (text) => err.push(text) },
      whenInterrupted: (given) => {
        stop = given;
      },
      runJob: (job, catalogue, finished, interrupted) =>
        run(
          job,
          catalogue,
          (done, last) => {
            finished(done, last);
            if (done === 2) void stop();
          },
          interrupted,
        ),
    },
  );
  expect({ code, err }).toEqual({ code: 130, err: [] });
  const { verdicts, diagnosis, exitCode } = reportIn(out);
  const all = verdicts.length;
  expect(diagnosis).toBe(
    `The run was interrupted: 2 of ${all} cases had been run. The others are not tested.`,
  );
  expect(exitCode).toBe(2);
  const kinds = verdicts.map(({ verdict, reason }) => `${verdict} ${reason ?? ''}`);
  expect(kinds.filter((one) => one === 'pass ')).toHaveLength(2);
  expect(kinds.filter((one) => one === 'not-tested interrupted')).toHaveLength(all - 2);
  expect(told.join('')).toContain('The run was interrupted');
});
