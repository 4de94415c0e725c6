import type { Dialect } from '../targets/dialect.ts';
import { awsJson } from '../targets/dialects/aws-json.ts';
import { openFixtures } from '../targets/fixtures.ts';
import type { Target } from '../targets/target.ts';
import { createTransport } from '../targets/transport.ts';
import type { Case } from './case.ts';
import type { PlannedCase } from './plan.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { createVault } from './vault.ts';

/** What the suites are given to do. Data: it crosses from the command to the process of the suites. */
export interface Job {
  readonly target: Target;
  readonly cases: readonly PlannedCase[];
  readonly seed: number;
  readonly strict: boolean;
}

export interface Runner {
  run(probe: Case, planned: PlannedCase): Promise<CaseResult>;
  close(): Promise<void>;
}

const dialects: Record<Target['dialect'], Dialect> = { 'aws-json': awsJson };

export function dialectOf({ dialect }: Pick<Target, 'dialect'>): Dialect {
  return dialects[dialect];
}

/** Opens what all cases of a run share: connections, fixtures, and the vault of its secrets. */
export async function openRunner({ target, seed, strict }: Job): Promise<Runner> {
  const transport = createTransport({ timeoutMs: target.timeoutSeconds * 1_000 });
  const parts = {
    target,
    dialect: dialectOf(target),
    transport,
    fixtures: await openFixtures(target),
    vault: createVault(),
    seed,
    strict,
    clock: { advanced: 0 },
  };
  return { run: (probe, planned) => runCase(probe, planned, parts), close: () => transport.close() };
}
