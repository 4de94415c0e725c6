import { defects } from '../../emulator/defects/all.ts';
import { type Change, together } from '../../emulator/defects/defect.ts';
import type { Cause } from '../../harness/report/causes.ts';
import type { Report } from '../../harness/report/report.ts';
import { budgets } from '../../harness/trial.ts';
import type { DialectName } from '../../specs/read.ts';
import type { Target } from '../../targets/target/target.ts';
import { certifyChanged, planned, profileFor, widest } from './certify-changed.ts';
import { variants } from './variants.ts';

/** What a worker is asked to certify. */
export interface Work {
  readonly kind: 'baseline' | 'defect' | 'variant' | 'first';
  readonly dialect: DialectName;
  readonly name: string;
  readonly seed: number;
  /** Variants that are tried at the same time. */
  readonly beside?: readonly string[];
  /** Which cases run; when absent, those that a defect of this kind needs. */
  readonly cases?: readonly string[];
}

/** What it came to: `[case, verdict, reason]` of all cases that did not pass. */
export interface Done extends Work {
  readonly profile: string;
  readonly exitCode: number;
  readonly others: readonly (readonly [caseId: string, verdict: string, reason: string | null])[];
  /** Of a whole run against a defect: what its first cause says is broken. */
  readonly first?: Pick<Cause, 'what' | 'requirements'> | null;
}

process.on('message', (work: Work) => {
  certify(work).then(
    (done) => process.send?.(done),
    (error: unknown) => {
      process.stderr.write(`${work.kind} ${work.name}: ${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit());

async function certify(work: Work): Promise<Done> {
  const changed = changeOf(work);
  const { profile, breaks } = changed;
  const { kind, seed, cases } = work;
  const certified = (only: readonly string[] | undefined) =>
    certifyChanged(changed, {
      ...changed,
      seed,
      budget: kind === 'variant' || kind === 'first' ? budgets.quick : budgets.standard,
      ...(only && { cases: only }),
    });
  // The examples of what is broken come first, then all cases of it, and all others only when those notice nothing.
  const isStaged = kind === 'defect' && breaks && !cases;
  const stages = isStaged
    ? [examplesFor(work.dialect, breaks), casesFor(work.dialect, breaks), undefined]
    : [kind === 'defect' && cases ? fed(work.dialect, cases) : cases];
  let report = await certified(stages[0]);
  for (const stage of stages.slice(1)) if (!notices(report, breaks)) report = await certified(stage);
  return {
    ...work,
    profile,
    exitCode: report.exitCode,
    ...(kind === 'first' && { first: report.causes[0] ?? null }),
    others: report.verdicts
      .filter(({ verdict }) => verdict !== 'pass')
      .map((one) => [one.case, one.verdict, one.reason]),
  };
}

/** Cases whose responses are of most kinds: rules over all responses need some to judge. */
const fewTelling =
  /\/(valid|approved|wrong-secret|nonce|for-codes|pending|in-a-row)$|^(authorization-code\/(unknown-code|unknown-grant-type|missing-code)|metadata\/.*)$/;
/** And of every kind. */
const telling =
  /\/(valid|in-a-row|approved|for-access-token|for-refresh-token|nonce|with-one-scope|unknown-[a-z-]*|wrong-secret|missing-[a-z-]*|pending|denied|other-region|other-methods|no-client-name|no-start-url|grant-not-registered)$/;

const notices = ({ verdicts }: Report, breaks: readonly string[] = []) =>
  verdicts.some(
    ({ verdict, requirement }) => (verdict === 'fail' || verdict === 'warn') && breaks.includes(requirement),
  );

/** The cases of some requirements, with what rules over all responses need. */
function casesFor(dialect: DialectName, requirements: readonly string[], feed = telling): string[] {
  const concerned = planned[dialect].filter(({ requirement }) => requirements.includes(requirement));
  return fed(
    dialect,
    concerned.map(({ id }) => id),
    feed,
  );
}

/** Cases, and where a rule over all responses is among them, some that bring it responses. */
function fed(dialect: DialectName, ids: readonly string[], feed = telling): string[] {
  const feeding = ids.some((id) => id.startsWith('wire/'))
    ? planned[dialect].filter(({ id }) => feed.test(id)).map(({ id }) => id)
    : [];
  return [...new Set([...ids, ...feeding])];
}

/** The same without generated requests. */
function examplesFor(dialect: DialectName, requirements: readonly string[]): string[] {
  const generated = new Set(planned[dialect].filter((one) => one.generated).map(({ id }) => id));
  return casesFor(dialect, requirements, fewTelling).filter((id) => !generated.has(id));
}

function changeOf({ kind, dialect, name, beside = [] }: Work): Change & {
  readonly profile: string;
  readonly breaks?: readonly string[];
  readonly target?: Partial<Target>;
  readonly lacks?: readonly string[];
} {
  if (kind === 'baseline') return { profile: name };
  if (kind === 'variant') {
    const all = variants[dialect].filter((one) => [name, ...beside].includes(one.name));
    const target = Object.assign({}, ...all.map((one) => one.target ?? {}));
    const lacks = all.flatMap((one) => one.lacks ?? []);
    return { ...together(all), target, lacks, profile: all[0]?.profile ?? widest[dialect] };
  }
  const defect = defects.find((one) => one.name === name);
  if (!defect) throw new Error(`there is no defect ${name}`);
  return { ...defect, profile: profileFor(defect, dialect) };
}
