import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { main } from '../../cli/commands.ts';
import { runHere } from '../../cli/run-here.ts';
import type { Report } from '../../harness/report/report.ts';
import { renderFindings } from './findings.ts';
import { certifiedNames, fileOf, reportOf, serverNames, startServer, versionOf } from './servers.ts';

/*
 * `npm run providers [NAME …]` starts servers of others and certifies them against their baselines; `--write` then makes
 * `docs/findings.md` of all reports that there are, also of servers that somebody started by hand.
 */

/** Certifies a server, and returns the exit code. */
async function certified(name: string): Promise<number> {
  const { close } = await startServer(name);
  const baseline = fileOf(name, 'baseline.yaml');
  const args = ['--target', fileOf(name, 'target.yaml'), '--budget', 'quick', '--seed', '1'];
  const known = existsSync(baseline) ? ['--baseline', baseline] : [];
  try {
    return await main(['run', ...args, '--out', reportOf(name), ...known], {
      stdout: process.stdout,
      stderr: process.stderr,
      whenInterrupted: () => {},
      runJob: runHere(),
    });
  } finally {
    await close();
  }
}

function findings(): string {
  return renderFindings(
    certifiedNames
      .filter((name) => existsSync(`${reportOf(name)}/report.json`))
      .map((name) => {
        const report: Report = JSON.parse(readFileSync(`${reportOf(name)}/report.json`, 'utf8'));
        return { version: versionOf(name, report.target.name), report };
      }),
  );
}

const args = process.argv.slice(2);
const names = args.filter((one) => one !== '--write');
const unknown = names.find((name) => !serverNames.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no server "${unknown}". Known: ${serverNames.join(', ')}\n`);
  process.exitCode = 3;
} else {
  const codes: number[] = [];
  for (const name of names.length > 0 ? names : serverNames) codes.push(await certified(name));
  process.exitCode = Math.max(...codes);
  if (args.includes('--write')) writeFileSync(new URL('../../docs/findings.md', import.meta.url), findings());
}
