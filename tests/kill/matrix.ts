import type { DefectClass, Seeded } from '../../emulator/defects/all.ts';
import { isInside } from '../../emulator/defects/defect.ts';
import type { PlannedCase } from '../../harness/plan/plan.ts';
import type { DialectName } from '../../specs/read.ts';
import type { Variant } from './variant.ts';
import type { Done } from './worker.ts';

/** A case that noticed a defect. */
export interface Kill {
  readonly case: string;
  readonly requirement: string;
  readonly verdict: 'fail' | 'warn';
}

export interface DefectRow {
  readonly name: string;
  readonly class: DefectClass;
  readonly changes: string;
  readonly breaks: readonly string[];
  readonly operations: readonly string[];
  /** Whether it can stand in front of any endpoint. */
  readonly anyEndpoint: boolean;
  /** For a requirement that the defect says it breaks. */
  readonly killedBy: readonly Kill[];
  /** For another one; only cases that ran, which are few when those of the requirement noticed. */
  readonly alsoNoticedBy: readonly Kill[];
}

export interface CaseRow {
  readonly case: string;
  readonly requirement: string;
  readonly level: string;
  /** How many defects it kills for its own requirement. */
  readonly kills: number;
}

export interface VariantRow {
  readonly name: string;
  readonly differs: string;
  /** What it was tried together with. */
  readonly beside: readonly string[];
  readonly exitCode: number;
  readonly fails: readonly { readonly case: string; readonly reason: string | null }[];
  readonly warns: readonly string[];
}

export interface FirstRow {
  readonly defect: string;
  readonly breaks: readonly string[];
  /** What the first cause says, and of which requirements. */
  readonly what: string | null;
  readonly requirements: readonly string[];
  readonly named: boolean;
}

/** What was seen of one dialect. */
export interface KillMatrix {
  readonly dialect: DialectName;
  readonly suite: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly classes: Readonly<Record<string, { readonly seeded: number; readonly killed: number }>>;
  readonly defects: readonly DefectRow[];
  readonly cases: readonly CaseRow[];
  readonly variants: readonly VariantRow[];
  /** Whole runs against defects that were drawn by the seed: whether the first cause names what is broken. */
  readonly first: readonly FirstRow[];
  /** What is wrong with the suites; empty when nothing is. */
  readonly problems: readonly string[];
}

export interface Evidence {
  readonly dialect: DialectName;
  readonly suite: KillMatrix['suite'];
  readonly seed: number;
  readonly cases: readonly PlannedCase[];
  readonly defects: readonly Seeded[];
  readonly variants: readonly Variant[];
  readonly done: readonly Done[];
  /** False when only some defects were tried: then nothing can be said of cases that kill none. */
  readonly whole: boolean;
}

/** A case that has to show that it can fail, and the defects that it might notice. */
export interface Unproven {
  readonly case: string;
  readonly candidates: readonly string[];
}

/** The MUST cases that have killed nothing yet. */
export function unprovenIn({ cases }: Pick<KillMatrix, 'cases'>, defects: Evidence['defects']): Unproven[] {
  return cases
    .filter(({ level, kills }) => level.startsWith('MUST') && kills === 0)
    .map(({ case: id, requirement }) => ({
      case: id,
      candidates: defects.filter(({ breaks }) => breaks.includes(requirement)).map(({ name }) => name),
    }));
}

/** Whether a verdict is one that no conformant endpoint may get. */
export const isBroken = (verdict: string): boolean => verdict === 'fail' || verdict === 'harness-error';

/** Of defects that stand in a whole run, so many may be told after something else. */
const mostMissed = 0.05;

/** Makes the matrix of what was seen. */
export function matrixOf(evidence: Evidence): KillMatrix {
  const { dialect, suite, seed, cases, defects, variants, whole } = evidence;
  const done = evidence.done.filter((one) => one.dialect === dialect);
  const planned = new Map(cases.map((one) => [one.id, one]));
  const resultsOf = (kind: Done['kind'], name: string) =>
    done.filter((one) => one.kind === kind && one.name === name);
  const resultOf = (kind: Done['kind'], name: string) => resultsOf(kind, name)[0];
  const baselines = done.filter(({ kind }) => kind === 'baseline');

  const defectRows = defects.flatMap((defect): DefectRow[] => {
    const result = resultOf('defect', defect.name);
    if (!result) return [];
    const before = new Map(
      resultOf('baseline', result.profile)?.others.map(([id, verdict]) => [id, verdict]) ?? [],
    );
    const others = resultsOf('defect', defect.name).flatMap((one) => one.others);
    const kills = others.flatMap(([id, verdict]): Kill[] => {
      const requirement = planned.get(id)?.requirement ?? '';
      const isKill = (verdict === 'fail' || verdict === 'warn') && before.get(id) !== verdict;
      return isKill ? [{ case: id, requirement, verdict }] : [];
    });
    const stated = ({ requirement }: Kill) => defect.breaks.includes(requirement);
    return [
      {
        name: defect.name,
        class: defect.class,
        changes: defect.changes,
        breaks: defect.breaks,
        operations: defect.at,
        anyEndpoint: !isInside(defect),
        killedBy: kills.filter(stated),
        alsoNoticedBy: kills.filter((kill) => !stated(kill)),
      },
    ];
  });

  const kills = new Map<string, number>();
  for (const { killedBy } of defectRows)
    for (const id of new Set(killedBy.map((kill) => kill.case))) kills.set(id, (kills.get(id) ?? 0) + 1);
  const caseRows = cases.map(
    ({ id, requirement, level }): CaseRow => ({ case: id, requirement, level, kills: kills.get(id) ?? 0 }),
  );

  const variantRows = variants.flatMap(({ name, differs }): VariantRow[] => {
    const tried = done.filter(
      (one) => one.kind === 'variant' && (one.name === name || one.beside?.includes(name)),
    );
    // What it showed alone counts before what it showed together with others.
    const result = tried.find(({ beside }) => beside === undefined) ?? tried[0];
    if (!result) return [];
    const all = result.beside ? [result.name, ...result.beside] : [];
    return [
      {
        name,
        differs,
        beside: all.filter((one) => one !== name),
        exitCode: result.exitCode,
        fails: result.others
          .filter(([, verdict]) => isBroken(verdict))
          .map(([id, , reason]) => ({ case: id, reason })),
        warns: result.others.filter(([, verdict]) => verdict === 'warn').map(([id]) => id),
      },
    ];
  });

  const firstRows = defects.flatMap(({ name, breaks }): FirstRow[] => {
    const result = resultOf('first', name);
    if (result?.first === undefined) return [];
    const { what = null, requirements = [] } = result.first ?? {};
    return [
      { defect: name, breaks, what, requirements, named: requirements.some((id) => breaks.includes(id)) },
    ];
  });
  const missed = firstRows.filter(({ named }) => !named);

  const problems = [
    ...baselines
      .filter(({ exitCode }) => exitCode !== 0)
      .map(({ name }) => `the unchanged emulator is not certified for ${name}`),
    ...defectRows.flatMap((row) => problemOf(row) ?? []),
    ...variantRows.flatMap(({ name, fails }) =>
      fails.map(({ case: id, reason }) => `the conformant variant ${name} fails ${id}: ${reason}`),
    ),
    ...(missed.length > mostMissed * firstRows.length
      ? missed.map(({ defect, what }) => `the first cause against ${defect} is another: ${what}`)
      : []),
    ...(whole
      ? caseRows
          .filter(({ level, kills: count }) => level.startsWith('MUST') && count === 0)
          .map(({ case: id, requirement }) => `${id} (${requirement}) kills no defect of its requirement`)
      : []),
  ];

  const classes: Record<string, { seeded: number; killed: number }> = {};
  for (const { class: name, killedBy } of defectRows) {
    classes[name] ??= { seeded: 0, killed: 0 };
    classes[name].seeded += 1;
    if (killedBy.length > 0) classes[name].killed += 1;
  }
  return {
    dialect,
    suite,
    seed,
    classes,
    defects: defectRows,
    cases: caseRows,
    variants: variantRows,
    first: firstRows,
    problems,
  };
}

function problemOf({ name, breaks, killedBy, alsoNoticedBy }: DefectRow): string | undefined {
  if (killedBy.length > 0) return undefined;
  const others = alsoNoticedBy.slice(0, 5).map(({ case: id, requirement }) => `${id} (${requirement})`);
  return others.length === 0
    ? `${name} survives (it breaks ${breaks.join(', ')})`
    : `${name} is killed only by accident: by ${others.join(', ')}, not for ${breaks.join(', ')}`;
}
