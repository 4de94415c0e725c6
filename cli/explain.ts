import { levelOf, planFor } from '../harness/plan/plan.ts';
import { isRuleOf } from '../specs/read.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import { openCatalogue } from './catalogue.ts';
import { chooseTarget, type TargetOptions } from './choose.ts';

/**
 * What a requirement says and which cases probe it, or what a case probes.
 *
 * @throws {UserError} when nothing has this id
 */
export function explain(id: string, options: Pick<TargetOptions, 'target' | 'profile'>): string {
  const target = chooseTarget(options);
  const catalogue = openCatalogue(target);
  const { cases } = planFor(catalogue, target);
  const probe = cases.find((planned) => planned.id === id);
  const requirements = catalogue.requirements.filter(isRuleOf(catalogue.profile));
  const requirement = requirements.find((one) => one.id === (probe?.requirement ?? id));
  if (requirement === undefined) {
    const known = [...requirements.map((one) => one.id), ...cases.map((one) => one.id)];
    throw new UserError(
      `There is no requirement or case "${id}".${didYouMean(id, known)} "token-conformance list" shows them all.`,
    );
  }
  const { profile } = catalogue;
  const adjusted = profile.levels[requirement.id];
  const excluded = profile.excluded[requirement.id];
  const probes = cases.filter((planned) => planned.requirement === requirement.id);
  const lines = [
    ...(probe === undefined ? [] : [`${probe.id}: ${probe.title}`, '']),
    `${requirement.id}`,
    `  ${requirement.section}`,
    `  ${adjusted === undefined ? requirement.level : `${levelOf(catalogue, requirement.id)} in ${profile.name} (${requirement.level} in the source: ${adjusted.because.trim()})`}`,
    '',
    `  ${requirement.statement.trim()}`,
    ...(requirement.note === undefined ? [] : ['', `  Note: ${requirement.note.trim()}`]),
    '',
    ...(excluded === undefined ? [] : [`  Not probed in ${profile.name}: ${excluded.trim()}`]),
    ...(probes.length === 0
      ? []
      : ['  Cases:', ...probes.map((planned) => `    ${planned.id} (${planned.title})`)]),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}
