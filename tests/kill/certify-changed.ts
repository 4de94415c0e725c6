import type { Change, Defect } from '../../emulator/defects/defect.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import { startEmulator } from '../../emulator/server.ts';
import type { Report } from '../../harness/report.ts';
import type { Target } from '../../targets/target.ts';
import { certifyHere } from '../support/certify.ts';

const keys = lazyKeys();

/** Certifies an emulator of its own, changed as said, within this process. */
export async function certifyChanged(
  change: Change,
  {
    profile,
    seed,
    target = {},
    cases,
  }: {
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
    const { url: endpoint, fixtures, jwks } = emulator;
    return await certifyHere(
      { fixtures, jwks, ...target, endpoint, profile },
      { seed, ...(cases && { selection: { cases } }) },
    );
  } finally {
    await emulator.close();
  }
}

/** The smallest profile that holds all operations where a defect lives. */
export function profileFor({ at }: Pick<Defect, 'at'>): string {
  if (!at.includes('CreateTokenWithIAM')) return 'aws-create-token';
  return at.length === 1 ? 'aws-create-token-with-iam' : 'aws-sso-oidc';
}
