import { isRuleOf, type Level, type Profile, type Requirement } from '../../specs/read.ts';
import type { Dialect } from '../../targets/dialect.ts';
import { limitOn, type Need } from '../../targets/target/limits.ts';
import { concurrencyOf, type Limit, type Target } from '../../targets/target/target.ts';
import type { Case, Rule } from '../case.ts';
import { type Budget, budgets } from '../trial.ts';
import { takesAway, wayOf } from '../way.ts';
import { isOf, needsIn } from './applicability.ts';
import { guessOf } from './guesses.ts';

/** A case as it will be run against one target. */
export interface PlannedCase {
  readonly id: string;
  readonly title: string;
  readonly requirement: string;
  readonly level: Level;
  /** The dialect's name; null for a rule over every response. */
  readonly operation: string | null;
  readonly grant: string | null;
  /** The exception whose cell it exercises. */
  readonly exception: string | null;
  readonly provokedBy: 'circumstance' | 'fault' | null;
  readonly needs: readonly Need[];
  /** Whether it tries a property on generated values. */
  readonly generated: boolean;
  /** Set when the target declares that this is out of its scope. */
  readonly notApplicable?: string;
}

/** One exception of one operation under one grant, with the cases that provoke it. */
export interface PlannedCell {
  readonly operation: string;
  readonly grant: string | null;
  readonly exception: string;
  readonly provokedBy: 'circumstance' | 'fault' | 'circumstance+fault' | 'none';
  readonly cases: readonly string[];
}

/** What a run will do. Data, made without a network. */
export interface Plan {
  readonly profile: {
    readonly name: string;
    readonly version: string;
    /** How many of its rules have no case yet, of a profile that is a draft. */
    readonly open?: number;
  };
  readonly cases: readonly PlannedCase[];
  readonly cells: readonly PlannedCell[];
  /** Requirements of the profile that no case probes, and why. */
  readonly excluded: Readonly<Record<string, string>>;
  /** True when a selection left cases out: such a run certifies nothing. */
  readonly partial: boolean;
}

/** Part `index` (from 1) of `of` parts. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Ids to run, with `*`; an empty list selects everything. */
export interface Selection {
  readonly cases?: readonly string[];
  readonly grants?: readonly string[];
  readonly requirements?: readonly string[];
  /** Without the cases that say a wrong secret or password. */
  readonly withoutGuesses?: boolean;
}

/**
 * The part of a plan that one of several machines runs. Rules over every response are left out: they are judged
 * when the parts are put together.
 */
export function shardOf(plan: Plan, { index, of }: Shard): Plan {
  const cases = plan.cases.filter(({ id }) => !isRule(id)).filter((_, at) => at % of === index - 1);
  return { ...plan, cases, partial: true, cells: cellsWith(plan.cells, cases) };
}

/** Whether a case is a rule over every response of a run. */
export const isRule = (id: string): boolean => id.startsWith('wire/');

function cellsWith(cells: readonly PlannedCell[], cases: readonly PlannedCase[]): PlannedCell[] {
  const here = new Set(cases.map(({ id }) => id));
  return cells.map((cell) => ({ ...cell, cases: cell.cases.filter((id) => here.has(id)) }));
}

export interface Catalogue {
  readonly cases: readonly Case[];
  readonly rules: readonly Rule[];
  /** Of every dialect. */
  readonly requirements: readonly Requirement[];
  readonly profile: Profile;
  readonly dialect: Dialect;
}

/** The plan of a profile for a target. */
export function planFor(catalogue: Catalogue, target: Target, selection: Selection = {}): Plan {
  const { profile, dialect } = catalogue;
  const operations = new Set(profile.operations);
  const declared = declaredIn(catalogue, target);
  const unknown = declarable(catalogue).filter(({ rule }) => Object.hasOwn(profile.excluded, rule));
  const probes = catalogue.cases
    .filter(isHere)
    .filter((probe) => operations.has(dialect.nameOf(probe.operation)));
  const all = [
    ...probes.map(plannedCase),
    ...catalogue.rules
      .filter(isHere)
      .filter(({ operation }) => operation === undefined || operations.has(dialect.nameOf(operation)))
      .map(plannedRule),
  ];
  const cases = all.filter(selecting(selection));
  return {
    profile: {
      name: profile.name,
      version: profile.version,
      ...(profile.draft && { open: openIn(catalogue, all).length }),
    },
    cases,
    cells: cellsOf(catalogue, cases, declared),
    excluded: profile.excluded,
    partial: cases.length < all.length,
  };

  function isHere(one: Case | Rule): boolean {
    // What a profile excludes, it does not judge.
    if (Object.hasOwn(profile.excluded, one.requirement)) return false;
    if ('grant' in one && unknown.some(({ grant }) => grant === one.grant)) return false;
    const rule = requirementOf(catalogue, one.requirement);
    return isRuleOf(profile)(rule) && isOf(dialect, one, rule);
  }

  function plannedCase(probe: Case): PlannedCase {
    const operation = dialect.nameOf(probe.operation);
    const way = probe.ways && wayOf(probe.ways, target.limits, dialect);
    const grant = way?.grant ?? probe.grant ?? null;
    const grants = [grant, ...(probe.presupposes ?? [])];
    const exception = (probe.cell && dialect.exceptionFor(operation, probe.cell)) ?? null;
    const isFault = probe.provokedBy === 'fault' && exception !== null;
    const needs: readonly Need[] = [
      ...(way?.needs ?? []),
      ...needsIn(dialect, probe.needs),
      ...(isFault ? [`fault/${exception}` as const] : []),
    ];
    const limit =
      target.limits.find(
        (one) =>
          one.operation === operation ||
          (one.grant !== undefined && grants.includes(one.grant)) ||
          (way !== undefined && takesAway(one, way, dialect)),
      ) ?? limitOnOne(needs);
    return {
      id: probe.id,
      title: probe.title,
      requirement: probe.requirement,
      level: levelOf(catalogue, probe.requirement),
      operation,
      grant,
      exception,
      provokedBy: probe.provokedBy ?? null,
      needs,
      generated: probe.property !== undefined,
      ...notApplicable(limit, probe),
    };
  }

  function limitOnOne(needs: readonly Need[] = []): Limit | undefined {
    return needs.map((need) => limitOn(need, target.limits)).find((found) => found !== undefined);
  }

  function notApplicable(limit: Limit | undefined, { refuses }: Case): Pick<PlannedCase, 'notApplicable'> {
    if (limit !== undefined) return { notApplicable: limit.reason };
    return refuses === undefined || !declared.has(refuses)
      ? {}
      : { notApplicable: `the target file declares the grant "${refuses}"` };
  }

  function plannedRule(rule: Rule): PlannedCase {
    const named = rule.operation && dialect.nameOf(rule.operation);
    const limit =
      target.limits.find(
        ({ operation, fixture }) =>
          (operation !== undefined && operation === named) || (fixture === 'jwks' && rule.needsKeys === true),
      ) ?? limitOnOne(rule.needs);
    return {
      id: rule.id,
      title: rule.title,
      requirement: rule.requirement,
      level: levelOf(catalogue, rule.requirement),
      operation: named ?? null,
      grant: null,
      exception: null,
      provokedBy: null,
      needs: [],
      generated: false,
      ...(limit !== undefined && { notApplicable: limit.reason }),
    };
  }
}

/** Grants that count only where they are declared, each with the rule that a profile judges it by. */
const declarable = ({ dialect }: Catalogue): { readonly grant: string; readonly rule: string }[] =>
  Object.values(dialect.spec.operations)
    .flatMap(({ grants = {} }) => Object.entries(grants))
    .flatMap(([grant, { declaredBy: rule }]) => (rule === undefined ? [] : [{ grant, rule }]));

/** Those of them that are declared, in a profile that judges them. */
function declaredIn(catalogue: Catalogue, { limits }: Target): ReadonlySet<string> {
  const { excluded } = catalogue.profile;
  const judged = declarable(catalogue).filter(({ rule }) => !Object.hasOwn(excluded, rule));
  const isLimited = (name: string) => limits.some(({ grant }) => grant === name);
  return new Set(judged.map(({ grant }) => grant).filter((grant) => !isLimited(grant)));
}

/** The rules of a profile that none of these cases probes, and that it does not exclude either. */
export function openIn(
  { requirements, profile }: Catalogue,
  planned: readonly Pick<PlannedCase, 'requirement'>[],
): string[] {
  const probed = new Set(planned.map(({ requirement }) => requirement));
  return requirements
    .filter(isRuleOf(profile))
    .filter((one) => !probed.has(one.id) && !Object.hasOwn(profile.excluded, one.id))
    .map(({ id }) => id);
}

/** Measured against the reference emulator: requests of a case, and of a generated value. */
const requestsPerCase = 2;
const requestsPerValue = 1.2;

/** Requests that a run has under way at the same time, at least, while a target is slow. */
const slowLanes = 16;
/** Seconds for what is no request: fixtures, clocks, polite waits. */
const overhead = 60;

/**
 * Seconds that a run takes at most; then it ends with what it has seen. Every request may take the whole timeout, and at
 * a rate as many again may be repeats.
 */
export function longestRun(
  cases: readonly PlannedCase[],
  budget: Budget,
  target: Pick<Target, 'timeoutSeconds' | 'rate' | 'concurrency'>,
): number {
  const { timeoutSeconds, rate = Number.POSITIVE_INFINITY } = target;
  const generating = 'milliseconds' in budget ? (2 * budget.milliseconds) / 1_000 : 0;
  const requests = requestsOfPlan({ cases }, budget);
  const lanes = Math.min(slowLanes, concurrencyOf(target));
  return Math.ceil(overhead + generating + (requests * timeoutSeconds) / lanes + (2 * requests) / rate);
}

/** About how many requests a plan sends to the target; for a budget of time, so many at least. */
export function requestsOfPlan({ cases }: Pick<Plan, 'cases'>, budget: Budget): number {
  const running = cases.filter(({ id, notApplicable }) => notApplicable === undefined && !isRule(id));
  const generated = running.filter((one) => one.generated).length;
  const runs = 'runs' in budget ? budget.runs : budgets.standard.runs;
  const all = (running.length - generated) * requestsPerCase + generated * runs * requestsPerValue;
  return Math.ceil(all / 10) * 10;
}

/** The level of a requirement as the profile reads it. */
export function levelOf(catalogue: Catalogue, id: string): Level {
  return catalogue.profile.levels[id]?.level ?? requirementOf(catalogue, id).level;
}

const byId = new WeakMap<readonly Requirement[], ReadonlyMap<string, Requirement>>();

function requirementOf({ requirements }: Catalogue, id: string): Requirement {
  const known = byId.get(requirements) ?? new Map(requirements.map((one) => [one.id, one]));
  byId.set(requirements, known);
  const found = known.get(id);
  if (found === undefined) throw new Error(`the catalogue has no requirement ${id}`);
  return found;
}

/** Tells whether one of several patterns, in which `*` stands for any text, matches. */
function matching(patterns: readonly string[] = []): (value: string | null) => boolean {
  if (patterns.length === 0) return () => true;
  const ids = new Set(patterns);
  const whole = patterns.filter((pattern) => pattern.includes('*')).map(patternOf);
  return (value) => value !== null && (ids.has(value) || whole.some((pattern) => pattern.test(value)));
}

function patternOf(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
}

function selecting({
  cases,
  grants,
  requirements,
  withoutGuesses = false,
}: Selection): (planned: PlannedCase) => boolean {
  const isCase = matching(cases);
  const isGrant = matching(grants);
  const isRequirement = matching(requirements);
  return ({ id, grant, requirement }) =>
    isCase(id) &&
    isGrant(grant) &&
    isRequirement(requirement) &&
    !(withoutGuesses && guessOf({ id }) !== undefined);
}

function cellsOf(
  { profile, dialect }: Catalogue,
  cases: readonly PlannedCase[],
  declared: ReadonlySet<string>,
): PlannedCell[] {
  const placeOf = (...parts: readonly (string | null)[]): string => parts.join(' ');
  const byPlace = Map.groupBy(cases, (one) => placeOf(one.operation, one.grant, one.exception));
  return profile.operations.flatMap((operation) => {
    const spec = dialect.spec.operations[operation];
    const grants = Object.entries(spec?.grants ?? {}).filter(
      ([grant, { declaredBy }]) => declaredBy === undefined || declared.has(grant),
    );
    const rows = grants.length > 0 ? grants : [[null, { exceptions: spec?.exceptions ?? [] }] as const];
    return rows.flatMap(([grant, { exceptions }]) =>
      exceptions.map((exception) => {
        const here = byPlace.get(placeOf(operation, grant, exception)) ?? [];
        const ways = (['circumstance', 'fault'] as const).filter((way) =>
          here.some(({ provokedBy }) => provokedBy === way),
        );
        return {
          operation,
          grant,
          exception,
          provokedBy: (ways.join('+') || 'none') as PlannedCell['provokedBy'],
          cases: here.map(({ id }) => id),
        };
      }),
    );
  });
}
