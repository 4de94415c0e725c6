import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { openCatalogue } from '../../cli/catalogue.ts';
import { type Catalogue, levelOf, openIn, type PlannedCase, planFor } from '../../harness/plan/plan.ts';
import { countsFor, profileNames, type Requirement } from '../../specs/read.ts';
import { targetAt } from '../../targets/target/target.ts';

/** What other suites test of a rule: modules of the OpenID Foundation's, tests of OAuch. */
interface Tested {
  readonly oidf?: readonly string[];
  readonly oauch?: readonly string[];
}

interface OtherSuites {
  readonly tested: Readonly<Record<string, Tested>>;
  readonly others: readonly (Tested & Readonly<Record<'id' | 'source' | 'statement' | 'because', string>>)[];
}

interface Planned {
  readonly name: string;
  readonly catalogue: Catalogue;
  readonly cases: ReadonlyMap<string, readonly PlannedCase[]>;
  readonly open: readonly string[];
}

export const otherSuites = (): OtherSuites =>
  parse(readFileSync(new URL('other-suites.yaml', import.meta.url), 'utf8')) as OtherSuites;

/** `docs/coverage.md`: what is tested of the standard endpoint, here and by two other suites. */
export function renderCoverage(): string {
  const { tested, others } = otherSuites();
  const profiles = profileNames('oauth-form').map(planned);
  const [first] = profiles;
  if (first === undefined) throw new Error('the dialect has no profile');
  const rules = first.catalogue.requirements.filter(countsFor('oauth-form'));
  const isProbed = ({ id }: Requirement) => profiles.some(({ cases }) => cases.has(id));
  const isTheirs = ({ id }: Requirement) => tested[id] !== undefined;
  const ours = rules.filter(isProbed);
  const left = rules.filter((rule) => !isProbed(rule));
  return [
    '# Coverage of the standard token endpoint',
    '',
    'Made by `npm run coverage` from the catalogue, the profiles and the cases; a test compares. What the conformance suite of the OpenID Foundation (OIDF) and [OAuch](https://oauch.io) test was read from their sources; modules stand for all that inherit their flow.',
    '',
    table(
      ['profile', 'rules with cases', 'excluded with a reason', 'open', 'cases'],
      profiles.map(({ name, catalogue, cases, open }) => [
        `\`${name}\``,
        cases.size,
        Object.keys(catalogue.profile.excluded).length,
        open.length,
        [...cases.values()].flat().length,
      ]),
    ),
    '',
    table(
      ['', 'rules'],
      [
        ['tested here and by one of them', ours.filter(isTheirs).length],
        ['tested here only', ours.filter((rule) => !isTheirs(rule)).length],
        ['tested by one of them only', left.filter(isTheirs).length + others.length],
        ['of our catalogue, tested by nobody', left.filter((rule) => !isTheirs(rule)).length],
      ],
    ),
    '',
    '## Tested here',
    '',
    `Levels are those of ${profiles.map(({ name }) => `\`${name}\``).join(', ')}; a dash where the profile excludes the rule, or its documents do not have it.`,
    '',
    table(
      ['rule', 'source', 'level', 'cases', 'OIDF', 'OAuch'],
      ours.map((rule) => [
        rule.id,
        rule.section,
        levelsOf(rule, profiles),
        some([...new Set(profiles.flatMap(({ cases }) => cases.get(rule.id) ?? []).map(({ id }) => id))]),
        some(tested[rule.id]?.oidf ?? []),
        some(tested[rule.id]?.oauch ?? []),
      ]),
    ),
    '',
    '## Not tested here',
    '',
    table(
      ['rule', 'source', 'what it says', 'why not', 'OIDF', 'OAuch'],
      [
        ...left.map((rule) => [
          rule.id,
          rule.section,
          rule.statement,
          whyNot(rule, profiles),
          some(tested[rule.id]?.oidf ?? []),
          some(tested[rule.id]?.oauch ?? []),
        ]),
        ...others.map((one) => [
          one.id,
          one.source,
          one.statement,
          one.because,
          some(one.oidf ?? []),
          some(one.oauch ?? []),
        ]),
      ],
    ),
    '',
  ].join('\n');
}

function planned(name: string): Planned {
  const target = { ...targetAt('http://127.0.0.1'), dialect: 'oauth-form', profile: name } as const;
  const catalogue = openCatalogue(target);
  const { cases } = planFor(catalogue, target);
  return {
    name,
    catalogue,
    cases: Map.groupBy(cases, ({ requirement }) => requirement),
    open: openIn(catalogue, cases),
  };
}

/** One level where all profiles agree, else that of each. */
function levelsOf({ id }: Requirement, profiles: readonly Planned[]): string {
  const levels = profiles.map(({ catalogue, cases }) => (cases.has(id) ? levelOf(catalogue, id) : '–'));
  return new Set(levels).size === 1 ? String(levels[0]) : levels.join(', ');
}

function whyNot({ id }: Requirement, profiles: readonly Planned[]): string {
  const reasons = profiles.flatMap(({ catalogue }) => catalogue.profile.excluded[id] ?? []);
  return reasons[0] ?? 'It has no case yet.';
}

const shown = 2;

function some(names: readonly string[]): string {
  const more = names.length > shown ? [`and ${names.length - shown} more`] : [];
  return [...names.slice(0, shown), ...more].join(', ') || '–';
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = (row: readonly (string | number)[]) =>
    `| ${row.map((cell) => String(cell).trim().replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}
