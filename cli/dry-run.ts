import { guessOf } from '../harness/plan/guesses.ts';
import { longestRun, type PlannedCase, planFor, requestsOfPlan } from '../harness/plan/plan.ts';
import type { Budget } from '../harness/trial.ts';
import { longestWait } from '../harness/world/world.ts';
import { forTerminal } from '../reporters/escape.ts';
import { endpointOf } from '../targets/target/target.ts';
import { openCatalogue } from './catalogue.ts';
import { checkedSelection, checkLimits, chooseTarget, defaultBudget, type TargetOptions } from './choose.ts';
import { isMissing } from './reaching.ts';
import { gently } from './run.ts';

/** What a run would send, in about so many requests. Nothing is sent, and no metadata is asked for. */
export function dryRun(options: TargetOptions & { readonly budget?: Budget }): string {
  const target = { ...chooseTarget(options), ...gently(options) };
  const catalogue = openCatalogue(target);
  checkLimits(catalogue, target);
  const plan = planFor(catalogue, target, checkedSelection(catalogue, target, options));
  const budget = options.budget ?? defaultBudget(target);
  const running = plan.cases.filter((one) => one.notApplicable === undefined && one.operation !== null);
  const requestsOf = (cases: readonly PlannedCase[]) => requestsOfPlan({ cases }, budget);
  const { dialect } = catalogue;
  const register = dialect.nameOf('register');
  const registering = running.filter(({ operation }) => operation === register);
  const needing = running.length - registering.length;
  const isDeclared = target.clients !== undefined;
  const waits = catalogue.cases.filter(
    ({ id, overTime }) => overTime === true && running.some((one) => one.id === id),
  );
  const rows: (readonly [string, string])[] = [
    ...[...Map.groupBy(running, ({ operation }) => operation ?? '')].map(
      ([operation, cases]) =>
        [operation, `about ${requestsOf(cases)} requests of ${cases.length} cases${at(operation)}`] as const,
    ),
    ['wrong secrets', guessed('secret')],
    ['wrong passwords', guessed('password')],
    [
      'clients registered',
      isDeclared
        ? `about ${requestsOf(registering)}, by the cases of registration: the others take those of the target file`
        : `about ${requestsOf(registering) + needing}, one for each case at least, by registration or by the fixture "client"`,
    ],
    [
      'longest wait',
      waits.length === 0
        ? 'none'
        : `${longestWait} s of a case, where the target has no clock (${waits.length} cases)`,
    ],
    ['longest run', `${longestRun(running, budget, target)} s`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const all = `${forTerminal(target.name)}: about ${requestsOf(running)} requests of ${running.length} cases; nothing was sent`;
  return `${all}\n${rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n')}\n`;

  function guessed(kind: 'secret' | 'password'): string {
    const cases = running.filter((one) => guessOf(one) === kind);
    return cases.length === 0
      ? 'none'
      : `about ${requestsOf(cases)} requests of ${cases.length} cases, half of them with the right one (--no-guesses leaves them out)`;
  }

  function at(operation: string): string {
    if (target.issuer !== undefined || isMissing(operation, target)) return '';
    return ` to ${forTerminal(endpointOf(target, operation, dialect.spec.operations[operation]?.path ?? ''))}`;
  }
}
