import { type Catalogue, openIn, type Plan, planFor, requestsOfPlan } from '../harness/plan/plan.ts';
import { showingOf } from '../harness/report/rules.ts';
import type { Budget } from '../harness/trial.ts';
import { openCatalogue } from './catalogue.ts';
import { checkedSelection, checkLimits, chooseTarget, defaultBudget, type TargetOptions } from './choose.ts';

/** The plan as text or JSON. Nothing is sent anywhere. */
export async function list(
  options: TargetOptions & { readonly json?: boolean; readonly budget?: Budget },
): Promise<string> {
  const target = chooseTarget(options);
  const catalogue = openCatalogue(target);
  checkLimits(catalogue, target);
  const plan = planFor(catalogue, target, checkedSelection(catalogue, target, options));
  const limited = limitedOf(plan, catalogue);
  const requests = requestsOfPlan(plan, options.budget ?? defaultBudget(target));
  if (options.json)
    return `${JSON.stringify({ ...plan, counts: { ...countsOf(plan, limited), requests } }, null, 2)}\n`;
  const width = Math.max(...plan.cases.map(({ id }) => id.length));
  const rows = plan.cases.map(
    ({ id, level, requirement, notApplicable }) =>
      `${id.padEnd(width)}  ${level.padEnd(10)}  ${requirement}${notApplicable === undefined ? '' : `  (not applicable: ${notApplicable})`}`,
  );
  const { cases, requirements, cells, excluded } = countsOf(plan, limited);
  const limits = limited === 0 ? '' : `limits: ${limited} of ${cases} cases\n`;
  const { name, version, open = 0 } = plan.profile;
  const draft = open === 0 ? '' : `, ${open} open`;
  return `${rows.join('\n')}\n\n${unprobed(plan, catalogue, width)}${limits}${cases} cases of ${requirements} requirements, ${cells} cells, ${excluded} requirements excluded with a reason${draft}, about ${requests} requests (profile ${name} ${version})\n`;
}

/** The rules of the profile that no case probes: excluded, and why, or open. A selection of cases is not about them. */
function unprobed({ cases, excluded, partial }: Plan, catalogue: Catalogue, width: number): string {
  if (partial) return '';
  const reasons = Object.entries(excluded).map(([id, why]) => [id, why.trim().replaceAll(/\s+/g, ' ')]);
  const open = catalogue.profile.draft ? openIn(catalogue, cases) : [];
  const rows = [...reasons, ...open.map((id) => [id, 'open: it has no case yet'])];
  return rows.length === 0
    ? ''
    : `not probed:\n${rows.map(([id = '', why]) => `${id.padEnd(width)}  ${why}`).join('\n')}\n\n`;
}

/** How many cases the limits take away; of a rule over every response, by taking all that would show it one. */
function limitedOf({ cases }: Plan, { rules, cases: known, dialect }: Catalogue): number {
  const byId = new Map(rules.map((one) => [one.id, one]));
  const taken = new Set(cases.filter(({ notApplicable }) => notApplicable !== undefined).map(({ id }) => id));
  const isTaken = (id: string): boolean => {
    const rule = byId.get(id);
    if (taken.has(id) || rule === undefined) return taken.has(id);
    const showing = showingOf(rule, known, dialect);
    const sources = cases.filter((one) => showing.has(one.id));
    return sources.length > 0 && sources.every((one) => taken.has(one.id));
  };
  return cases.filter(({ id }) => isTaken(id)).length;
}

function countsOf(plan: Plan, limited: number) {
  return {
    cases: plan.cases.length,
    requirements: new Set(plan.cases.map(({ requirement }) => requirement)).size,
    cells: plan.cells.filter(({ cases }) => cases.length > 0).length,
    excluded: Object.keys(plan.excluded).length,
    limited,
  };
}
