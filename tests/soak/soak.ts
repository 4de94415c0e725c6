import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import type { Report } from '../../harness/report/report.ts';

/*
 * `npm run soak -- --runs 200 --busy 6 --profile oidc` certifies the embedded emulator again and again, each time with the
 * same seed, beside processes that do nothing but work. Every run has to come to the same verdicts.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    busy: { type: 'string', default: '6' },
    seed: { type: 'string', default: '7' },
    profile: { type: 'string', default: 'aws-sso-oidc' },
  },
});
const { seed, profile } = values;
const [runs, busy] = [Number(values.runs), Number(values.busy)];
const folder = mkdtempSync(join(tmpdir(), 'token-conformance-soak-'));
const others = Array.from({ length: busy }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);

/** The verdict of each case in one run, by its id. */
async function run(): Promise<ReadonlyMap<string, string>> {
  const args = ['cli/main.ts', 'run', '--profile', profile, '--seed', seed, '--out', folder];
  await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 }).catch(() => undefined);
  const report: Report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  return new Map(
    report.verdicts.map((one) => [one.case, `${one.verdict}${one.reason === null ? '' : `: ${one.reason}`}`]),
  );
}

try {
  const first = await run();
  const seconds: number[] = [];
  let odd = 0;
  for (let turn = 2; turn <= runs; turn++) {
    const begin = performance.now();
    const verdicts = await run();
    seconds.push((performance.now() - begin) / 1_000);
    const others = [...verdicts].filter(
      ([id, verdict]) => first.get(id)?.split(':')[0] !== verdict.split(':')[0],
    );
    if (others.length > 0) odd += 1;
    for (const [id, verdict] of others.slice(0, 10))
      process.stdout.write(`run ${turn}: ${id} was ${first.get(id)}, and is ${verdict}\n`);
    if (process.stderr.isTTY) process.stderr.write(`\r${turn} of ${runs}`);
  }
  const sorted = seconds.toSorted((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)]?.toFixed(1);
  process.stdout.write(
    `${runs} runs of ${profile} beside ${busy} busy processes: ${odd} with other verdicts than the first; ${median} s each, ${sorted.at(-1)?.toFixed(1)} s the longest\n`,
  );
  process.exitCode = odd === 0 ? 0 : 1;
} finally {
  for (const one of others) one.kill();
  rmSync(folder, { recursive: true, force: true });
}
