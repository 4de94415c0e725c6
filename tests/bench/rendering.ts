import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFormat } from '../../cli/formats.ts';
import { formatNames } from '../../cli/words.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { Report } from '../../harness/report/report.ts';
import { budgets } from '../../harness/trial.ts';
import { certifyHere } from '../support/certify.ts';

/** Milliseconds that each format takes for a report of so many verdicts, written to disk; the median of a few. */
export async function rendering(verdicts: number, rounds = 3): Promise<Record<string, number>> {
  const report = enlarged(await ownReport(), verdicts);
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    return Object.fromEntries(
      formatNames.map((name) => {
        const times = Array.from({ length: rounds }, (_, round) => {
          const begin = performance.now();
          writeFormat({ report, sha256: '0'.repeat(64) }, name, join(folder, String(round)));
          return performance.now() - begin;
        }).sort((one, other) => one - other);
        return [name, Math.round(times[Math.floor(rounds / 2)] ?? 0)];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function ownReport(): Promise<Report> {
  const { url: endpoint, fixtures, jwks, close } = await startEmulator();
  try {
    return await certifyHere(
      { endpoint, fixtures, jwks, profile: 'aws-sso-oidc' },
      { budget: budgets.quick },
    );
  } finally {
    await close();
  }
}

/** The report with its verdicts again and again, under ids of their own. */
function enlarged(report: Report, size: number): Report {
  const verdicts = Array.from({ length: size }, (_, at) => {
    const one = report.verdicts[at % report.verdicts.length];
    return one === undefined ? [] : [{ ...one, case: `${one.case}-${at}` }];
  }).flat();
  return { ...report, verdicts };
}
