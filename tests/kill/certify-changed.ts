import { openCatalogue } from '../../cli/catalogue.ts';
import { knowsPasswordGrant, resourceOfEmulator } from '../../cli/choose.ts';
import { type Change, type Defect, startedWith } from '../../emulator/defects/defect.ts';
import { passwordUser } from '../../emulator/fronts/oauth-form/start.ts';
import { lazyKeys } from '../../emulator/keys.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { type PlannedCase, planFor } from '../../harness/plan/plan.ts';
import type { Report } from '../../harness/report/report.ts';
import type { Budget } from '../../harness/trial.ts';
import { type DialectName, dialectOfProfile } from '../../specs/read.ts';
import { isOfMcp, limitsOf, type Target, targetAt } from '../../targets/target/target.ts';
import { certifyHere } from '../support/certify.ts';
import { endpointsOf, fixturesOf } from '../support/emulator.ts';

const keys = lazyKeys();

/** The profile of each dialect that has the most cases; a defect that none of them notices is looked for in the others. */
export const widest: Readonly<Record<DialectName, string>> = {
  'aws-json': 'aws-sso-oidc',
  'oauth-form': 'oidc',
};

/** What the other profiles of the standards judge besides, the closest first. */
const others = ['oauth2', 'oauth21', 'mcp'] as const;

const read = new Map<string, readonly PlannedCase[]>();

/** Every case of both AWS operations, and every case of the standard endpoint in the first profile that has it. */
export const planned: Readonly<Record<DialectName, readonly PlannedCase[]>> = {
  'aws-json': casesOf('aws-json'),
  'oauth-form': firstOfEach([widest['oauth-form'], ...others].flatMap((one) => casesOf('oauth-form', one))),
};

function firstOfEach(cases: readonly PlannedCase[]): readonly PlannedCase[] {
  const first = new Map(cases.toReversed().map((one) => [one.id, one]));
  return cases.filter((one) => first.get(one.id) === one);
}

/** Those that apply to an emulator that offers what the profile judges. */
function casesOf(dialect: DialectName, profile: string = widest[dialect]): readonly PlannedCase[] {
  const known = read.get(profile);
  if (known !== undefined) return known;
  const target = { ...targetAt('http://127.0.0.1'), dialect, profile, ...loginFor(profile) };
  const all = planFor(openCatalogue(target), target).cases;
  const cases = all.filter((one) => one.notApplicable === undefined);
  read.set(profile, cases);
  return cases;
}

/** What a target file says of an emulator that offers the grant `password` where the profile judges it. */
function loginFor(profile: string): Pick<Target, 'limits' | 'login'> {
  const login = knowsPasswordGrant(profile) ? { ...passwordUser, passwordGrant: true } : undefined;
  const dialect = dialectOfProfile(profile) ?? 'aws-json';
  return { limits: limitsOf({ dialect, ...(login && { login }) }), ...(login && { login }) };
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
  const { oauth, ...others } = startedWith(change);
  const passwordGrant = knowsPasswordGrant(profile);
  const emulator = await startEmulator({ ...others, oauth: { ...oauth, passwordGrant }, keys });
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
      ...(isOfMcp({ profile }) && { resource: resourceOfEmulator }),
      ...loginFor(profile),
    },
  };
}

/** The smallest profile of a dialect that holds all operations where a defect lives, and a rule that it breaks. */
export function profileFor({ at, breaks }: Pick<Defect, 'at' | 'breaks'>, dialect: DialectName): string {
  if (dialect === 'oauth-form') {
    const judges = (profile: string) =>
      casesOf(dialect, profile).some(({ requirement }) => breaks.includes(requirement));
    return [widest[dialect], ...others].find(judges) ?? widest[dialect];
  }
  if (!at.includes('iam_token')) return 'aws-create-token';
  return at.length === 1 ? 'aws-create-token-with-iam' : widest[dialect];
}
