import { passwordUser } from '../emulator/fronts/oauth-form/start.ts';
import { isLoopback } from '../harness/loopback.ts';
import { type Catalogue, planFor, type Selection } from '../harness/plan/plan.ts';
import { type Budget, budgets } from '../harness/trial.ts';
import { dialectOfProfile, profileNames, readDialect, readProfile } from '../specs/read.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { fixtureParts } from '../targets/target/limits.ts';
import { readTarget } from '../targets/target/read.ts';
import { isOfMcp, limitsOf, type Target, targetAt, targetOfIssuer } from '../targets/target/target.ts';
import { unknownProfile } from './catalogue.ts';

/** Which target, and which of its cases. */
export interface TargetOptions {
  /** Path of a target file. */
  readonly target?: string;
  /** Base URL of an endpoint of which nothing else is known. */
  readonly endpoint?: string;
  /** A server of the standards of which nothing else is known. */
  readonly issuer?: string;
  /** What an endpoint, an issuer or the embedded emulator is certified against. */
  readonly profile?: string;
  readonly case?: readonly string[];
  readonly grant?: readonly string[];
  readonly requirement?: readonly string[];
  /** False leaves out the cases that say a wrong secret or password. */
  readonly guesses?: boolean;
  /** Requests a second that may go to it, whatever its file says. */
  readonly rate?: number;
  /** Cases that may run at the same time, whatever its file says. */
  readonly concurrency?: number;
  /** Receives what is doubtful but does not stop a run. */
  readonly warn?: (message: string) => void;
}

/** Where the embedded emulator is, in each dialect that it has. */
export interface EmbeddedEmulator {
  readonly url: string;
  readonly fixtures: string;
  readonly jwks: string;
  readonly oauth?: { readonly issuer: string; readonly fixtures: string };
}

/**
 * The target that the options name. No option changes what a target file says.
 *
 * @throws {UserError} when they contradict each other
 */
export function chooseTarget(
  options: Pick<TargetOptions, 'target' | 'endpoint' | 'issuer' | 'profile' | 'warn'>,
  emulator?: EmbeddedEmulator,
): Target {
  checkTogether(options);
  const { target: file, endpoint, issuer, profile } = options;
  if (file !== undefined) {
    const { target, warnings } = readTarget(file, process.env);
    for (const warning of warnings) options.warn?.(warning);
    return target;
  }
  const dialect = profile === undefined ? undefined : dialectOfProfile(profile);
  if (endpoint !== undefined) return { ...targetAt(endpoint), ...(profile !== undefined && { profile }) };
  if (issuer !== undefined && profile !== undefined) return targetOfIssuer(issuer, profile);
  if (profile !== undefined && dialect === 'oauth-form') {
    const { issuer: own = 'http://127.0.0.1', fixtures } = emulator?.oauth ?? {};
    const login = knowsPasswordGrant(profile) ? { ...passwordUser, passwordGrant: true } : undefined;
    return {
      ...targetOfIssuer(own, profile, 'reference emulator'),
      ...(login && { login, limits: limitsOf({ dialect, login }) }),
      timeoutSeconds: embeddedTimeout,
      scopes: ['openid', 'offline_access'],
      ...(isOfMcp({ profile }) && { resource: resourceOfEmulator }),
      ...(fixtures !== undefined && { fixtures }),
    };
  }
  const url = emulator?.url ?? 'http://127.0.0.1';
  return {
    ...targetAt(url, 'reference emulator'),
    timeoutSeconds: embeddedTimeout,
    profile: profile ?? 'aws-sso-oidc',
    ...(emulator && { fixtures: emulator.fixtures, jwks: emulator.jwks }),
  };
}

/** In seconds. A machine that is busy with other things makes the embedded emulator slow, and may not make it silent. */
const embeddedTimeout = 60;

/** It issues tokens for any resource but one in the domain `invalid`. */
export const resourceOfEmulator = 'https://mcp.example.com/mcp';

/** Whether a profile judges the grant `password`, so that the embedded emulator is to offer it. */
export function knowsPasswordGrant(profile: string): boolean {
  const rule = readDialect('oauth-form').operations.token?.grants?.password?.declaredBy ?? '';
  return dialectOfProfile(profile) === 'oauth-form' && !Object.hasOwn(readProfile(profile).excluded, rule);
}

/** The profiles that a server of the standards may have. */
const standard = (): string => profileNames('oauth-form').join(', ');

/** Which of the options exclude each other, or need another. */
function checkTogether({
  target,
  endpoint,
  issuer,
  profile,
}: Pick<TargetOptions, 'target' | 'endpoint' | 'issuer' | 'profile'>): void {
  for (const [name, value] of Object.entries({ endpoint, issuer, profile }))
    if (target !== undefined && value !== undefined)
      throw new UserError(`--target and --${name} exclude each other: put the ${name} into the target file.`);
  if (endpoint !== undefined && issuer !== undefined)
    throw new UserError(
      '--endpoint and --issuer exclude each other: the one is for AWS, the other for a server of the standards.',
    );
  if (profile === undefined) {
    if (issuer !== undefined) throw new UserError(`--issuer needs --profile: ${standard()}`);
    return;
  }
  const dialect = dialectOfProfile(profile);
  if (dialect === undefined) throw unknownProfile(profile, profileNames());
  if (issuer !== undefined && dialect !== 'oauth-form')
    throw new UserError(
      `--issuer does not go with the profile "${profile}": give --endpoint, or a profile of ${standard()}.`,
    );
  if (endpoint !== undefined && dialect !== 'aws-json')
    throw new UserError(
      `--endpoint does not go with the profile "${profile}": give --issuer, or a target file with "endpoints".`,
    );
}

/** What is generated when nobody says: little for an endpoint that is not on this machine. */
export function defaultBudget(target: Target): Budget {
  const { issuer, endpoint = {} } = target;
  const named = typeof endpoint === 'string' ? [endpoint] : Object.values(endpoint);
  const urls = [...named, ...(issuer === undefined ? [] : [issuer])];
  const local = urls.length > 0 && urls.every(isLoopback);
  return local ? budgets.standard : budgets.quick;
}

/** The selection, after every pattern was found to match something. */
export function checkedSelection(
  catalogue: Catalogue,
  target: Target,
  options: Pick<TargetOptions, 'case' | 'grant' | 'requirement' | 'guesses'>,
): Selection {
  const all = planFor(catalogue, target).cases;
  const known = {
    case: all.map(({ id }) => id),
    grant: [...new Set(all.flatMap(({ grant }) => grant ?? []))],
    requirement: [...new Set(all.map(({ requirement }) => requirement))],
  };
  for (const kind of ['case', 'grant', 'requirement'] as const)
    for (const pattern of options[kind] ?? []) {
      const selection = { [`${kind}s`]: [pattern] };
      if (planFor(catalogue, target, selection).cases.length === 0)
        throw new UserError(
          `No ${kind} matches "${pattern}".${didYouMean(pattern, known[kind])} "token-conformance list" shows them all.`,
        );
    }
  return {
    ...(options.case && { cases: options.case }),
    ...(options.grant && { grants: options.grant }),
    ...(options.requirement && { requirements: options.requirement }),
    ...(options.guesses === false && { withoutGuesses: true }),
  };
}

/**
 * Limits that name nothing would silently limit nothing.
 *
 * @throws {UserError} that names the nearest known grant, operation or part of a fixture
 */
export function checkLimits({ dialect }: Catalogue, target: Target): void {
  const { operations } = dialect.spec;
  const known = {
    operation: Object.keys(operations),
    grant: [...new Set(Object.values(operations).flatMap(({ grants = {} }) => Object.keys(grants)))],
  };
  const parts: Readonly<Record<string, readonly string[]>> = {
    ...fixtureParts,
    fault: [...new Set(Object.values(operations).flatMap(({ exceptions = [] }) => exceptions))],
  };
  const check = (what: string, name: string, names: readonly string[]) => {
    if (!names.includes(name))
      throw new UserError(
        `${target.name}: a limit names the unknown ${what} "${name}".${didYouMean(name, names)} Known: ${names.join(', ') || 'none'}`,
      );
  };
  for (const { operation, grant, fixture, without } of target.limits) {
    if (operation !== undefined) check('operation', operation, known.operation);
    if (grant !== undefined) check('grant', grant, known.grant);
    if (fixture !== undefined && without !== undefined)
      check(`part of ${fixture}`, without, parts[fixture] ?? []);
  }
}
