import type { Level } from '../../specs/read.ts';
import type { Dialect, Reply } from '../../targets/dialect.ts';
import { type Exchange, raceStep, type Sample, shapeStep } from '../exchange.ts';
import { acceptedIn, type Expectation, mayGrant } from '../expectation.ts';
import type { Observation, Probe } from '../probe.ts';
import type { Trial } from '../trial.ts';
import { type Verdict, verdictOfBroken } from '../verdict.ts';
import { carriesToken, isRead, isSilent, observe } from './observe.ts';
import { onceEach, whatWasIssued } from './words.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not a plain pass; also which of several accepted answers was seen. */
  readonly reason?: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
  /** Set where something was given that may not be: that needs no second time to be wrong. */
  readonly givenAway?: true;
}

/** What is told, once, of all cases that came out broken and did not when they were tried again. */
export const unsteady = 'the same request did not always get the same answer';

/** What a single answer is measured by. */
export interface Terms {
  readonly dialect: Dialect;
  /** A broken SHOULD fails, and only documented answers are accepted. */
  readonly strict: boolean;
}

/** What a case is measured by. */
export interface CaseTerms extends Terms {
  /** False when the case ended early: what then is missing was not tested. */
  readonly finished: boolean;
  readonly level: Level;
}

/**
 * Judges a case by what was captured, and by nothing else, so that anybody can do it again from a report.
 */
export function judge(
  probe: Probe,
  exchanges: readonly Exchange[],
  { samples, trials }: { readonly samples: readonly Sample[]; readonly trials: readonly Trial[] },
  terms: CaseTerms,
): Judgement {
  const { finished, dialect, level, strict } = terms;
  const steps = Object.entries(probe.expect);
  const isLost = (exchange: Exchange) =>
    isStray(probe, exchange) ||
    isSilent(observe(dialect, exchange), dialect) ||
    (isDoubtful(probe, observe(dialect, exchange)) && !isGrantedBeside(exchange));
  // What one of several requests at the same time was granted for, no other of them had spent.
  const isGrantedBeside = ({ step }: Exchange) =>
    step === raceStep &&
    exchanges.some((one) => one.step === raceStep && observe(dialect, one).reply.outcome === 'granted');
  const lost = firstLost(probe, exchanges, isLost);
  const judged = lost === undefined ? exchanges : beforeOf(lost, exchanges, isLost);
  const seen = Object.fromEntries(
    steps.map(([step]) => [
      step,
      judged.filter((exchange) => exchange.step === step).map((e) => observe(dialect, e)),
    ]),
  );
  const operation = dialect.nameOf(probe.operation);
  const expected = steps.map(
    ([step, expectation]) => `${step}: ${describe(expectation, operation, dialect, strict)}`,
  );
  const actual = steps.flatMap(([step]) =>
    exchanges
      .filter((exchange) => exchange.step === step)
      .map((one) => `${step}: ${summary(observe(dialect, one))}`),
  );
  const outcome = (verdict: Verdict, reason?: string): Judgement => ({
    verdict,
    ...(reason !== undefined && { reason }),
    expected,
    actual,
  });

  const notes: string[] = [];
  const broken: string[] = [];
  // What follows from another problem may not come again with it.
  let isAllGivenAway = true;
  for (const [step, expectation] of steps) {
    const here = seen[step] ?? [];
    if (here.length === 0) {
      if (broken.length > 0 || lost !== undefined) break;
      const absence = probe.optional?.[step];
      if (absence !== undefined && finished) {
        if (absence !== '') notes.push(absence);
        continue;
      }
      return outcome('not-tested', `the step "${step}" was not reached`);
    }
    if (expectation.kind === 'granted' && expectation.of !== undefined && lost === undefined)
      if (here.length < expectation.of)
        return outcome('not-tested', `only ${here.length} of ${expectation.of} parallel requests were sent`);
    const { problems, note } = check(expectation, here, terms);
    if (problems.length > 0 && step.startsWith('control'))
      return outcome(
        'inconclusive',
        `the control failed, so the case proves nothing: ${onceEach(problems).join('; ')}`,
      );
    if (problems.length > 0) isAllGivenAway &&= isGivenAway(expectation, here);
    broken.push(...problems.map((problem) => `${step}: ${problem}`));
    if (note !== undefined) notes.push(note);
  }
  if (lost !== undefined && broken.length === 0)
    return outcome('inconclusive', `${lost.step}: ${whyLost(probe, observe(dialect, lost))}`);
  if (probe.property !== undefined && broken.length === 0)
    return judgeProperty(probe.property, exchanges, trials, probe.holds?.({}, samples) ?? [], terms);
  if (broken.length === 0) isAllGivenAway = false;
  if (broken.length === 0 && finished && lost === undefined)
    broken.push(...(probe.holds?.(seen, samples) ?? []));
  if (broken.length > 0)
    return {
      ...outcome(verdictOfBroken(level, strict), onceEach(broken).join('; ')),
      ...(isAllGivenAway && { givenAway: true }),
    };
  return outcome('pass', notes.length > 0 ? notes.join('; ') : undefined);
}

/**
 * The first exchange of a case that nothing can be said of: without an answer that was read, or answered with a fault
 * that was set for another. What came later follows from something that nobody saw.
 */
function firstLost(
  probe: Probe,
  exchanges: readonly Exchange[],
  isLost: (exchange: Exchange) => boolean,
): Exchange | undefined {
  return exchanges.find(
    (exchange) =>
      // What generated values sent was judged when it came.
      (probe.property === undefined || exchange.step.startsWith('control')) && isLost(exchange),
  );
}

/**
 * Whether an answer may be that to a request which was carried out before, when the target said "not now": a fault that
 * was met by then, or a code or token that was spent by then.
 */
function isDoubtful({ expect }: Probe, { exchange, reply }: Observation): boolean {
  const kind = expect[exchange.step]?.kind;
  const isRefused = kind === 'granted' && reply.outcome !== 'granted';
  return exchange.attempts > 1 && (exchange.fault !== undefined || isRefused);
}

/** What was answered before an exchange, or at the same time. */
function beforeOf(
  lost: Exchange,
  exchanges: readonly Exchange[],
  isLost: (exchange: Exchange) => boolean,
): Exchange[] {
  const at = exchanges.indexOf(lost);
  const isBeside = ({ step }: Exchange) => lost.step === raceStep && step === raceStep;
  return exchanges.filter((one, place) => place < at || (isBeside(one) && !isLost(one)));
}

/** Whether an answer is none that the operation may give to whatever it is asked. */
export function isOutOfPlace({ exchange, reply, unserved }: Observation): boolean {
  const { response, fault, operation } = exchange;
  if (!isRead(response) || fault !== undefined || unserved) return false;
  return response.status >= 500 || (operation !== undefined && reply.outcome === 'malformed');
}

export const strayFault = 'answered with a fault that was set for a request that was lost';

/** Whether an exchange was answered with a fault that was set for another one. */
export function isStray({ provokedBy }: Pick<Probe, 'provokedBy'>, { fault, step }: Exchange): boolean {
  return fault !== undefined && (provokedBy !== 'fault' || step !== 'probe');
}

const whyLost = (probe: Probe, seen: Observation): string =>
  isStray(probe, seen.exchange) ? strayFault : summary(seen);

/** A property holds when it was tried and nothing broke it. */
function judgeProperty(
  property: string,
  exchanges: readonly Exchange[],
  trials: readonly Trial[],
  weaknesses: readonly string[],
  { finished, dialect, level, strict }: CaseTerms,
): Judgement {
  const expected = [property];
  const counterexample = trials.find((trial) => trial.counterexample)?.counterexample;
  const runs = trials.reduce((sum, trial) => sum + trial.runs, 0);
  if (counterexample !== undefined) {
    const { problem, again, givenAway } = counterexample;
    const isOnce = !again && !givenAway;
    return {
      verdict: isOnce ? 'inconclusive' : verdictOfBroken(level, strict),
      reason: isOnce ? unsteady : `${problem}${again ? '' : ' (once; not when it was tried again)'}`,
      expected,
      actual: [
        ...(isOnce ? [`once: ${problem}`] : []),
        ...exchanges
          .filter(({ step }) => !step.startsWith('given') && !step.startsWith(shapeStep))
          .map((exchange) => `${exchange.step}: ${summary(observe(dialect, exchange))}`),
      ],
    };
  }
  if (!finished || runs === 0)
    return { verdict: 'not-tested', reason: 'no generated value was tried', expected, actual: [] };
  if (weaknesses.length === 0 && trials.every(({ requests, answers }) => requests > 0 && answers === 0))
    return { verdict: 'not-tested', reason: 'no answer of the operation was seen', expected, actual: [] };
  if (weaknesses.length > 0)
    return {
      verdict: verdictOfBroken(level, strict),
      reason: onceEach(weaknesses).join('; '),
      expected,
      actual: [],
    };
  return { verdict: 'pass', reason: `held for ${runs} generated values`, expected, actual: [] };
}

/** Whether something was given where nothing may be, or more than may be. */
function isGivenAway(asked: Expectation, seen: readonly Observation[]): boolean {
  if (asked.kind === 'granted')
    return (
      asked.atMost !== undefined &&
      seen.filter(({ reply }) => reply.outcome === 'granted').length > asked.atMost
    );
  return !mayGrant(asked) && seen.some(carriesToken);
}

/** Whether one exchange is what its step must be answered with; what is wrong with it otherwise. */
export function problemsWithStep(
  expectation: Expectation,
  exchange: Exchange,
  dialect: Dialect,
  strict: boolean,
): string[] {
  if (exchange.failure !== undefined) return [exchange.failure.message];
  return check(expectation, [observe(dialect, exchange)], { dialect, strict }).problems;
}

/** What is wrong with one answer; empty when nothing is. */
export function problemsWithOne(expectation: Expectation, seen: Observation, by: Terms): readonly string[] {
  return checkOne(expectation, seen, by).problems;
}

function check(
  expectation: Expectation,
  seen: readonly Observation[],
  by: Terms,
): { problems: string[]; note?: string } {
  if (expectation.kind === 'granted' && expectation.atMost !== undefined)
    return checkRace(expectation.losers ?? { kind: 'refused' }, seen, by);
  const notes = new Set<string>();
  const problems = seen.flatMap((one) => {
    const result = checkOne(expectation, one, by);
    if (result.note !== undefined) notes.add(result.note);
    return result.problems;
  });
  return { problems, ...(notes.size > 0 && { note: [...notes].join('; ') }) };
}

function checkRace(losers: Expectation, seen: readonly Observation[], by: Terms): { problems: string[] } {
  const winners = seen.filter(({ reply }) => reply.outcome === 'granted');
  const rest = seen.filter(({ reply }) => reply.outcome !== 'granted');
  const many =
    winners.length > 1 ? [`${winners.length} of ${seen.length} parallel requests were granted`] : [];
  return { problems: [...many, ...rest.flatMap((one) => checkOne(losers, one, by).problems)] };
}

/** Whether an answer means what it must mean. Its shape is judged by the rules over all responses. */
function checkOne(
  expectation: Expectation,
  seen: Observation,
  { dialect, strict }: Terms,
): { problems: readonly string[]; note?: string } {
  const { reply, exchange } = seen;
  const status = exchange.response?.status ?? 0;
  switch (expectation.kind) {
    case 'granted':
      if (reply.outcome !== 'granted') return { problems: [summary(seen)] };
      return { problems: expectation.exact ? reply.problems : [] };
    case 'no-token':
      if (carriesToken(seen)) return { problems: [`${whatWasIssued(seen)} (status ${status})`] };
      if (status >= 500 && !seen.unserved)
        return { problems: [`a client's mistake is answered with status ${status}`] };
      return {
        problems: [],
        note: `saw status ${status}${reply.exception === undefined ? '' : ` ${reply.exception}`}`,
      };
    case 'refused':
      if (expectation.orGranted !== undefined && reply.outcome === 'granted')
        return { problems: [], note: `granted (${expectation.orGranted})` };
      if (carriesToken(seen)) return { problems: [`${whatWasIssued(seen)} (status ${status})`] };
      if (seen.unserved)
        return { problems: [], note: `saw status ${status}, which HTTP has for such requests` };
      if (reply.outcome !== 'rejected') return { problems: [summary(seen)] };
      if (status >= 500) return { problems: [`a client's mistake is answered with status ${status}`] };
      if (reply.error === 'server_error')
        return { problems: [`a client's mistake is answered with ${nameOf(reply)}`] };
      return { problems: [] };
    case 'rejected': {
      if (expectation.orGranted !== undefined && reply.outcome === 'granted')
        return { problems: [], note: `granted (${expectation.orGranted})` };
      if (expectation.orGranted === undefined && carriesToken(seen))
        return { problems: [`${whatWasIssued(seen)} (status ${status})`] };
      if (seen.unserved && expectation.orUnserved !== undefined)
        return { problems: [], note: `saw status ${status} (${expectation.orUnserved})` };
      if (reply.outcome !== 'rejected') return { problems: [summary(seen)] };
      const accepted = acceptedIn(expectation.accept, dialect.spec.dialect, strict);
      const match = accepted.find(({ error }) => error === reply.error);
      if (match === undefined) return { problems: [`answered ${nameOf(reply)} instead`] };
      const first = expectation.accept[0];
      return {
        problems: [],
        ...(match !== first && {
          note: `saw ${match.error} (${match.basis}${match.source ? `: ${match.source}` : ''})`,
        }),
      };
    }
  }
}

function describe(expectation: Expectation, operation: string, dialect: Dialect, strict: boolean): string {
  const issuesTokens = dialect.spec.operations[operation]?.grants !== undefined;
  switch (expectation.kind) {
    case 'granted':
      if (expectation.atMost !== undefined)
        return `one of the parallel requests is granted at most; the others: ${describe(expectation.losers ?? { kind: 'refused' }, operation, dialect, strict)}`;
      return expectation.exact ? 'granted, as the contract of the response says' : 'granted';
    case 'refused':
      if (expectation.told !== undefined) return expectation.told;
      return `refused with an error that ${operation} documents${issuesTokens ? ', no token' : ''}`;
    case 'no-token':
      return `${issuesTokens ? 'no token' : 'not granted'} and no server error`;
    case 'rejected':
      return acceptedIn(expectation.accept, dialect.spec.dialect, strict)
        .map(({ error, basis, source }) => {
          const exception = dialect.exceptionFor(operation, error);
          const status =
            exception === undefined
              ? ''
              : ` with status ${dialect.spec.exceptions[exception]?.statuses.join(' or ')}`;
          const why =
            basis === 'documented' && source === undefined ? '' : ` (${basis}${source ? `: ${source}` : ''})`;
          return `${exception ?? error}${status}${why}`;
        })
        .concat(expectation.orUnserved === undefined ? [] : [`a status of HTTP (${expectation.orUnserved})`])
        .join(', or ');
  }
}

/** One line on what came back. */
export function summary({ exchange, reply, helper }: Observation): string {
  const { response, failure } = exchange;
  if (response === undefined) return failure?.message ?? 'no response';
  if (response.unread !== undefined) return `status ${response.status}, ${response.unread}`;
  const what = {
    granted: helper ? 'accepted' : 'granted',
    rejected: nameOf(reply),
    malformed: 'neither a success nor an error of the contract',
  }[reply.outcome];
  const problems = reply.problems.length > 0 ? ` (${reply.problems.join('; ')})` : '';
  const attempts = exchange.attempts > 1 ? ` after ${exchange.attempts} attempts` : '';
  return `status ${response.status}${attempts}, ${what}${problems}`;
}

function nameOf(reply: Reply): string {
  return reply.exception ?? reply.error ?? 'no error';
}
