import { existsSync } from 'node:fs';
import { main } from '../../cli/commands.ts';
import { runHere } from '../../cli/run-here.ts';
import { fileOf, serverNames, startServer } from './servers.ts';

const names = process.argv.slice(2);
const chosen = names.length > 0 ? names : serverNames;
const unknown = chosen.find((name) => !serverNames.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no server "${unknown}". Known: ${serverNames.join(', ')}\n`);
  process.exit(3);
}

for (const name of chosen) {
  const { close } = await startServer(name);
  const baseline = fileOf(name, 'baseline.yaml');
  try {
    const code = await main(
      [
        'run',
        ...['--target', fileOf(name, 'target.yaml'), '--budget', 'quick', '--seed', '1'],
        ...['--out', `report/providers/${name}`],
        ...(existsSync(baseline) ? ['--baseline', baseline] : []),
      ],
      { stdout: process.stdout, stderr: process.stderr, whenInterrupted: () => {}, runJob: runHere() },
    );
    process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
  } finally {
    await close();
  }
}
