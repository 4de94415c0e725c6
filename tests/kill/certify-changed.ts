import { openCatalogue } from '../../cli/catalogue.ts';
import type { Change, Defect } from '../../emulator/defects/defect.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import { startEmulator } from '../../emulator/server.ts';
import { type PlannedCase, planFor } from '../../harness/plan/plan.ts';
import type { Report } from '../../harness/report/report.ts';
import type { Budget } from '../../harness/trial.ts';
import type { FixtureProvider } from '../../targets/fixtures/provider.ts';
import { type Target, targetAt } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';

const keys = lazyKeys();

const everything = { ...targetAt('http://127.0.0.1'), profile: 'aws-sso-oidc' };
/** Every case of both operations. */
export const planned: readonly PlannedCase[] = planFor(openCatalogue(everything), everything).cases;

/** Certifies an emulator of its own, changed as said, within this process. */
export async function certifyChanged(
  change: Change,
  {
    profile,
    seed,
    target = {},
    cases,
    budget,
  }: {
    readonly budget: Budget;
    readonly profile: string;
    readonly seed: number;
    readonly target?: Partial<Target>;
    /** The ids of those that run; all when absent. */
    readonly cases?: readonly string[];
  },
): Promise<Report> {
  const emulator = await startEmulator({
    behaviours: change.behaviours?.() ?? {},
    middleware: change.middleware?.(),
    keys,
  });
  try {
    const { url: endpoint, fixtures, jwks, fixture } = emulator;
    const provider: FixtureProvider = async (verb, input) => {
      const { status, body } = await fixture(verb, input);
      const output = JSON.parse(body) as Record<string, unknown>;
      if (status === 200) return { kind: 'given', output };
      return status === 400 ? { kind: 'refused', message: String(output.message) } : { kind: 'not-offered' };
    };
    return await certifyHere(
      { fixtures, jwks, ...target, endpoint, profile },
      { seed, budget, provider, ...(cases && { selection: { cases } }) },
    );
  } finally {
    await emulator.close();
  }
}

/** The smallest profile that holds all operations where a defect lives. */
export function profileFor({ at }: Pick<Defect, 'at'>): string {
  if (!at.includes('iam_token')) return 'aws-create-token';
  return at.length === 1 ? 'aws-create-token-with-iam' : 'aws-sso-oidc';
}
