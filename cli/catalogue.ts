import { spokenIn } from '../harness/plan/applicability.ts';
import type { Catalogue } from '../harness/plan/plan.ts';
import type { Report } from '../harness/report/report.ts';
import { dialectOf } from '../harness/run/runner.ts';
import { profileNames, readProfile, readRequirements } from '../specs/read.ts';
import { cases } from '../suites/all.ts';
import { rulesOver } from '../suites/responses/every-response.ts';
import { operationsOf } from '../targets/dialect.ts';
import { didYouMean, UserError } from '../targets/problem.ts';
import type { Target } from '../targets/target/target.ts';

/** The profile that a target of a dialect is certified against when its file names none. */
export const defaultProfile: Record<Target['dialect'], string> = {
  'aws-json': 'aws-create-token',
  'oauth-form': 'oauth2',
};

/** Says which profiles there are. */
export const unknownProfile = (name: string, known: readonly string[]): UserError =>
  new UserError(`There is no profile "${name}".${didYouMean(name, known)} Known: ${known.join(', ')}`);

/** Everything that the run of a report was planned from. */
export function catalogueOf({ target, profile }: Pick<Report, 'target' | 'profile'>): Catalogue {
  return openCatalogue({ dialect: target.dialect, profile: profile.name });
}

/** Everything that a run is planned from. */
export function openCatalogue(target: Pick<Target, 'dialect' | 'profile'>): Catalogue {
  const name = target.profile ?? defaultProfile[target.dialect];
  const known = profileNames(target.dialect);
  if (!known.includes(name)) throw unknownProfile(name, known);
  const profile = readProfile(name);
  const dialect = dialectOf(target);
  return {
    cases: spokenIn(cases, dialect),
    rules: rulesOver(
      operationsOf(dialect).filter(({ name }) => profile.operations.includes(name)),
      profile.dialect,
    ),
    requirements: readRequirements(),
    profile,
    dialect,
  };
}
