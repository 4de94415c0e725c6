import { appendFileSync } from 'node:fs';

/** Loaded into a measured process by `--import`: writes its peak memory when it ends. */
process.on('exit', () => {
  const file = process.env.BENCH_MEMORY_FILE;
  if (file !== undefined) appendFileSync(file, `${process.resourceUsage().maxRSS}\n`);
});
