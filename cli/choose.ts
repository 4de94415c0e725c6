import { type Catalogue, planFor, type Selection } from '../harness/plan/plan.ts';
import { type Budget, budgets } from '../harness/trial.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { fixtureParts } from '../targets/target/limits.ts';
import { readTarget, type Target, targetAt } from '../targets/target/target.ts';

/** Which target, and which of its cases. */
export interface TargetOptions {
  /** Path of a target file. */
  readonly target?: string;
  /** Base URL of an endpoint of which nothing else is known. */
  readonly endpoint?: string;
  readonly case?: readonly string[];
  readonly grant?: readonly string[];
  readonly requirement?: readonly string[];
  /** Receives what is doubtful but does not stop a run. */
  readonly warn?: (message: string) => void;
}

/** The target that the options name. */
export function chooseTarget(
  options: Pick<TargetOptions, 'target' | 'endpoint' | 'warn'>,
  emulator?: { readonly url: string; readonly fixtures: string; readonly jwks: string },
): Target {
  if (options.target !== undefined && options.endpoint !== undefined)
    throw new UserError('--target and --endpoint exclude each other: put the endpoint into the target file.');
  if (options.target !== undefined) {
    const { target, warnings } = readTarget(options.target, process.env);
    for (const warning of warnings) options.warn?.(warning);
    return target;
  }
  if (options.endpoint !== undefined) return targetAt(options.endpoint);
  const url = emulator?.url ?? 'http://127.0.0.1';
  return {
    ...targetAt(url, 'reference emulator'),
    profile: 'aws-sso-oidc',
    ...(emulator && { fixtures: emulator.fixtures, jwks: emulator.jwks }),
  };
}

/** What is generated when nobody says: little for an endpoint that is not on this machine. */
export function defaultBudget(target: Target): Budget {
  const urls = typeof target.endpoint === 'string' ? [target.endpoint] : Object.values(target.endpoint ?? {});
  const local = urls.length > 0 && urls.every((url) => isLoopback(URL.parse(url)?.hostname ?? ''));
  return local ? budgets.standard : budgets.quick;
}

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The selection, after every pattern was found to match something. */
export function checkedSelection(
  catalogue: Catalogue,
  target: Target,
  options: Pick<TargetOptions, 'case' | 'grant' | 'requirement'>,
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
