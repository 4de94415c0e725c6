import { openCatalogue } from '../../cli/catalogue.ts';
import { type Change, type Defect, startedWith } from '../../emulator/defects/defect.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { type PlannedCase, planFor } from '../../harness/plan/plan.ts';
import type { Report } from '../../harness/report/report.ts';
import type { Budget } from '../../harness/trial.ts';
import { type DialectName, dialectOfProfile } from '../../specs/read.ts';
import { type Target, targetAt } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';
import { endpointsOf, fixturesOf } from '../support/emulator.ts';

const keys = lazyKeys();

/** The profile of each dialect that has the most cases. */
export const widest: Readonly<Record<DialectName, string>> = {
  'aws-json': 'aws-sso-oidc',
  'oauth-form': 'oidc',
};

/** Every case of both AWS operations, and every case of the standard endpoint. */
export const planned: Readonly<Record<DialectName, readonly PlannedCase[]>> = {
  'aws-json': casesOf('aws-json'),
  'oauth-form': casesOf('oauth-form'),
};

function casesOf(dialect: DialectName): readonly PlannedCase[] {
  const target = { ...targetAt('http://127.0.0.1'), dialect, profile: widest[dialect] };
  return planFor(openCatalogue(target), target).cases;
}

/** Certifies an emulator of its own, changed as said, within this process. */
export async function certifyChanged(
  change: Change,
  {
    profile,
    seed,
    target = {},
    lacks = [],
    cases,
    budget,
  }: {
    readonly budget: Budget;
    readonly profile: string;
    readonly seed: number;
    readonly target?: Partial<Target>;
    /** Endpoints that no target file and no metadata names. */
    readonly lacks?: readonly string[];
    /** The ids of those that run; all when absent. */
    readonly cases?: readonly string[];
  },
): Promise<Report> {
  const emulator = await startEmulator({ ...startedWith(change), keys });
  try {
    const place = placeOf(emulator, profile);
    const all = { ...place.target, ...target, profile };
    return await certifyHere(
      { ...all, endpoint: without(all.endpoint, lacks) },
      { seed, budget, provider: fixturesOf(place), ...(cases && { selection: { cases } }) },
    );
  } finally {
    await emulator.close();
  }
}

const without = (endpoint: Target['endpoint'], lacks: readonly string[]): Target['endpoint'] =>
  typeof endpoint === 'string'
    ? endpoint
    : Object.fromEntries(Object.entries(endpoint).filter(([operation]) => !lacks.includes(operation)));

/** Where the emulator is, for the dialect of a profile. */
function placeOf(
  { url, fixtures, jwks, fixture, oauth }: Emulator,
  profile: string,
): Pick<Emulator, 'fixture'> & { readonly target: Partial<Target> & Pick<Target, 'endpoint'> } {
  if (dialectOfProfile(profile) === 'aws-json') return { fixture, target: { endpoint: url, fixtures, jwks } };
  const { issuer } = oauth;
  return {
    fixture: oauth.fixture,
    target: {
      dialect: 'oauth-form',
      issuer,
      endpoint: { ...endpointsOf(issuer), metadata: `${issuer}/.well-known/openid-configuration` },
      fixtures: oauth.fixtures,
      jwks: oauth.jwks,
      scopes: ['openid', 'offline_access'],
    },
  };
}

/** The smallest profile of a dialect that holds all operations where a defect lives. */
export function profileFor({ at }: Pick<Defect, 'at'>, dialect: DialectName): string {
  if (dialect === 'oauth-form') return widest[dialect];
  if (!at.includes('iam_token')) return 'aws-create-token';
  return at.length === 1 ? 'aws-create-token-with-iam' : widest[dialect];
}
